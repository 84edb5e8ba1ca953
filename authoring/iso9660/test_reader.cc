// The strict reader of test_disc.h. Offsets count from 0 here, unlike in records.h:
// the two shall not share a mistake.

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/iso9660/test_disc.h"

namespace isomason {
namespace {

constexpr size_t kBlock = 2048;

class StrictReader {
 public:
  StrictReader(absl::string_view image, bool joliet, bool versions, View* view)
      : image_(image), joliet_(joliet), versions_(versions), view_(*view) {}

  void Run() {
    const size_t pvd = 16 * kBlock;
    descriptor_ = pvd;
    Expect(image_.size() % kBlock == 0, "the image ends inside a block");
    size_t at = pvd;
    bool found = !joliet_;
    for (;; at += kBlock) {
      if (at + kBlock > image_.size() || image_.substr(at + 1, 5) != "CD001") {
        return Problem("the descriptor set has no end");
      }
      if (Byte(at) == 255) break;
      if (Byte(at) == 2 && joliet_) {
        descriptor_ = at;
        found = true;
        const absl::string_view escape = image_.substr(at + 88, 3);
        Expect(escape == "%/@" || escape == "%/C" || escape == "%/E", "escape sequence");
      }
    }
    Expect(Zero(at + 7, kBlock - 7), "the terminator is not zero");
    if (!found) return Problem("no Joliet descriptor");
    blocks_ = Both32(descriptor_ + 80, "volume space size");
    Expect(blocks_ == image_.size() / kBlock, "the volume space is not the image");
    Expect(Both16(descriptor_ + 120, "set size") == 1, "set size");
    Expect(Both16(descriptor_ + 124, "sequence number") == 1, "sequence number");
    Expect(Both16(descriptor_ + 128, "block size") == 2048, "block size");
    Expect(Byte(descriptor_ + 881) == 1, "file structure version");
    Expect(
        Zero(descriptor_ + 72, 8) && Byte(descriptor_ + 882) == 0 && Zero(descriptor_ + 1395, 653),
        "reserved bytes of the descriptor");
    const size_t root = descriptor_ + 156;
    Expect(Byte(root) == 34 && Byte(root + 32) == 1 && Byte(root + 33) == 0, "root record");
    ReadTree(Both32(root + 2, "root extent"), Both32(root + 10, "root size"));
    CheckPathTable(true);
    CheckPathTable(false);
    if (view_.rock_ridge) CheckRelocation();
  }

 private:
  struct Directory {
    uint32_t extent, size;
    uint32_t parent;  // into directories_
    std::string path;
    std::string identifier;
  };

  void Problem(std::string what) { view_.problems.push_back(std::move(what)); }
  void Expect(bool good, absl::string_view what) {
    if (!good) Problem(std::string(what));
  }
  uint8_t Byte(size_t at) const {
    return at < image_.size() ? static_cast<uint8_t>(image_[at]) : 0xEE;
  }
  uint32_t Little(size_t at, int width) const {
    uint32_t v = 0;
    for (int i = width; i-- > 0;) v = v << 8 | Byte(at + static_cast<size_t>(i));
    return v;
  }
  uint32_t Big(size_t at, int width) const {
    uint32_t v = 0;
    for (int i = 0; i < width; ++i) v = v << 8 | Byte(at + static_cast<size_t>(i));
    return v;
  }
  uint32_t Both32(size_t at, absl::string_view what) {
    if (Little(at, 4) != Big(at + 4, 4)) Problem(absl::StrCat(what, ": the halves differ"));
    return Little(at, 4);
  }
  uint32_t Both16(size_t at, absl::string_view what) {
    if (Little(at, 2) != Big(at + 2, 2)) Problem(absl::StrCat(what, ": the halves differ"));
    return Little(at, 2);
  }
  bool Zero(size_t at, size_t size) const {
    for (size_t i = at; i < at + size; ++i) {
      if (Byte(i) != 0) return false;
    }
    return true;
  }

  // The identifier without version and trailing dot; in Joliet with what is not
  // ASCII as \u4e2d.
  std::string Plain(absl::string_view identifier, bool directory) {
    std::string plain;
    if (joliet_) {
      Expect(identifier.size() % 2 == 0, "odd identifier");
      for (size_t i = 0; i + 1 < identifier.size(); i += 2) {
        const auto unit = static_cast<uint16_t>(static_cast<uint8_t>(identifier[i]) << 8 |
                                                static_cast<uint8_t>(identifier[i + 1]));
        if (unit < 0x80) {
          plain.push_back(identifier[i + 1]);
        } else {
          absl::StrAppend(&plain, "\\u", absl::Hex(unit, absl::kZeroPad4));
        }
      }
    } else {
      plain = std::string(identifier);
    }
    if (directory) return plain;
    if (!versions_) {
      Expect(plain.find(';') == std::string::npos, "a version");
      return plain;
    }
    // The one length that has none for libarchive's sake.
    if (joliet_ && identifier.size() == 2 * 102 && !absl::EndsWith(plain, ";1")) return plain;
    if (plain.size() < 3 || plain.substr(plain.size() - 2) != ";1") {
      Problem(absl::StrCat(plain, " has no version"));
      return plain;
    }
    plain.resize(plain.size() - 2);
    if (!joliet_) {
      Expect(plain.find('.') != std::string::npos, "no dot in a file identifier");
      if (plain.back() == '.') plain.pop_back();
    }
    return plain;
  }

  // 9.3 for identifiers of d-characters: name, then extension, each padded.
  static bool Before(const std::string& a, const std::string& b) {
    const auto split = [](const std::string& s) {
      const size_t dot = s.find('.');
      std::pair<std::string, std::string> parts(s.substr(0, dot),
                                                dot == std::string::npos ? "" : s.substr(dot + 1));
      parts.first.resize(220, ' ');
      parts.second.resize(220, ' ');
      return parts;
    };
    return split(a) < split(b);
  }

  void ReadTree(uint32_t extent, uint32_t size) {
    directories_.push_back({extent, size, 0, "", std::string(1, '\0')});
    std::set<uint32_t> extents;
    for (uint32_t i = 0; i < directories_.size(); ++i) {
      if (!extents.insert(directories_[i].extent).second) {
        return Problem(absl::StrCat(directories_[i].path, " is reached twice"));
      }
      ReadDirectory(i);
    }
    view_.directories = static_cast<uint32_t>(directories_.size());
  }

  void ReadDirectory(uint32_t number) {
    const Directory d = directories_[number];
    const std::string where = absl::StrCat("directory ", d.path, "/");
    if (d.size == 0 || d.size % kBlock != 0 || d.extent == 0 ||
        d.extent + d.size / kBlock > blocks_) {
      return Problem(where + ": extent or size");
    }
    const size_t start = size_t{d.extent} * kBlock;
    std::string previous;
    std::string open_section;  // the identifier of a file whose sections go on
    int count = 0;
    for (size_t at = start; at < start + d.size;) {
      const size_t length = Byte(at);
      const size_t block_end = at - at % kBlock + kBlock;
      if (length == 0) {
        Expect(Zero(at, block_end - at), where + ": rubbish behind the last record of a block");
        Expect(at % kBlock != 0, where + ": an empty block");
        at = block_end;
        continue;
      }
      const size_t name_size = Byte(at + 32);
      const size_t before = 33 + name_size + (name_size % 2 == 0 ? 1 : 0);
      if (length % 2 != 0 || length > 254 || length < before || at + length > block_end) {
        return Problem(where + ": record length");
      }
      if (name_size % 2 == 0) Expect(Byte(at + 33 + name_size) == 0, where + ": padding");
      Expect(Byte(at + 1) == 0 && Byte(at + 26) == 0 && Byte(at + 27) == 0, where + ": 1, 26, 27");
      Expect(Both16(at + 28, where) == 1, where + ": sequence number");
      const uint8_t flags = Byte(at + 25);
      Expect((flags & ~0x82) == 0, where + ": flags");
      const uint32_t extent = Both32(at + 2, where);
      const uint32_t size = Both32(at + 10, where);
      Expect(extent + (uint64_t{size} + kBlock - 1) / kBlock <= blocks_ && extent < blocks_,
             where + ": an extent outside of the volume");
      const bool directory = (flags & 2) != 0;
      const absl::string_view identifier = image_.substr(at + 33, name_size);

      SeenEntry seen;
      seen.directory = directory;
      seen.extent = extent;
      seen.size = size;
      seen.sections = 1;
      seen.date = std::string(image_.substr(at + 18, 7));
      ReadSystemUse(at + before, length - before, number == 0 && count == 0, count >= 2, where,
                    seen);
      if (count < 2) {
        const Directory& target = count == 0 ? d : directories_[d.parent];
        Expect(identifier == absl::string_view(count == 0 ? "\0" : "\1", 1) && directory &&
                   extent == target.extent && size == target.size,
               where + ": . and ..");
        if (count == 0) view_.entries[d.path + "/."] = seen;
        if (count == 1) view_.entries[d.path + "/.."] = seen;
        ++count;
        at += length;
        continue;
      }
      ++count;
      at += length;

      const std::string plain = Plain(identifier, directory);
      const std::string path = absl::StrCat(d.path, "/", plain);
      if (!open_section.empty()) {
        SeenEntry& file = view_.entries[path];
        Expect(open_section == identifier, where + ": sections under different names");
        Expect(extent == file.extent + file.size / kBlock, where + ": sections apart");
        Expect(file.name == seen.name && file.mode == seen.mode, where + ": sections differ");
        file.size += size;
        ++file.sections;
      } else {
        std::string key = joliet_ ? std::string(identifier) : plain;
        if (joliet_ && versions_ && !directory) key.resize(key.size() - 4);
        Expect(previous.empty() || (joliet_ ? previous < key : Before(previous, key)),
               absl::StrCat(where, ": ", plain, " is out of order"));
        previous = std::move(key);
        Expect(view_.entries.count(path) == 0, path + " occurs twice");
        view_.entries[path] = seen;
        view_.order.push_back(path);
      }
      open_section = (flags & 0x80) != 0 ? std::string(identifier) : "";
      if (!open_section.empty()) {
        Expect(size % kBlock == 0 && size > 0, where + ": size of a section");
        Expect(!directory, where + ": a directory in sections");
      }
      if (directory) directories_.push_back({extent, size, number, path, std::string(identifier)});
    }
    Expect(count >= 2, where + ": no . and ..");
    Expect(open_section.empty(), where + ": a file has no last section");
  }

  // Reads the system use of one record and all its continuation areas.
  void ReadSystemUse(size_t at, size_t size, bool root_self, bool named, const std::string& where,
                     SeenEntry& seen) {
    if (root_self) view_.rock_ridge = size > 0 && image_.substr(at, 2) == "SP";
    if (!view_.rock_ridge) {
      Expect(size == 0, where + ": system use without SP");
      return;
    }
    bool in_record = true, px = false, tf = false, er = false, pn = false, sl = false;
    bool name_open = false, link_open = false, separate = false;
    int px_count = 0, names = 0;
    for (;;) {
      size_t next = 0, next_size = 0;
      const size_t area_end = at + size;
      while (area_end - at >= 4) {
        const absl::string_view signature = image_.substr(at, 2);
        const size_t length = Byte(at + 2);
        if (length < 4 || at + length > area_end || Byte(at + 3) != 1) {
          return Problem(absl::StrCat(where, ": bad system use entry"));
        }
        Expect(next == 0, where + ": an entry behind CE");
        if (signature == "SP") {
          Expect(root_self && length == 7 && image_.substr(at + 4, 2) == "\xBE\xEF" && !px,
                 where + ": SP");
        } else if (signature == "PX") {
          px = true;
          ++px_count;
          if (view_.posix_length == 0) view_.posix_length = length;
          Expect((length == 36 || length == 44) && length == view_.posix_length && in_record,
                 where + ": PX");
          seen.mode = Both32(at + 4, where);
          seen.links = Both32(at + 12, where);
          seen.owner = Both32(at + 20, where);
          seen.group = Both32(at + 28, where);
          if (length == 44) seen.serial = Both32(at + 36, where);
        } else if (signature == "TF") {
          tf = true;
          Expect(length == 26 && Byte(at + 4) == 0x0E, where + ": TF");
          for (size_t i = 0; i < 3; ++i) {
            Expect(image_.substr(at + 5 + 7 * i, 7) == seen.date, where + ": TF and the date");
          }
        } else if (signature == "PN") {
          pn = true;
          seen.has_device = true;
          seen.device_high = Both32(at + 4, where);
          seen.device_low = Both32(at + 12, where);
        } else if (signature == "CL" || signature == "PL") {
          const bool child = signature == "CL";
          Expect(length == 12 && in_record && child == named && !seen.relocated,
                 where + ": CL or PL");
          (child ? seen.child_link : seen.parent_link) = Both32(at + 4, where);
        } else if (signature == "RE") {
          Expect(length == 4 && in_record && named && seen.directory && seen.child_link == 0,
                 where + ": RE");
          seen.relocated = true;
        } else if (signature == "NM") {
          Expect(names++ == 0 || name_open, where + ": NM without end");
          name_open = (Byte(at + 4) & 1) != 0;
          Expect((Byte(at + 4) & ~1) == 0 && length > 5, where + ": NM");
          seen.name.append(std::string(image_.substr(at + 5, length - 5)));
        } else if (signature == "SL") {
          Expect(!sl || link_open, where + ": SL without end");
          sl = true;
          link_open = (Byte(at + 4) & 1) != 0;
          ReadComponents(at + 5, length - 5, separate, where, seen.target);
        } else if (signature == "ER") {
          er = true;
          Expect(root_self && length == 8u + Byte(at + 4) + Byte(at + 5) + Byte(at + 6),
                 where + ": ER");
          view_.extension = std::string(image_.substr(at + 8, Byte(at + 4)));
          Expect(view_.extension == "IEEE_P1282" || view_.extension == "RRIP_1991A",
                 where + ": ER identifier");
        } else if (signature == "CE") {
          next = size_t{Both32(at + 4, where)} * kBlock + Both32(at + 12, where);
          next_size = Both32(at + 20, where);
          Expect(Both32(at + 12, where) + next_size <= kBlock && next_size >= 4 &&
                     Both32(at + 12, where) <= 2044 && Both32(at + 4, where) < blocks_ &&
                     Both32(at + 4, where) > 16,
                 where + ": CE");
          for (size_t i = next; i < next + next_size; ++i) {
            Expect(continued_.insert(i).second, where + ": continuation areas overlap");
          }
        } else {
          Problem(absl::StrCat(where, ": entry ", signature));
        }
        at += length;
      }
      Expect(area_end - at <= (in_record ? 1u : 0u) && Zero(at, area_end - at),
             where + ": bytes behind the last entry");
      if (next == 0) break;
      if (++seen.hops > 16) return Problem(where + ": too many continuation areas");
      in_record = false;
      at = next;
      size = next_size;
    }
    const uint32_t type = seen.mode & 0170000;
    const bool placeholder = seen.child_link != 0;
    Expect(!placeholder || (!seen.directory && type == 0040000 && seen.size == 0),
           where + ": a placeholder is an empty file with the mode of a directory");
    Expect(px_count == 1 && tf && er == root_self && !name_open && !link_open,
           where + ": PX, TF, ER, NM or SL");
    Expect((type == 0040000) == (seen.directory || placeholder), where + ": the mode and the flag");
    Expect((type == 0120000) == sl, where + ": SL and the mode");
    Expect((type == 0020000 || type == 0060000) == pn, where + ": PN and the mode");
    Expect(named ? names > 0 && seen.name.size() <= 253 : names == 0, where + ": NM");
  }

  void ReadComponents(size_t at, size_t size, bool& separate, const std::string& where,
                      std::string& target) {
    while (size >= 2) {
      const uint8_t flags = Byte(at);
      const size_t length = Byte(at + 1);
      if (length + 2 > size || (flags > 1 && length != 0)) return Problem(where + ": component");
      if (separate) target.push_back('/');
      separate = (flags & (1 | 8)) == 0;
      switch (flags) {
        case 0:
        case 1:
          Expect(length > 0, where + ": empty component");
          target.append(std::string(image_.substr(at + 2, length)));
          break;
        case 2:
          target.append(".");
          break;
        case 4:
          target.append("..");
          break;
        case 8:
          Expect(target.empty(), where + ": root component");
          target.append("/");
          break;
        default:
          Problem(where + ": component flags");
      }
      at += length + 2;
      size -= length + 2;
    }
    Expect(size == 0, where + ": bytes behind the last component");
  }

  // RRIP 4.1.5: each placeholder leads to a directory that says RE where it lies and PL to
  // the directory of the placeholder; all that say RE have one, but for what holds them.
  void CheckRelocation() {
    std::map<uint32_t, std::string> by_extent;  // paths of directories
    for (const Directory& d : directories_) by_extent[d.extent] = d.path;
    std::map<std::string, std::string> belongs;  // of a relocated directory, its parent's path
    std::string holder;
    for (const auto& [path, entry] : view_.entries) {
      if (entry.child_link == 0) continue;
      const auto it = by_extent.find(entry.child_link);
      if (it == by_extent.end()) return Problem(path + ": CL leads to no directory");
      const std::string& place = it->second;
      const std::string parent = path.substr(0, path.rfind('/'));
      const SeenEntry& moved = view_.entries[place];
      Expect(moved.relocated && moved.name == entry.name && moved.mode == entry.mode &&
                 moved.links == entry.links && moved.serial == entry.serial,
             path + ": what CL leads to is another directory");
      Expect(view_.entries[place + "/.."].parent_link == view_.entries[parent + "/."].extent,
             path + ": PL");
      Expect(belongs.emplace(place, parent).second, path + ": two lead to one directory");
      const std::string here = place.substr(0, place.rfind('/'));
      Expect(!here.empty() && here.rfind('/') == 0 && (holder.empty() || holder == here),
             path + ": relocated into a directory that is not in the root, or is another");
      holder = here;
    }
    std::map<std::string, std::string> posix = {{"", ""}};  // from plain paths
    for (bool again = true; again;) {
      again = false;
      for (const Directory& d : directories_) {
        if (posix.count(d.path) > 0) continue;
        const SeenEntry& seen = view_.entries[d.path];
        const auto moved = belongs.find(d.path);
        if (seen.relocated && moved == belongs.end()) {
          Expect(d.path == holder, d.path + ": RE without CL");
          continue;
        }
        const std::string parent =
            moved != belongs.end() ? moved->second : d.path.substr(0, d.path.rfind('/'));
        const auto it = posix.find(parent);
        if (it == posix.end()) continue;
        posix[d.path] = absl::StrCat(it->second, "/", seen.name);
        again = true;
      }
    }
    for (const auto& [path, true_path] : posix) {
      Expect(view_.posix_directories.emplace(true_path, path).second, true_path + ": twice");
    }
    for (const Directory& d : directories_) {
      Expect(posix.count(d.path) > 0 || d.path == holder, d.path + ": not reached");
      if (belongs.count(d.path) == 0) {
        Expect(view_.entries[d.path + "/.."].parent_link == 0, d.path + ": PL without CL");
      }
      // A link count is 2 and one for each directory that is seen in it.
      uint32_t links = 2;
      for (const auto& [path, entry] : view_.entries) {
        if (path.rfind('/') != d.path.size() || path.compare(0, d.path.size(), d.path) != 0) {
          continue;
        }
        const std::string last = path.substr(path.rfind('/') + 1);
        if (last == "." || last == "..") continue;
        if (entry.child_link != 0 || (entry.directory && !entry.relocated)) ++links;
      }
      Expect(view_.entries[d.path + "/."].links == links, d.path + ": link count");
    }
  }

  void CheckPathTable(bool little) {
    const absl::string_view where = little ? "L path table" : "M path table";
    const uint32_t size = Both32(descriptor_ + 132, where);
    const uint32_t block = little ? Little(descriptor_ + 140, 4) : Big(descriptor_ + 148, 4);
    if (block < 18 || block >= blocks_) return Problem(absl::StrCat(where, ": location"));
    const size_t start = size_t{block} * kBlock;
    const uint32_t copy = little ? Little(descriptor_ + 144, 4) : Big(descriptor_ + 152, 4);
    if (copy != 0) {
      Expect(copy != block && copy >= 18 && copy < blocks_ &&
                 image_.substr(start, size) == image_.substr(size_t{copy} * kBlock, size),
             absl::StrCat(where, ": the second copy"));
    }
    uint32_t number = 0;
    size_t at = start;
    // Records 1, 2, ... against the directories, which were found level by level in
    // the order of their records: the order of 6.9.1.
    for (; at < start + size; ++number) {
      if (number == directories_.size()) return Problem(absl::StrCat(where, ": too long"));
      const Directory& d = directories_[number];
      const size_t name_size = Byte(at);
      const uint32_t extent = little ? Little(at + 2, 4) : Big(at + 2, 4);
      const uint32_t parent = little ? Little(at + 6, 2) : Big(at + 6, 2);
      Expect(image_.substr(at + 8, name_size) == d.identifier && extent == d.extent &&
                 parent == d.parent + 1 && Byte(at + 1) == 0,
             absl::StrCat(where, ": record ", number + 1));
      if (name_size % 2 != 0) Expect(Byte(at + 8 + name_size) == 0, "padding of a path table");
      at += 8 + name_size + name_size % 2;
    }
    Expect(number == directories_.size() && at == start + size, absl::StrCat(where, ": size"));
  }

  const absl::string_view image_;
  const bool joliet_;
  const bool versions_;
  View& view_;
  size_t descriptor_ = 0;
  uint32_t blocks_ = 0;
  std::vector<Directory> directories_;
  std::set<size_t> continued_;
};

}  // namespace

View ReadView(absl::string_view image, bool joliet, bool versions) {
  View view;
  StrictReader(image, joliet, versions, &view).Run();
  return view;
}

}  // namespace isomason

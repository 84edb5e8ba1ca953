#include "tools/oracle/udf_extras.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tools/oracle/digest.h"

namespace isomason {
namespace {

constexpr uint64_t kBlock = 2048;

uint64_t Number(const std::string& s, size_t at, size_t bytes) {
  uint64_t n = 0;
  for (size_t i = bytes; i-- > 0;) n = n << 8 | (at + i < s.size() ? uint8_t(s[at + i]) : 0);
  return n;
}

void AppendUtf8(uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  out += static_cast<char>((more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0) | c >> (6 * more));
  for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3F));
}

// OSTA compressed Unicode (2.1.1).
std::string NameOf(const std::string& cs0) {
  std::string name;
  if (cs0.empty()) return name;
  const size_t width = cs0[0] == 16 ? 2 : 1;
  for (size_t i = 1; i + width <= cs0.size(); i += width) {
    const auto unit = [&](size_t at) {
      return static_cast<uint32_t>(width == 1 ? uint8_t(cs0[at])
                                              : uint8_t(cs0[at]) << 8 | uint8_t(cs0[at + 1]));
    };
    uint32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 2 * width <= cs0.size()) {
      i += width;
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(i) - 0xDC00);
    }
    AppendUtf8(c, name);
  }
  return name;
}

// A block of one of the volume's partitions.
struct Place {
  uint64_t block, partition;
  friend auto operator<=>(const Place&, const Place&) = default;
};

// A run of bytes of a file: `recorded` ones have a place, the others are zeros.
struct Extent {
  Place place;
  uint64_t length;
  bool recorded;
};

struct Entry {
  Place place{};
  std::string bytes{};  // the block
  bool extended = false;
  int type = 0;
  uint16_t flags = 0;
  uint64_t size = 0;
  std::vector<Extent> runs{};
  std::string embedded{};
  bool is_embedded = false;

  Place streams() const { return {Number(bytes, 156, 4), Number(bytes, 160, 2)}; }
  bool has_streams() const { return extended && Number(bytes, 152, 4) != 0; }
  uint64_t unique_id() const { return Number(bytes, extended ? 200 : 160, 8); }
};

struct Name {
  std::string name;
  uint8_t characteristics;
  Place entry;
  uint64_t unique_id;  // lower half
};

// After the first failure, whatever is read is empty.
class Parser {
 public:
  explicit Parser(const std::string& image) : fd_(open(image.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) Fail(absl::StrCat("cannot open ", image));
  }
  ~Parser() {
    if (fd_ >= 0) close(fd_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  absl::StatusOr<UdfExtras> Run() {
    ReadVolume();
    if (status_.ok()) Walk("/", ReadEntry(root_));
    if (!status_.ok()) return status_;
    return std::move(extras_);
  }

 private:
  void Fail(const std::string& message) {
    if (status_.ok()) status_ = absl::DataLossError(message);
  }
  void Check(bool good, const Entry& entry, absl::string_view what) {
    if (!good) Fail(absl::StrCat("entry in block ", entry.place.block, ": ", what));
  }

  std::string Bytes(uint64_t offset, uint64_t size) {
    std::string bytes(size, '\0');
    if (!status_.ok()) return bytes;
    const ssize_t got = pread(fd_, bytes.data(), size, static_cast<off_t>(offset));
    if (got != static_cast<ssize_t>(size)) Fail(absl::StrCat("nothing at byte ", offset));
    return bytes;
  }

  // Bytes of the image at which a block lies; a metadata partition is a file.
  uint64_t OffsetOf(Place place) {
    if (place.partition >= partitions_.size()) {
      Fail(absl::StrCat("there is no partition ", place.partition));
      return 0;
    }
    if (place.partition == 0 || metadata_.empty()) {
      return (partitions_[place.partition] + place.block) * kBlock;
    }
    uint64_t left = place.block * kBlock;
    for (const Extent& run : metadata_) {
      if (left < run.length) return OffsetOf(run.place) + left;
      left -= run.length;
    }
    Fail(absl::StrCat("block ", place.block, " is behind the metadata partition"));
    return 0;
  }

  // A block with a descriptor that says what and where it is.
  std::string Descriptor(Place place, const std::set<uint64_t>& tags) {
    std::string block = Bytes(OffsetOf(place), kBlock);
    uint8_t sum = 0;
    for (int i = 0; i < 16; ++i) sum = static_cast<uint8_t>(sum + (i == 4 ? 0 : uint8_t(block[i])));
    if (tags.count(Number(block, 0, 2)) == 0 || Number(block, 12, 4) != place.block ||
        sum != uint8_t(block[4])) {
      Fail(absl::StrCat("block ", place.block, " of partition ", place.partition,
                        " has a tag of id ", Number(block, 0, 2), " and location ",
                        Number(block, 12, 4)));
    }
    return block;
  }

  void ReadVolume() {
    const std::string anchor = Bytes(256 * kBlock, kBlock);
    const uint64_t blocks = Number(anchor, 16, 4) / kBlock;
    const uint64_t sequence = Number(anchor, 20, 4);
    uint64_t start = 0;
    std::string logical;
    for (uint64_t i = 0; i < blocks && status_.ok(); ++i) {
      const std::string block = Bytes((sequence + i) * kBlock, kBlock);
      const uint64_t tag = Number(block, 0, 2);
      if (tag == 5) start = Number(block, 188, 4);
      if (tag == 6) logical = block;
      if (tag == 8) break;
    }
    if (logical.empty() || start == 0) return Fail("no logical volume");
    partitions_ = {start};
    if (Number(logical, 268, 4) == 2) {
      partitions_.push_back(start);
      const Entry file = ReadEntry({Number(logical, 440 + 6 + 40, 4), 0});
      metadata_ = file.runs;
    }
    const std::string set = Descriptor({Number(logical, 252, 4), Number(logical, 256, 2)}, {256});
    root_ = {Number(set, 404, 4), Number(set, 408, 2)};
  }

  Entry ReadEntry(Place place) {
    Entry entry;
    entry.place = place;
    entry.bytes = Descriptor(place, {261, 266});
    const std::string& b = entry.bytes;
    entry.extended = Number(b, 0, 2) == 266;
    entry.type = static_cast<uint8_t>(b[27]);
    entry.flags = static_cast<uint16_t>(Number(b, 34, 2));
    entry.size = Number(b, 56, 8);
    const size_t fixed = entry.extended ? 216 : 176;
    const size_t at = fixed + Number(b, fixed - 8, 4);
    const size_t length = Number(b, fixed - 4, 4);
    if (at + length > kBlock) {
      Fail(absl::StrCat("entry in block ", place.block, " is longer than that"));
      return entry;
    }
    if ((entry.flags & 7) == 3) {
      entry.is_embedded = true;
      entry.embedded = b.substr(at, length);
      Check(length == entry.size, entry, "another size than is embedded");
    } else {
      ReadRuns(place.partition, b.substr(at, length), (entry.flags & 7) == 1, &entry.runs);
      uint64_t sum = 0;
      for (const Extent& run : entry.runs) sum += run.length;
      Check(sum == entry.size, entry, absl::StrCat("has ", sum, " bytes of ", entry.size));
    }
    return entry;
  }

  void ReadRuns(uint64_t partition, std::string descriptors, bool is_long,
                std::vector<Extent>* runs) {
    const size_t width = is_long ? 16 : 8;
    for (size_t at = 0; at + width <= descriptors.size() && status_.ok(); at += width) {
      const uint64_t length = Number(descriptors, at, 4) & 0x3FFFFFFF;
      const uint64_t kind = Number(descriptors, at, 4) >> 30;
      if (length == 0) return;
      const Place place{Number(descriptors, at + 4, 4),
                        is_long ? Number(descriptors, at + 8, 2) : partition};
      if (kind == 3) {
        const std::string more = Descriptor(place, {258});
        descriptors = more.substr(24, Number(more, 20, 4));
        at = size_t{0} - width;
      } else {
        runs->push_back({place, length, kind == 0});
      }
    }
  }

  // Calls `use` with the bytes of a file, a part at a time.
  template <typename Use>
  void ForBytes(const Entry& entry, Use use) {
    if (entry.is_embedded) return use(entry.embedded);
    constexpr uint64_t kPart = 1 << 20;
    for (const Extent& run : entry.runs) {
      for (uint64_t at = 0; at < run.length && status_.ok(); at += kPart) {
        const uint64_t size = std::min(kPart, run.length - at);
        use(run.recorded ? Bytes(OffsetOf(run.place) + at, size) : std::string(size, '\0'));
      }
    }
  }

  std::vector<Name> ReadNames(const Entry& directory) {
    std::string data;
    ForBytes(directory, [&data](const std::string& part) { data += part; });
    std::vector<Name> names;
    for (size_t at = 0; at < data.size() && status_.ok();) {
      Check(Number(data, at, 2) == 257, directory, "has something that is no name");
      const size_t name = Number(data, at + 19, 1);
      const size_t use = Number(data, at + 36, 2);
      names.push_back({NameOf(data.substr(at + 38 + use, name)),
                       uint8_t(data[at + 18]),
                       {Number(data, at + 24, 4), Number(data, at + 28, 2)},
                       Number(data, at + 32, 4)});
      at += (38 + use + name + 3) / 4 * 4;
    }
    return names;
  }

  void Walk(const std::string& path, const Entry& entry) {
    if (!status_.ok()) return;
    UdfExtra& extra = extras_[path];
    if (entry.has_streams()) extra.streams = ReadStreams(entry);
    extra.created = CreatedOf(entry);
    if (entry.type != 4) return;
    for (const Name& name : ReadNames(entry)) {
      // Deleted, or the parent.
      if ((name.characteristics & 0x0C) != 0) continue;
      Walk(absl::StrCat(path == "/" ? "" : path, "/", name.name), ReadEntry(name.entry));
    }
  }

  // An extended entry has a field; another one may have an attribute.
  std::string CreatedOf(const Entry& entry) {
    const std::string modified = entry.bytes.substr(entry.extended ? 92 : 84, 12);
    std::string created = entry.extended ? entry.bytes.substr(104, 12) : modified;
    const size_t attributes = entry.extended ? 216 : 176;
    const size_t end = attributes + Number(entry.bytes, attributes - 8, 4);
    size_t next = 0;
    for (size_t at = attributes + 24; at < end; at += next) {
      next = Number(entry.bytes, at + 8, 4);
      Check(next >= 12 && at + next <= end, entry, "has an attribute of another length");
      if (!status_.ok()) return "";
      if (Number(entry.bytes, at, 4) != 5) continue;
      Check(!entry.extended, entry, "has file times twice");
      Check(Number(entry.bytes, at + 12, 4) == 12 && Number(entry.bytes, at + 16, 4) == 1, entry,
            "has file times of another form");
      created = entry.bytes.substr(at + 20, 12);
    }
    if (created == modified) return "";
    const auto part = [&created](size_t at, size_t bytes) { return Number(created, at, bytes); };
    Check(part(0, 2) == 0x1000, entry, "has a time that is not UTC");
    return absl::StrFormat("%04d-%02d-%02dT%02d:%02d:%02d.%02d%02d%02d", part(2, 2), part(4, 1),
                           part(5, 1), part(6, 1), part(7, 1), part(8, 1), part(9, 1), part(10, 1),
                           part(11, 1));
  }

  std::map<std::string, UdfStreamData> ReadStreams(const Entry& owner) {
    std::map<std::string, UdfStreamData> streams;
    const Entry directory = ReadEntry(owner.streams());
    // OSTA UDF 3.3.5.1, and no stream is a stream directory.
    CheckOfStreams(directory, owner);
    Check(directory.type == 13 && (directory.flags & 0x2000) == 0, directory,
          "is no stream directory");
    uint64_t bytes = 0;
    int parents = 0;
    for (const Name& name : ReadNames(directory)) {
      Check(name.unique_id == (owner.unique_id() & 0xFFFFFFFF), directory, "other unique ids");
      if ((name.characteristics & 8) != 0) {
        Check(name.entry == owner.place, directory, "has another parent");
        ++parents;
        continue;
      }
      const Entry stream = ReadEntry(name.entry);
      CheckOfStreams(stream, owner);
      Check(stream.type == 5 && (stream.flags & 0x2000) != 0, stream, "is no stream");
      Check(Number(stream.bytes, 48, 2) == 1, stream, "has another count of names than 1");
      Digest digest;
      ForBytes(stream, [&digest](const std::string& part) { digest.Update(part); });
      bytes += stream.size;
      UdfStreamData data{stream.size, digest.Finish()};
      Check(streams.emplace(name.name, std::move(data)).second, directory, "names one twice");
    }
    Check(parents == 1, directory, "has no parent, or several (ECMA-167 4/8.6)");
    Check(Number(owner.bytes, 64, 8) == owner.size + bytes, owner, "another object size");
    return streams;
  }

  void CheckOfStreams(const Entry& entry, const Entry& owner) {
    Check(entry.extended && !entry.has_streams(), entry, "is none for streams");
    Check(Number(entry.bytes, 208, 4) == 0, entry, "has extended attributes");
    Check(entry.unique_id() == owner.unique_id(), entry, "has another unique id than the owner");
  }

  int fd_;
  absl::Status status_;
  std::vector<uint64_t> partitions_;  // where they start, in blocks
  std::vector<Extent> metadata_;      // of the metadata file
  Place root_{};
  UdfExtras extras_;
};

}  // namespace

absl::StatusOr<UdfExtras> ReadUdfExtras(const std::string& image) { return Parser(image).Run(); }

}  // namespace isomason

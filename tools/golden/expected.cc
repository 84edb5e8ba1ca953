#include "tools/golden/expected.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "layout/status.h"
#include "tools/golden/expected_archive.h"
#include "tools/golden/expected_zisofs.h"
#include "tools/oracle/digest.h"

namespace isomason {
namespace {

using Type = Listed::Type;

// Of times, UDF keeps microseconds, and no other reader tells what is behind the seconds.
void SetTime(const std::string& rfc3339, Listed& entry) {
  absl::Time time;
  absl::ParseTime(absl::RFC3339_full, rfc3339, &time, nullptr);
  entry.time = absl::ToUnixSeconds(time);
  entry.nanoseconds =
      static_cast<uint32_t>(absl::ToUnixMicros(time) - *entry.time * 1000000) * 1000;
}

class Expected {
 public:
  Expected(const manifest::Manifest& manifest, const std::string& directory)
      : manifest_(manifest), directory_(directory) {}

  absl::StatusOr<Listing> Make() {
    Put("/", Type::kDirectory, {});
    PutStub();
    for (const manifest::Entry& entry : manifest_.entry()) RETURN_IF_ERROR(Add(entry));
    if (!manifest_.boot().catalog().empty()) {
      Parents(manifest_.boot().catalog());
      Put(manifest_.boot().catalog(), Type::kFile, {}).size = 2048;
    }
    // What is in it, and so its size, esp_test knows.
    for (const manifest::Partition& partition : manifest_.boot().partition()) {
      if (!partition.has_fat() || partition.image().empty()) continue;
      Parents(partition.image());
      Put(partition.image(), Type::kFile, {});
    }
    for (const manifest::Entry& entry : manifest_.entry()) {
      if (!entry.hard_link().empty()) Link(entry);
    }
    for (const manifest::Entry& entry : manifest_.entry()) {
      if (entry.has_checksums()) RETURN_IF_ERROR(SizeOfList(entry));
    }
    // Boot images are patched, so what they hold is not what the manifest says.
    for (const manifest::BootEntry& boot : manifest_.boot().entry()) {
      if (boot.boot_info_table() || boot.grub2_boot_info()) entries_[boot.image()].sha256.clear();
    }
    Listing listing;
    for (auto& [path, entry] : entries_) RETURN_IF_ERROR(listing.Add(entry));
    return listing;
  }

 private:
  Listed& Put(const std::string& path, Type type, const manifest::Attributes& own) {
    const manifest::Attributes& all = manifest_.attributes();
    Listed& e = entries_[path];
    e = Listed();  // an entry that overlays another keeps nothing of it
    e.path = path;
    e.type = type;
    const bool directory = type == Type::kDirectory;
    uint32_t mode = directory ? 0555 : 0444;
    if (directory && all.has_directory_mode()) mode = all.directory_mode();
    if (directory && own.has_directory_mode()) mode = own.directory_mode();
    if (!directory && all.has_file_mode()) mode = all.file_mode();
    if (!directory && own.has_file_mode()) mode = own.file_mode();
    if (type != Type::kSymlink) e.mode = mode;
    e.owner = own.has_owner() ? own.owner() : all.owner();
    e.group = own.has_group() ? own.group() : all.group();
    SetTime(own.has_time()   ? own.time()
            : all.has_time() ? all.time()
                             : manifest_.volume().time(),
            e);
    if (!directory) e.links = 1;
    e.inode = next_inode_++;
    return e;
  }

  // What the text says by default, stub_test knows.
  void PutStub() {
    const manifest::Udf& udf = manifest_.udf();
    if (udf.bridge() != manifest::STUB_BRIDGE) return;
    if (udf.stub().has_text() && udf.stub().text().empty()) return;
    Listed& text =
        Put(udf.stub().path().empty() ? "/README.TXT" : udf.stub().path(), Type::kFile, {});
    if (!udf.stub().has_text()) return;
    text.size = udf.stub().text().size();
    text.sha256 = Sha256(udf.stub().text());
  }

  void Parents(const std::string& path) {
    for (size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const std::string parent = path.substr(0, slash);
      if (entries_.count(parent) == 0) Put(parent, Type::kDirectory, {});
    }
  }

  absl::Status Add(const manifest::Entry& entry) {
    Parents(entry.path());
    switch (entry.what_case()) {
      case manifest::Entry::kText:
        return File(entry, WithAreas(entry, entry.text()));
      case manifest::Entry::kBytes:
        return File(entry, entry.bytes());
      case manifest::Entry::kZeros:
        return File(entry, WithAreas(entry, std::string(entry.zeros(), '\0')));
      case manifest::Entry::kReserveMap:
        // Read and compared in authoring:reserve_test.
        Put(entry.path(), Type::kFile, entry.attributes()).size = SizeOfMap(entry.reserve_map());
        return absl::OkStatus();
      case manifest::Entry::kFile: {
        ASSIGN_OR_RETURN(const std::string bytes, RangeOf(entry.file()));
        RETURN_IF_ERROR(File(entry, bytes));
        if (entry.file().member().empty()) return absl::OkStatus();
        ASSIGN_OR_RETURN(const Listing members,
                         TarListing(absl::StrCat(directory_, "/", entry.file().source())));
        const Listed* member = members.Find(entry.file().member().substr(1));
        if (member == nullptr) return absl::NotFoundError(entry.file().member());
        AllowToRun(entry, *member, entries_[entry.path()]);
        return absl::OkStatus();
      }
      case manifest::Entry::kConcat: {
        std::string bytes;
        for (const manifest::Part& part : entry.concat().part()) {
          std::string of_file;
          if (part.has_file()) {
            ASSIGN_OR_RETURN(of_file, RangeOf(part.file()));
          }
          bytes += of_file + part.text() + part.bytes() + std::string(part.zeros(), '\0');
        }
        return File(entry, bytes);
      }
      case manifest::Entry::kArchive:
        return Archive(entry);
      case manifest::Entry::kSymlink:
        Put(entry.path(), Type::kSymlink, entry.attributes()).target = entry.symlink();
        return absl::OkStatus();
      case manifest::Entry::kDevice: {
        const bool block = entry.device().type() == manifest::BLOCK_DEVICE;
        Listed& device =
            Put(entry.path(), block ? Type::kBlock : Type::kCharacter, entry.attributes());
        device.major = entry.device().major();
        device.minor = entry.device().minor();
        return absl::OkStatus();
      }
      case manifest::Entry::kFifo:
        Put(entry.path(), Type::kFifo, entry.attributes());
        return absl::OkStatus();
      case manifest::Entry::kSocket:
        Put(entry.path(), Type::kSocket, entry.attributes());
        return absl::OkStatus();
      case manifest::Entry::kDirectory:
        Put(entry.path(), Type::kDirectory, entry.attributes());
        return absl::OkStatus();
      case manifest::Entry::kHardLink:
        return absl::OkStatus();
      case manifest::Entry::kChecksums:
        Put(entry.path(), Type::kFile, entry.attributes());
        lists_.insert(entry.path());
        return absl::OkStatus();
      default:
        return absl::InvalidArgumentError(
            absl::StrCat(entry.path(), ": an entry that takes something from the host"));
    }
  }

  absl::Status File(const manifest::Entry& entry, const std::string& bytes) {
    Listed& file = Put(entry.path(), Type::kFile, entry.attributes());
    file.size = bytes.size();
    file.sha256 = Sha256(bytes);
    const std::string stored = entry.reserve_size() > 0 || entry.has_zeros()
                                   ? ""
                                   : ExpectedZisofs(manifest_, entry.path(), bytes);
    if (!stored.empty()) {
      file.stored_size = stored.size();
      file.stored_sha256 = Sha256(stored);
    }
    return absl::OkStatus();
  }

  // The members below the entry's path, with what the manifest keeps of their attributes.
  absl::Status Archive(const manifest::Entry& entry) {
    const manifest::Archive& archive = entry.archive();
    if (archive.include_size() > 0 || archive.exclude_size() > 0 ||
        archive.strip_components() > 0) {
      return absl::InvalidArgumentError(absl::StrCat(entry.path(), ": a part of an archive"));
    }
    ASSIGN_OR_RETURN(const Listing members,
                     TarListing(absl::StrCat(directory_, "/", archive.source())));
    manifest::Attributes keep = manifest_.attributes();
    keep.MergeFrom(entry.attributes());
    const std::set<int> kept(keep.keep().begin(), keep.keep().end());
    if (members.Find("/") == nullptr) Put(entry.path(), Type::kDirectory, entry.attributes());
    std::map<uint64_t, uint64_t> inodes;
    for (const auto& [path, member] : members) {
      const std::string full = entry.path() == "/" ? path
                               : path == "/"       ? entry.path()
                                                   : entry.path() + path;
      Listed& e = Put(full, member.type, entry.attributes());
      AllowToRun(entry, member, e);
      if (kept.count(manifest::MODE) > 0) e.mode = member.mode;
      if (kept.count(manifest::OWNER) > 0) e.owner = member.owner, e.group = member.group;
      if (kept.count(manifest::TIME) > 0) e.time = member.time, e.nanoseconds = std::nullopt;
      e.inode = inodes.try_emplace(member.inode, e.inode).first->second;
      e.links = member.links;
      e.size = member.size;
      e.sha256 = member.sha256;
      e.target = member.target;
      e.major = member.major;
      e.minor = member.minor;
    }
    return absl::OkStatus();
  }

  // A file that may be run in its archive may be by whoever may read it, unless the manifest
  // says a mode.
  void AllowToRun(const manifest::Entry& entry, const Listed& member, Listed& e) const {
    if (manifest_.attributes().has_file_mode() || entry.attributes().has_file_mode()) return;
    if (member.type != Type::kFile || (*member.mode & 0100) == 0) return;
    e.mode = *e.mode | (*e.mode & 0444) >> 2;
  }

  absl::StatusOr<std::string> RangeOf(const manifest::File& file) const {
    if (!file.member().empty()) {
      return TarMember(absl::StrCat(directory_, "/", file.source()), file.member());
    }
    std::ifstream stream(absl::StrCat(directory_, "/", file.source()), std::ios::binary);
    if (!stream) return absl::NotFoundError(file.source());
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    bytes.erase(0, file.offset());
    if (file.has_length()) bytes.resize(file.length());
    return bytes;
  }

  void Link(const manifest::Entry& entry) {
    const Listed target = entries_.at(entry.hard_link());
    Listed& link = entries_[entry.path()];
    link = target;
    link.path = entry.path();
    uint32_t links = 0;
    for (const auto& [path, e] : entries_) links += e.inode == target.inode ? 1 : 0;
    for (auto& [path, e] : entries_) {
      if (e.inode == target.inode) e.links = links;
    }
  }

  // A text with its reserved areas at their markers, or filled up as a whole.
  std::string WithAreas(const manifest::Entry& entry, std::string text) {
    for (const manifest::Reserve& area : entry.reserve()) {
      const char fill = area.fill().empty() ? '\0' : area.fill()[0];
      const std::string rest(area.size() - (area.marker().empty() ? text : area.text()).size(),
                             fill);
      if (area.marker().empty()) {
        text += rest;
      } else {
        text.replace(text.find(area.marker()), area.marker().size(), area.text() + rest);
      }
      reserved_.insert(entry.path());
    }
    return text;
  }

  // How long isomason's map of all areas is.
  uint64_t SizeOfMap(const manifest::ReserveMap&) const {
    uint64_t size = std::string("{\n  \"image_size\": ,\n  \"areas\": [\n  ]\n}\n").size() + 14;
    bool first = true;
    for (const manifest::Entry& entry : manifest_.entry()) {
      for (const manifest::Reserve& area : entry.reserve()) {
        const size_t at = area.marker().empty() ? 0 : entry.text().find(area.marker());
        size +=
            absl::StrCat(first ? "" : ",", "\n    {\"name\": \"", area.name(), "\", \"path\": \"",
                         entry.path(), "\", \"offset\": ", ", \"length\": ", area.size(),
                         ", \"file_offset\": ", at, ", \"fill\": \"\"}")
                .size() +
            14 + (area.fill().empty() ? 6 : 1);
        first = false;
      }
    }
    return size;
  }

  // How long a list of checksums is. What it says is left to coreutils, in
  // tools/behavior:checksums_test.
  absl::Status SizeOfList(const manifest::Entry& entry) {
    const manifest::Checksums& list = entry.checksums();
    if (list.match_size() > 0 || list.exclude_size() > 0 || !list.directory().empty()) {
      return absl::InvalidArgumentError(absl::StrCat(entry.path(), ": a list over a part"));
    }
    static const std::map<manifest::ChecksumAlgorithm, std::pair<uint64_t, std::string>> kKnown = {
        {manifest::MD5, {32, "MD5"}},        {manifest::SHA1, {40, "SHA1"}},
        {manifest::SHA256, {64, "SHA256"}},  {manifest::CHECKSUM_ALGORITHM_DEFAULT, {64, "SHA256"}},
        {manifest::SHA512, {128, "SHA512"}}, {manifest::B2, {128, "BLAKE2b"}}};
    const auto& [digits, tag] = kKnown.at(list.algorithm());
    uint64_t size = 0;
    for (const auto& [path, file] : entries_) {
      if (file.type != Type::kFile || path == entry.path()) continue;
      if (lists_.count(path) > 0 && !list.include_checksums()) continue;
      if (reserved_.count(path) > 0 && !list.include_reserved()) continue;
      std::string name = (list.has_prefix() ? list.prefix() : "./") + path.substr(1);
      const auto escapes = static_cast<uint64_t>(std::count(name.begin(), name.end(), '\\'));
      size += digits + name.size() + escapes + (escapes > 0 ? 1 : 0);
      size += list.tag() ? tag.size() + 7 : 3;
    }
    entries_[entry.path()].size = size;
    return absl::OkStatus();
  }

  const manifest::Manifest& manifest_;
  std::set<std::string> lists_;
  std::set<std::string> reserved_;
  const std::string& directory_;
  std::map<std::string, Listed> entries_;
  uint64_t next_inode_ = 1;
};

}  // namespace

std::string InNormalForm(const std::string& text, bool composed) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* const form =
      composed ? icu::Normalizer2::getNFCInstance(error) : icu::Normalizer2::getNFDInstance(error);
  const icu::UnicodeString before = icu::UnicodeString::fromUTF8(text);
  std::string again, out;
  if (before.toUTF8String(again) != text) return text;
  form->normalize(before, error).toUTF8String(out);
  return out;
}

std::string CaseFolded(const std::string& text) {
  const icu::UnicodeString before = icu::UnicodeString::fromUTF8(text);
  icu::UnicodeString after;
  for (int32_t i = 0; i < before.length(); i = before.moveIndex32(i, 1)) {
    after.append(static_cast<UChar32>(u_foldCase(before.char32At(i), U_FOLD_CASE_DEFAULT)));
  }
  std::string out;
  return after.toUTF8String(out);
}

absl::StatusOr<Listing> ExpectedListing(const manifest::Manifest& manifest,
                                        const std::string& directory) {
  manifest::Manifest said = manifest;
  if (said.names().normalization() > manifest::KEEP) {
    const bool composed = said.names().normalization() == manifest::NFC;
    for (manifest::Entry& entry : *said.mutable_entry()) {
      entry.set_path(InNormalForm(entry.path(), composed));
      if (entry.has_symlink()) entry.set_symlink(InNormalForm(entry.symlink(), composed));
      if (entry.has_hard_link()) entry.set_hard_link(InNormalForm(entry.hard_link(), composed));
    }
  }
  return Expected(said, directory).Make();
}

}  // namespace isomason

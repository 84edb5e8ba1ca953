// tar and cpio archives, and compressed ones of any kind, through libarchive.
//
// libarchive converts names to the character set of the locale, but keeps the bytes that
// the archive has where it cannot. In the locale C it can for ASCII alone, which comes out
// as it was; so all of this runs in that locale, whatever the program's is.

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/archive/archive.h"
#include "layout/status.h"

namespace isomason {
namespace {

class InLocaleC {
 public:
  InLocaleC() : locale_(newlocale(LC_ALL_MASK, "C", nullptr)), before_(uselocale(locale_)) {}
  InLocaleC(const InLocaleC&) = delete;
  InLocaleC& operator=(const InLocaleC&) = delete;
  ~InLocaleC() {
    uselocale(before_);
    freelocale(locale_);
  }

 private:
  const locale_t locale_;
  const locale_t before_;
};

// What libarchive reads from: bytes a block at a time, with seeking over what it skips.
class Input {
 public:
  Input(const ArchiveBytes& bytes, size_t block) : bytes_(bytes), block_(block) {}

  int Open(archive* a) { return archive_read_open2(a, this, nullptr, Read, Skip, nullptr); }
  // An error of the host's, which libarchive cannot tell.
  const absl::Status& status() const { return status_; }
  bool AtEnd() const { return at_ == bytes_.size; }

 private:
  static la_ssize_t Read(archive* a, void* self, const void** out) {
    auto& input = *static_cast<Input*>(self);
    const uint64_t left = input.bytes_.size - input.at_;
    input.block_.resize(std::min<uint64_t>(left, input.block_.size()));
    input.status_ = input.bytes_.Read(input.at_, absl::MakeSpan(input.block_));
    if (!input.status_.ok()) {
      archive_set_error(a, EIO, "read error");
      return -1;
    }
    input.at_ += input.block_.size();
    *out = input.block_.data();
    return static_cast<la_ssize_t>(input.block_.size());
  }

  static la_int64_t Skip(archive*, void* self, la_int64_t wanted) {
    auto& input = *static_cast<Input*>(self);
    const auto skipped = std::min(static_cast<uint64_t>(wanted), input.bytes_.size - input.at_);
    input.at_ += skipped;
    return static_cast<la_int64_t>(skipped);
  }

  const ArchiveBytes& bytes_;
  std::vector<uint8_t> block_;
  uint64_t at_ = 0;
  absl::Status status_;
};

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Reader = std::unique_ptr<archive, FreeArchive>;

std::string ErrorOf(archive* a) {
  const char* const text = archive_error_string(a);
  return text == nullptr ? "unknown error" : text;
}

class TarOrCpio : public Archive {
 public:
  explicit TarOrCpio(const ArchiveBytes& bytes) : bytes_(bytes), input_(bytes_, 32 << 10) {}

  absl::Status ReadHeaders() {
    const InLocaleC locale;
    reader_.reset(archive_read_new());
    archive* const a = reader_.get();
    archive_read_support_format_tar(a);
    archive_read_support_format_cpio(a);
    if (input_.Open(a) != ARCHIVE_OK) return NotKnown();
    uint64_t end = 0;  // of the last member
    while (true) {
      archive_entry* entry = nullptr;
      const int result = archive_read_next_header(a, &entry);
      if (result == ARCHIVE_EOF) break;
      if (!input_.status().ok()) return input_.status();
      if (result != ARCHIVE_OK && !(result == ARCHIVE_WARN && IsAboutNames())) {
        return members_.empty() && archive_format(a) == 0 ? NotKnown() : Damaged(ErrorOf(a), end);
      }
      RETURN_IF_ERROR(AddMember(entry, &end));
    }
    if (members_.empty() && archive_format(a) == 0) return NotKnown();
    RETURN_IF_ERROR(CheckEnd(end));
    reader_.reset();
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<ArchiveRun>> Runs(size_t member) override {
    const auto begin = runs_.begin() + static_cast<ptrdiff_t>(first_run_[member]);
    const auto stop = runs_.begin() + static_cast<ptrdiff_t>(member + 1 < first_run_.size()
                                                                 ? first_run_[member + 1]
                                                                 : runs_.size());
    return std::vector<ArchiveRun>(begin, stop);
  }

 private:
  static absl::Status NotKnown() {
    return absl::InvalidArgumentError("is no tar, cpio or zip archive");
  }

  static absl::Status Damaged(absl::string_view what, uint64_t at) {
    return absl::DataLossError(absl::StrCat("is damaged at byte ", at, " or behind: ", what));
  }

  // The one warning that says nothing: names that are not ASCII keep their bytes.
  bool IsAboutNames() const {
    return absl::StrContains(ErrorOf(reader_.get()), "can't be converted from");
  }

  bool IsTar() const {
    return (archive_format(reader_.get()) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
  }

  absl::Status AddMember(archive_entry* entry, uint64_t* end) {
    ArchiveMember member;
    const char* const path = archive_entry_pathname(entry);
    if (path == nullptr) return Damaged("a member has no name", *end);
    member.path = path;
    if (const char* const link = archive_entry_hardlink(entry)) {
      member.hard_link = true;
      member.target = link;
    } else if (const char* const target = archive_entry_symlink(entry)) {
      member.target = target;
    }
    member.mode = (archive_entry_perm(entry) & 07777) | archive_entry_filetype(entry);
    // Old archives tell directories by the slash alone.
    if (S_ISREG(member.mode) && absl::EndsWith(member.path, "/")) {
      member.mode = (member.mode & 07777u) | S_IFDIR;
    }
    for (const int64_t id : {archive_entry_uid(entry), archive_entry_gid(entry)}) {
      if (id >= 0 && id <= std::numeric_limits<uint32_t>::max()) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("has the member ", Quoted(member.path), " with the owner or group ", id));
    }
    member.owner = static_cast<uint32_t>(archive_entry_uid(entry));
    member.group = static_cast<uint32_t>(archive_entry_gid(entry));
    member.time = archive_entry_mtime(entry);
    member.nanos = static_cast<uint32_t>(archive_entry_mtime_nsec(entry));
    member.device_major = static_cast<uint32_t>(archive_entry_rdevmajor(entry));
    member.device_minor = static_cast<uint32_t>(archive_entry_rdevminor(entry));
    first_run_.push_back(runs_.size());
    const bool file = member.hard_link || S_ISREG(member.mode);
    if (file && archive_entry_size(entry) > 0) {
      member.size = static_cast<uint64_t>(archive_entry_size(entry));
      RETURN_IF_ERROR(FindRuns(entry, member));
    }
    if (archive_read_data_skip(reader_.get()) != ARCHIVE_OK) {
      if (!input_.status().ok()) return input_.status();
      if (input_.AtEnd()) return CutShort(member.path);
      return Damaged(ErrorOf(reader_.get()), *end);
    }
    const uint64_t next = Position();
    if (next > bytes_.size) return CutShort(member.path);
    if (file && member.size > 0) RETURN_IF_ERROR(CheckPadding(member.path, next));
    *end = next;
    members_.push_back(std::move(member));
    return absl::OkStatus();
  }

  uint64_t Position() const {
    return static_cast<uint64_t>(archive_filter_bytes(reader_.get(), 0));
  }

  absl::Status CutShort(absl::string_view path) const {
    return absl::DataLossError(absl::StrCat("is cut short: it ends at byte ", bytes_.size,
                                            ", inside of the member ", Quoted(path)));
  }

  static std::string Quoted(absl::string_view path) { return absl::StrCat("\"", path, "\""); }

  // The data of a member follow its header: one run, or those that a sparse file's map
  // names, one behind another. What libarchive says of the first bytes is compared with
  // what is there.
  absl::Status FindRuns(archive_entry* entry, const ArchiveMember& member) {
    const void* block = nullptr;
    size_t block_size = 0;
    la_int64_t block_offset = 0;
    const int result = archive_read_data_block(reader_.get(), &block, &block_size, &block_offset);
    if (!input_.status().ok()) return input_.status();
    uint64_t at = Position();
    if (result == ARCHIVE_EOF) {  // all of it is a hole
      block_size = 0;
    } else if (result != ARCHIVE_OK) {
      return Damaged(ErrorOf(reader_.get()), at);
    }
    if (at > bytes_.size || block_size > bytes_.size - at) return CutShort(member.path);
    std::vector<uint8_t> there(std::min<size_t>(block_size, 4096));
    RETURN_IF_ERROR(bytes_.Read(at, absl::MakeSpan(there)));
    if (!std::equal(there.begin(), there.end(), static_cast<const uint8_t*>(block))) {
      return NotWhere(member.path);
    }

    uint64_t done = 0;  // of the file
    const auto add = [&](uint64_t offset, uint64_t size) {
      if (offset > done) runs_.push_back({ArchiveRun::In::kZeros, 0, offset - done});
      if (size > 0) runs_.push_back(bytes_.Run(at, size));
      at += size;
      done = offset + size;
    };
    if (archive_entry_sparse_reset(entry) == 0) {
      add(0, member.size);
    } else {
      la_int64_t offset = 0;
      la_int64_t size = 0;
      while (archive_entry_sparse_next(entry, &offset, &size) == ARCHIVE_OK) {
        const auto from = static_cast<uint64_t>(offset);
        const auto length = static_cast<uint64_t>(size);
        if (offset < 0 || size < 0 || from < done || from > member.size ||
            length > member.size - from || length > bytes_.size) {
          return Damaged(absl::StrCat("the map of the sparse file ", Quoted(member.path)), at);
        }
        add(from, length);
      }
      add(member.size, 0);
    }
    if (at > bytes_.size) return CutShort(member.path);
    data_end_ = at;
    return absl::OkStatus();
  }

  // The next header has to follow on the data that were found, or they were not found.
  absl::Status CheckPadding(absl::string_view path, uint64_t next) const {
    const uint64_t rounding = IsTar() ? 512 : 4;
    if (next >= data_end_ && next - data_end_ < rounding) return absl::OkStatus();
    return NotWhere(path);
  }

  static absl::Status NotWhere(absl::string_view path) {
    return absl::InvalidArgumentError(absl::StrCat(
        "has the member ", Quoted(path), " in a form whose place in the archive is not known"));
  }

  // An archive ends with a mark, and nothing follows on it but zeros: what was cut off, or
  // put behind, would be missing without a word.
  absl::Status CheckEnd(uint64_t end) {
    std::vector<uint8_t> block(64 << 10);
    uint64_t at = end;
    if (IsTar()) {
      if (bytes_.size - std::min(bytes_.size, end) < 512) {
        return absl::DataLossError(absl::StrCat("is cut short: it ends at byte ", bytes_.size,
                                                " without the mark that ends an archive"));
      }
    } else {
      at = Position();
    }
    while (at < bytes_.size) {
      block.resize(std::min<uint64_t>(block.size(), bytes_.size - at));
      RETURN_IF_ERROR(bytes_.Read(at, absl::MakeSpan(block)));
      const auto other = std::find_if(block.begin(), block.end(), [](uint8_t b) { return b != 0; });
      if (other != block.end()) {
        return absl::InvalidArgumentError(absl::StrCat("goes on behind its end, at byte ",
                                                       at + (other - block.begin()),
                                                       ", with what is not part of it"));
      }
      at += block.size();
    }
    return absl::OkStatus();
  }

  const ArchiveBytes bytes_;
  Input input_;
  Reader reader_;
  uint64_t data_end_ = 0;  // of the last member that has data
  std::vector<ArchiveRun> runs_;
  std::vector<size_t> first_run_;  // by member
};

}  // namespace

absl::StatusOr<std::unique_ptr<Archive>> OpenTarOrCpio(const ArchiveBytes& bytes) {
  auto archive = std::make_unique<TarOrCpio>(bytes);
  RETURN_IF_ERROR(archive->ReadHeaders());
  return archive;
}

absl::Status Decompress(Spool* spool, ArchiveBytes* bytes) {
  constexpr int kMostLayers = 8;
  for (int layer = 0;; ++layer) {
    const ArchiveBytes from = *bytes;
    Input input(from, 256 << 10);
    const InLocaleC locale;
    const Reader reader(archive_read_new());
    archive* const a = reader.get();
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_format_raw(a);
    archive_entry* entry = nullptr;
    if (input.Open(a) != ARCHIVE_OK || archive_read_next_header(a, &entry) != ARCHIVE_OK) {
      if (!input.status().ok()) return input.status();
      // Nothing at all, or a compressed form that does not even begin rightly.
      if (from.size == 0 || archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE)
        return absl::OkStatus();
      return absl::DataLossError(absl::StrCat("cannot be decompressed: ", ErrorOf(a)));
    }
    if (archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE) return absl::OkStatus();
    if (layer == kMostLayers) {
      return absl::InvalidArgumentError("is compressed too many times over");
    }
    RETURN_IF_ERROR(spool->Open());
    const uint64_t start = spool->size();
    while (true) {
      const void* block = nullptr;
      size_t size = 0;
      la_int64_t offset = 0;
      const int result = archive_read_data_block(a, &block, &size, &offset);
      if (result == ARCHIVE_EOF) break;
      if (!input.status().ok()) return input.status();
      if (result != ARCHIVE_OK) {
        return absl::DataLossError(absl::StrCat("cannot be decompressed: ", ErrorOf(a)));
      }
      RETURN_IF_ERROR(spool->Append(absl::MakeConstSpan(static_cast<const uint8_t*>(block), size)));
    }
    *bytes = {spool->fd(), start, spool->size() - start, true};
  }
}

}  // namespace isomason

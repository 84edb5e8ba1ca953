// zip archives, by PKWARE's APPNOTE 6.3.10: the central directory says what there is.
//
// libarchive's reader of these takes times for local ones and converts names by the
// locale, so that the same archive would become different images in different places.

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "authoring/archive/archive.h"
#include "layout/status.h"

namespace isomason {
namespace {

// Little-endian numbers of a record; what lies behind its end is 0.
class Fields {
 public:
  explicit Fields(absl::Span<const uint8_t> bytes) : bytes_(bytes) {}
  uint64_t Get(size_t at, size_t size) const {
    uint64_t value = 0;
    for (size_t i = 0; i < size && at + i < bytes_.size(); ++i) {
      value |= uint64_t{bytes_[at + i]} << (8 * i);
    }
    return value;
  }
  uint32_t U16(size_t at) const { return static_cast<uint32_t>(Get(at, 2)); }
  uint32_t U32(size_t at) const { return static_cast<uint32_t>(Get(at, 4)); }
  uint64_t U64(size_t at) const { return Get(at, 8); }
  absl::Span<const uint8_t> Sub(size_t at, size_t size) const {
    return at > bytes_.size() ? absl::Span<const uint8_t>() : bytes_.subspan(at, size);
  }
  size_t size() const { return bytes_.size(); }

 private:
  absl::Span<const uint8_t> bytes_;
};

std::string TextOf(absl::Span<const uint8_t> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

uint32_t CrcOf(uint32_t crc, absl::Span<const uint8_t> bytes) {
  return static_cast<uint32_t>(crc32(crc, bytes.data(), static_cast<uInt>(bytes.size())));
}

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("is damaged: ", what));
}

// MS-DOS has no time zones; UTC is as good as any, and the same everywhere.
int64_t FromDosTime(uint32_t date, uint32_t time) {
  return absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilSecond((date >> 9) + 1980, date >> 5 & 15, date & 31, time >> 11,
                                        time >> 5 & 63, (time & 31) * 2),
                      absl::UTCTimeZone()));
}

class Inflater {
 public:
  Inflater() { good_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (good_) inflateEnd(&stream_);
  }
  bool good() const { return good_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_ = {};
  bool good_;
};

class Zip : public Archive {
 public:
  Zip(const ArchiveBytes& bytes, Spool* spool) : bytes_(bytes), spool_(*spool) {}

  absl::Status ReadDirectory() {
    RETURN_IF_ERROR(FindDirectory());
    std::vector<uint8_t> directory(directory_size_);
    RETURN_IF_ERROR(bytes_.Read(directory_offset_, absl::MakeSpan(directory)));
    const Fields all{absl::MakeConstSpan(directory)};
    size_t at = 0;
    for (uint64_t i = 0; i < count_; ++i) {
      if (at + 46 > all.size() || all.U32(at) != 0x02014b50) {
        return Damaged("its central directory ends early");
      }
      const size_t size = 46u + all.U16(at + 28) + all.U16(at + 30) + all.U16(at + 32);
      if (size > all.size() - at) return Damaged("its central directory ends early");
      RETURN_IF_ERROR(AddMember(Fields(all.Sub(at, size))));
      at += size;
    }
    for (size_t i = 0; i < members_.size(); ++i) {
      if (!S_ISLNK(members_[i].mode)) continue;
      if (members_[i].size > kLongestTarget) return Damaged("a symlink has a target without end");
      RETURN_IF_ERROR(Unpack(i, [&](absl::Span<const uint8_t> more) {
        members_[i].target.append(more.begin(), more.end());
        return absl::OkStatus();
      }));
      members_[i].size = 0;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<ArchiveRun>> Runs(size_t member) override {
    if (members_[member].size == 0) return std::vector<ArchiveRun>();
    uint64_t data = 0;
    if (places_[member].method == kStored) {
      RETURN_IF_ERROR(Unpack(
          member, [](absl::Span<const uint8_t>) { return absl::OkStatus(); }, &data));
      return std::vector<ArchiveRun>{bytes_.Run(data, members_[member].size)};
    }
    const uint64_t start = spool_.size();
    RETURN_IF_ERROR(
        Unpack(member, [&](absl::Span<const uint8_t> more) { return spool_.Append(more); }));
    return std::vector<ArchiveRun>{{ArchiveRun::In::kSpool, start, members_[member].size}};
  }

 private:
  static constexpr uint32_t kStored = 0;
  static constexpr uint32_t kDeflated = 8;
  static constexpr uint64_t kLongestTarget = 64 << 10;

  struct Place {
    std::string name;      // as the archive spells it
    uint64_t header;       // of the local header
    uint64_t packed_size;  // bytes
    uint32_t method;
    uint32_t crc;
    bool encrypted;
  };

  // The end of central directory record, 4.3.16, and that of zip64, 4.3.14.
  absl::Status FindDirectory() {
    const uint64_t tail = std::min<uint64_t>(bytes_.size, 22 + 65535);
    std::vector<uint8_t> buffer(tail);
    RETURN_IF_ERROR(bytes_.Read(bytes_.size - tail, absl::MakeSpan(buffer)));
    const Fields fields{absl::MakeConstSpan(buffer)};
    for (size_t at = tail < 22 ? 0 : tail - 22; tail >= 22; --at) {
      if (fields.U32(at) == 0x06054b50 && at + 22 + fields.U16(at + 20) == tail) {
        return ReadEnd(Fields(fields.Sub(at, 22)), bytes_.size - tail + at);
      }
      if (at == 0) break;
    }
    return absl::DataLossError("is cut short: it has no central directory");
  }

  absl::Status ReadEnd(const Fields& end, uint64_t at) {
    count_ = end.U16(10);
    directory_size_ = end.U32(12);
    directory_offset_ = end.U32(16);
    if (end.U16(4) != 0 && end.U16(4) != 0xFFFF) {
      return absl::InvalidArgumentError("is one of several volumes of a zip archive");
    }
    std::array<uint8_t, 20> locator{};
    if (at >= locator.size()) RETURN_IF_ERROR(bytes_.Read(at - 20, absl::MakeSpan(locator)));
    if (Fields(locator).U32(0) == 0x07064b50) {
      std::array<uint8_t, 56> end64{};
      RETURN_IF_ERROR(bytes_.Read(Fields(locator).U64(8), absl::MakeSpan(end64)));
      const Fields fields(end64);
      if (fields.U32(0) != 0x06064b50) return Damaged("its zip64 record is not where it should be");
      count_ = fields.U64(32);
      directory_size_ = fields.U64(40);
      directory_offset_ = fields.U64(48);
    }
    if (directory_offset_ > at || directory_size_ > at - directory_offset_) {
      return Damaged("its central directory is not where it should be");
    }
    return absl::OkStatus();
  }

  // 4.3.12.
  absl::Status AddMember(const Fields& f) {
    ArchiveMember member;
    Place place;
    const uint32_t host = f.U16(4) >> 8;
    const uint32_t attributes = f.U32(38);
    place.encrypted = (f.U16(8) & 1) != 0;
    place.method = f.U16(10);
    place.crc = f.U32(16);
    place.packed_size = f.U32(20);
    member.size = f.U32(24);
    place.header = f.U32(42);
    place.name = TextOf(f.Sub(46, f.U16(28)));
    member.path = place.name;
    member.time = FromDosTime(f.U16(14), f.U16(12));
    ReadExtra(Fields(f.Sub(46 + place.name.size(), f.U16(30))), &member, &place);
    if (host == 0 && !absl::StrContains(member.path, "/")) {
      std::replace(member.path.begin(), member.path.end(), '\\', '/');  // some Windows programs
    }
    const bool unix_mode = (host == 3 || host == 19) && attributes >> 16 != 0;
    const bool directory = absl::EndsWith(member.path, "/") || (!unix_mode && attributes & 0x10) ||
                           (unix_mode && S_ISDIR(attributes >> 16));
    const bool symlink = unix_mode && S_ISLNK(attributes >> 16);
    const uint32_t plain = directory ? 0755 : (attributes & 1) != 0 ? 0444 : 0644;
    member.mode = (directory ? S_IFDIR
                   : symlink ? S_IFLNK
                             : S_IFREG) |
                  (unix_mode ? attributes >> 16 & 07777 : plain);
    if (directory) member.size = 0;
    members_.push_back(std::move(member));
    places_.push_back(std::move(place));
    return absl::OkStatus();
  }

  // 4.5: pairs of a number and a size, each with as many bytes.
  static void ReadExtra(const Fields& extra, ArchiveMember* member, Place* place) {
    for (size_t at = 0; at + 4 <= extra.size();) {
      const Fields field(extra.Sub(at + 4, extra.U16(at + 2)));
      switch (extra.U16(at)) {
        case 0x0001: {  // zip64, 4.5.3: what does not fit where it belongs
          size_t next = 0;
          for (uint64_t* value : {&member->size, &place->packed_size, &place->header}) {
            if (*value != 0xFFFFFFFF) continue;
            *value = field.U64(next);
            next += 8;
          }
          break;
        }
        case 0x5455:  // Info-ZIP's times in UTC
          if ((field.Get(0, 1) & 1) != 0 && field.size() >= 5) {
            member->time = static_cast<int32_t>(field.U32(1));
          }
          break;
        case 0x7875: {  // Info-ZIP's owner and group
          const auto size = static_cast<size_t>(field.Get(1, 1));
          if (field.Get(0, 1) != 1 || size > 8) break;
          member->owner = static_cast<uint32_t>(field.Get(2, size));
          member->group = static_cast<uint32_t>(
              field.Get(3 + size, std::min<size_t>(8, field.Get(2 + size, 1))));
          break;
        }
        case 0x7075: {  // Info-ZIP's name in UTF-8, when it is of that name
          if (field.size() <= 5 || field.Get(0, 1) != 1) break;
          const auto* name = reinterpret_cast<const uint8_t*>(place->name.data());
          if (CrcOf(0, absl::MakeConstSpan(name, place->name.size())) != field.U32(1)) break;
          member->path = TextOf(field.Sub(5, field.size() - 5));
          break;
        }
        default:
          break;
      }
      at += 4 + field.size();
      if (field.size() == 0 && extra.U16(at - 2) != 0) break;  // longer than what there is
    }
  }

  // Where the data of a member begin: behind its local header, 4.3.7, which has to say the
  // same as the directory.
  absl::StatusOr<uint64_t> FindData(size_t i) const {
    const Place& place = places_[i];
    std::array<uint8_t, 30> bytes{};
    RETURN_IF_ERROR(bytes_.Read(place.header, absl::MakeSpan(bytes)));
    const Fields header(bytes);
    std::vector<uint8_t> name(header.U16(26));
    RETURN_IF_ERROR(bytes_.Read(place.header + 30, absl::MakeSpan(name)));
    if (header.U32(0) != 0x04034b50 || TextOf(name) != place.name ||
        header.U16(8) != place.method) {
      return Damaged(absl::StrCat("the header of \"", members_[i].path,
                                  "\" is not what its central directory says"));
    }
    const uint64_t data = place.header + 30 + name.size() + header.U16(28);
    if (data > bytes_.size || place.packed_size > bytes_.size - data) {
      return absl::DataLossError(
          absl::StrCat("is cut short inside of the member \"", members_[i].path, "\""));
    }
    return data;
  }

  // Hands a member's bytes over, some at a time, and compares their number and CRC.
  absl::Status Unpack(size_t i, absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)> take,
                      uint64_t* where = nullptr) const {
    const Place& place = places_[i];
    const std::string& path = members_[i].path;
    if (place.encrypted) {
      return absl::InvalidArgumentError(absl::StrCat("has the encrypted member \"", path, "\""));
    }
    if (place.method != kStored && place.method != kDeflated) {
      return absl::InvalidArgumentError(absl::StrCat("has the member \"", path,
                                                     "\", compressed by method ", place.method,
                                                     "; only stored and deflated ones are read"));
    }
    ASSIGN_OR_RETURN(const uint64_t data, FindData(i));
    if (where != nullptr) *where = data;
    uint64_t size = 0;
    uint32_t crc = 0;
    const auto pass = [&](absl::Span<const uint8_t> bytes) -> absl::Status {
      size += bytes.size();
      if (size > members_[i].size) return absl::OkStatus();  // too many: an error below
      crc = CrcOf(crc, bytes);
      return take(bytes);
    };
    RETURN_IF_ERROR(place.method == kStored ? Copy(data, place.packed_size, pass)
                                            : Inflate(path, data, place.packed_size, pass));
    if (size != members_[i].size || crc != place.crc) {
      return Damaged(absl::StrCat("the member \"", path, "\" has other bytes than its CRC says"));
    }
    return absl::OkStatus();
  }

  using Pass = absl::FunctionRef<absl::Status(absl::Span<const uint8_t>)>;

  absl::Status Copy(uint64_t at, uint64_t size, Pass pass) const {
    std::vector<uint8_t> block;
    for (uint64_t done = 0; done < size; done += block.size()) {
      block.resize(std::min<uint64_t>(256 << 10, size - done));
      RETURN_IF_ERROR(bytes_.Read(at + done, absl::MakeSpan(block)));
      RETURN_IF_ERROR(pass(block));
    }
    return absl::OkStatus();
  }

  absl::Status Inflate(const std::string& path, uint64_t at, uint64_t size, Pass pass) const {
    Inflater inflater;
    if (!inflater.good()) return absl::ResourceExhaustedError("no memory to decompress with");
    z_stream& stream = inflater.stream();
    std::vector<uint8_t> out(256 << 10);
    int result = Z_OK;
    RETURN_IF_ERROR(Copy(at, size, [&](absl::Span<const uint8_t> packed) -> absl::Status {
      std::vector<uint8_t> in(packed.begin(), packed.end());
      stream.next_in = in.data();
      stream.avail_in = static_cast<uInt>(in.size());
      while (result == Z_OK) {
        stream.next_out = out.data();
        stream.avail_out = static_cast<uInt>(out.size());
        result = inflate(&stream, Z_NO_FLUSH);
        if (result == Z_BUF_ERROR) {  // wants more
          result = Z_OK;
          break;
        }
        if (result != Z_OK && result != Z_STREAM_END) break;
        RETURN_IF_ERROR(pass(absl::MakeConstSpan(out.data(), out.size() - stream.avail_out)));
        if (stream.avail_in == 0 && stream.avail_out > 0) break;
      }
      return absl::OkStatus();
    }));
    if (result == Z_STREAM_END) return absl::OkStatus();
    return Damaged(absl::StrCat("the member \"", path, "\" cannot be decompressed"));
  }

  const ArchiveBytes bytes_;
  Spool& spool_;
  uint64_t count_ = 0;
  uint64_t directory_offset_ = 0, directory_size_ = 0;
  std::vector<Place> places_;  // by member
};

}  // namespace

absl::StatusOr<std::unique_ptr<Archive>> OpenZip(const ArchiveBytes& bytes, Spool* spool) {
  auto zip = std::make_unique<Zip>(bytes, spool);
  RETURN_IF_ERROR(zip->ReadDirectory());
  return zip;
}

}  // namespace isomason

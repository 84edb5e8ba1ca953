#include "authoring/iso9660/directory.h"

#include <algorithm>

namespace isomason {
namespace {

// With the byte that makes the length even (ECMA-119 9.1.12).
constexpr size_t BeforeSystemUse(size_t identifier_size) {
  return RoundUp(kDirectoryRecord.kBytes + identifier_size, 2);
}

}  // namespace

size_t DirectoryWriter::SystemUseRoom(size_t identifier_size) {
  return kLongestDirectoryRecord - BeforeSystemUse(identifier_size);
}

void DirectoryWriter::Add(const Record& record, const PosixRecord* posix) {
  system_use_.assign(record.system_use.data(), record.system_use.size());
  if (posix != nullptr) {
    AppendSystemUse(*posix, SystemUseRoom(record.identifier.size()), continuation_, area_,
                    system_use_);
  }
  const size_t before = BeforeSystemUse(record.identifier.size());
  const size_t length = RoundUp(before + system_use_.size(), 2);
  if ((out_.size() - start_) % kBlockSize + length > kBlockSize) Finish();

  DirectoryRecord r;
  r.length = static_cast<uint8_t>(length);
  r.extent = record.extent;
  r.data_length = record.data_length;
  r.date = record.date;
  r.flags = record.flags;
  r.identifier_length = static_cast<uint8_t>(record.identifier.size());
  const size_t at = out_.size();
  Append(kDirectoryRecord, r, out_);
  out_.append(record.identifier.data(), record.identifier.size());
  out_.resize(at + before);
  out_.append(system_use_);
  out_.resize(at + length);
}

void DirectoryWriter::AddFile(Record record, uint64_t size, const PosixRecord* posix) {
  const uint64_t section = size > kLargestSection ? kSectionSize : kLargestSection;
  for (;; size -= section) {
    const bool last = size <= section;
    record.data_length = static_cast<uint32_t>(std::min(size, section));
    Record r = record;
    if (!last) r.flags |= kMultiExtentFlag;
    Add(r, posix);
    if (last) return;
    record.extent += static_cast<uint32_t>(section / kBlockSize);
  }
}

void DirectoryWriter::Finish() { out_.resize(start_ + RoundUp(out_.size() - start_, kBlockSize)); }

}  // namespace isomason

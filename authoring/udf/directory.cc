#include "authoring/udf/directory.h"

#include "absl/strings/str_cat.h"
#include "authoring/udf/cs0.h"
#include "authoring/udf/file_records.h"

namespace isomason::udf {

void DirectoryWriter::Append(uint8_t characteristics, EntryReference entry) {
  // OSTA UDF 2.3.4: the block in which the descriptor starts.
  const PartitionBlock location(start_.value() + size() / kBlockSize);
  FileIdentifier fid;
  fid.characteristics = characteristics;
  fid.name_length = static_cast<uint8_t>(identifier_.size());
  fid.icb = OneBlock(revision_, entry.block);
  if (revision_.names_have_ids) {
    fid.icb.implementation_use =
        Encode(kAddressUse, AddressUse{.unique_id = static_cast<uint32_t>(entry.unique_id)});
  }
  const size_t at = OpenDescriptor(kFileIdentifier, fid, out_);
  out_ += identifier_;
  out_.resize(at + FileIdentifierSize(identifier_.size()));
  SealDescriptor(TagIdOf(kFileIdentifier), revision_, location, at, out_);
}

void DirectoryWriter::AddParent(EntryReference entry) {
  identifier_.clear();
  Append(kNamesDirectory | kNamesParent, entry);
}

absl::Status DirectoryWriter::Add(absl::string_view name, bool is_directory, EntryReference entry,
                                  bool hidden) {
  identifier_.clear();
  if (const absl::Status text = AppendCs0(name, identifier_); !text.ok()) {
    return absl::Status(text.code(), absl::StrCat("has a name that ", text.message()));
  }
  if (identifier_.size() > kNameLimit) {
    return absl::OutOfRangeError(absl::StrCat("has a name of ", identifier_.size() - 1,
                                              " bytes in characters of ", int{identifier_[0]},
                                              " bits; a UDF file identifier holds ", kNameLimit - 1,
                                              " (OSTA UDF 2.1.1, ECMA-167 4/14.4.4)"));
  }
  Append(static_cast<uint8_t>((is_directory ? kNamesDirectory : 0) | (hidden ? kNamesHidden : 0)),
         entry);
  return absl::OkStatus();
}

}  // namespace isomason::udf

#include "tools/golden/expected_extras.h"

#include "absl/time/time.h"
#include "layout/status.h"
#include "tools/golden/expected.h"
#include "tools/oracle/listing.h"

namespace isomason {
namespace {

// A stream's data is what the file of an entry that says the same would have.
absl::StatusOr<UdfStreamData> DataOf(const manifest::UdfStream& stream,
                                     const std::string& directory) {
  manifest::Manifest manifest;
  manifest::Entry& entry = *manifest.add_entry();
  entry.set_path("/x");
  switch (stream.data_case()) {
    case manifest::UdfStream::kFile:
      *entry.mutable_file() = stream.file();
      break;
    case manifest::UdfStream::kConcat:
      *entry.mutable_concat() = stream.concat();
      break;
    case manifest::UdfStream::kZeros:
      entry.set_zeros(stream.zeros());
      break;
    default:
      entry.set_bytes(stream.has_text() ? stream.text() : stream.bytes());
  }
  ASSIGN_OR_RETURN(const Listing listing, ExpectedListing(manifest, directory));
  const Listed& file = *listing.Find("/x");
  return UdfStreamData{file.size.value_or(0), file.sha256};
}

// To the microsecond. Entries that have it are made at another time than that of their last
// change.
std::string CreatedOf(const manifest::Entry& entry) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, entry.created(), &time, &error)) return error;
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6S", time, absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<UdfExtras> ExpectedExtras(const manifest::Manifest& manifest,
                                         const std::string& directory) {
  UdfExtras extras;
  for (const manifest::Entry& entry : manifest.entry()) {
    if (!entry.created().empty()) extras[entry.path()].created = CreatedOf(entry);
    for (const manifest::UdfStream& stream : entry.udf_stream()) {
      ASSIGN_OR_RETURN(extras[entry.path()].streams[stream.name()], DataOf(stream, directory));
    }
  }
  for (const manifest::Entry& entry : manifest.entry()) {
    if (entry.has_hard_link()) extras[entry.path()] = extras[entry.hard_link()];
  }
  return WithoutEmpty(extras);
}

UdfExtras WithoutEmpty(const UdfExtras& extras) {
  UdfExtras left;
  for (const auto& [path, extra] : extras) {
    if (extra != UdfExtra()) left[path] = extra;
  }
  return left;
}

}  // namespace isomason

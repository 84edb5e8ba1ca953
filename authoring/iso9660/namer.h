// -----------------------------------------------------------------------------
// File: authoring/iso9660/namer.h
// -----------------------------------------------------------------------------
//
// How a namespace spells a name of the tree. A spelling is a pure function of the
// name and of the number of an attempt: 0 is the plain spelling, and each higher
// one a variation whose last characters come from a digest of the name. Two
// siblings that would be spelled alike take different attempts, so what a name
// becomes hangs on its own letters and on whether its plain spelling is taken, not
// on how many siblings look like it. Nothing but the attempt has to be remembered.
//
//   IsoNamer namer(1);
//   namer.Append("measurement.csv", false, 0, out);    // MEASUREM.CSV
//   namer.Append("measurement.csv", false, 1, out);    // MEASBZ0L.CSV, say
//
#ifndef ISOMASON_AUTHORING_ISO9660_NAMER_H_
#define ISOMASON_AUTHORING_ISO9660_NAMER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace isomason {

class Namer {
 public:
  // Attempts are 0 to kAttempts - 1.
  static constexpr int kAttempts = 250;

  virtual ~Namer() = default;

  // Appends the spelling of `name` (at least one byte) as siblings are compared
  // and sorted, unless there are keys: without a version number and without a
  // trailing dot.
  virtual void Append(absl::string_view name, bool directory, int attempt,
                      std::string& out) const = 0;

  // Appends the spelling as it is recorded.
  virtual void AppendRecorded(absl::string_view name, bool directory, int attempt,
                              std::string& out) const = 0;

  // Why the plain spelling does not say exactly `name`, as the end of a sentence
  // that starts with the name and quotes the clause; empty when it does.
  virtual std::string Misfit(absl::string_view name, bool directory) const = 0;

  // Why the namespace does not take the name in whatever spelling, in the same form;
  // empty when it does. With `refuse`, no name is taken that does not fit.
  virtual std::string Refusal(absl::string_view name, bool directory, bool refuse) const {
    return refuse ? Misfit(name, directory) : "";
  }

  // What a reader makes of an appended spelling, in UTF-8.
  virtual std::string Show(absl::string_view spelling) const = 0;

  // Whether spellings are told apart and sorted by something else than their bytes:
  // then the two below make that of a spelling.
  virtual bool HasKeys() const { return false; }
  // Equal for spellings that some reader takes for one name.
  virtual void Fold(std::string& /*spelling*/) const {}
  // In the order of 9.3 as bytes.
  virtual void MakeSortable(std::string& /*spelling*/) const {}
};

// A hash that is the same in every process: it decides names.
uint64_t StableHash(absl::string_view bytes, uint64_t seed);

// Appends `width` (1 to 12) of the characters 0-9 and A-Z, which depend on `name`
// and `attempt`.
void AppendVariation(absl::string_view name, int attempt, size_t width, std::string& out);

// How many characters tell the variations of an attempt apart: `least` for the
// first eight attempts, one more for the next eight, at most `most`; 0 for
// attempt 0.
size_t VariationWidth(int attempt, size_t least, size_t most);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_NAMER_H_

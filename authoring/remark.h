// -----------------------------------------------------------------------------
// File: authoring/remark.h
// -----------------------------------------------------------------------------
//
// What the image does not carry as the manifest says it, or carries in a way that a
// reader gets wrong: the lines of `plan` and of the build report. Nothing is lost
// without one of these; what no policy of the manifest allows is an error instead.
//
#ifndef ISOMASON_AUTHORING_REMARK_H_
#define ISOMASON_AUTHORING_REMARK_H_

#include <string>
#include <vector>

namespace isomason {

struct Remark {
  enum class Kind {
    kChangedName,    // `detail` is the name that the namespace shows instead
    kChangedTarget,  // `detail` is what the symlink says there: without needless slashes
    kOmitted,        // the entry is not in the namespace
    kFollowed,       // a link stands there as what it points to
    kReader,         // a reader is known to handle this badly
    kPlace,          // a content does not lie where the manifest wants it, or a rule had no effect
  };
  Kind kind;
  std::string where;  // "iso9660", "joliet", "udf", "boot", "layout", "hide", "zisofs"
  std::string path;   // of the node, or empty for the whole image
  std::string detail;
};

using Remarks = std::vector<Remark>;

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_REMARK_H_

// -----------------------------------------------------------------------------
// File: authoring/tree/stub.h
// -----------------------------------------------------------------------------
//
// An ISO 9660 view that is a stub beside UDF: a text that says where the files are, and
// what the manifest keeps there. All else is hidden from it, and the text from UDF.
//
//   if (IsStub(manifest)) HideBesideStub(manifest, tree, &hiding);
//
#ifndef ISOMASON_AUTHORING_TREE_STUB_H_
#define ISOMASON_AUTHORING_TREE_STUB_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "authoring/manifest/manifest.pb.h"
#include "authoring/tree/hiding.h"
#include "authoring/tree/node.h"

namespace isomason {

// Where the text stands, and what it says, unless the manifest says otherwise.
inline constexpr absl::string_view kStubPath = "/README.TXT";
inline constexpr absl::string_view kStubText =
    "The files of this disc are in a UDF file system, and what shows this text has\r\n"
    "read the ISO 9660 one, which holds nothing else.\r\n"
    "\r\n"
    "Windows, macOS, Linux and the BSDs read UDF; old versions may not. On Linux:\r\n"
    "\r\n"
    "    mount -t udf -o ro /dev/sr0 /mnt\r\n";

bool IsStub(const manifest::Manifest& manifest);

// Those of a manifest, written or by default. An empty text is no file.
std::string StubPath(const manifest::Manifest& manifest);
std::string StubText(const manifest::Manifest& manifest);

// Hides from ISO 9660 what the stub does not keep, and from UDF the stub's text. Returns
// the globs that match nothing. Does nothing when there is no stub.
std::vector<std::string> HideBesideStub(const manifest::Manifest& manifest, const Tree& tree,
                                        Hiding* hiding);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_TREE_STUB_H_

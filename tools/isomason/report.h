// -----------------------------------------------------------------------------
// File: tools/isomason/report.h
// -----------------------------------------------------------------------------
//
// What a build or a plan has to say, for people and for programs.
//
#ifndef ISOMASON_TOOLS_ISOMASON_REPORT_H_
#define ISOMASON_TOOLS_ISOMASON_REPORT_H_

#include <cstdio>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "authoring/author.h"
#include "tools/isomason/verb.h"

namespace isomason {

// Three lines: what the image is, what is in it, its id.
std::string Summary(const Authored& authored, absl::string_view name);

// One line for a remark: "joliet: /notes is left out: ...".
std::string FormatRemark(const Remark& remark);

// What the JSON holds beside sizes, id, remarks and changed names.
struct JsonParts {
  bool map = false;
  bool names = false;
};

// Writes all about the image as JSON. Nothing in it depends on when or where it is
// written. `names` holds an object for every entry but the root, in tree order:
//
//   {"path": "/boot", "type": "directory", "iso9660": "BOOT", "joliet": null,
//    "hidden": ["iso9660"]}
//
// with a key for each namespace that the image has (iso9660, rock_ridge, joliet, udf),
// null where the entry is not there, and `hidden` with those that mark it as hidden, left
// out when there is none.
void WriteJson(const Authored& authored, JsonParts parts, FILE* out);

// Replaces `path` by what `write` writes, when all of it is there.
absl::Status WriteWhole(const std::string& path, const std::function<void(FILE*)>& write);

// Writes where the contents lie, for `layout.lock`; nothing when `path` is empty.
absl::Status WriteLock(const Disc& disc, const std::string& path);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ISOMASON_REPORT_H_

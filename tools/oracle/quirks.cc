// The table of what foreign readers get wrong whatever the image. A line goes in here only with
// evidence from images of at least one other writer, or from the reader's own source.

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "tools/oracle/readers.h"
#include "tools/oracle/udfclient.h"

namespace isomason {
namespace {

bool IsSpecial(const Listed& entry) {
  return entry.type != Listed::Type::kFile && entry.type != Listed::Type::kDirectory;
}

// Whether `text` is well-formed UTF-8 as far as lead and continuation bytes go.
bool IsUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const size_t length = c < 0x80                ? 1
                          : c >= 0xc2 && c < 0xe0 ? 2
                          : c >= 0xe0 && c < 0xf0 ? 3
                          : c >= 0xf0 && c < 0xf5 ? 4
                                                  : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

using Renamer = std::string (*)(absl::string_view);

// Gives every entry the path `rename` makes of its own, and returns the paths that two of them
// would have, which are dropped.
std::set<std::string> RenameOne(Listing& listing, Renamer rename) {
  Listing out;
  std::set<std::string> ambiguous;
  for (const auto& [path, entry] : listing) {
    Listed renamed = entry;
    renamed.path = rename(path);
    if (!out.Add(renamed).ok()) ambiguous.insert(renamed.path);
  }
  for (const std::string& path : ambiguous) out.Remove(path);
  listing = std::move(out);
  return ambiguous;
}

// The same on both sides. What one side has two of, the reader cannot tell apart.
void Rename(Listing& want, Listing& got, Renamer rename) {
  std::set<std::string> ambiguous = RenameOne(want, rename);
  ambiguous.merge(RenameOne(got, rename));
  for (const std::string& path : ambiguous) {
    want.Remove(path);
    got.Remove(path);
  }
}

// --- Adjustments ---------------------------------------------------------------------------------

void ForgetRootAttributes(Listing&, Listing& got) {
  if (Listed* root = got.Find("/")) {
    root->time = std::nullopt;
    root->mode = root->owner = root->group = std::nullopt;
  }
}

void ForgetSetIdBits(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.mode.has_value()) *entry.mode &= 0777;
  }
}

void ForgetBigOwners(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.owner > 077777u) entry.owner = std::nullopt;
    if (entry.group > 07777777777u) entry.group = std::nullopt;
  }
}

// What is left of times that are counted from 1970 on, and in 32 bits.
void CountTimesIn32Bits(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.time.has_value()) entry.time = *entry.time < 0 ? 0 : *entry.time & 0xffffffff;
  }
}

void ForgetSticky(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.mode.has_value()) *entry.mode &= 06777;
  }
}

// What is no file and no directory is shown as a file: only that it is there counts.
void RetypeSpecials(Listing& want, Listing& got) {
  for (auto& [path, entry] : got) {
    const Listed* meant = want.Find(path);
    if (meant == nullptr || !IsSpecial(*meant) || entry.type != Listed::Type::kFile) continue;
    Listed bare;
    bare.path = path;
    bare.type = meant->type;
    entry = bare;
  }
}

void DropSymlinks(Listing& want, Listing& got) {
  std::vector<std::string> paths;
  for (const auto& [path, entry] : want) {
    if (entry.type == Listed::Type::kSymlink) paths.push_back(path);
  }
  for (const std::string& path : paths) {
    want.Remove(path);
    got.Remove(path);
  }
}

void ForgetLinksOfEmptyFiles(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.type != Listed::Type::kFile || entry.size != 0u) continue;
    entry.links = std::nullopt;
    entry.inode = 0;
  }
}

void ForgetLinks(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.type == Listed::Type::kDirectory) continue;
    entry.links = std::nullopt;
    entry.inode = 0;
  }
}

void ForgetLongTargets(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (entry.target.size() > 200) entry.target.clear();
  }
}

void ForgetOddTargets(Listing&, Listing& got) {
  for (auto& [path, entry] : got) entry.target.clear();
}

// Every run of what is not ASCII, and of '_', becomes one '_'.
std::string FoldToAscii(absl::string_view path) {
  std::string out;
  for (char c : path) {
    const bool odd = static_cast<unsigned char>(c) >= 0x80 || c == '_';
    if (!odd) {
      out += c;
    } else if (out.empty() || out.back() != '_') {
      out += '_';
    }
  }
  return out;
}

// Components that are not UTF-8 are taken for ISO 8859-1.
std::string FromLatin1(absl::string_view path) {
  std::vector<std::string> components;
  for (absl::string_view component : absl::StrSplit(path, '/')) {
    std::string out;
    for (char c : component) {
      const unsigned char byte = static_cast<unsigned char>(c);
      if (byte < 0x80 || IsUtf8(component)) {
        out += c;
      } else {
        out += static_cast<char>(0xc0 | byte >> 6);
        out += static_cast<char>(0x80 | (byte & 0x3f));
      }
    }
    components.push_back(out);
  }
  return absl::StrJoin(components, "/");
}

// Surrogates that were encoded each by itself, in three bytes, become the character they mean.
std::string FromCesu8(absl::string_view path) {
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(path[i + at]); };
    const bool pair = path.size() - i >= 6 && byte(0) == 0xed && (byte(1) & 0xf0) == 0xa0 &&
                      byte(3) == 0xed && (byte(4) & 0xf0) == 0xb0;
    if (!pair) {
      out += path[i];
      continue;
    }
    const uint32_t high = static_cast<uint32_t>(byte(1) & 0x0f) << 6 | (byte(2) & 0x3f);
    const uint32_t low = static_cast<uint32_t>(byte(4) & 0x0f) << 6 | (byte(5) & 0x3f);
    const uint32_t character = 0x10000 + (high << 10 | low);
    out += static_cast<char>(0xf0 | character >> 18);
    out += static_cast<char>(0x80 | (character >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (character >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (character & 0x3f));
    i += 5;
  }
  return out;
}

void JoinSurrogates(Listing&, Listing& got) { RenameOne(got, FromCesu8); }

void ReadNamesAsLatin1(Listing&, Listing& got) { RenameOne(got, FromLatin1); }

void TranslateNames(Listing& want, Listing& got) {
  // What is alike in both is alike in what it shows.
  for (const std::string& path : RenameOne(want, UdfclientName)) got.Remove(path);
}

// It is told what to read in lines of which quotes are the ends, and holds paths of a KiB.
bool HasPathsThatUdfclientCannotBeTold(const Listing& want) {
  for (const auto& [path, entry] : want) {
    if (absl::StrContains(path, '"') || path.size() > 700) return true;
  }
  return false;
}

void FoldNames(Listing& want, Listing& got) { Rename(want, got, FoldToAscii); }

std::string Composed(absl::string_view path) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error)) return std::string(path);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  nfc->normalizeUTF8(0, icu::StringPiece(path.data(), static_cast<int32_t>(path.size())), sink,
                     nullptr, error);
  return U_FAILURE(error) ? std::string(path) : out;
}

// Whether a directory and something that is none have one name once they are composed.
bool HasDirectoryWithTwin(const Listing& want) {
  std::map<std::string, const Listed*> seen;
  for (const auto& [path, entry] : want) {
    const auto [twin, only] = seen.try_emplace(Composed(path), &entry);
    if (!only && (entry.type == Listed::Type::kDirectory) !=
                     (twin->second->type == Listed::Type::kDirectory)) {
      return true;
    }
  }
  return false;
}

void ComposeNames(Listing& want, Listing& got) { Rename(want, got, Composed); }

// Cuts every name after 103 units of UTF-16.
std::string CutAfter103(absl::string_view path) {
  std::vector<std::string> components;
  for (absl::string_view component : absl::StrSplit(path, '/')) {
    size_t units = 0, end = 0;
    for (; end < component.size(); ++end) {
      const auto byte = static_cast<unsigned char>(component[end]);
      if ((byte & 0xc0) == 0x80) continue;
      units += byte >= 0xf0 ? 2 : 1;
      if (units > 103) break;
    }
    components.emplace_back(component.substr(0, end));
  }
  return absl::StrJoin(components, "/");
}

void CutNames(Listing& want, Listing& got) { Rename(want, got, CutAfter103); }

void ForgetTargetsWithEmptyComponents(Listing& want, Listing&) {
  for (auto& [path, entry] : want) {
    if (absl::StrContains(entry.target, "//")) entry.target.clear();
  }
}

std::string WithoutVersion(absl::string_view path) {
  absl::ConsumeSuffix(&path, ";1");
  absl::ConsumeSuffix(&path, ".");
  return std::string(path);
}

void StripVersionsOfGot(Listing&, Listing& got) { RenameOne(got, WithoutVersion); }

std::string InCapitals(absl::string_view path) { return absl::AsciiStrToUpper(path); }

void CapitaliseNames(Listing& want, Listing& got) { Rename(want, got, InCapitals); }

// In Joliet a dot before the version is the name's own.
std::string WithoutJolietVersion(absl::string_view path) {
  absl::ConsumeSuffix(&path, ";1");
  return std::string(path);
}

void StripJolietVersionsOfGot(Listing&, Listing& got) { RenameOne(got, WithoutJolietVersion); }

// A directory that 7-Zip shows twice: once as listed, with its name cut, and once as the unchanged
// parent of what it holds. And a name of dots alone, which becomes "." or ".." and then "_".
void DropCutDirectories(Listing& want, Listing& got) {
  std::vector<std::string> cut;
  for (const auto& [path, entry] : want) {
    const std::string stripped = WithoutVersion(path);
    if (stripped == path) continue;
    const bool dots = absl::EndsWith(stripped, "/") || absl::EndsWith(stripped, "/.") ||
                      absl::EndsWith(stripped, "/..");
    if (dots || entry.type == Listed::Type::kDirectory) cut.push_back(path);
  }
  for (const std::string& path : cut) {
    const std::string placeholder = absl::StrCat(path.substr(0, path.rfind('/')), "/_");
    // What another name was cut to cannot be told from it.
    const bool another = want.Find(absl::StrCat(path, ".")) || want.Find(absl::StrCat(path, ";1"));
    if (another) {
      want.Remove(absl::StrCat(path, "."));
      want.Remove(absl::StrCat(path, ";1"));
    }
    want.Remove(path);
    got.Remove(path);
    for (const std::string& shown : {WithoutVersion(path), placeholder}) {
      want.Remove(shown);
      got.Remove(shown);
    }
  }
}

// A name of blanks alone becomes "[]".
std::string WithoutBlankNames(absl::string_view path) {
  std::vector<std::string> names;
  for (absl::string_view name : absl::StrSplit(path, '/')) {
    const bool blank = !name.empty() && name.find_first_not_of(' ') == absl::string_view::npos;
    names.emplace_back(blank ? "[]" : name);
  }
  return absl::StrJoin(names, "/");
}

void RenameBlankNames(Listing& want, Listing& got) { Rename(want, got, WithoutBlankNames); }

// 7-Zip has done so with `got` already. Two names that become one overwrite each other.
void StripVersionsOfWant(Listing& want, Listing& got) {
  DropCutDirectories(want, got);
  for (const std::string& path : RenameOne(want, WithoutVersion)) got.Remove(path);
}

// Bytes of a name that surely stand in the directory record.
constexpr size_t kSurelyWhole = 60;

bool HasLongComponent(absl::string_view path) {
  for (absl::string_view component : absl::StrSplit(path, '/')) {
    if (component.size() > kSurelyWhole) return true;
  }
  return false;
}

// Drops what has a component so long that it may be continued outside of the directory record.
void DropLongNames(Listing& want, Listing& got) {
  for (Listing* listing : {&want, &got}) {
    std::vector<std::string> dropped;
    for (const auto& [path, entry] : *listing) {
      if (HasLongComponent(path)) dropped.push_back(path);
    }
    for (const std::string& path : dropped) listing->Remove(path);
  }
}

// Long names side by side that may become one when they are cut.
bool HasLongNamesAlike(const Listing& want) {
  std::set<std::string> cut;
  for (const auto& [path, entry] : want) {
    const size_t slash = path.rfind('/');
    if (path.size() - slash - 1 <= kSurelyWhole) continue;
    if (!cut.insert(path.substr(0, slash + 1 + kSurelyWhole)).second) return true;
  }
  return false;
}

// A name or a target that may not fit into the directory record: two bytes come to each component
// of a target (RRIP 4.1.3.1).
bool HasLongTargets(const Listing& want) {
  constexpr size_t kSurelyThere = 80;
  for (const auto& [path, entry] : want) {
    const auto components =
        static_cast<size_t>(std::count(entry.target.begin(), entry.target.end(), '/')) + 1;
    const size_t name = path.size() - path.rfind('/');
    if (entry.target.size() + 2 * components + name > kSurelyThere) return true;
  }
  return false;
}

// Paths that libarchive does not take.
bool HasPathsOf512Characters(const Listing& want) {
  for (const auto& [path, entry] : want) {
    if (path.size() > 500) return true;
  }
  return false;
}

void DropRelocationDirectories(Listing& want, Listing& got) {
  for (const char* path : {"/rr_moved", "/.rr_moved"}) {
    want.Remove(path);
    got.Remove(path);
  }
}

// That bytes are compressed, only Rock Ridge says.
void ForgetCompression(Listing& want, Listing&) { ShowStored(want); }

bool HasSpecials(const Listing& want) {
  for (const auto& [path, entry] : want) {
    if (IsSpecial(entry)) return true;
  }
  return false;
}

// Names with characters that take two units of UTF-16.
bool HasNamesBeyondUcs2(const Listing& want) {
  for (const auto& [path, entry] : want) {
    for (const char c : path) {
      if (static_cast<unsigned char>(c) >= 0xf0) return true;
    }
  }
  return false;
}

// Names with more bytes in UTF-8 than in UCS-2. A version has four more in either.
bool HasNamesThatGrowInUtf8(const Listing& want) {
  for (const auto& [path, entry] : want) {
    for (absl::string_view name : absl::StrSplit(path, '/')) {
      size_t units = 0;
      for (const char c : name) units += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
      if (name.size() > 2 * units) return true;
    }
  }
  return false;
}

bool HasNamesThatAreNotUtf8(const Listing& want) {
  for (const auto& [path, entry] : want) {
    if (!IsUtf8(path) || !IsUtf8(entry.target)) return true;
  }
  return false;
}

}  // namespace

const std::vector<Quirk>& Quirks() {
  static const std::vector<Quirk>* const kQuirks = new std::vector<Quirk>{
      {{Reader::kBsdtar, Reader::kBsdtarPipe, Reader::kPycdlib},
       {View::kRockRidge, View::kJoliet, View::kIso9660},
       "The root's attributes are those of its record in the volume descriptor, which has no Rock "
       "Ridge, and not those of its \".\" record.",
       "libarchive 3.6.2 and pycdlib 1.12 show the time of the volume for the root of images of "
       "xorriso 1.5.4 and genisoimage 1.1.11, whose \".\" has another time.",
       ForgetRootAttributes,
       nullptr},
      {{Reader::kIsoinfo},
       {View::kRockRidge},
       "Set-user-id, set-group-id and sticky bits are not printed.",
       "isoinfo 1.1.11 prints rwx--x--x for mode 4711 in images of xorriso and genisoimage.",
       ForgetSetIdBits,
       nullptr},
      {{Reader::kIsoinfo},
       {View::kRockRidge},
       "An owner has room for five octal digits, a group for ten.",
       "isoinfo 1.1.11 prints 21056 for owner 70000 (octal 210560) in images of bsdtar and "
       "xorriso, "
       "and 3777777777 for group 4294967294.",
       ForgetBigOwners,
       nullptr},
      {{Reader::kCdio},
       {View::kRockRidge},
       "The sticky bit is not printed.",
       "iso-info 2.1.0 prints rwxrwxrwx for mode 1777 in images of xorriso and genisoimage.",
       ForgetSticky,
       nullptr},
      {{Reader::kCdio},
       {View::kUdf},
       "A name of 8-bit characters is printed as it is in the image, and not as UTF-8.",
       "iso-info 2.1.0 prints FC for U+00FC in an image of genisoimage, and UTF-8 for a name of "
       "16-bit characters beside it.",
       ReadNamesAsLatin1,
       nullptr},
      {{Reader::kIsoinfo, Reader::kPycdlib},
       {View::kJoliet},
       "Joliet names keep \";1\", which other readers take away.",
       "isoinfo 1.1.11, pycdlib 1.12: \"manual.txt;1\" in an image of xorriso with -compliance "
       "only_iso_version_off, which appends versions as the Joliet specification says.",
       StripJolietVersionsOfGot,
       nullptr},
      {{Reader::kIsoinfo},
       {View::kJoliet},
       "Joliet names are shown in an 8-bit character set.",
       "isoinfo 1.1.11 -j utf-8: \"Unknown charset\"; with iso8859-1 a euro sign is \"_\".",
       FoldNames,
       nullptr},
      {{Reader::kIsoinfo, Reader::kCdio, Reader::kPycdlib},
       {View::kIso9660},
       "Plain names keep \";1\" and a dot before it, which other readers take away.",
       "isoinfo 1.1.11, pycdlib 1.12: \"ABS.;1\", where xorriso and libarchive show \"ABS\".",
       StripVersionsOfGot,
       nullptr},
      {{Reader::kCdio},
       {View::kIso9660},
       "Plain names are shown in small letters.",
       "iso-info 2.1.0: \"hello.txt\" for HELLO.TXT in an image of xorriso without Rock Ridge; "
       "the comment of iso9660_ifs_stat_translate() says so, too.",
       CapitaliseNames,
       nullptr},
      {{Reader::kSevenZip},
       {View::kRockRidge, View::kJoliet},
       "\";1\" and a dot at the end are taken off Rock Ridge and Joliet names, too.",
       "7-Zip 26.02 shows \"semi;1\" as \"semi\" and \"trail.\" as \"trail\" in images of xorriso "
       "and genisoimage, and what lies in a directory \"d.\" in \"d.\", beside an empty \"d\".",
       StripVersionsOfWant,
       nullptr},
      {{Reader::kSevenZip},
       {View::kRockRidge},
       "Devices, fifos and sockets are shown as empty files, and so is a symlink of which it "
       "cannot "
       "read the target.",
       "7-Zip 26.02 on images of xorriso and genisoimage, targets \"/\" and those of over 100 "
       "bytes.",
       RetypeSpecials,
       nullptr},
      {{Reader::kSevenZip},
       {View::kRockRidge},
       "Only the NM entry inside the directory record is read: longer names are cut.",
       "7-Zip 26.02 shows 103 of 250 characters in an image of xorriso.",
       DropLongNames,
       nullptr},
      {{Reader::kSevenZip},
       {View::kRockRidge},
       "Of long names that become one when they are cut, one is extracted.",
       "7-Zip 26.02, an image of xorriso with two files whose names of 200 characters differ in "
       "the "
       "last one.",
       nullptr,
       HasLongNamesAlike},
      {{Reader::kCdio},
       {View::kRockRidge},
       "A symlink whose target does not fit into the directory record ends it, and a name that "
       "does not is cut.",
       "iso-info 2.1.0: segmentation fault with targets of 150 characters in an image of xorriso, "
       "and 98 of 180 characters of a name.",
       nullptr,
       HasLongTargets},
      {{Reader::kCdio},
       {View::kJoliet, View::kUdf},
       "A name with a character beyond U+FFFF makes its directory unreadable in Joliet, and ends "
       "the program in UDF.",
       "libcdio 2.1.0 converts names from UCS-2BE, in which iconv knows no surrogates: \"Iconv "
       "failed\", \"Error getting above directory information\" in an image of xorriso with "
       "-compliance joliet_utf16. In UDF the name is then a null pointer, which "
       "udf_ff_traverse() compares.",
       nullptr,
       HasNamesBeyondUcs2},
      {{Reader::kCdio},
       {View::kJoliet},
       "A name is cut behind as many bytes of UTF-8 as it has in UCS-2.",
       "iso-info 2.1.0 shows six of nine Japanese characters in images of xorriso and "
       "genisoimage.",
       nullptr,
       HasNamesThatGrowInUtf8},
      {{Reader::kUdfread},
       {View::kUdf},
       "The two halves of a character beyond U+FFFF are converted each by itself.",
       "libudfread 1.1.2: _cs0_to_utf8() converts unit by unit.",
       JoinSurrogates,
       nullptr},
      {{Reader::kSevenZip},
       {View::kUdf},
       "A UDF volume that holds anything but files and directories is refused as a whole.",
       "7-Zip 26.02, after the type of one file entry was set to 12 in an image of genisoimage; "
       "readers_test repeats that.",
       nullptr,
       HasSpecials},
      {{Reader::kSevenZip},
       {View::kUdf},
       "A name of blanks alone is shown as [].",
       "7-Zip 26.02 on an image of genisoimage.",
       RenameBlankNames,
       nullptr},
      {{Reader::kUdfclient},
       {View::kUdf},
       "Names are shown as OSTA's program for Unix translates them: what is not printable ASCII "
       "becomes one _, and a checksum is put in.",
       "udfclient 0.8.11 shows _ber#0EE2 for U+00FC and three letters in an image of genisoimage; "
       "udf_to_unix_name() calls UDFTransName() of UDF 1.02 6.7.",
       TranslateNames,
       nullptr},
      {{Reader::kUdfclient},
       {View::kUdf},
       "It has no way to be told a path with a quote in it, and ends at one of more than a KiB.",
       "udfclient 0.8.11: udfclient_get_one_arg(), fulldstpath[1024].",
       nullptr,
       HasPathsThatUdfclientCannotBeTold},
      {{Reader::kUdfclient},
       {View::kUdf},
       "Times before 1970 are 1970, and seconds since then are counted in 32 bits.",
       "udfclient 0.8.11: udf_timestamp_to_timespec().",
       CountTimesIn32Bits,
       nullptr},
      {{Reader::kUdfclient},
       {View::kUdf},
       "What is marked as hidden is not shown.",
       "udfclient 0.8.11 and NetBSD: udf_readdir() skips names with UDF_FILE_CHAR_VIS.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kMarkedInUdf},
      {{Reader::kUdfclient},
       {View::kUdf},
       "Only the lower nine bits of a mode are shown.",
       "udfclient 0.8.11: print_dir_entry().",
       ForgetSetIdBits,
       nullptr},
      {{Reader::kUdfread, Reader::kCdio, Reader::kPycdlib, Reader::kUdfclient},
       {View::kUdf},
       "A symlink or special file is shown as a file with what its file entry holds.",
       "libudfread 1.1.2 and libcdio 2.1.0 know no other types; pycdlib 1.12 reads the type but "
       "not the target; udfclient 0.8.11 takes whatever has S_IFDIR's bit in its type for a "
       "directory, which block devices and sockets have (udfclient_ls()), and the rest for files.",
       RetypeSpecials,
       nullptr},
      {{Reader::kGrub},
       {},
       "Symlinks are followed, and broken ones are not listed.",
       "grub-fstest 2.06 lists the size of the target, and nothing for a target that is not there.",
       DropSymlinks,
       nullptr},
      {{Reader::kGrub},
       {},
       "Devices, fifos and sockets are shown as files.",
       "grub-fstest 2.06 on images of xorriso.",
       RetypeSpecials,
       nullptr},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kRockRidge},
       "An empty file is never shown as a hard link, and with one link.",
       "libarchive 3.6.2 on images of xorriso (serial numbers, link counts) and genisoimage.",
       ForgetLinksOfEmptyFiles,
       nullptr},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kRockRidge},
       "A slash is lost in symlinks that are split over several SL entries.",
       "libarchive 3.6.2 with targets of more than 239 characters, images of xorriso and "
       "genisoimage.",
       ForgetLongTargets,
       nullptr},
      {{Reader::kSevenZip},
       {View::kRockRidge},
       "Only the first SL entry inside the directory record is read, and absolute targets are "
       "moved below the folder that is extracted to.",
       "7-Zip 26.02.",
       ForgetOddTargets,
       nullptr},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kJoliet},
       "What a directory holds cannot be extracted when something beside it has its name in "
       "Unicode's normal form C.",
       "libarchive 3.6.2 composes both names; it puts the file in the place of the directory and "
       "says \"Could not stat\", also on an image of xorriso 1.5.4; readers_test repeats that.",
       nullptr,
       HasDirectoryWithTwin},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kJoliet},
       "Joliet names are brought to Unicode's normal form C.",
       "libarchive 3.6.2 shows U+0065 U+0301 as U+00E9 in images of xorriso and genisoimage.",
       ComposeNames,
       nullptr},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kJoliet},
       "Joliet names are cut after 103 units of UTF-16.",
       "libarchive 3.6.2: parse_file_info() takes at most 206 bytes of a Joliet name, which is "
       "what "
       "genisoimage -joliet-long writes.",
       CutNames,
       nullptr},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kJoliet},
       "A path of more than 512 characters of Joliet ends it.",
       "libarchive 3.6.2: \"Pathname is too long\"; UTF16_NAME_SIZE in its source. "
       "docs/decisions/joliet-paths.md has the images.",
       nullptr,
       HasPathsOf512Characters},
      {{Reader::kBsdtar, Reader::kBsdtarPipe},
       {View::kRockRidge},
       "A directory rr_moved or .rr_moved in the root is not shown, what it holds is.",
       "libarchive 3.6.2 on images of xorriso and genisoimage.",
       DropRelocationDirectories,
       nullptr},
      {{Reader::kPycdlib},
       {View::kRockRidge},
       "An empty component of a target is taken for the root.",
       "pycdlib 1.12 shows a//b as /b in an image of xorriso.",
       ForgetTargetsWithEmptyComponents,
       nullptr},
      {{Reader::kPycdlib},
       {View::kRockRidge},
       "Rock Ridge names and targets that are not UTF-8 stop it.",
       "pycdlib 1.12: UnicodeDecodeError in walk().",
       nullptr,
       HasNamesThatAreNotUtf8},
      {{Reader::kXorriso},
       {View::kRockRidge},
       "Without serial numbers in PX, hard links are files of their own.",
       "xorriso 1.5.4 extracts the two names of a file in an image of genisoimage 1.1.11 (PX of 36 "
       "bytes, link count 2) as two files, also with -hardlinks on; readers_test repeats that.",
       ForgetLinks,
       nullptr,
       Trait::kNoSerialNumbers},
      {{Reader::kBsdtarPipe},
       {View::kRockRidge},
       "Of files with serial numbers of their own that lie at one place, only the first is read.",
       "libarchive 3.6.2 says \"Ignoring out-of-order file\" and fails, also on an image of "
       "xorriso "
       "1.5.4 (-compliance new_rr) in which one of two hard links got another mode; readers_test "
       "repeats that.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kSharedContents},
      {{Reader::kBsdtarPipe},
       {},
       "Of a file that lies inside of another, nothing is read.",
       "libarchive 3.6.2 says \"Ignoring out-of-order file\" and fails, also on an image of "
       "genisoimage "
       "1.1.11 in which a directory record got a larger size; readers_test repeats that.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kNestedContents},
      {{Reader::kBsdtar},
       {View::kRockRidge},
       "Of files that lie at one place it does not know which are hard links of each other: those "
       "with a serial number between two of another are files of their own, and without serial "
       "numbers all are links.",
       "libarchive 3.6.2 on an image of xorriso 1.5.4 (-compliance new_rr) in which one of several "
       "hard links got another mode; readers_test repeats that. Where PX has no serial number, "
       "parse_file_info() takes the location of the data for it.",
       ForgetLinks,
       nullptr,
       Trait::kSharedContents},
      {{Reader::kIsoinfo, Reader::kCdio, Reader::kPycdlib, Reader::kSevenZip, Reader::kGrub},
       {View::kRockRidge},
       "Relocated directories are seen where they lie, and placeholders as they are.",
       "isoinfo 1.1.11, iso-info 2.1.0, pycdlib 1.12, 7-Zip 26.02 and grub-fstest 2.06 on a tree "
       "of 12 levels in an image of genisoimage; readers_test repeats that.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kRelocation},
      {{Reader::kIsoinfo, Reader::kCdio, Reader::kSevenZip, Reader::kGrub},
       {View::kRockRidge},
       "Compressed files (zisofs) are shown with their compressed bytes.",
       "isoinfo 1.1.11, iso-info 2.1.0, 7-Zip 26.02 and grub-fstest 2.06 on images of genisoimage "
       "-z over files of mkzftree, and of xorriso; zisofs_test repeats that.",
       ForgetCompression,
       nullptr,
       Trait::kZisofs},
      {{Reader::kBsdtar, Reader::kBsdtarPipe, Reader::kIsoinfo, Reader::kCdio, Reader::kSevenZip,
        Reader::kGrub},
       {View::kRockRidge},
       "Files that are compressed in version 2 of zisofs are shown with their compressed bytes.",
       "libarchive 3.6.2 and the readers above on an image of xorriso 1.5.4 with -zisofs "
       "version_2=on; zisofs_test repeats that.",
       ForgetCompression,
       nullptr,
       Trait::kZisofs2},
      {{Reader::kPycdlib},
       {},
       "An image with compressed files is not opened.",
       "pycdlib 1.12 raises \"Unknown SUSP record\" at ZF in images of genisoimage and xorriso; "
       "zisofs_test repeats that.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kZisofs},
      {{Reader::kPycdlib},
       {},
       "An image with files compressed in version 2 is not opened.",
       "pycdlib 1.12 raises \"Invalid RR version 2!\" on an image of xorriso; zisofs_test repeats "
       "that.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kZisofs2},
      {{Reader::kPycdlib},
       {},
       "An image with system use entries that it does not know is not opened.",
       "pycdlib 1.12 raises \"Unknown SUSP record\" at an entry of another signature than those "
       "in its rockridge.py.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kForeignEntries},
      {{Reader::kPycdlib},
       {},
       "An image with an entry of the boot catalog that is not bootable is not opened, unless it "
       "is "
       "the first.",
       "pycdlib 1.12 takes the 0 that the entry begins with for the catalog's end, and says \"El "
       "Torito section header specified 1 entries, only saw 0\", also of an image of genisoimage "
       "1.1.11 with -no-boot; readers_test repeats that.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kNotBootable},
      {{Reader::kPycdlib},
       {},
       "An image with extended file entries in UDF is not opened.",
       "pycdlib 1.12 raises \"UDF File Entry Tag identifier not 261\" in _parse_udf_file_entry().",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kExtendedEntries},
      {{Reader::kPycdlib},
       {View::kUdf},
       "Of a file whose data is in its file entry, other blocks are shown, and such a file is "
       "taken "
       "for one with whatever else lies there.",
       "From source: pycdlib 1.12 gives the entry's own block of the image to its UDFInlineAD and "
       "adds the start of the partition to it, and finds files by where they lie.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kEmbeddedData},
      {{Reader::kSevenZip},
       {View::kUdf},
       "A file with extents that are not recorded is listed and not extracted.",
       "7-Zip 26.02: \"Unsupported Method\"; GetStream() of its UdfHandler.cpp returns E_NOTIMPL "
       "for "
       "what IsRecAndAlloc() denies.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kSparse},
      {{Reader::kGrub, Reader::kPycdlib, Reader::kCdio},
       {View::kUdf},
       "In the place of extents that are not recorded, other blocks are shown.",
       "From source: grub_udf_read_block() of GRUB 2.06 looks for the type of an extent in the "
       "upper "
       "bits of its position; pycdlib 1.12 reads on from the first extent's block, and "
       "offset_to_lba() of libcdio 2.1 takes the type for a part of the length.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kSparse},
      {{Reader::kCdio},
       {View::kUdf},
       "Extended file entries are not read.",
       "libcdio 2.1 compares with TAGID_FILE_ENTRY in lib/udf/udf_fs.c, and has no record of the "
       "other kind.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kExtendedEntries},
      {{Reader::kCdio, Reader::kPycdlib},
       {View::kUdf},
       "UDF is looked for beside ISO 9660 only.",
       "iso-info 2.1.0 says \"Error in opening ISO-9660 image\" and pycdlib 1.12 \"must have at "
       "least one PVD\" of an empty volume of mkudffs 2.3.",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kNoIso9660},
      {{Reader::kCdio, Reader::kGrub},
       {View::kUdf},
       "A metadata partition is not known.",
       "From source: GRUB 2.06 knows partition maps of type 1 only (grub_udf_mount(): \"partmap "
       "type "
       "not supported\"). iso-info 2.1.0 says \"couldn't find /\".",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kMetadataPartition},
      {{Reader::kPycdlib},
       {},
       "An image with a metadata partition is not opened, whatever the view.",
       "From source: UDFLogicalVolumeDescriptor.parse() of pycdlib 1.12 compares where a partition "
       "map ends with what is left from its start on, so that one of 64 bytes behind another "
       "\"goes "
       "beyond end of data\".",
       nullptr,
       [](const Listing&) { return true; },
       Trait::kMetadataPartition},
  };
  return *kQuirks;
}

}  // namespace isomason

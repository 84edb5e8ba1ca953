// -----------------------------------------------------------------------------
// File: tools/oracle/readers.h
// -----------------------------------------------------------------------------
//
// Asks every foreign reader in turn what it makes of an image, and says where one of them
// sees something else than was meant. What a reader gets wrong whatever the image is in one
// table (Quirks()), each with its evidence, so that all other differences are the image's.
//
//   ReaderOptions options;
//   options.views = {View::kRockRidge, View::kJoliet, View::kUdf};
//   options.want_instead[View::kJoliet] = joliet;    // other names there
//   options.scratch_dir = testing::TempDir();
//   EXPECT_THAT(CheckWithForeignReaders(image, want, options), IsEmpty());
#ifndef ISOMASON_TOOLS_ORACLE_READERS_H_
#define ISOMASON_TOOLS_ORACLE_READERS_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/oracle/listing.h"

namespace isomason {

enum class Reader {
  kXorriso,     // Rock Ridge, Joliet, plain; the media, the boot catalog, the system area
  kBsdtar,      // Rock Ridge, Joliet, plain
  kBsdtarPipe,  // the same from a pipe
  kSevenZip,    // Joliet, or else Rock Ridge, or else plain; UDF
  kIsoinfo,     // Rock Ridge, Joliet, plain
  kCdio,        // Joliet, or else Rock Ridge, or else plain; UDF
  kPycdlib,     // Rock Ridge, Joliet, plain, UDF
  kGrub,        // UDF or else Rock Ridge
  kUdfread,     // UDF
  kUdfclient,   // UDF
  kUdfinfo,     // UDF: counts and state, no tree
  kUdfdump,     // UDF: counts, state and revisions, no tree
  kBlkid,       // the type, no tree
};

// "xorriso", "bsdtar from a pipe", ...
const char* ReaderName(Reader reader);

// All of them.
std::set<Reader> AllReaders();

// What an image has that a listing does not show, and some reader trips over.
enum class Trait {
  kNoSerialNumbers,    // Rock Ridge with PX of 36 bytes
  kSharedContents,     // files that are no hard links of each other lie at one place
  kRelocation,         // deep directories lie in rr_moved (RRIP 4.1.5)
  kNoIso9660,          // UDF alone: no descriptor of ISO 9660
  kMetadataPartition,  // UDF 2.50 and later
  kZisofs,             // files are stored compressed, in version 1 of zisofs
  kZisofs2,            // the same in version 2
  kMarkedInUdf,        // names that are marked as hidden in UDF (ECMA-167 4/14.4.3)
  kExtendedEntries,    // some file entries of UDF are extended ones
  kEmbeddedData,       // some files of UDF have their data in their file entries
  kSparse,             // some files of UDF have extents that are not recorded
  kForeignEntries,     // system use entries beside Rock Ridge's that are not in SUSP or RRIP
  kNestedContents,     // a file lies inside of another, as files of a partition do that is a file
  kNotBootable,        // a section of the boot catalog has an entry that is not bootable
};

struct ReaderOptions {
  // Which trees the image holds and are to be compared. A reader that chooses by itself goes
  // by what is in here, so name every one that the image has, kIso9660 excepted: every image
  // without Trait::kNoIso9660 has that one, and it is compared only when it is named (with a
  // `want_instead`).
  std::set<View> views = {View::kRockRidge};

  // What to expect of a view instead of `want`: other names, fewer entries. A Joliet view that
  // is not in here is expected to be `want` without all that is neither file nor directory.
  // Plain names are meant without ";1" and without a dot at the end.
  std::map<View, Listing> want_instead;

  std::set<Reader> readers = AllReaders();
  std::set<Trait> traits;
  CompareOptions compare;

  // An existing host folder for extracted trees, which are removed again.
  std::string scratch_dir;
};

// Every difference that a reader sees, and every complaint of one, as sentences that begin with
// the reader's name and the view: "xorriso (Rock Ridge): /a: mode is 0755, want 0644". A reader
// that is not installed is such a sentence too. Empty: all of them see what is wanted.
std::vector<std::string> CheckWithForeignReaders(const std::string& image, const Listing& want,
                                                 const ReaderOptions& options);

// One thing that a reader gets wrong, or cannot show, whatever the image.
struct Quirk {
  std::set<Reader> readers;
  std::set<View> views;  // empty: all
  const char* what;      // a sentence
  const char* evidence;  // how it is known
  // Changes both sides so that the quirk is no difference. Null when `skips` decides.
  void (*adjust)(Listing& want, Listing& got);
  // Whether the reader cannot be asked at all for a tree such as `want`. May be null.
  bool (*skips)(const Listing& want);
  // Applies only to images that have it.
  std::optional<Trait> trait = std::nullopt;
};

// The table.
const std::vector<Quirk>& Quirks();

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_READERS_H_

// -----------------------------------------------------------------------------
// File: tools/oracle/dvdread.h
// -----------------------------------------------------------------------------
//
// What libdvdread, on which free DVD players stand, makes of a DVD-Video image: it finds the
// files through UDF and reads the IFO files, and so knows where menus and titles should be.
//
//   absl::StatusOr<Dvd> dvd = ReadDvd(image);
//   EXPECT_EQ(dvd->sets[1].titles, dvd->sets[1].ifo + dvd->sets[1].titles_after_ifo);
//
#ifndef ISOMASON_TOOLS_ORACLE_DVDREAD_H_
#define ISOMASON_TOOLS_ORACLE_DVDREAD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace isomason {

// The manager (set 0) or a title set. Blocks of 2048 bytes; 0 where there is no such file.
struct DvdSet {
  // Where UDF has the first bytes of the files.
  uint32_t ifo = 0, backup = 0, menu = 0, titles = 0;
  // Where the IFO file says that the others start, from its own start.
  uint32_t backup_after_ifo = 0, menu_after_ifo = 0, titles_after_ifo = 0;
  // Where the manager says that the set starts, from its own start; 0 for itself.
  uint32_t set_after_manager = 0;
  // SHA-256 of the files, of all files of titles together; empty where there is none.
  std::string ifo_digest, backup_digest, menu_digest, titles_digest;
};

struct Dvd {
  std::vector<DvdSet> sets;  // the manager first
  int titles = 0;            // that the manager lists
  // What libdvdread said meanwhile.
  std::vector<std::string> complaints;
};

// DataLoss when libdvdread cannot open the image as a DVD, or a file of it.
absl::StatusOr<Dvd> ReadDvd(const std::string& image);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_DVDREAD_H_

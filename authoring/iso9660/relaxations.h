// -----------------------------------------------------------------------------
// File: authoring/iso9660/relaxations.h
// -----------------------------------------------------------------------------
//
// What names in the primary hierarchy may have beyond ECMA-119 7.5 and 7.6. Writers
// of images have offered these for thirty years; each has an option of mkisofs's.
//
#ifndef ISOMASON_AUTHORING_ISO9660_RELAXATIONS_H_
#define ISOMASON_AUTHORING_ISO9660_RELAXATIONS_H_

namespace isomason {

struct Relaxations {
  bool lowercase = false;      // small letters stay as they are
  bool ascii = false;          // so does all of printable ASCII but `/` and `;`
  bool omit_version = false;   // no `;1`, and no dot before it
  bool omit_period = false;    // no dot behind a file's name without extension
  bool long_31 = false;        // at level 1, names as long as at levels 2 and 3
  bool long_37 = false;        // names of 37 characters; takes the place of the version
  bool several_dots = false;   // dots anywhere but at the end, in directories, too
  bool leading_dot = false;    // a dot as the first character
  bool directory_dot = false;  // one dot in a directory's name

  bool HasVersion() const { return !omit_version && !long_37; }
  bool HasPeriod() const { return HasVersion() && !omit_period; }
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_RELAXATIONS_H_

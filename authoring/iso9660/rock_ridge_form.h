// -----------------------------------------------------------------------------
// File: authoring/iso9660/rock_ridge_form.h
// -----------------------------------------------------------------------------
//
// Which form of Rock Ridge is written, for options and for the writer of records.
//
#ifndef ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_FORM_H_
#define ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_FORM_H_

namespace isomason {

// Which Rock Ridge is written. Version 1.12 has PX of 44 bytes, with a serial number;
// 1.10 has 36, and cdrtools' mkisofs writes its identifier over 44 bytes all the same.
struct RockRidgeForm {
  bool version_1_10 = false;
  bool serial_numbers = true;
};

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_ROCK_RIDGE_FORM_H_

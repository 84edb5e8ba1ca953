// -----------------------------------------------------------------------------
// File: authoring/iso9660/descriptor.h
// -----------------------------------------------------------------------------
//
// What a volume descriptor says that does not depend on where things lie: the
// identifiers and dates of the volume (ECMA-119 8.4, and 8.5 for Joliet). Text is
// written as it is given or refused, never cut.
//
//   VolumeDescriptor d = DescribePrimary(volume, tree, hierarchy, &problems);
//   d.space_size = 1234;
//   Append(kPrimaryDescriptor, d, out);
//
#ifndef ISOMASON_AUTHORING_ISO9660_DESCRIPTOR_H_
#define ISOMASON_AUTHORING_ISO9660_DESCRIPTOR_H_

#include <array>
#include <cstdint>
#include <string>

#include "authoring/iso9660/hierarchy.h"
#include "authoring/iso9660/records.h"
#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/node.h"
#include "authoring/volume.h"

namespace isomason {

// The primary descriptor: printable ASCII. (By the letter the characters are those
// of 7.4.1, without small letters; every reader takes the others.) What does not fit
// goes to `problems`, with the field of the volume; a file that the volume names is a
// file in the root of `hierarchy`.
VolumeDescriptor DescribePrimary(const Volume& volume, bool xa, const Tree& tree,
                                 const Hierarchy& hierarchy, Problems* problems);

// The application use of the primary descriptor (8.4.32), the one place where it is put
// together: spaces, which implantisomd5 wants to find where it writes; over them what the
// manifest gives; and with `xa` the mark of CD-ROM XA.
std::array<uint8_t, 512> ApplicationUse(const Volume& volume, bool xa);

// Joliet's supplementary descriptor: UTF-16. A file that the volume names and whose
// name is longer than the 18 units of the field is left out, with a remark; so is a text
// such as "_COPYING.;1", when Joliet calls no file COPYING.;1.
struct JolietDescription {
  int level;              // of UCS-2, 1 to 3
  std::string volume_id;  // in place of the volume's label, unless it is empty
};
VolumeDescriptor DescribeJoliet(const Volume& volume, const JolietDescription& description,
                                const Tree& tree, const Hierarchy& hierarchy, Remarks* remarks,
                                Problems* problems);

// The enhanced descriptor of ISO 9660:1999: as the primary one. What Joliet leaves out is
// left out here, too, with a remark.
VolumeDescriptor DescribeEnhanced(const Volume& volume, const Tree& tree,
                                  const Hierarchy& hierarchy, Remarks* remarks, Problems* problems);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_ISO9660_DESCRIPTOR_H_

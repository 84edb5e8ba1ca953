// -----------------------------------------------------------------------------
// File: tools/oracle/device.h
// -----------------------------------------------------------------------------
//
// Device numbers in a Rock Ridge PN entry (RRIP 4.1.2: two 32-bit halves). mkisofs writes
// the major number to the high half and the minor to the low one, and Linux reads it so;
// xorriso and libarchive instead join the halves to one 64-bit dev_t and take that apart
// as the C library does. Here the halves are found again from what those two show.
#ifndef ISOMASON_TOOLS_ORACLE_DEVICE_H_
#define ISOMASON_TOOLS_ORACLE_DEVICE_H_

#include <cstdint>

namespace isomason {

struct DeviceNumber {
  uint32_t major = 0, minor = 0;
};

// What Linux's isofs makes of the PN entry of which glibc's major() and minor() of the joined
// halves are `major` and `minor`. A zero high half with a low half over 255 is the old
// 16-bit form: eight bits each.
DeviceNumber DeviceOfJoinedPn(uint32_t major, uint32_t minor);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_DEVICE_H_

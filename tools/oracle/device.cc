#include "tools/oracle/device.h"

#include <sys/sysmacros.h>

namespace isomason {

DeviceNumber DeviceOfJoinedPn(uint32_t major, uint32_t minor) {
  const uint64_t joined = makedev(major, minor);
  const uint32_t high = static_cast<uint32_t>(joined >> 32);
  const uint32_t low = static_cast<uint32_t>(joined);
  if (high == 0 && low > 0xff) return {low >> 8, low & 0xff};
  return {high, low};
}

}  // namespace isomason

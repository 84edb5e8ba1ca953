#include "tools/oracle/device.h"

#include <sys/sysmacros.h>

#include "gtest/gtest.h"

namespace isomason {
namespace {

TEST(DeviceOfJoinedPnTest, FindsTheHalvesAgain) {
  const struct {
    uint32_t high, low;     // what the image holds
    uint32_t major, minor;  // what Linux shows
  } kCases[] = {
      {8, 1, 8, 1},
      {8, 300, 8, 300},
      {259, 300, 259, 300},
      {0, 3, 0, 3},
      {0, 0x801, 8, 1},
      {0, 0x103, 1, 3},
      {1, 3, 1, 3},
      {4095, 1048575, 4095, 1048575},
      {0, 0x10082c, 4104, 44},
  };
  for (const auto& c : kCases) {
    const uint64_t joined = uint64_t{c.high} << 32 | c.low;
    const DeviceNumber got = DeviceOfJoinedPn(major(joined), minor(joined));
    EXPECT_EQ(got.major, c.major) << c.high << "," << c.low;
    EXPECT_EQ(got.minor, c.minor) << c.high << "," << c.low;
  }
}

}  // namespace
}  // namespace isomason

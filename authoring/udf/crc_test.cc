#include "authoring/udf/crc.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

uint16_t CrcOf(absl::string_view text) {
  return Crc16(ConstByteSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

TEST(Crc16Test, GivesTheStandardsOwnExample) {
  EXPECT_EQ(CrcOf("\x70\x6A\x77"), 0x3299);  // ECMA-167 3/7.2.6
}

TEST(Crc16Test, GivesThePublishedCheckValue) {
  // The catalogued check of this polynomial with initial value 0 ("XMODEM").
  EXPECT_EQ(CrcOf("123456789"), 0x31C3);
}

TEST(Crc16Test, IsZeroForNothingAndForZeros) {
  EXPECT_EQ(CrcOf(""), 0);
  EXPECT_EQ(CrcOf(std::string(2032, '\0')), 0);
}

TEST(Crc16Test, AgreesWithOneBitAtATimeAtEveryLength) {
  std::string text;
  for (int n = 0; n < 64; ++n) {
    unsigned crc = 0;
    for (char c : text) {
      for (int bit = 7; bit >= 0; --bit) {
        const bool in = (static_cast<uint8_t>(c) >> bit) & 1;
        const bool out = (crc >> 15) & 1;
        crc = (crc << 1) & 0xFFFF;
        if (in != out) crc ^= 0x1021;
      }
    }
    EXPECT_EQ(CrcOf(text), crc) << n << " bytes";
    text += static_cast<char>(n * 37 + 11);
  }
}

}  // namespace
}  // namespace isomason::udf

#include "authoring/udf/symlink.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason::udf {
namespace {

using ::testing::HasSubstr;

TEST(SymlinkTest, IsAStepForEachName) {
  constexpr char kRoot[] = "02000000";
  constexpr char kUp[] = "03000000";
  constexpr char kHere[] = "04000000";
  constexpr char kA[] = "050200000861";
  constexpr char kBoot[] = "0505000008626f6f74";
  constexpr char kEuro[] = "050300001020ac";
  struct {
    const char* target;
    std::string hex;
  } const cases[] = {
      {"/", kRoot},
      {"a", kA},
      {"/a/boot", absl::StrCat(kRoot, kA, kBoot)},
      {"../a", absl::StrCat(kUp, kA)},
      {"./a/../boot", absl::StrCat(kHere, kA, kUp, kBoot)},
      {"//a///boot//", absl::StrCat(kRoot, kA, kBoot)},
      {"\u20AC", kEuro},
      {"...",
       "0504000008"
       "2e2e2e"},
  };
  for (const auto& c : cases) {
    const auto data = EncodeTarget(c.target);
    ASSERT_TRUE(data.ok()) << c.target << ": " << data.status();
    EXPECT_EQ(absl::BytesToHexString(*data), c.hex) << c.target;
  }
}

TEST(SymlinkTest, HoldsNamesOf254Bytes) {
  EXPECT_TRUE(EncodeTarget(std::string(254, 'x')).ok());
  const auto s = EncodeTarget(absl::StrCat("a/", std::string(255, 'x'))).status();
  EXPECT_EQ(s.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(s.message()), HasSubstr("with a name of 256 bytes"));
}

TEST(SymlinkTest, RefusesNothingAndWhatIsNotUtf8) {
  EXPECT_EQ(EncodeTarget("").status().code(), absl::StatusCode::kInvalidArgument);
  const auto s = EncodeTarget("a/\xFF").status();
  EXPECT_EQ(s.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(s.message()),
              HasSubstr("is a symlink with a name in its target that is not UTF-8 at byte 0"));
}

}  // namespace
}  // namespace isomason::udf

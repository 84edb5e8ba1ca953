// Every golden image has the map and the digest that its file says. To accept what
// has changed on purpose: tools/golden/accept.

#include "tools/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class GoldenTest : public testing::TestWithParam<std::string> {};

TEST_P(GoldenTest, HasTheMapAndTheBytesThatItsFileSays) {
  const auto golden = AuthorGolden(GetParam());
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto text = golden->Text();
  ASSERT_TRUE(text.ok()) << text.status();
  const std::string file = absl::StrCat(GetParam(), ".map");
  if (const char* folder = std::getenv("ISOMASON_ACCEPT_GOLDENS")) {
    std::ofstream(absl::StrCat(folder, "/", file), std::ios::binary) << *text;
    return;
  }
  EXPECT_EQ(*text, ReadFile(GoldenPath(file)));
}

TEST(GoldenFilesTest, HaveNoMapWithoutAManifest) {
  const auto names = GoldenNames();
  const auto folder = std::filesystem::path(GoldenPath("empty.textproto")).parent_path();
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".map") continue;
    EXPECT_EQ(std::count(names.begin(), names.end(), file.path().stem()), 1) << file.path();
  }
}

// Any cut of the image gives the bytes of the whole: what sinks and servers rely on.
TEST_P(GoldenTest, ReadsTheSameInPieces) {
  const auto golden = AuthorGolden(GetParam());
  ASSERT_TRUE(golden.ok()) << golden.status();
  const Image& image = golden->disc->image();
  std::vector<uint8_t> whole(image.size());
  ASSERT_TRUE(image.Read(0, absl::MakeSpan(whole)).ok());
  std::vector<uint8_t> parts(image.size());
  uint64_t size = 1;
  for (uint64_t at = 0; at < parts.size(); at += size) {
    size = std::min<uint64_t>(parts.size() - at, 1 + (at * 7 + 13) % 6151);
    ASSERT_TRUE(image.Read(at, absl::MakeSpan(parts).subspan(at, size)).ok());
  }
  EXPECT_EQ(whole, parts);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTest, testing::ValuesIn(GoldenNames()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace isomason

#include "boot/fat/directory.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kTime = 1793536496;  // 2026-11-01T12:34:56Z: date 5D61, time 645C
constexpr int64_t kVolumeTime = kFatFirstSecond;

FatEntry File(std::string path, uint64_t size = 0, uint8_t attributes = kFatArchive) {
  return {.path = std::move(path), .size = size, .time = kTime, .attributes = attributes};
}
FatEntry Directory(std::string path, uint8_t attributes = kFatArchive) {
  return {.path = std::move(path), .directory = true, .time = kTime, .attributes = attributes};
}

// The records of a directory in hexadecimal, with a cluster number of 0x00ABCD00 + node.
std::vector<std::string> Records(const FatTree& tree, uint32_t directory) {
  std::string bytes;
  tree.Render(
      directory, [](uint32_t node) { return 0x00ABCD00 + node; }, bytes);
  EXPECT_EQ(bytes.size(), tree.records(directory) * 32);
  std::vector<std::string> out;
  for (size_t i = 0; i < bytes.size(); i += 32) {
    out.push_back(absl::BytesToHexString(bytes.substr(i, 32)));
  }
  return out;
}

std::string Hex(absl::string_view text) { return absl::BytesToHexString(text); }

// Byte by byte as fatgen103 draws them.
TEST(FatDirectoryTest, WritesLabelShortNamesAndLongNames) {
  const auto tree = FatTree::Make({File("a long name.text", 0x01020304, kFatArchive | kFatHidden),
                                   File("KERNEL", 5, kFatReadOnly), Directory("EFI")},
                                  "ESP", kVolumeTime);
  ASSERT_TRUE(tree.ok()) << tree.status();
  const std::string time = "00005c64615d615dab005c64615d";
  EXPECT_THAT(Records(*tree, 0),
              ElementsAre(Hex("ESP        ") + "08" + "0000" + "00002100" + "2100" + "0000" +
                              "00002100" + "0000" + "00000000",
                          // "ext", a zero, then ones; the checksum is that of "ALONGN~1TEX".
                          std::string("42") + "6500780074000000ffff" + "0f00bd" +
                              "ffffffffffffffffffffffff" + "0000" + "ffffffff",
                          std::string("01") + "610020006c006f006e00" + "0f00bd" +
                              "670020006e0061006d006500" + "0000" + "2e007400",
                          Hex("ALONGN~1TEX") + "22" + time + "01cd" + "04030201",
                          Hex("EFI        ") + "10" + time + "03cd" + "00000000",
                          Hex("KERNEL     ") + "01" + time + "02cd" + "05000000"));
}

TEST(FatDirectoryTest, ALongNameThatFillsItsRecordsHasNoEnd) {
  const auto tree = FatTree::Make({File("thirteen char")}, "", kTime);
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->records(0), 2u);
  EXPECT_EQ(Records(*tree, 0)[0].substr(56), "61007200");
}

TEST(FatDirectoryTest, DirectoriesBeginWithThemselvesAndTheirParent) {
  const auto tree = FatTree::Make({File("A/B/C", 1)}, "", kTime);
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->directories().size(), 3u);
  const std::string time =
      "00005c64"
      "615d"
      "615d"
      "ab00"
      "5c64615d";
  // A lies in the root, whose number is 0 there.
  const uint32_t a = tree->directories()[1], b = tree->directories()[2];
  EXPECT_THAT(
      Records(*tree, a),
      ElementsAre(Hex(".          ") + "10" + time + "01cd" + "00000000",
                  Hex("..         ") + "10" + "00005c64615d615d00005c64615d" + "0000" + "00000000",
                  Hex("B          ") + "10" + time + "02cd" + "00000000"));
  EXPECT_EQ(Records(*tree, b)[1], Hex("..         ") + "10" + time + "01cd" + "00000000");
  EXPECT_EQ(Records(*tree, b)[2], Hex("C          ") + "20" + time + "03cd" + "01000000");
}

TEST(FatDirectoryTest, TheOrderOfTheListDoesNotMatter) {
  std::vector<FatEntry> entries = {File("b"),        File("A/x"),    File("c name"),
                                   File("C NAME 2"), Directory("A"), File("a name")};
  const auto one = FatTree::Make(entries, "L", kTime);
  std::reverse(entries.begin(), entries.end());
  const auto other = FatTree::Make(entries, "L", kTime);
  ASSERT_TRUE(one.ok() && other.ok());
  const auto render = [](const FatTree& tree, uint32_t directory) {
    std::string bytes;
    tree.Render(
        directory, [](uint32_t) { return 7u; }, bytes);
    return bytes;
  };
  ASSERT_EQ(one->directories().size(), other->directories().size());
  for (size_t i = 0; i < one->directories().size(); ++i) {
    EXPECT_EQ(render(*one, one->directories()[i]), render(*other, other->directories()[i]));
  }
}

TEST(FatDirectoryTest, DirectoriesThatAreNotListedHaveTheVolumesTime) {
  const auto tree = FatTree::Make(
      {File("listed/a"), Directory("listed", kFatSystem), File("not listed/a")}, "", kVolumeTime);
  ASSERT_TRUE(tree.ok()) << tree.status();
  const FatTree::Node& listed = tree->node(tree->directories()[1]);
  const FatTree::Node& other = tree->node(tree->directories()[2]);
  EXPECT_EQ(listed.time, *ToFatTime(kTime));
  EXPECT_EQ(listed.attributes, kFatDirectory | kFatSystem);
  EXPECT_EQ(other.time, *ToFatTime(kVolumeTime));
  EXPECT_EQ(other.attributes, kFatDirectory);
  EXPECT_EQ(other.entry, FatTree::kImplied);
}

TEST(FatDirectoryTest, RefusesWhatIsNoTreeToFat) {
  const std::string deep = "0123456789/";
  std::string path;
  for (int i = 0; i < 23; ++i) path += deep;  // 253 units with the first backslash, and one less
  const FatEntry too_late = {.path = "x", .time = kFatLastSecond + 1};
  const struct {
    std::vector<FatEntry> entries;
    absl::StatusCode code;
    std::string why;
  } kCases[] = {
      {{File("EFI/BOOT/a"), File("EFI/boot/b")},
       absl::StatusCode::kInvalidArgument,
       "EFI/boot/b: the name \"boot\" differs in case only from \"BOOT\" in the same directory"},
      {{File("a"), File("A")}, absl::StatusCode::kInvalidArgument, "A: the name \"A\" differs"},
      {{File("ä"), File("Ä")}, absl::StatusCode::kInvalidArgument, "differs in case only"},
      {{File("a"), File("a")}, absl::StatusCode::kAlreadyExists, "a: the path comes twice"},
      {{Directory("a"), Directory("/a")}, absl::StatusCode::kAlreadyExists, "/a: the path comes"},
      {{Directory("a"), File("a")}, absl::StatusCode::kAlreadyExists, "a: the path comes twice"},
      {{File("a"), File("a/b")}, absl::StatusCode::kInvalidArgument, "a/b: \"a\" is a file"},
      {{File("a/b"), File("a")}, absl::StatusCode::kInvalidArgument, "a: is a file, and other"},
      {{File("")}, absl::StatusCode::kInvalidArgument, "is empty"},
      {{File("/")}, absl::StatusCode::kInvalidArgument, "is empty"},
      {{File("a//b")}, absl::StatusCode::kInvalidArgument, "a//b: the name \"\" is empty"},
      {{File("a/../b")}, absl::StatusCode::kInvalidArgument, "\"..\""},
      {{File("a/b?")}, absl::StatusCode::kInvalidArgument, "a/b?: the name \"b?\" holds ?"},
      {{File("a", uint64_t{1} << 32)},
       absl::StatusCode::kOutOfRange,
       "a: has 4294967296 bytes, a file of FAT has less than 4 GiB"},
      {{File("a", 0, kFatDirectory)}, absl::StatusCode::kInvalidArgument, "the attributes 0x10"},
      {{File("a", 0, kFatVolumeId)}, absl::StatusCode::kInvalidArgument, "the attributes 0x08"},
      {{too_late}, absl::StatusCode::kOutOfRange, "x: the time 4354819200"},
      {{File(path + "12345")}, absl::StatusCode::kOutOfRange, "the path has 259 units"},
  };
  for (const auto& c : kCases) {
    const auto got = FatTree::Make(c.entries, "", kTime);
    EXPECT_EQ(got.status().code(), c.code) << c.why << got.status();
    EXPECT_THAT(std::string(got.status().message()), HasSubstr(c.why));
  }
  EXPECT_TRUE(FatTree::Make({File(path + "123")}, "", kTime).ok());
  EXPECT_TRUE(FatTree::Make({File("a", 0xFFFFFFFF)}, "", kTime).ok());
  EXPECT_THAT(std::string(FatTree::Make({}, "", 0).status().message()), HasSubstr("the volume: "));
}

TEST(FatDirectoryTest, ADirectoryHasAtMost65536Records) {
  std::vector<FatEntry> entries;
  // "." and ".." and one record each.
  for (int i = 0; i < 65534; ++i) entries.push_back(File(absl::StrCat("D/", i)));
  EXPECT_TRUE(FatTree::Make(entries, "", kTime).ok());
  entries.push_back(File("D/ONE.MOR"));
  EXPECT_EQ(FatTree::Make(entries, "", kTime).status(),
            absl::OutOfRangeError("a directory with 65535 names needs 65537 records, FAT holds "
                                  "65536 (fatgen103, Directory Structure)"));
}

}  // namespace
}  // namespace isomason

#include "authoring/iso9660/system_use.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/iso9660/test_disc.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Bytes(absl::string_view bytes) { return std::string(bytes); }

TEST(SuspTest, TakesWholeEntriesThatNobodyElseWrites) {
  const std::string longest = Bytes("XX\xFF\1") + std::string(251, 'x');
  std::string nine;
  for (int i = 0; i < 9; ++i) nine += longest;
  struct Case {
    std::string bytes;
    const char* problem;
  };
  const Case cases[] = {
      {"", ""},
      {Bytes("AS\x05\x01x"), ""},
      {Bytes("AS\x05\x01xAA\x04\x02"), ""},
      {longest, ""},
      {nine, "has 2295 bytes; beside Rock Ridge there may be 2048"},
      {"AS", "at byte 0 there is none (SUSP 4.2)"},
      {Bytes("AS\x05\x01xAA\x05\x01"), "at byte 5 there is one of 5 bytes, and 4 are left"},
      {Bytes(absl::string_view("AS\0\x01", 4)), "at byte 0 there is none"},
      {Bytes("A\x01\x04\x01"), "has an entry at byte 0 whose signature is not printable"},
      {Bytes("AS\x04\x01ST\x04\x01"), "has an entry ST, which is written from what the manifest"},
      {Bytes("CE\x04\x01"), "has an entry CE"},
  };
  for (const Case& c : cases) {
    if (*c.problem == '\0') {
      EXPECT_THAT(SuspProblem(c.bytes), IsEmpty());
    } else {
      EXPECT_THAT(SuspProblem(c.bytes), HasSubstr(c.problem));
    }
  }
}

// What genisoimage 1.1.11 -xa writes for the modes 0555 and 0110.
TEST(XaTest, SaysPermissionsAsMkisofsDoes) {
  Inode inode;
  inode.type = NodeType::kFile;
  inode.mode = 0555;
  EXPECT_EQ(XaAttributesOf(inode).attributes, 0x0D55);
  inode.type = NodeType::kDirectory;
  EXPECT_EQ(XaAttributesOf(inode).attributes, 0x8D55);
  inode.mode = 0611;
  EXPECT_EQ(XaAttributesOf(inode).attributes, 0x8C41);
  inode.owner = 258;
  inode.group = 65535;
  std::string bytes;
  Append(kXaAttributes, XaAttributesOf(inode), bytes);
  EXPECT_EQ(bytes, Bytes(absl::string_view("\xFF\xFF\x01\x02\x8C\x41XA\0\0\0\0\0\0", 14)));
}

// The identifiers of a directory's records, each with its system use field.
std::vector<std::string> SystemUsesIn(const std::string& directory) {
  std::vector<std::string> uses;
  for (size_t at = 0; at < directory.size() && directory[at] != 0;) {
    const size_t length = static_cast<uint8_t>(directory[at]);
    const size_t name = static_cast<uint8_t>(directory[at + 32]);
    const size_t before = (33 + name + 1) / 2 * 2;
    uses.push_back(absl::StrCat(directory.substr(at + 33, name), "|",
                                directory.substr(at + before, length - before)));
    at += length;
  }
  return uses;
}

TEST(XaTest, StandsInEveryRecordBeforeTheEntrysOwn) {
  TestDisc disc;
  disc.options.xa = true;
  disc.AddFile("D/F", "x");
  disc.AddFile("E", "x");
  disc.volume.application_use = "use";
  // Node numbers are those of a sorted tree: /, D, E, F.
  const SystemUses uses = {{2, {"more", "entry[1].system_use"}}};
  disc.options.system_uses = &uses;
  const absl::Status built = disc.Build();
  ASSERT_TRUE(built.ok()) << built;
  ASSERT_EQ(disc.tree.Path(2), "/E");
  const std::string file("\0\0\0\0\x09\x11XA\0\0\0\0\0\0", 14);
  const std::string directory("\0\0\0\0\x8D\x55XA\0\0\0\0\0\0", 14);
  const auto seen = SystemUsesIn(disc.RenderPiece("directory /"));
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[0], absl::StrCat(Bytes(absl::string_view("\0|", 2)), directory));
  EXPECT_EQ(seen[1], absl::StrCat("\1|", directory));
  EXPECT_EQ(seen[2], absl::StrCat("D|", directory));
  EXPECT_EQ(seen[3].substr(0, 5), "E.;1|");
  EXPECT_EQ(seen[3].substr(11, 2), "XA");
  EXPECT_EQ(seen[3].substr(19), "more");
  EXPECT_EQ(seen[3].size(), 5 + file.size() + 4);
  const std::string pvd = disc.RenderPiece("primary volume descriptor");
  EXPECT_EQ(pvd.substr(883, 4), "use ");
  EXPECT_EQ(pvd.substr(1024 - 1, 10), " CD-XA001 ");
  // The root's record in the descriptor has no room (ECMA-119 8.4.18).
  EXPECT_EQ(pvd[156], 34);
}

TEST(SystemUseTest, RefusesWhatARecordHasNoRoomFor) {
  struct Case {
    std::string bytes;
    bool rock_ridge;
    const char* problem;
  };
  const Case cases[] = {
      {std::string(216, 'x'), false, ""},
      {std::string(218, 'x'), false,
       "has 218 bytes; beside an identifier of 4 a directory record has room for 216"},
      {std::string(5, 'x'), false, "has 5 bytes; a directory record has an even length"},
      {std::string(5, 'x'), true, "is no row of whole system use entries"},
  };
  for (const Case& c : cases) {
    TestDisc disc;
    disc.options.rock_ridge = c.rock_ridge;
    disc.AddFile("A", "x");
    const SystemUses uses = {{1, {c.bytes, "entry[0].system_use"}}};
    disc.options.system_uses = &uses;
    const absl::Status built = disc.Build();
    if (*c.problem == '\0') {
      EXPECT_TRUE(built.ok()) << built;
      EXPECT_EQ(SystemUsesIn(disc.RenderPiece("directory /"))[2], "A.;1|" + c.bytes);
    } else {
      EXPECT_THAT(std::string(built.message()),
                  HasSubstr(absl::StrCat("entry[0].system_use: ", c.problem)));
    }
  }
}

TEST(SystemUseTest, RefusesOwnersThatXaHasNoRoomFor) {
  TestDisc disc;
  disc.options.xa = true;
  disc.builder.inode(disc.AddFile("A", "x")).owner = 65536;
  EXPECT_EQ(Bytes(disc.Build().message()),
            "/A has the owner 65536 and the group 0; XA attributes hold numbers up to 65535");
}

// Behind Rock Ridge's own; what the record has no room for lies in the continuation area.
TEST(SystemUseTest, ComesBehindRockRidge) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.AddFile("a", "x");
  const std::string small = Bytes("AS\x05\x01s"), large = Bytes("BS\xFF\1") + std::string(251, 'l');
  const SystemUses uses = {{1, {small + large + small, "entry[0].system_use"}}};
  disc.options.system_uses = &uses;
  const absl::Status built = disc.Build();
  ASSERT_TRUE(built.ok()) << built;
  const std::string record = SystemUsesIn(disc.RenderPiece("directory /"))[2];
  EXPECT_TRUE(
      absl::StrContains(record, Bytes("NM\x06\x01") + std::string(1, '\0') + "a" + small + "CE"));
  EXPECT_TRUE(absl::StrContains(disc.RenderPiece("continuation area of /"), large + small));
}

TEST(PathTableCopiesTest, AreTheSameAndSomewhereElse) {
  TestDisc disc;
  disc.options.optional_path_tables = true;
  disc.AddFile("A/B/C", "x");
  const absl::Status built = disc.Build();
  ASSERT_TRUE(built.ok()) << built;
  EXPECT_THAT(ReadView(disc.image(), false).problems, IsEmpty());
  const std::string& image = disc.image();
  const auto at = [&image](size_t byte) { return static_cast<uint8_t>(image[16 * 2048 + byte]); };
  const size_t size = at(132), l = at(140), l_copy = at(144), m = at(151), m_copy = at(155);
  EXPECT_GT(l_copy, m);
  EXPECT_EQ(m_copy, l_copy + 1);
  EXPECT_EQ(image.substr(l * 2048, size), image.substr(l_copy * 2048, size));
  EXPECT_EQ(image.substr(m * 2048, size), image.substr(m_copy * 2048, size));
  EXPECT_NE(image.substr(l * 2048, size), image.substr(m * 2048, size));
}

}  // namespace
}  // namespace isomason

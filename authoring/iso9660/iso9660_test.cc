#include "authoring/iso9660/iso9660.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/iso9660/test_disc.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string Bytes(absl::string_view s) { return std::string(s); }

// "iso9660 /x: detail" for each remark.
std::vector<std::string> RemarksOf(const TestDisc& disc) {
  std::vector<std::string> lines;
  for (const Remark& r : disc.remarks) {
    constexpr const char* kKinds[] = {"changed", "changed target", "omitted", "followed", "reader"};
    lines.push_back(
        absl::StrCat(r.where, " ", kKinds[static_cast<int>(r.kind)], " ", r.path, ": ", r.detail));
  }
  return lines;
}

// "iso9660 /x is ..." for each problem.
std::vector<std::string> ProblemsOf(const TestDisc& disc) {
  std::vector<std::string> lines;
  for (const Problem& p : disc.problems) {
    lines.push_back(absl::StrCat(
        p.where, " ", p.node == kNoNode ? p.field + ":" : disc.tree.Path(p.node), " ", p.message));
  }
  return lines;
}

// Builds the disc and reads all of its namespaces without a problem.
void BuildAndRead(TestDisc& disc, View* primary, View* joliet = nullptr) {
  const absl::Status built = disc.Build();
  ASSERT_TRUE(built.ok()) << built;
  *primary = ReadView(disc.image(), false);
  EXPECT_THAT(primary->problems, IsEmpty());
  if (joliet == nullptr) return;
  *joliet = ReadView(disc.image(), true);
  EXPECT_THAT(joliet->problems, IsEmpty());
}

TEST(Iso9660Test, WritesAnEmptyVolume) {
  TestDisc disc;
  View view;
  BuildAndRead(disc, &view);
  EXPECT_THAT(view.order, IsEmpty());
  EXPECT_FALSE(view.rock_ridge);
  // The block of empty files is only there when something needs it.
  EXPECT_EQ(disc.RenderPiece("block of empty files"), "");
}

TEST(Iso9660Test, WritesFilesAndDirectories) {
  TestDisc disc;
  disc.AddFile("boot/grub/grub.cfg", "linux /vmlinuz\n");
  disc.AddFile("boot/vmlinuz", std::string(5000, 'v'));
  disc.AddFile("README", "read me\n");
  disc.AddFile("empty", "");
  disc.AddDirectory("void");
  View view;
  BuildAndRead(disc, &view);
  EXPECT_THAT(view.order, ElementsAre("/BOOT", "/EMPTY", "/README", "/VOID", "/BOOT/GRUB",
                                      "/BOOT/VMLINUZ", "/BOOT/GRUB/GRUB.CFG"));
  const SeenEntry& kernel = view.entries["/BOOT/VMLINUZ"];
  EXPECT_EQ(kernel.size, 5000u);
  EXPECT_EQ(disc.image().substr(kernel.extent * size_t{2048}, 5001),
            std::string(5000, 'v') + std::string(1, '\0'));
  EXPECT_EQ(kernel.date, Bytes(absl::string_view("\x7E\x0B\x01\0\0\0\0", 7)));
  EXPECT_EQ(view.directories, 4u);
}

TEST(Iso9660Test, EmptyEntriesShareABlockOfTheirOwn) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.joliet_options.emplace();
  disc.joliet_options->symlinks = JolietOptions::Symlinks::kOmit;
  disc.AddFile("a", "");
  disc.AddFile("b", "data");
  disc.AddFile("c", "");
  disc.AddSymlink("l", "b");
  View view, joliet;
  BuildAndRead(disc, &view, &joliet);
  const uint32_t block = view.entries["/A"].extent;
  EXPECT_EQ(view.entries["/C"].extent, block);
  EXPECT_EQ(view.entries["/L"].extent, block);
  EXPECT_EQ(joliet.entries["/a"].extent, block);
  EXPECT_NE(view.entries["/B"].extent, block);
  EXPECT_EQ(disc.image().substr(block * size_t{2048}, 2048), std::string(2048, '\0'));
  int empty_blocks = 0;
  for (uint32_t i = 0; i < disc.pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i);
    const PieceOwner* owner = disc.pieces.owner(id);
    if (owner == nullptr) {
      EXPECT_NE(disc.addresses.block(id).value(), block);
      continue;
    }
    const std::string what = owner->Describe(disc.pieces[id].index);
    if (what.find("empty files") != std::string::npos) ++empty_blocks;
  }
  EXPECT_EQ(empty_blocks, 1);
}

TEST(Iso9660Test, RockRidgeKeepsAttributesNamesAndLinks) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  const auto tool = disc.AddFile("bin/tool", "#!\n");
  disc.builder.inode(tool).mode = 04755;
  disc.builder.inode(tool).owner = 1000;
  disc.builder.inode(tool).group = 100;
  disc.AddLink("bin/alias", tool);
  disc.AddSymlink("sbin", "bin");
  disc.AddSymlink("abs", "/usr/../bin/tool");
  disc.AddSpecial("dev/sda", NodeType::kBlockDevice, 8, 0);
  disc.AddSpecial("dev/null", NodeType::kCharacterDevice, 1, 3);
  disc.AddSpecial("dev/fifo", NodeType::kFifo, 0, 0);
  disc.AddSpecial("dev/socket", NodeType::kSocket, 0, 0);
  disc.AddFile("Name with spaces & more.txt", "x");
  View view;
  BuildAndRead(disc, &view);
  ASSERT_TRUE(view.rock_ridge);

  const SeenEntry& seen = view.entries["/BIN/TOOL"];
  EXPECT_EQ(seen.mode, 0104755u);
  EXPECT_EQ(seen.owner, 1000u);
  EXPECT_EQ(seen.group, 100u);
  EXPECT_EQ(seen.links, 2u);
  EXPECT_EQ(seen.name, "tool");
  EXPECT_EQ(view.entries["/BIN/ALIAS"].serial, seen.serial);
  EXPECT_EQ(view.entries["/BIN/ALIAS"].extent, seen.extent);
  EXPECT_EQ(seen.serial, disc.tree.inode_id(disc.tree.Find("/bin/tool")) + 1);
  EXPECT_EQ(view.entries["/SBIN"].target, "bin");
  EXPECT_EQ(view.entries["/SBIN"].mode, 0120777u);
  EXPECT_EQ(view.entries["/ABS"].target, "/usr/../bin/tool");
  EXPECT_EQ(view.entries["/DEV/SDA"].device_high, 8u);
  EXPECT_EQ(view.entries["/DEV/NULL"].device_low, 3u);
  EXPECT_EQ(view.entries["/DEV/FIFO"].mode, 0010600u);
  EXPECT_EQ(view.entries["/DEV/SOCKET"].mode, 0140600u);
  EXPECT_EQ(view.entries["/NAME_WITH_SPACES___MORE.TXT"].name, "Name with spaces & more.txt");
  // Directories count themselves, their name, and their subdirectories.
  EXPECT_EQ(view.entries["/."].links, 4u);
  EXPECT_EQ(view.entries["/BIN"].links, 2u);
  EXPECT_THAT(RemarksOf(disc), IsEmpty());
}

TEST(Iso9660Test, RockRidgeContinuesBehindTheDirectory) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  for (int i = 0; i < 60; ++i) {
    disc.AddFile(absl::StrCat("d/", std::string(240, 'n'), 100 + i), "x");
  }
  disc.AddSymlink("d/long", std::string(250, 'a') + "/" + std::string(3000, 'b') + "/c");
  View view;
  BuildAndRead(disc, &view);
  size_t whole = 0;
  for (const auto& [path, seen] : view.entries) whole += seen.name.size() == 243;
  EXPECT_EQ(whole, 60u);
  EXPECT_EQ(view.entries["/D/LONG"].target,
            std::string(250, 'a') + "/" + std::string(3000, 'b') + "/c");
  EXPECT_THAT(
      RemarksOf(disc),
      ElementsAre(HasSubstr("xorriso loads no image that holds one of more than 1023"),
                  HasSubstr("has a name that does not fit into its directory record, as 59 more;"),
                  HasSubstr("has a target that does not fit into its directory record;")));

  // Each continuation area lies right behind its directory.
  int areas = 0;
  for (uint32_t i = 1; i < disc.pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i), before = static_cast<PieceId>(i - 1);
    const PieceOwner* owner = disc.pieces.owner(id);
    if (owner == nullptr) continue;
    const std::string what = owner->Describe(disc.pieces[id].index);
    if (what.substr(0, 20) != "continuation area of") continue;
    ++areas;
    EXPECT_EQ(owner->Describe(disc.pieces[before].index), "directory" + what.substr(20));
    EXPECT_EQ(disc.addresses[id], disc.addresses[before] + disc.pieces[before].size);
  }
  EXPECT_EQ(areas, 2);  // the root's, for ER, and that of /d
}

TEST(Iso9660Test, LargeFilesHaveSections) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  const uint64_t size = (uint64_t{1} << 32) + 5 * 1024;
  disc.AddZeros("big", size);
  disc.AddFile("after", "x");
  ASSERT_TRUE(disc.Build(/*render=*/false).ok());
  const std::string root = disc.RenderPiece("directory /");
  const size_t first = root.find("BIG.;1");
  const size_t second = root.find("BIG.;1", first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(root[first - 33 + 25], '\x80');
  EXPECT_EQ(root[second - 33 + 25], '\0');
}

TEST(Iso9660Test, RefusesSectionsBelowLevelThree) {
  for (const int level : {1, 2}) {
    TestDisc disc;
    disc.options.level = level;
    disc.AddZeros("BIG", uint64_t{1} << 32);
    const absl::Status status = disc.Build(false);
    EXPECT_EQ(Bytes(status.message()),
              absl::StrCat("/BIG has 4294967296 bytes; at level ", level,
                           " a file is one section of less than 4 GiB (ECMA-119 10.", level, ")"));
    EXPECT_EQ(disc.problems[0].remedy, "use `iso9660.level: 3`");
  }
}

TEST(Iso9660Test, RefusesMoreThanAHundredSections) {
  TestDisc disc;
  disc.AddZeros("BIG", 100 * 0xFFFFF800ULL + 1);
  const absl::Status status = disc.Build(false);
  EXPECT_EQ(Bytes(status.message()),
            "/BIG has 429496524801 bytes; Linux reads files of at most 100 sections of 4 GiB less "
            "one block, 429496524800 bytes (ECMA-119 6.5.1)");
}

TEST(Iso9660Test, WritesRockRidge110) {
  for (const bool serial_numbers : {false, true}) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.options.rock_ridge_form = {/*version_1_10=*/true, serial_numbers};
    disc.AddLink("b", disc.AddFile("d/a", "one file"));
    disc.AddFile("d/" + std::string(200, 'n'), "long");
    View view;
    BuildAndRead(disc, &view);
    EXPECT_EQ(view.extension, "RRIP_1991A");
    EXPECT_EQ(view.posix_length, serial_numbers ? 44u : 36u);
    EXPECT_EQ(view.entries["/D/A"].links, 2u);
    EXPECT_EQ(view.entries["/D/A"].serial, view.entries["/B"].serial);
    EXPECT_EQ(view.entries["/D/A"].serial != 0, serial_numbers);
  }
}

// What libarchive then makes of it: readers_test, with the golden rock_ridge_1_10.
TEST(Iso9660Test, ReportsWhatLibarchiveMakesOfSharedContents) {
  for (const bool serial_numbers : {false, true}) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.options.rock_ridge_form = {/*version_1_10=*/true, serial_numbers};
    const TreeBuilder::Draft a = disc.AddFile("a", "shared");
    disc.AddLink("a_too", a);
    for (const char* name : {"b", "c"}) {
      const Inode copy = disc.builder.inode(a);
      disc.builder.Add(TreeBuilder::kRoot, name, copy, 0);
    }
    View view;
    BuildAndRead(disc, &view);
    EXPECT_THAT(
        RemarksOf(disc),
        ElementsAre(absl::StrCat(
            "iso9660 reader /b: shares its contents with another file, as 1 more; ",
            serial_numbers
                ? "libarchive reads such files from a file, and not from a pipe, and may not "
                  "see which of them are hard links"
                : "without serial numbers libarchive takes such files for hard links")));
  }
}

TEST(Iso9660Test, ReportsChangedNamesOnlyWithoutRockRidge) {
  for (const bool rock_ridge : {false, true}) {
    TestDisc disc;
    disc.options.rock_ridge = rock_ridge;
    disc.AddFile("KEPT.TXT", "");
    disc.AddFile("small.txt", "");
    View view;
    BuildAndRead(disc, &view);
    if (rock_ridge) {
      EXPECT_THAT(RemarksOf(disc), IsEmpty());
    } else {
      EXPECT_THAT(RemarksOf(disc), ElementsAre("iso9660 changed /small.txt: SMALL.TXT"));
    }
    EXPECT_EQ(disc.primary->NameOf(disc.tree.Find("/small.txt")), "SMALL.TXT");
    EXPECT_EQ(disc.primary->NameOf(0), "");
  }
}

TEST(Iso9660Test, ReportsRelaxedNamesThatWindowsCannotList) {
  TestDisc disc;
  disc.options.names = Iso9660Options::Names::kRefuse;
  disc.options.relaxations.ascii = true;
  disc.AddFile("PLAIN-1", "1");
  disc.AddFile("WHAT?", "1");
  disc.AddFile("WHY|", "1");
  ASSERT_TRUE(disc.Build().ok());
  EXPECT_THAT(RemarksOf(disc),
              ElementsAre("iso9660 reader /WHAT?: has one of \" * : < > ? \\ | in its plain name, "
                          "as 1 more; Windows lists no such directory unless there is Joliet"));
}

TEST(Iso9660Test, WithoutRockRidgeSpecialEntriesAreRefusedOrOmitted) {
  for (const NodeType type : {NodeType::kBlockDevice, NodeType::kCharacterDevice, NodeType::kFifo,
                              NodeType::kSocket, NodeType::kSymlink}) {
    for (const bool omit : {false, true}) {
      TestDisc disc;
      if (omit) disc.options.special = Iso9660Options::Special::kOmit;
      disc.AddFile("A", "a");
      if (type == NodeType::kSymlink) {
        disc.AddSymlink("X", "A");
      } else {
        disc.AddSpecial("X", type, 1, 2);
      }
      const absl::Status status = disc.Build();
      if (!omit) {
        EXPECT_THAT(Bytes(status.message()), StartsWith("/X is a"));
        EXPECT_THAT(Bytes(status.message()),
                    EndsWith(", which ISO 9660 cannot hold without Rock Ridge"));
        continue;
      }
      ASSERT_TRUE(status.ok()) << status;
      EXPECT_THAT(ReadView(disc.image(), false).order, ElementsAre("/A"));
      EXPECT_THAT(RemarksOf(disc), ElementsAre(StartsWith("iso9660 omitted /X: ")));
      EXPECT_EQ(disc.primary->NameOf(disc.tree.Find("/X")), "");
    }
  }
}

TEST(Iso9660Test, RefusesWhatRockRidgeCannotSay) {
  struct Case {
    std::string path, target;
    const char* message;
  };
  const Case cases[] = {
      {std::string(254, 'n'), "x",
       "has a name of 254 bytes; of Rock Ridge names Linux shows 253 bytes (RRIP 4.1.4)"},
      {"l", "", "is a symlink whose target is empty (RRIP 4.1.3)"},
      {"l", std::string("a\0b", 3), "is a symlink whose target has a zero byte (RRIP 4.1.3)"},
      {"l", std::string(4096, 't'),
       "is a symlink with a target of 4096 bytes; of Rock Ridge targets Linux reads 4095 bytes "
       "(RRIP 4.1.3)"},
  };
  for (const Case& c : cases) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.AddSymlink(c.path, c.target);
    const absl::Status status = disc.Build();
    EXPECT_EQ(Bytes(status.message()), absl::StrCat("/", c.path, " ", c.message));
  }
}

TEST(Iso9660Test, ReportsATargetThatIsRecordedOtherwise) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.AddSymlink("l", "a//b/");
  View view;
  BuildAndRead(disc, &view);
  EXPECT_EQ(view.entries["/L"].target, "a/b");
  EXPECT_THAT(RemarksOf(disc), ElementsAre("iso9660 changed target /l: a/b"));
}

TEST(Iso9660Test, RefusesTimesThatARecordCannotHold) {
  TestDisc disc;
  disc.builder.inode(disc.AddFile("OLD", "x")).time = {-3000000000, 0};
  const absl::Status status = disc.Build();
  EXPECT_EQ(Bytes(status.message()),
            "/OLD has the time 1874-12-07T18:40:00Z; a directory record holds the years 1900 to "
            "2155 (ECMA-119 9.1.5)");
}

TEST(Iso9660Test, ReportsDeepDirectoriesOnceAndKeepsThem) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.AddFile("1/2/3/4/5/6/7/8/9/f", "deep");
  disc.AddFile("1/2/3/4/5/6/7/8/8/f", "deep");
  View view;
  BuildAndRead(disc, &view);
  EXPECT_EQ(view.entries["/1/2/3/4/5/6/7/8/9/F"].size, 4u);
  EXPECT_THAT(RemarksOf(disc),
              ElementsAre(StartsWith("iso9660 reader /1/2/3/4/5/6/7/8/9: is 10 levels deep")));
}

TEST(Iso9660Test, MangledTwinsKeepTheirRockRidgeNames) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.options.level = 1;
  for (int i = 0; i < 300; ++i) disc.AddFile(absl::StrCat("measurement", i, ".csv"), "x");
  View view;
  BuildAndRead(disc, &view);
  EXPECT_EQ(view.order.size(), 300u);
  for (const std::string& path : view.order) {
    const NodeId node = disc.tree.Find(view.entries[path].name);
    ASSERT_NE(node, kNoNode);
    EXPECT_EQ("/" + disc.primary->NameOf(node), path);
  }
}

TEST(Iso9660Test, RefusesAnUnknownLevel) {
  TestDisc disc;
  disc.options.level = 4;
  EXPECT_EQ(disc.Build().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Iso9660Test, DescribesItsPieces) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.joliet_options.emplace();
  disc.AddFile("boot/empty", "");
  ASSERT_TRUE(disc.Build().ok());
  std::vector<std::string> all;
  for (uint32_t i = 0; i < disc.pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i);
    const PieceOwner* owner = disc.pieces.owner(id);
    all.push_back(absl::StrCat(owner->owner_name(), ": ", owner->Describe(disc.pieces[id].index)));
  }
  EXPECT_THAT(all,
              ElementsAre("iso9660: primary volume descriptor", "joliet: joliet volume descriptor",
                          "iso9660: volume descriptor set terminator", "iso9660: path table, L",
                          "iso9660: path table, M", "iso9660: directory /",
                          "iso9660: continuation area of /", "iso9660: directory /boot",
                          "iso9660: block of empty files", "joliet: joliet path table, L",
                          "joliet: joliet path table, M", "joliet: joliet directory /",
                          "joliet: joliet directory /boot"));
}

TEST(JolietTest, ShowsTrueNamesAndTheSameExtents) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.joliet_options.emplace();
  disc.AddFile("Documents/Read me first.txt", "hello");
  disc.AddFile("Documents/\xC3\xA9t\xC3\xA9.txt", "summer");
  disc.AddFile("a", "1");
  disc.AddFile("A", "2");
  View view, joliet;
  BuildAndRead(disc, &view, &joliet);
  EXPECT_THAT(joliet.order, ElementsAre("/A", "/Documents", "/a", "/Documents/Read me first.txt",
                                        "/Documents/\\u00e9t\\u00e9.txt"));
  EXPECT_EQ(joliet.entries["/Documents/Read me first.txt"].extent,
            view.entries["/DOCUMENTS/READ_ME_FIRST.TXT"].extent);
  EXPECT_THAT(RemarksOf(disc), IsEmpty());
}

TEST(JolietTest, RefusesOrChangesNames) {
  for (const bool mangle : {false, true}) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.joliet_options.emplace();
    if (mangle) disc.joliet_options->names = JolietOptions::Names::kMangle;
    disc.AddFile("what?", "1");
    disc.AddFile("what_", "2");
    const absl::Status status = disc.Build();
    if (!mangle) {
      EXPECT_EQ(Bytes(status.message()),
                "/what? has a name that has a control character or one of * / : ; ? \\, which "
                "Joliet forbids; what_ would do");
      continue;
    }
    ASSERT_TRUE(status.ok()) << status;
    const View joliet = ReadView(disc.image(), true);
    EXPECT_THAT(joliet.problems, IsEmpty());
    EXPECT_EQ(joliet.order.size(), 2u);
    EXPECT_EQ(joliet.entries.at("/what_").size, 1u);
    const std::string other = disc.joliet->NameOf(disc.tree.Find("/what?"));
    EXPECT_THAT(other, StartsWith("what__"));
    EXPECT_THAT(RemarksOf(disc), ElementsAre("joliet changed /what?: " + other));
  }
}

TEST(JolietTest, RefusesOmitsOrFollowsSymlinks) {
  using Symlinks = JolietOptions::Symlinks;
  for (const Symlinks policy : {Symlinks::kRefuse, Symlinks::kOmit, Symlinks::kFollow}) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.joliet_options.emplace();
    disc.joliet_options->symlinks = policy;
    disc.AddFile("live/vmlinuz", "kernel");
    disc.AddSymlink("latest", "live");
    disc.AddSymlink("kernel", "latest/vmlinuz");
    disc.AddSymlink("live/up", "..");
    disc.AddSymlink("etc", "/nowhere");
    const absl::Status status = disc.Build();
    if (policy == Symlinks::kRefuse) {
      EXPECT_THAT(ProblemsOf(disc),
                  ElementsAre("joliet /etc is a symlink, which Joliet cannot hold",
                              "joliet /kernel is a symlink, which Joliet cannot hold",
                              "joliet /latest is a symlink, which Joliet cannot hold",
                              "joliet /live/up is a symlink, which Joliet cannot hold"));
      continue;
    }
    ASSERT_TRUE(status.ok()) << status;
    View joliet = ReadView(disc.image(), true);
    EXPECT_THAT(joliet.problems, IsEmpty());
    if (policy == Symlinks::kOmit) {
      EXPECT_THAT(joliet.order, ElementsAre("/live", "/live/vmlinuz"));
      EXPECT_EQ(disc.remarks.size(), 4u);
      continue;
    }
    EXPECT_THAT(joliet.order,
                ElementsAre("/kernel", "/latest", "/live", "/latest/vmlinuz", "/live/vmlinuz"));
    EXPECT_EQ(joliet.entries["/kernel"].extent, joliet.entries["/live/vmlinuz"].extent);
    EXPECT_EQ(joliet.entries["/latest/vmlinuz"].size, 6u);
    EXPECT_NE(joliet.entries["/latest"].extent, joliet.entries["/live"].extent);
    EXPECT_THAT(
        RemarksOf(disc),
        ElementsAre("joliet followed /kernel: /live/vmlinuz", "joliet followed /latest: /live",
                    "joliet omitted /etc: the symlink leads to \"/nowhere\", which is not "
                    "in the image",
                    "joliet omitted /live/up: the symlink leads to /, which would come to "
                    "hold itself"));
  }
}

TEST(JolietTest, RefusesOrOmitsDevices) {
  for (const bool omit : {false, true}) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.joliet_options.emplace();
    if (omit) disc.joliet_options->special = JolietOptions::Special::kOmit;
    disc.AddSpecial("tty", NodeType::kCharacterDevice, 4, 0);
    const absl::Status status = disc.Build();
    if (!omit) {
      EXPECT_EQ(Bytes(status.message()), "/tty is a character device, which Joliet cannot hold");
      continue;
    }
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_THAT(ReadView(disc.image(), true).order, IsEmpty());
    EXPECT_THAT(RemarksOf(disc), ElementsAre("joliet omitted /tty: Joliet cannot hold a character "
                                             "device"));
  }
}

TEST(JolietTest, RefusesANameLimitOutOfRange) {
  for (const int limit : {63, 111}) {
    TestDisc disc;
    disc.joliet_options.emplace();
    disc.joliet_options->naming.limit = limit;
    EXPECT_THAT(Bytes(disc.Build().message()), StartsWith("iso9660.joliet.name_limit: "));
  }
}

// The volume's texts and dates, in both descriptors.
TEST(VolumeDescriptorTest, SaysWhatTheVolumeSays) {
  TestDisc disc;
  disc.joliet_options.emplace();
  disc.volume.id = "RESCUE_2026";
  disc.volume.system_id = "LINUX";
  disc.volume.set_id = "SET";
  disc.volume.publisher = "Example Org";
  disc.volume.preparer = "_COPYING.;1";
  disc.volume.copyright_file = "/COPYING";
  disc.volume.expiration = Timestamp{1793491261, 0};
  disc.volume.application = "_README.TXT;1";
  disc.AddFile("COPYING", "free\n");
  disc.AddFile("README.TXT", "read me\n");
  ASSERT_TRUE(disc.Build().ok());
  // Joliet has the file as COPYING;1.
  EXPECT_THAT(RemarksOf(disc),
              ElementsAre("joliet omitted _COPYING.;1: volume.preparer: no file in "
                          "the root directory has this identifier in Joliet"));
  const std::string pvd = disc.image().substr(16 * 2048, 2048);
  const std::string svd = disc.image().substr(17 * 2048, 2048);
  const auto padded = [](std::string s, size_t size) {
    s.resize(size, ' ');
    return s;
  };
  const auto wide = [](absl::string_view s, size_t size) {
    std::string units;
    for (size_t i = 0; i < size / 2; ++i) {
      units.push_back('\0');
      units.push_back(i < s.size() ? s[i] : ' ');
    }
    units.resize(size);
    return units;
  };
  struct Case {
    size_t offset, size;
    const char* primary;
    const char* joliet;
  };
  for (const Case& c :
       {Case{8, 32, "LINUX", "LINUX"}, Case{40, 32, "RESCUE_2026", "RESCUE_2026"},
        Case{190, 128, "SET", "SET"}, Case{318, 128, "Example Org", "Example Org"},
        Case{446, 128, "_COPYING.;1", ""}, Case{574, 128, "_README.TXT;1", "_README.TXT;1"},
        Case{702, 37, "COPYING.;1", "COPYING;1"}, Case{739, 37, "", ""}}) {
    EXPECT_EQ(pvd.substr(c.offset, c.size), padded(c.primary, c.size)) << c.offset;
    EXPECT_EQ(svd.substr(c.offset, c.size), wide(c.joliet, c.size)) << c.offset;
  }
  const std::string dates =
      std::string("2026110100000000\0", 17) + std::string("2026110100000042\0", 17) +
      std::string("2026110100010100\0", 17) + std::string("0000000000000000\0", 17);
  EXPECT_EQ(pvd.substr(813, 68), dates);
  EXPECT_EQ(svd.substr(813, 68), dates);
  EXPECT_EQ(pvd.substr(80, 8), svd.substr(80, 8));
}

TEST(VolumeDescriptorTest, RefusesWhatDoesNotFit) {
  struct Case {
    std::string Volume::*field;
    std::string value;
    bool joliet;
    const char* message;
  };
  const Case cases[] = {
      {&Volume::id, std::string(33, 'V'), false,
       "volume.id: has 33 characters, the field holds 32 (ECMA-119 8.4.6)"},
      {&Volume::id, std::string(17, 'V'), true, "has 17 units of UTF-16, Joliet's field holds 16"},
      {&Volume::id, "caf\xC3\xA9", false, "volume.id: has characters other than"},
      {&Volume::system_id, std::string(33, 'S'), false, "volume.system_id: "},
      {&Volume::set_id, std::string(129, 'S'), false, "(ECMA-119 8.4.19)"},
      {&Volume::publisher, std::string(129, 'P'), false, "(ECMA-119 8.4.20)"},
      {&Volume::publisher, std::string(65, 'P'), true, "Joliet's field holds 64"},
      {&Volume::preparer, "line\nbreak", false, "(ECMA-119 8.4.21)"},
      {&Volume::application, "_NOFILE.;1", false, "there is no \"NOFILE.;1\" (ECMA-119 8.4.22)"},
      {&Volume::copyright_file, "/nothing", false, "(ECMA-119 8.4.23)"},
      {&Volume::abstract_file, "/DIR", false, "is not a file in the root directory"},
      {&Volume::bibliographic_file, "/DIR/FILE", false, "(ECMA-119 8.4.25)"},
  };
  for (const Case& c : cases) {
    TestDisc disc;
    if (c.joliet) disc.joliet_options.emplace();
    disc.AddFile("DIR/FILE", "x");
    disc.volume.*c.field = c.value;
    const absl::Status status = disc.Build();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.message;
    EXPECT_THAT(Bytes(status.message()), HasSubstr(c.message));
  }
}

TEST(VolumeDescriptorTest, JolietLeavesOutAFileNameThatIsTooLong) {
  TestDisc disc;
  disc.options.rock_ridge = true;
  disc.joliet_options.emplace();
  disc.volume.copyright_file = "/LICENSE-Apache-2.0.txt";
  disc.AddFile("LICENSE-Apache-2.0.txt", "x");
  ASSERT_TRUE(disc.Build().ok());
  EXPECT_EQ(disc.image().substr(16 * 2048 + 702, 24), "LICENSE_APACHE_2_0.TXT;1");
  EXPECT_THAT(RemarksOf(disc), ElementsAre(StartsWith("joliet omitted /LICENSE-Apache-2.0.txt: ")));
}

TEST(Iso9660Test, EqualTreesGiveEqualBytesInAnyOrderOfAdding) {
  const std::vector<std::string> paths = {"b/two", "a/one",       "c",    "a/x/y/z",
                                          "b/TWO", "long-name-1", "A/one"};
  std::string first;
  for (int turn = 0; turn < 2; ++turn) {
    TestDisc disc;
    disc.options.rock_ridge = true;
    disc.joliet_options.emplace();
    for (size_t i = 0; i < paths.size(); ++i) {
      disc.AddFile(paths[turn == 0 ? i : paths.size() - 1 - i], "");
    }
    ASSERT_TRUE(disc.Build().ok());
    if (turn == 0) first = disc.image();
    EXPECT_TRUE(disc.image() == first);
  }
}

}  // namespace
}  // namespace isomason

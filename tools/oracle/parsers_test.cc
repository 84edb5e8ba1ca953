// The parsers of what foreign readers print, on lines that they printed. Whether the programs
// print such lines today is for readers_test.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/bsdtar.h"
#include "tools/oracle/cdio.h"
#include "tools/oracle/fat.h"
#include "tools/oracle/grub.h"
#include "tools/oracle/isoinfo.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/udf_tools.h"

namespace isomason {
namespace {

using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr absl::StatusCode kDataLoss = absl::StatusCode::kDataLoss;

TEST(ParseMtreeTest, ReadsEveryKindOfEntry) {
  absl::StatusOr<Listing> got = ParseMtree(
      "#mtree\n"
      ". time=1795351687.0 mode=755 gid=0 uid=0 type=dir\n"
      "./a\\040b nlink=2 time=1000000001.0 mode=4711 gid=0 uid=0 type=file size=3\n"
      "./b time=-5.0 mode=644 gid=0 uid=0 type=block device=native,8,17\n"
      "./l time=1.0 mode=777 gid=6 uid=5 type=link link=x\\134y\n"
      "./p time=1.0 mode=644 gid=0 uid=0 type=fifo\n");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/\td\t0755\t0\t0\t-\t1795351687\t-\t-\t-\t-\t-\n"
            "/a b\tf\t4711\t0\t0\t2\t1000000001\t3\t-\t-\t-\t-\n"
            "/b\tb\t0644\t0\t0\t-\t-5\t-\t-\t-\t8,17\t-\n"
            "/l\tl\t0777\t5\t6\t-\t1\t-\t-\tx\\\\y\t-\t-\n"
            "/p\tp\t0644\t0\t0\t-\t1\t-\t-\t-\t-\t-\n");
  for (const char* line : {"./a mode=644", "/a type=file", "./a type=door", "./a type=file size=x",
                           "./a\\q type=file", "./a type=file\n./a type=file"}) {
    EXPECT_EQ(ParseMtree(line).status().code(), kDataLoss) << line;
  }
}

TEST(ParseSevenZipTreeTest, ReadsFilesAndDirectories) {
  absl::StatusOr<Listing> got = ParseSevenZipTree(
      "Listing archive: x.iso\n"
      "\n"
      "--\n"
      "Path = x.iso\n"
      "Type = Iso\n"
      "\n"
      "----------\n"
      "Path = docs\n"
      "Folder = +\n"
      "Size = \n"
      "\n"
      "Path = docs/a = b\n"
      "Folder = -\n"
      "Size = 4294967297\n"
      "Packed Size = 4294967297\n"
      "\n"
      "Path = [BOOT]/Boot-NoEmul.img\n"
      "Folder = -\n"
      "Size = 2048\n"
      "\n");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
            "/docs\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
            "/docs/a = b\tf\t-\t-\t-\t-\t-\t4294967297\t-\t-\t-\t-\n");
  EXPECT_EQ(ParseSevenZipTree("\n----------\nSize = 5\n").status().code(), kDataLoss);
}

TEST(ParseIsoinfoTest, ReadsDirectoriesAndNamesWithNewlines) {
  absl::StatusOr<Listing> got = ParseIsoinfo(
      "\n"
      "Directory listing of /\n"
      "drwxr-xr-x   1    0    0            4096 Nov 22 2026 [     18 02]  . \n"
      "drwxr-xr-x   1    0    0            4096 Nov 22 2026 [     18 02]  .. \n"
      "-rw-r--r--   2   14   42               1 Nov 22 2026 [     37 00]  new\n"
      "line	tab \n"
      "lrwxrwxrwx   1    5    6               0 Feb 13 2009 [     32 00]  link -> sub/b\n"
      "frw-r--r--   1 17777177776             0 Nov  2 2026 [    -16 00]  fifo \n"
      "\n"
      "Directory listing of /sub/\n"
      "drwxr-xr-x   1    0    0            2048 Jul 14 2017 [     23 02]  . \n"
      "drwxr-xr-x   1    0    0            4096 Nov 22 2026 [     18 02]  .. \n"
      "-rwx--x--x   1    0    0            5000 Sep  9 2001 [     34 00]  b  \n",
      View::kRockRidge);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/\td\t0755\t0\t0\t-\t-\t-\t-\t-\t-\t-\n"
            "/fifo\tp\t0644\t8191\t65534\t-\t-\t-\t-\t-\t-\t-\n"
            "/link\tl\t0777\t5\t6\t-\t-\t-\t-\tsub/b\t-\t-\n"
            "/new\\nline\\ttab\tf\t0644\t12\t34\t2\t-\t1\t-\t-\t-\t-\n"
            "/sub/b \tf\t0711\t0\t0\t1\t-\t5000\t-\t-\t-\t-\n");
  EXPECT_EQ(ParseIsoinfo("what is this\n", View::kRockRidge).status().code(), kDataLoss);
}

TEST(ParseCdioTest, ReadsIsoWithAndWithoutAttributes) {
  absl::StatusOr<Listing> got = ParseCdioIso(
      "Volume      : ISOIMAGE\n"
      "ISO-9660 Information\n"
      "/:\n"
      "  drwxr-xr-x   1 0 0 [LSN     18]      4096 Nov 22 2026 12:57:14  .\n"
      "  drwxr-xr-x   1 0 0 [LSN     18]      4096 Nov 22 2026 12:57:14  ..\n"
      "  lrwxrwxrwx   1 5 6 [LSN     32]         9 Nov 22 2026 12:57:14  abs -> /abs/path\n"
      "  -rwsr-sr-x   2 0 0 [LSN     32]         1 Nov 22 2026 12:57:14  new\n"
      "line\n"
      "\n"
      "/sub/:\n"
      "  d [LSN     25]      2048 Nov 22 2026 12:57:14  .\n"
      "  d [LSN     25]      2048 Nov 22 2026 12:57:14  ..\n"
      "  - [LSN     34]         7 Jan 01 1970 00:00:01  Case\n"
      "\n");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/\td\t0755\t0\t0\t-\t1795352234\t-\t-\t-\t-\t-\n"
            "/abs\tl\t0777\t5\t6\t-\t1795352234\t-\t-\t/abs/path\t-\t-\n"
            "/new\\nline\tf\t6755\t0\t0\t2\t1795352234\t1\t-\t-\t-\t-\n"
            "/sub/Case\tf\t-\t-\t-\t-\t1\t7\t-\t-\t-\t-\n");
}

TEST(ParseCdioTest, ReadsUdf) {
  absl::StatusOr<Listing> got = ParseCdioUdf(
      "Joliet Level: 3\n"
      "      564 /.\n"
      "        3 /a\n"
      "       40 /empty/.\n"
      "        2 /new\n"
      "line\n");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
            "/a\tf\t-\t-\t-\t-\t-\t3\t-\t-\t-\t-\n"
            "/empty\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
            "/new\\nline\tf\t-\t-\t-\t-\t-\t2\t-\t-\t-\t-\n");
}

TEST(ParseGrubLsTest, ReadsSizesTimesAndNames) {
  absl::StatusOr<Listing> got = ParseGrubLs(
      "3            20010909014641 a b\n"
      "DIR          20261122124647 empty/\n"
      "1           after 2038\n"
      "1            20261122124647 new\n"
      "line\n"
      "\n",
      "/dir");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(ToText(*got),
            "/dir/a b\tf\t-\t-\t-\t-\t1000000001\t3\t-\t-\t-\t-\n"
            "/dir/after 2038\tf\t-\t-\t-\t-\t-\t1\t-\t-\t-\t-\n"
            "/dir/empty\td\t-\t-\t-\t-\t1795351607\t-\t-\t-\t-\t-\n"
            "/dir/new\\nline\tf\t-\t-\t-\t-\t1795351607\t1\t-\t-\t-\t-\n");
  EXPECT_EQ(ParseGrubLs("error: no such disk\n", "/").status().code(), kDataLoss);
  EXPECT_EQ(ParseGrubLs("DIR          20261122124647 empty\n", "/").status().code(), kDataLoss);
}

TEST(ParseUdfInfoTest, ReadsNumbersAndAreas) {
  const std::string text =
      "label=CD=ROM\nuuid=6b02e4870000109a\nlvid=L\nvid=V\nfsid=F\nfullvsid=6B02\nappid=A\n"
      "impid=*genisoimage\nblocksize=2048\nblocks=455\nusedblocks=48\nfreeblocks=0\n"
      "behindblocks=0\nnumfiles=12\nnumdirs=4\nudfrev=1.02\nudfwriterev=1.02\nintegrity=closed\n"
      "accesstype=readonly\nstart=16, blocks=6, type=VRS\nstart=257, blocks=48, type=PSPACE\n";
  absl::StatusOr<UdfInfo> got = ParseUdfInfo(text);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->label, "CD=ROM");
  EXPECT_EQ(got->revision, "1.02");
  EXPECT_EQ(got->integrity, "closed");
  EXPECT_EQ(got->access_type, "readonly");
  EXPECT_EQ(got->blocks, 455u);
  EXPECT_EQ(got->files, 12u);
  EXPECT_EQ(got->directories, 4u);
  ASSERT_THAT(got->areas, SizeIs(2));
  EXPECT_EQ(got->areas[1].type, "PSPACE");
  EXPECT_EQ(got->areas[1].start, 257u);
  EXPECT_EQ(got->areas[1].blocks, 48u);
  EXPECT_EQ(ParseUdfInfo("label=x\n").status().code(), kDataLoss);
  EXPECT_EQ(ParseUdfInfo(text + "start=x, blocks=6, type=VRS\n").status().code(), kDataLoss);
}

TEST(ParseMdirTest, ReadsShortAndLongNames) {
  absl::StatusOr<std::map<std::string, std::string>> got = ParseMdir(
      " Volume in drive : is LABEL      \n"
      " Volume Serial Number is D535-85C9\n"
      "Directory for ::/a directory whose path is long enough\n"
      "\n"
      ".            <DIR>     2026-11-25   9:41 \n"
      "..           <DIR>     2026-11-25   9:41 \n"
      "A            <DIR>     2026-11-25   9:41 \n"
      "grub     cfg         2 2026-11-25   9:41 \n"
      "ALONGN~1 TEX         2 2026-11-25   9:41  a long name.text\n"
      "        4 files                   6 bytes\n"
      "                          2 927 616 bytes free\n\n");
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_THAT(*got, UnorderedElementsAre(Pair("A", "A"), Pair("grub.cfg", "grub.cfg"),
                                         Pair("a long name.text", "ALONGN~1.TEX")));
  EXPECT_EQ(ParseMdir("A            <DIR>     2026-11-25   9:41 \n"
                      "A            <DIR>     2026-11-25   9:41 \n")
                .status()
                .code(),
            kDataLoss);
}

TEST(FatNamesOfReadersTest, AreWhatTheyMakeOfThem) {
  Listing want;
  for (const char* path :
       {"/EFI/BOOTX64.EFI", "/Mixed.TXT", "/TOOLONGNAME", "/A,B", "/x\xF0\x9F\x92\xBFy"}) {
    Listed entry;
    entry.path = path;
    ASSERT_TRUE(want.Add(entry).ok());
  }
  const auto paths = [](const Listing& listing) {
    std::vector<std::string> out;
    for (const auto& [path, entry] : listing) out.push_back(path);
    return out;
  };
  EXPECT_THAT(paths(AsGrubShows(want)),
              UnorderedElementsAre("/efi/bootx64.efi", "/Mixed.TXT", "/TOOLONGNAME", "/A,B",
                                   "/x\xF0\x9F\x92\xBFy"));
  EXPECT_THAT(paths(AsMtoolsShow(want)), UnorderedElementsAre("/EFI/BOOTX64.EFI", "/Mixed.TXT",
                                                              "/TOOLONGNAME", "/A,B", "/x__y"));
}

}  // namespace
}  // namespace isomason

#include "tools/oracle/listing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "abc", the first example of FIPS 180.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Listed File(const std::string& path) {
  Listed e;
  e.path = path;
  e.mode = 0644;
  e.owner = 1;
  e.group = 2;
  e.links = 1;
  e.time = 1000000000;
  e.size = 3;
  e.sha256 = kAbc;
  return e;
}

Listing Of(const std::vector<Listed>& entries) {
  Listing out;
  for (const Listed& e : entries) EXPECT_TRUE(out.Add(e).ok());
  return out;
}

TEST(ListingTest, RefusesASecondEntryOfOnePath) {
  Listing listing = Of({File("/a")});
  Listed again = File("/a");
  again.size = 9;
  EXPECT_EQ(listing.Add(again).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(listing.Find("/a")->size, 3u);
}

TEST(ListingTextTest, GivesBackWhatItWasGiven) {
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  Listed odd = File("/tab\there\nback\\slash \xc3\xa4\x01");
  odd.inode = 7;
  odd.time = -5;
  Listed link;
  link.path = "/link";
  link.type = Listed::Type::kSymlink;
  link.target = "-";
  Listed disk;
  disk.path = "/sda";
  disk.type = Listed::Type::kBlock;
  disk.major = 8;
  disk.minor = 0;
  Listing listing = Of({root, odd, link, disk});
  const std::string text = ToText(listing);
  EXPECT_EQ(text,
            "/\td\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-\n"
            "/link\tl\t-\t-\t-\t-\t-\t-\t-\t\\x2d\t-\t-\n"
            "/sda\tb\t-\t-\t-\t-\t-\t-\t-\t-\t8,0\t-\n"
            "/tab\\there\\nback\\\\slash \\xc3\\xa4\\x01\tf\t0644\t1\t2\t1\t-5\t3\t" +
                std::string(kAbc) + "\t-\t-\t7\n");
  absl::StatusOr<Listing> back = FromText(text);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_TRUE(*back == listing) << ToText(*back);
}

TEST(ListingTextTest, NamesTheLineThatIsWrong) {
  const std::string good = "/a\tf\t0644\t0\t0\t1\t5\t3\t-\t-\t-\t-\n";
  const struct {
    const char* line;
    const char* what;
  } kCases[] = {
      {"/b", "1 columns, not 12"},
      {"b\tf\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-", "does not start with /"},
      {"/b\tx\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-", "the type is none of"},
      {"/b\tf\t0849\t-\t-\t-\t-\t-\t-\t-\t-\t-", "mode"},
      {"/b\tf\t20000\t-\t-\t-\t-\t-\t-\t-\t-\t-", "mode"},
      {"/b\tf\t-\tme\t-\t-\t-\t-\t-\t-\t-\t-", "owner"},
      {"/b\tf\t-\t-\t-\t-\t-\t-3\t-\t-\t-\t-", "size"},
      {"/b\tf\t-\t-\t-\t-\t-\t-\tabc\t-\t-\t-", "SHA-256"},
      {"/b\tl\t-\t-\t-\t-\t-\t-\t-\t\\q\t-\t-", "escape"},
      {"/b\tb\t-\t-\t-\t-\t-\t-\t-\t-\t8\t-", "device"},
      {"/a\tf\t-\t-\t-\t-\t-\t-\t-\t-\t-\t-", "listed twice"},
  };
  for (const auto& c : kCases) {
    absl::StatusOr<Listing> got = FromText(good + c.line + "\n");
    ASSERT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument) << c.line;
    EXPECT_THAT(std::string(got.status().message()), HasSubstr("line 2: ")) << c.line;
    EXPECT_THAT(std::string(got.status().message()), HasSubstr(c.what));
  }
}

TEST(DifferencesTest, SaysNothingOfEqualListings) {
  Listing a = Of({File("/a"), File("/b")});
  EXPECT_THAT(Differences(a, a), IsEmpty());
}

TEST(DifferencesTest, SaysEachDifferenceOnce) {
  const struct {
    void (*change)(Listed&);
    const char* sentence;
    bool CompareOptions::*option;
  } kCases[] = {
      {[](Listed& e) { e.mode = 04755; }, "/a: mode is 4755, want 0644", &CompareOptions::modes},
      {[](Listed& e) { e.owner = 5; }, "/a: owner is 5, want 1", &CompareOptions::owners},
      {[](Listed& e) { e.group = 5; }, "/a: group is 5, want 2", &CompareOptions::owners},
      {[](Listed& e) { e.links = 5; }, "/a: link count is 5, want 1", &CompareOptions::links},
      {[](Listed& e) { e.time = 7; }, "/a: time is 7, want 1000000000", &CompareOptions::times},
      {[](Listed& e) { e.size = 7; }, "/a: size is 7, want 3", &CompareOptions::sizes},
      {[](Listed& e) { e.sha256[0] = '0'; },
       "/a: SHA-256 is 0a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, want "
       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
       &CompareOptions::contents},
      {[](Listed& e) { e.type = Listed::Type::kFifo; }, "/a: type is fifo, want file", nullptr},
  };
  for (const auto& c : kCases) {
    Listing want = Of({File("/a"), File("/b")});
    Listing got = want;
    c.change(*got.Find("/a"));
    EXPECT_THAT(Differences(want, got), ElementsAre(c.sentence));
    if (c.option == nullptr) continue;
    CompareOptions options;
    options.*c.option = false;
    EXPECT_THAT(Differences(want, got, options), IsEmpty()) << c.sentence;
  }
}

TEST(DifferencesTest, SkipsWhatAReaderCannotTell) {
  Listing want = Of({File("/a")});
  Listed bare;
  bare.path = "/a";
  EXPECT_THAT(Differences(want, Of({bare})), IsEmpty());
  EXPECT_THAT(Differences(Of({bare}), want), IsEmpty());
}

TEST(DifferencesTest, ReportsMissingAndUnexpectedEntries) {
  Listing want = Of({File("/a"), File("/b")});
  Listing got = Of({File("/b"), File("/c")});
  EXPECT_THAT(Differences(want, got),
              ElementsAre("/a: missing, want a file", "/c: is a file, want none"));
  CompareOptions options;
  options.extra = false;
  EXPECT_THAT(Differences(want, got, options), ElementsAre("/a: missing, want a file"));
}

TEST(DifferencesTest, ComparesTargetsAndDevices) {
  Listed link;
  link.path = "/l";
  link.type = Listed::Type::kSymlink;
  link.target = "a/b";
  Listed disk;
  disk.path = "/n";
  disk.type = Listed::Type::kCharacter;
  disk.major = 1;
  disk.minor = 3;
  Listing want = Of({link, disk});
  Listing got = want;
  got.Find("/l")->target = "a";
  got.Find("/n")->minor = 5;
  EXPECT_THAT(Differences(want, got), ElementsAre("/l: target is \"a\", want \"a/b\"",
                                                  "/n: minor device number is 5, want 3"));
}

TEST(DifferencesTest, ComparesWhichNamesShareAFileAndNotTheNumbers) {
  Listing want = Of({File("/a"), File("/b"), File("/c")});
  want.Find("/a")->inode = 10;
  want.Find("/b")->inode = 10;
  want.Find("/c")->inode = 11;
  Listing same = want;
  same.Find("/a")->inode = 3;
  same.Find("/b")->inode = 3;
  same.Find("/c")->inode = 2;
  EXPECT_THAT(Differences(want, same), IsEmpty());
  Listing split = want;
  split.Find("/b")->inode = 12;
  EXPECT_THAT(Differences(want, split),
              ElementsAre("/b: file is no link of an earlier path, want a link of /a"));
  CompareOptions options;
  options.inodes = false;
  EXPECT_THAT(Differences(want, split, options), IsEmpty());
}

TEST(DifferencesTest, AllowsTimesToSlip) {
  Listing want = Of({File("/a")});
  Listing got = want;
  *got.Find("/a")->time += 2;
  CompareOptions options;
  options.time_slack = 1;
  EXPECT_THAT(Differences(want, got, options),
              ElementsAre("/a: time is 1000000002, want 1000000000"));
  options.time_slack = 2;
  EXPECT_THAT(Differences(want, got, options), IsEmpty());
}

TEST(WalkDirectoryTest, ShowsFilesLinksAndTimes) {
  const std::string dir = testing::TempDir() + "walk_" + std::to_string(getpid());
  ASSERT_EQ(mkdir(dir.c_str(), 0755), 0);
  ASSERT_EQ(mkdir((dir + "/sub").c_str(), 0750), 0);
  ASSERT_EQ(chmod((dir + "/sub").c_str(), 0750), 0);
  std::ofstream(dir + "/sub/f") << "abc";
  ASSERT_EQ(chmod((dir + "/sub/f").c_str(), 0604), 0);
  ASSERT_EQ(link((dir + "/sub/f").c_str(), (dir + "/g").c_str()), 0);
  ASSERT_EQ(symlink("sub/f", (dir + "/l").c_str()), 0);
  ASSERT_EQ(mkfifo((dir + "/p").c_str(), 0600), 0);
  const timespec times[2] = {{1234567890, 0}, {1234567890, 0}};
  for (const char* name : {"/sub/f", "/l", "/p", "/sub", "/"}) {
    ASSERT_EQ(utimensat(AT_FDCWD, (dir + name).c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
  }
  absl::StatusOr<Listing> got = WalkDirectory(dir);
  ASSERT_TRUE(got.ok()) << got.status();
  for (auto& [path, e] : *got) {
    EXPECT_EQ(e.owner, geteuid());
    e.owner = e.group = std::nullopt;
  }
  EXPECT_EQ(ToText(*got),
            "/\td\t0755\t-\t-\t-\t1234567890\t-\t-\t-\t-\t1\n"
            "/g\tf\t0604\t-\t-\t2\t1234567890\t3\t" +
                std::string(kAbc) +
                "\t-\t-\t2\n"
                "/l\tl\t-\t-\t-\t1\t1234567890\t-\t-\tsub/f\t-\t3\n"
                "/p\tp\t0600\t-\t-\t1\t1234567890\t-\t-\t-\t-\t4\n"
                "/sub\td\t0750\t-\t-\t-\t1234567890\t-\t-\t-\t-\t5\n"
                "/sub/f\tf\t0604\t-\t-\t2\t1234567890\t3\t" +
                kAbc + "\t-\t-\t2\n");
  EXPECT_EQ(WalkDirectory(dir + "/none").status().code(), absl::StatusCode::kNotFound);
}

TEST(ListingTextTest, KeepsFractionsOfTimes) {
  Listed entry = File("/a");
  entry.nanoseconds = 12345;
  const Listing listing = Of({entry});
  EXPECT_THAT(ToText(listing), HasSubstr("\t1000000000.000012345\t"));
  const auto back = FromText(ToText(listing));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, listing);
  EXPECT_FALSE(FromText("/a\tf\t-\t-\t-\t-\t1.5\t-\t-\t-\t-\t-\n").ok());
}

TEST(DifferencesTest, NamesFractionsOfTimesWhereBothSidesKnowThem) {
  Listed entry = File("/a");
  entry.nanoseconds = 1000;
  Listed other = entry;
  other.nanoseconds = 2000;
  EXPECT_THAT(Differences(Of({entry}), Of({other})), ElementsAre(HasSubstr("nanosecond")));
  EXPECT_THAT(Differences(Of({entry}), Of({other}), {.time_slack = 1}), IsEmpty());
  EXPECT_THAT(Differences(Of({File("/a")}), Of({other})), IsEmpty());
}

}  // namespace
}  // namespace isomason

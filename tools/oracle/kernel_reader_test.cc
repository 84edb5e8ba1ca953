#include "tools/oracle/kernel_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kTime = 1793491201;  // 2026-11-01, an odd second
constexpr uint64_t kBigSize = (uint64_t{65} << 20) + 5;

// Images by other writers, and what one guest showed of all of them.
class ReadWithLinuxTest : public testing::Test {
 protected:
  enum Image : size_t { kXorriso, kGenisoimage, kGarbage, kPlain };

  static void SetUpTestSuite() {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = new ScratchDir(*std::move(scratch));
    ASSERT_NO_FATAL_FAILURE(MakeTree());

    absl::StatusOr<Listing> want = WalkDirectory(Tree());
    ASSERT_TRUE(want.ok()) << want.status();
    want_ = new Listing(*std::move(want));

    const std::vector<std::string> images = {Path("xorriso.iso"), Path("genisoimage.iso"),
                                             Path("garbage.iso"), Path("plain.iso")};
    Run({"xorriso", "-as", "mkisofs", "-quiet", "-iso-level", "3", "-R", "-J", "-joliet-long", "-o",
         images[kXorriso], Tree()});
    Run({"genisoimage", "-quiet", "-allow-limited-size", "-input-charset", "utf-8", "-udf", "-J",
         "-R", "-o", images[kGenisoimage], Tree()});
    ASSERT_TRUE(WriteHostFile(images[kGarbage], std::string(1 << 20, 'x')).ok());
    Run({"genisoimage", "-quiet", "-input-charset", "utf-8", "-o", images[kPlain],
         Tree() + "/docs"});
    absl::StatusOr<LinuxViews> got =
        ReadWithLinux(images, {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf});
    ASSERT_TRUE(got.ok()) << got.status();
    got_ = new LinuxViews(*std::move(got));
  }

  static void TearDownTestSuite() {
    delete got_;
    delete want_;
    delete scratch_;
  }

  static std::string Path(const std::string& name) { return scratch_->path() + "/" + name; }
  static std::string Tree() { return Path("tree"); }

  static void Run(const std::vector<std::string>& argv) {
    absl::StatusOr<ProcessResult> result = RunProcess(argv);
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_TRUE(result->Succeeded()) << result->Summary();
  }

  static void MakeTree() {
    std::filesystem::create_directories(Tree() + "/docs/a/b/c");
    std::filesystem::create_directory(Tree() + "/empty directory");
    for (const auto& [name, contents] : std::vector<std::pair<std::string, std::string>>{
             {"docs/README.TXT", "read me\n"},
             {"docs/a/b/c/empty", ""},
             {"docs/a/Grüße € 日本.txt", "names in UTF-8\n"},
             {"docs/two blocks", std::string(2049, '2')},
             {"set-user-id", "mode 04755\n"},
             {"linked", "one file, two names\n"}}) {
      ASSERT_TRUE(WriteHostFile(Tree() + "/" + name, contents).ok());
    }
    ASSERT_EQ(chmod((Tree() + "/set-user-id").c_str(), 04755), 0);
    ASSERT_EQ(chmod((Tree() + "/docs/README.TXT").c_str(), 0640), 0);
    ASSERT_EQ(link((Tree() + "/linked").c_str(), (Tree() + "/docs/linked").c_str()), 0);
    ASSERT_EQ(symlink("docs/a/../README.TXT", (Tree() + "/symlink").c_str()), 0);
    // Sparse on the host: zeros but for its ends.
    const int big = open((Tree() + "/big").c_str(), O_CREAT | O_WRONLY, 0644);
    ASSERT_EQ(pwrite(big, "start", 5, 0), 5);
    ASSERT_EQ(pwrite(big, "the end", 7, static_cast<off_t>(kBigSize - 7)), 7);
    close(big);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(Tree())) {
      ASSERT_NO_FATAL_FAILURE(SetTime(entry.path()));
    }
    ASSERT_NO_FATAL_FAILURE(SetTime(Tree()));
  }

  static void SetTime(const std::string& path) {
    const timespec times[2] = {{kTime, 0}, {kTime, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0) << path;
  }

  static const LinuxView& Got(Image image, View view) { return got_->at({image, view}); }

  static ScratchDir* scratch_;
  static Listing* want_;
  static LinuxViews* got_;
};

ScratchDir* ReadWithLinuxTest::scratch_ = nullptr;
Listing* ReadWithLinuxTest::want_ = nullptr;
LinuxViews* ReadWithLinuxTest::got_ = nullptr;

TEST_F(ReadWithLinuxTest, ShowsRockRidgeWithModesLinksTimesAndTargets) {
  for (const Image image : {kXorriso, kGenisoimage}) {
    const LinuxView& got = Got(image, View::kRockRidge);
    ASSERT_TRUE(got.listing.ok()) << got.listing.status();
    EXPECT_THAT(Differences(*want_, *got.listing), IsEmpty());
    EXPECT_THAT(got.warnings, IsEmpty());
    EXPECT_EQ(got.listing->Find("/set-user-id")->mode, 04755u);
    EXPECT_EQ(got.listing->Find("/linked")->links, 2u);
    EXPECT_EQ(got.listing->Find("/symlink")->target, "docs/a/../README.TXT");
    EXPECT_EQ(got.listing->Find("/docs/a/b/c/empty")->time, kTime);
  }
}

TEST_F(ReadWithLinuxTest, ShowsJolietNamesButNoSymlinks) {
  Listing want = *want_;
  ASSERT_TRUE(want.Remove("/symlink"));
  for (const Image image : {kXorriso, kGenisoimage}) {
    const LinuxView& got = Got(image, View::kJoliet);
    ASSERT_TRUE(got.listing.ok()) << got.listing.status();
    Listing shown = *got.listing;
    shown.Remove("/symlink");  // xorriso leaves it out, genisoimage writes an empty file
    EXPECT_THAT(Differences(want, shown), IsEmpty());
    EXPECT_FALSE(shown.Find("/docs/README.TXT")->mode.has_value());
  }
}

TEST_F(ReadWithLinuxTest, ShowsPlainNamesWithoutVersionsAndLoneDots) {
  const LinuxView& got = Got(kPlain, View::kIso9660);
  ASSERT_TRUE(got.listing.ok()) << got.listing.status();
  std::vector<std::string> paths;
  for (const auto& [path, entry] : *got.listing) paths.push_back(path);
  EXPECT_THAT(paths, Contains("/README.TXT"));
  EXPECT_THAT(paths, Contains("/A/B/C/EMPTY"));
  EXPECT_THAT(paths, Contains("/TWO_BLOC"));
  EXPECT_EQ(got.listing->Find("/README.TXT")->sha256, want_->Find("/docs/README.TXT")->sha256);
}

TEST_F(ReadWithLinuxTest, ShowsUdf) {
  const LinuxView& got = Got(kGenisoimage, View::kUdf);
  ASSERT_TRUE(got.listing.ok()) << got.listing.status();
  Listing want = *want_, shown = *got.listing;
  // genisoimage writes an empty file for a symlink, and neither owners, modes nor links.
  ASSERT_TRUE(want.Remove("/symlink"));
  ASSERT_TRUE(shown.Remove("/symlink"));
  CompareOptions options;
  options.modes = options.owners = options.links = options.inodes = false;
  EXPECT_THAT(Differences(want, shown, options), IsEmpty());
  EXPECT_NE(shown.Find("/linked")->inode, 0u);
}

TEST_F(ReadWithLinuxTest, DigestsSamplesOfABigFile) {
  absl::StatusOr<std::string> samples = Sha256OfSamples(Tree() + "/big");
  ASSERT_TRUE(samples.ok()) << samples.status();
  struct Case {
    Image image;
    View view;
    const char* path;
  };
  for (const auto& [image, view, path] : std::vector<Case>{{kXorriso, View::kRockRidge, "/big"},
                                                           {kXorriso, View::kJoliet, "/big"},
                                                           {kXorriso, View::kIso9660, "/BIG"},
                                                           {kGenisoimage, View::kUdf, "/big"}}) {
    const LinuxView& got = Got(image, view);
    ASSERT_TRUE(got.listing.ok()) << got.listing.status();
    ASSERT_NE(got.listing->Find(path), nullptr);
    EXPECT_EQ(got.listing->Find(path)->size, kBigSize);
    EXPECT_EQ(got.listing->Find(path)->sha256, "");
    ASSERT_EQ(got.samples.size(), 1u);
    EXPECT_EQ(got.samples.begin()->first, path);
    EXPECT_EQ(got.samples.begin()->second, *samples);
  }
}

TEST_F(ReadWithLinuxTest, SaysWithTheKernelsWordsWhatDoesNotMount) {
  for (const View view : {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf}) {
    const absl::Status status = Got(kGarbage, view).listing.status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), HasSubstr("mount -t "));
    EXPECT_THAT(std::string(status.message()), HasSubstr("Invalid argument; kernel: "));
  }
  EXPECT_THAT(std::string(Got(kXorriso, View::kUdf).listing.status().message()),
              HasSubstr("UDF-fs: warning"));
}

TEST_F(ReadWithLinuxTest, DoesNotTakeAPlainTreeForRockRidgeOrJoliet) {
  for (const View view : {View::kRockRidge, View::kJoliet}) {
    EXPECT_THAT(std::string(Got(kPlain, view).listing.status().message()),
                HasSubstr("mounts, but does not find that view"));
  }
}

TEST(ReadWithLinuxArgumentsTest, RefusesAnImageThatNoDriveHolds) {
  const std::string path = testing::TempDir() + "/odd.iso";
  ASSERT_TRUE(WriteHostFile(path, std::string(2047, 'x')).ok());
  EXPECT_EQ(ReadWithLinux({path}, {View::kUdf}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadWithLinux({path + "x"}, {View::kUdf}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

constexpr char kRoot[] = "/\td\t555\t0\t0\t2\t5\t-\t-\t-\t-\t7\n";

TEST(ParseGuestReportTest, CountsImagesFromTheFirst) {
  LinuxViews views;
  const absl::Status status = ParseGuestReport(
      absl::StrCat("BEGIN\timage3\tudf\n", kRoot, "KERNEL\t4\ta warning\nKERNEL\t6\tno warning\n",
                   "END\timage3\tudf\nDONE\n"),
      20, &views);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(views.size(), 1u);
  const LinuxView& view = views.at({23, View::kUdf});
  ASSERT_TRUE(view.listing.ok()) << view.listing.status();
  EXPECT_EQ(view.listing->Find("/")->mode, 0555u);
  EXPECT_THAT(view.warnings, testing::ElementsAre("a warning"));
}

TEST(ParseGuestReportTest, TurnsProblemsIntoAnErrorOfTheView) {
  LinuxViews views;
  const absl::Status status = ParseGuestReport(
      absl::StrCat("BEGIN\timage0\tplain\n", kRoot, "PROBLEM\tread /x: Input/output error\n",
                   "KERNEL\t3\tattempt to access beyond end of device\nEND\timage0\tplain\nDONE\n"),
      0, &views);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(views.at({0, View::kIso9660}).listing.status(),
            absl::DataLossError("Linux, plain ISO 9660: read /x: Input/output error; "
                                "kernel: attempt to access beyond end of device"));
}

TEST(ParseGuestReportTest, RefusesAnEntryThatIsShownTwice) {
  LinuxViews views;
  ASSERT_TRUE(
      ParseGuestReport(
          absl::StrCat("BEGIN\timage0\tudf\n", kRoot, kRoot, "END\timage0\tudf\nDONE\n"), 0, &views)
          .ok());
  EXPECT_EQ(views.at({0, View::kUdf}).listing.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ParseGuestReportTest, RefusesWhatIsCutOffOrOutOfOrder) {
  for (const char* report : {
           "",
           "BEGIN\timage0\tudf\nEND\timage0\tudf\n",
           "BEGIN\timage0\tudf\nDONE\n",
           "BEGIN\timage0\tudf\nBEGIN\timage1\tudf\nDONE\n",
           "BEGIN\timage0\thfs\nEND\timage0\thfs\nDONE\n",
           "BEGIN\tdrive0\tudf\nEND\tdrive0\tudf\nDONE\n",
           "PROBLEM\tnowhere\nDONE\n",
           "BEGIN\timage0\tudf\nnonsense\nEND\timage0\tudf\nDONE\n",
       }) {
    LinuxViews views;
    EXPECT_EQ(ParseGuestReport(report, 0, &views).code(), absl::StatusCode::kDataLoss) << report;
  }
}

}  // namespace
}  // namespace isomason

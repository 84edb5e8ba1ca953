// DVD-Video: what players find. libdvdread reads the disc as they do, and genisoimage lays out
// the same tree.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/dvdread.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DvdVideoTest : public testing::Test {
 protected:
  DvdVideoTest() {
    Run({"mkdir", "dvd"});
    Run({"tar", "-xJf", std::filesystem::absolute(Runfile("testdata/dvd/dvd.tar.xz")), "-C",
         "dvd"});
  }

  ProcessResult Run(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.directory = shop_.dir();
    const auto done = RunProcess(command);
    EXPECT_TRUE(done.ok()) << done.status();
    if (!done.ok()) return {};
    EXPECT_TRUE(done->Succeeded()) << done->Summary();
    return *done;
  }

  ProcessResult Build(const std::string& entry, const std::string& more = "") {
    shop_.Write("m.textproto", absl::StrCat("image_version: 1 volume { id: \"DVD\" }\n",
                                            "udf {} dvd_video {}\n", entry, more));
    return shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"});
  }

  std::string DigestOf(const std::string& name) {
    return Sha256(shop_.Read("dvd/VIDEO_TS/" + name));
  }

  Workshop shop_;
};

constexpr char kTree[] = "entry { path: \"/\" tree { source: \"dvd\" } }\n";

TEST_F(DvdVideoTest, LibdvdreadFindsMenusAndTitlesWhereTheIfoFilesSay) {
  // A file whose name comes first does not come between.
  const ProcessResult built = Build(kTree, "entry { path: \"/AAA\" text: \"first\" }");
  ASSERT_EQ(built.exit_status, 0) << built.Summary();
  const auto dvd = ReadDvd(shop_.Path("x.iso"));
  ASSERT_TRUE(dvd.ok()) << dvd.status();
  EXPECT_THAT(dvd->complaints, IsEmpty());
  EXPECT_EQ(dvd->titles, 2);
  ASSERT_EQ(dvd->sets.size(), 3u);
  for (size_t i = 0; i < dvd->sets.size(); ++i) {
    SCOPED_TRACE(absl::StrCat("set ", i));
    const DvdSet& s = dvd->sets[i];
    const std::string stem = i == 0 ? "VIDEO_TS" : absl::StrCat("VTS_0", i, "_0");
    EXPECT_EQ(s.ifo, dvd->sets[0].ifo + s.set_after_manager);
    EXPECT_EQ(s.backup, s.ifo + s.backup_after_ifo);
    EXPECT_EQ(s.ifo_digest, DigestOf(stem + ".IFO"));
    EXPECT_EQ(s.backup_digest, DigestOf(stem + ".BUP"));
    EXPECT_GE(s.backup / 16, s.ifo / 16 + 1) << "a block of error correction holds both";
    if (i < 2) {
      EXPECT_EQ(s.menu, s.ifo + s.menu_after_ifo);
      EXPECT_EQ(s.menu_digest, DigestOf(stem + ".VOB"));
    } else {
      EXPECT_EQ(s.menu, 0u);
    }
    if (i == 0) continue;
    EXPECT_EQ(s.titles, s.ifo + s.titles_after_ifo);
    EXPECT_EQ(s.titles_digest, DigestOf(absl::StrCat("VTS_0", i, "_1.VOB")));
  }
}

// Where everything lies, from the start of the DVD.
std::vector<int64_t> PlacesOf(const Dvd& dvd) {
  std::vector<int64_t> places;
  for (const DvdSet& s : dvd.sets) {
    for (const uint32_t block : {s.ifo, s.menu, s.titles, s.backup}) {
      places.push_back(block == 0 ? 0 : int64_t{block} - dvd.sets[0].ifo);
    }
  }
  return places;
}

TEST_F(DvdVideoTest, FilesLieAsGenisoimageLaysThemOut) {
  ASSERT_EQ(Build(kTree).exit_status, 0);
  Run({"genisoimage", "-quiet", "-dvd-video", "-V", "DVD", "-o", "other.iso", "dvd"});
  const auto ours = ReadDvd(shop_.Path("x.iso"));
  const auto theirs = ReadDvd(shop_.Path("other.iso"));
  ASSERT_TRUE(ours.ok() && theirs.ok()) << ours.status() << theirs.status();
  EXPECT_EQ(PlacesOf(*ours), PlacesOf(*theirs));
}

TEST_F(DvdVideoTest, AnArchiveMakesTheSameDiscAsTheTree) {
  ASSERT_EQ(Build(kTree).exit_status, 0);
  const std::string from_tree = Sha256(shop_.Read("x.iso"));
  Run({"cp", std::filesystem::absolute(Runfile("testdata/dvd/dvd.tar.xz")), "dvd.tar.xz"});
  const ProcessResult built = Build("entry { path: \"/\" archive { source: \"dvd.tar.xz\" } }");
  ASSERT_EQ(built.exit_status, 0) << built.Summary();
  EXPECT_EQ(Sha256(shop_.Read("x.iso")), from_tree);
}

TEST_F(DvdVideoTest, ADiscThatPlayersDoNotReadIsRefused) {
  // The last block of a title is missing: what the IFO file says is past its end.
  const std::string whole = shop_.Read("dvd/VIDEO_TS/VTS_02_0.IFO");
  shop_.Write("dvd/VIDEO_TS/VTS_02_0.IFO", whole.substr(0, whole.size() - 2048));
  const ProcessResult built = Build(kTree);
  EXPECT_EQ(built.exit_status, 2);
  EXPECT_THAT(built.err, HasSubstr("\"/VIDEO_TS/VTS_02_0.IFO\" has 5 sectors, and should have 6"));
}

}  // namespace
}  // namespace isomason

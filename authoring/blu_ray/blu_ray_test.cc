#include "authoring/blu_ray/blu_ray.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BluRayTest : public testing::Test {
 protected:
  // What a player wants, and all copies of it.
  std::map<std::string, std::string> files_ = {
      {"/BDMV/index.bdmv", "INDX0200"},
      {"/BDMV/MovieObject.bdmv", "MOBJ0200"},
      {"/BDMV/PLAYLIST/00000.mpls", "MPLS0200"},
      {"/BDMV/CLIPINF/00001.clpi", "HDMV0200"},
      {"/BDMV/STREAM/00001.m2ts", "stream"},
      {"/BDMV/BACKUP/index.bdmv", "INDX0200"},
      {"/BDMV/BACKUP/MovieObject.bdmv", "MOBJ0200"},
      {"/BDMV/BACKUP/PLAYLIST/00000.mpls", "MPLS0200"},
      {"/BDMV/BACKUP/CLIPINF/00001.clpi", "HDMV0200"},
  };

  bool Make(const std::string& more = "") {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'T' } "
                     "udf { revision: UDF_2_50 bridge: NO_BRIDGE blu_ray {} } ",
                     more),
        &m));
    for (const auto& [path, text] : files_) {
      manifest::Entry& entry = *m.add_entry();
      entry.set_path(path);
      entry.set_text(text);
    }
    diagnostics_ = Diagnostics();
    auto disc = Author(LoadedManifest::FromMessage(std::move(m), "m", "."), ".", &diagnostics_);
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  std::vector<std::string> Remarks() const {
    std::vector<std::string> remarks;
    for (const Remark& remark : disc_->remarks()) {
      if (remark.where == "blu_ray") remarks.push_back(remark.path + " " + remark.detail);
    }
    return remarks;
  }

  std::unique_ptr<Disc> disc_;
  Diagnostics diagnostics_;
};

TEST_F(BluRayTest, LiesInClustersWithThreeAnchors) {
  ASSERT_TRUE(Make()) << diagnostics_.Format();
  EXPECT_THAT(Remarks(), IsEmpty());
  const Tree& tree = disc_->tree();
  for (const auto& [path, text] : files_) {
    const auto at = disc_->image().addresses()[tree.inode(tree.Find(path)).content];
    EXPECT_EQ(at.value() % 65536, 0u) << path;
  }
  int anchors = 0;
  disc_->image().Map([](ContentId) { return std::string(); },
                     [&](const MapLine& line) {
                       anchors += line.what == "anchor volume descriptor pointer" ? 1 : 0;
                     });
  EXPECT_EQ(anchors, 3);
}

TEST_F(BluRayTest, NamesAllThatAPlayerWouldNotStartWithout) {
  files_.clear();
  files_["/BDMV/STREAM"] = "no directory";
  ASSERT_FALSE(Make());
  const std::string said = diagnostics_.Format();
  for (const char* missing : {"/BDMV/index.bdmv", "/BDMV/MovieObject.bdmv", "/BDMV/PLAYLIST/*.mpls",
                              "/BDMV/CLIPINF/*.clpi"}) {
    EXPECT_THAT(said, HasSubstr(absl::StrCat("m: udf.blu_ray: there is no file ", missing,
                                             ", without which no player starts\n")));
  }
}

TEST_F(BluRayTest, LooksAtHowFilesBegin) {
  files_["/BDMV/index.bdmv"] = "indx0200";
  files_["/BDMV/CLIPINF/00001.clpi"] = "HDM";
  ASSERT_FALSE(Make());
  EXPECT_THAT(diagnostics_.Format(),
              HasSubstr("\"/BDMV/index.bdmv\" does not begin with INDX, as players want it\n"));
  EXPECT_THAT(diagnostics_.Format(), HasSubstr("\"/BDMV/CLIPINF/00001.clpi\" does not begin"));
}

TEST_F(BluRayTest, EachStreamHasClipInformation) {
  files_["/BDMV/STREAM/00002.m2ts"] = "stream";
  files_["/BDMV/CLIPINF/00003.clpi"] = "HDMV0200";
  ASSERT_FALSE(Make());
  EXPECT_THAT(diagnostics_.Format(),
              HasSubstr("\"/BDMV/STREAM/00002.m2ts\" belongs to /BDMV/CLIPINF/00002.clpi, which "
                        "there is not\n"));
  EXPECT_THAT(diagnostics_.Format(),
              HasSubstr("\"/BDMV/CLIPINF/00003.clpi\" belongs to /BDMV/STREAM/00003.m2ts, which "
                        "there is not\n"));
}

TEST_F(BluRayTest, ReportsCopiesThatAreNotThere) {
  files_.erase("/BDMV/BACKUP/index.bdmv");
  files_.erase("/BDMV/BACKUP/PLAYLIST/00000.mpls");
  ASSERT_TRUE(Make()) << diagnostics_.Format();
  const std::string kNone =
      " has no copy in /BDMV/BACKUP, which players take when it cannot be read";
  EXPECT_THAT(Remarks(),
              ElementsAre("/BDMV/index.bdmv" + kNone, "/BDMV/PLAYLIST/00000.mpls" + kNone));
  files_["/BDMV/BACKUP/index.bdmv"] = "INDX0200 and more";
  ASSERT_FALSE(Make());
  EXPECT_THAT(diagnostics_.Format(), HasSubstr("\"/BDMV/BACKUP/index.bdmv\" is a copy of "
                                               "/BDMV/index.bdmv with another size\n"));
}

}  // namespace
}  // namespace isomason

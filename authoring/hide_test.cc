// What `hide` leaves in the image and what it takes out of which namespace, seen in the
// bytes. The namespaces' own tests and the golden `hide` say the rest.
#include <cstdint>
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
#include "layout/layout_testing.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kAll[] = "iso9660 { rock_ridge {} joliet {} } udf {} ";

class HideTest : public testing::Test {
 protected:
  // Makes the image of a manifest; false, with diagnostics, when there is none.
  bool Author(const std::string& manifest, const std::string& volume = "") {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'TEST' ", volume, " } ", manifest), &m));
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "test", ".");
    Diagnostics diagnostics;
    auto disc = isomason::Author(loaded, ".", &diagnostics);
    problems_ = diagnostics.Format();
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  std::string Bytes() {
    EXPECT_EQ(disc_->image().Prepare(1), absl::OkStatus());
    std::string bytes(disc_->image().size(), '?');
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
    EXPECT_EQ(disc_->image().Read(0, out), absl::OkStatus());
    return bytes;
  }

  // "iso9660 rock_ridge..." as letters: I, J, U for each namespace that shows the path.
  std::string Where(const std::string& path) const {
    const NodeId node = disc_->tree().Find(path);
    std::string where;
    if (!disc_->iso9660()->NameOf(node).empty()) where += "I";
    if (disc_->joliet() && !disc_->joliet()->NameOf(node).empty()) where += "J";
    if (disc_->udf() && !disc_->udf()->NameOf(node).empty()) where += "U";
    return where;
  }

  std::vector<std::string> Remarks() const {
    std::vector<std::string> lines;
    for (const Remark& r : disc_->remarks()) {
      lines.push_back(absl::StrCat(r.where, " ", r.path, " ", r.detail));
    }
    return lines;
  }

  std::unique_ptr<Disc> disc_;
  std::string problems_;
};

size_t Count(const std::string& bytes, const std::string& text) {
  size_t count = 0;
  for (size_t at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(HideTest, TakesAPathOutOfTheNamespacesThatItNames) {
  const std::string entries =
      "entry { path: '/d/one' text: 'x' } entry { path: '/d/e/two' text: 'x' }"
      "entry { path: '/f' text: 'x' } ";
  const struct {
    const char* hide;
    const char *d, *one, *two, *f;
  } kCases[] = {
      {"", "IJU", "IJU", "IJU", "IJU"},
      {"hide { match: 'd' from: ISO9660 }", "JU", "JU", "JU", "IJU"},
      {"hide { match: 'd/**' from: JOLIET }", "IU", "IU", "IU", "IJU"},
      {"hide { match: 'd/*' from: UDF }", "IJU", "IJ", "IJ", "IJU"},
      {"hide { match: '**/two' from: [JOLIET, UDF] }", "IJU", "IJU", "I", "IJU"},
      {"hide { match: 'd' from: ISO9660 } hide { match: 'd/one' from: JOLIET }", "JU", "U", "JU",
       "IJU"},
      {"hide { match: 'f' from: ALL_NAMESPACES }", "IJU", "IJU", "IJU", ""},
      {"hide { match: 'f' by: LEAVE_OUT }", "IJU", "IJU", "IJU", ""},
      {"hide { match: 'f' by: MARK }", "IJU", "IJU", "IJU", "IJU"},
      // A glob that stands for everything leaves the root.
      {"hide { match: '**' from: UDF }", "IJ", "IJ", "IJ", "IJ"},
  };
  for (const auto& c : kCases) {
    ASSERT_TRUE(Author(absl::StrCat(kAll, entries, c.hide))) << problems_;
    EXPECT_EQ(Where("/d"), c.d) << c.hide;
    EXPECT_EQ(Where("/d/one"), c.one) << c.hide;
    EXPECT_EQ(Where("/d/e/two"), c.two) << c.hide;
    EXPECT_EQ(Where("/f"), c.f) << c.hide;
  }
}

TEST_F(HideTest, LeavesTheDataOnceWhoeverShowsIt) {
  const std::string entries = "entry { path: '/secret/file' text: 'a needle in the image' } ";
  for (const char* hide :
       {"", "hide { match: 'secret' from: [ISO9660, JOLIET] }", "hide { match: 'secret' }"}) {
    ASSERT_TRUE(Author(absl::StrCat(kAll, entries, hide))) << problems_;
    EXPECT_EQ(Count(Bytes(), "a needle in the image"), 1u) << hide;
  }
  EXPECT_THAT(Remarks(),
              ElementsAre("hide /secret no namespace shows it; its data stays in the image"));
}

TEST_F(HideTest, LeavesNoNameBehind) {
  const std::string entries =
      "entry { path: '/PLAIN' text: 'x' } entry { path: '/SECRET' text: "
      "'x' } entry { path: '/SECRET_D/IN' text: 'x' } ";
  ASSERT_TRUE(Author(absl::StrCat(kAll, entries, "hide { match: 'SECRET*' }"))) << problems_;
  const std::string bytes = Bytes();
  EXPECT_GT(Count(bytes, "PLAIN"), 1u);
  EXPECT_EQ(Count(bytes, "SECRET"), 0u);
  EXPECT_EQ(Count(bytes, std::string("\0S\0E\0C\0R\0E\0T", 12)), 0u);
}

// What a user of mkisofs -hide expects of a boot image and a catalog.
TEST_F(HideTest, LeavesABootImageBootable) {
  ASSERT_TRUE(
      Author(absl::StrCat(kAll,
                          "entry { path: '/boot/loader' text: 'the loader' } "
                          "boot { catalog: '/boot/boot.cat' entry { image: '/boot/loader' } } "
                          "hide { match: 'boot' }")))
      << problems_;
  EXPECT_EQ(Where("/boot/loader"), "");
  EXPECT_EQ(Where("/boot/boot.cat"), "");
  const std::string bytes = Bytes();
  const auto little32 = [&](size_t at) {
    uint32_t number = 0;
    for (size_t i = 4; i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
    return number;
  };
  const size_t catalog = size_t{little32(17 * kBlockSize + 71)} * kBlockSize;
  EXPECT_EQ(bytes.substr(catalog, 2), std::string("\x01\x00", 2));
  const size_t image = size_t{little32(catalog + 32 + 8)} * kBlockSize;
  EXPECT_EQ(bytes.substr(image, 10), "the loader");
}

// PX counts the names that there are (RRIP 4.1.1).
TEST_F(HideTest, CountsTheLinksThatANamespaceShows) {
  ASSERT_TRUE(
      Author("iso9660 { rock_ridge {} } udf {} entry { path: '/a' text: 'x' }"
             "entry { path: '/b' hard_link: '/a' } entry { path: '/c' hard_link: '/a' }"
             "hide { match: 'b' from: ISO9660 }"))
      << problems_;
  const std::string bytes = Bytes();
  const size_t px = bytes.find("PX", bytes.find("A.;1"));
  ASSERT_NE(px, std::string::npos);
  EXPECT_EQ(bytes[px + 12], 2);  // links, behind signature, length, version and mode
  EXPECT_THAT(Remarks(), IsEmpty());
}

TEST_F(HideTest, SetsTheExistenceBitOfAMark) {
  ASSERT_TRUE(
      Author("iso9660 { joliet {} } udf {} entry { path: '/MARKED' text: 'x' } "
             "entry { path: '/D/BELOW' text: 'x' } entry { path: '/PLAIN' text: 'x' } "
             "hide { match: '[MD]*' by: MARK }"))
      << problems_;
  const std::string bytes = Bytes();
  // The flags of a directory record lie 8 bytes before its identifier (ECMA-119 9.1).
  const auto flags = [&](const std::string& identifier) {
    return int{bytes[bytes.find(identifier) - 8]};
  };
  EXPECT_EQ(flags("MARKED.;1"), 1);
  EXPECT_EQ(flags("PLAIN.;1"), 0);
  EXPECT_EQ(flags("BELOW.;1"), 0);
  EXPECT_EQ(flags(std::string("\0M\0A\0R\0K\0E\0D\0;", 14)), 1);
  EXPECT_EQ(flags(std::string("\0P\0L\0A\0I\0N\0;", 12)), 0);
  // A UDF identifier: characteristics at byte 18, the name with its compression at 38.
  const auto characteristics = [&](const std::string& name) {
    const std::string identifier = "\x08" + name;
    for (size_t at = bytes.find(identifier); at != std::string::npos;
         at = bytes.find(identifier, at + 1)) {
      if (bytes[at - 38] == 1 && bytes[at - 37] == 1) return int{bytes[at - 20]};  // tag 257
    }
    return -1;
  };
  EXPECT_EQ(characteristics("MARKED"), 1);
  EXPECT_EQ(characteristics("D"), 3);
  EXPECT_EQ(characteristics("PLAIN"), 0);
}

TEST_F(HideTest, MakesAPolicyUnnecessary) {
  // A symlink that Joliet does not show need not be held by it; a link to what is hidden
  // leads nowhere.
  const std::string entries = "entry { path: '/f' text: 'x' } entry { path: '/l' symlink: 'f' } ";
  EXPECT_FALSE(Author("iso9660 { rock_ridge {} joliet {} } " + entries));
  EXPECT_TRUE(
      Author("iso9660 { rock_ridge {} joliet {} } " + entries + "hide { match: 'l' from: JOLIET }"))
      << problems_;
  ASSERT_TRUE(Author("iso9660 { rock_ridge {} joliet { symlinks: FOLLOW } } " + entries +
                     "hide { match: 'f' from: JOLIET }"))
      << problems_;
  EXPECT_EQ(Where("/l"), "I");
  EXPECT_THAT(Remarks(),
              ElementsAre("joliet /l the symlink leads to /f, which is hidden from Joliet"));
}

TEST_F(HideTest, SaysWhenLinuxWillMountJolietInstead) {
  const std::string entries = "entry { path: '/f' text: 'x' } entry { path: '/g/h' text: 'x' } ";
  ASSERT_TRUE(Author("iso9660 { rock_ridge {} joliet {} } " + entries +
                     "hide { match: '**' from: ISO9660 }"))
      << problems_;
  EXPECT_THAT(Remarks(), ElementsAre("joliet  nothing is shown in ISO 9660, so Linux mounts Joliet "
                                     "in its place"));
}

TEST_F(HideTest, RefusesRulesThatMatchNothingAndFilesThatTheVolumeNames) {
  EXPECT_FALSE(Author("entry { path: '/F' text: 'x' } hide { match: 'G' }"));
  EXPECT_THAT(problems_, HasSubstr("hide[0].match: \"G\" matches nothing in the image"));
  EXPECT_FALSE(Author("entry { path: '/COPYING' text: 'x' } hide { match: 'COPYING' }",
                      "copyright_file: '/COPYING'"));
  EXPECT_THAT(problems_, HasSubstr("volume.copyright_file: \"/COPYING\" is hidden, and not a file "
                                   "in the root directory"));
}

TEST_F(HideTest, DecidesAboutTheIdByWhatItHidesAlone) {
  const auto id = [&](const std::string& hide) {
    EXPECT_TRUE(Author(absl::StrCat(kAll, "entry { path: '/f' text: 'x' } ", hide))) << problems_;
    return disc_->volume().image_id.Hex();
  };
  const std::string none = id("");
  EXPECT_EQ(id("hide { match: 'f' }"), id("hide { match: '*' from: [UDF, ISO9660, JOLIET] }"));
  EXPECT_EQ(id("hide { match: 'f' }"), id("hide { match: 'f' by: LEAVE_OUT }"));
  const std::vector<std::string> ids = {none,
                                        id("hide { match: 'f' }"),
                                        id("hide { match: 'f' from: ISO9660 }"),
                                        id("hide { match: 'f' from: UDF }"),
                                        id("hide { match: 'f' by: MARK }"),
                                        id("hide { match: 'f' from: UDF by: MARK }")};
  for (size_t i = 0; i < ids.size(); ++i) {
    for (size_t k = 0; k < i; ++k) EXPECT_NE(ids[i], ids[k]) << i << " " << k;
  }
}

}  // namespace
}  // namespace isomason

// isomd5sum's programs on images with a check of the medium.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr size_t kField = 0x8373;

class MediaCheckTest : public testing::Test {
 protected:
  std::string Build(const std::string& more) {
    shop_.Write(
        "m.textproto",
        "image_version: 1\nvolume { id: \"CHECK\" modification_time: \"2026-11-01T00:00:00Z\" }\n"
        "iso9660 { rock_ridge {} joliet {} }\n"
        "entry { path: \"/file\" file { source: \"file\" } }\n"
        "entry { path: \"/loader\" file { source: \"loader\" } }\n"
        "entry { path: \"/md5sum.txt\" checksums { algorithm: MD5 } }\n"
        "boot { entry { image: \"/loader\" boot_info_table: true } }\n" +
            more);
    const ProcessResult built = shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"});
    EXPECT_TRUE(built.Succeeded()) << built.Summary();
    return shop_.Read("x.iso");
  }

  void SetUp() override {
    shop_.Write("file", std::string(1'500'000, 'f'));
    shop_.Write("loader", std::string(3000, 'l'));
  }

  // What checkisomd5 says of an image. It waits for a key unless its input has ended.
  std::string CheckIsoMd5(const std::string& image) {
    shop_.Write("checked.iso", image);
    const auto result = RunProcess(
        {"sh", "-c", absl::StrCat("checkisomd5 '", shop_.Path("checked.iso"), "' </dev/null")});
    EXPECT_TRUE(result.ok()) << result.status();
    const std::string said = result->out + result->err;
    EXPECT_EQ(result->Succeeded(), said.find("PASS") != std::string::npos) << said;
    for (const char* verdict : {"PASS", "FAIL", "NA"}) {
      if (said.find(absl::StrCat("result is: ", verdict)) != std::string::npos) return verdict;
    }
    return said;
  }

  std::string Implanted(const std::string& image, const std::string& option = "") {
    shop_.Write("implanted.iso", image);
    const auto result = RunProcess(
        {"sh", "-c",
         absl::StrCat("implantisomd5 ", option, " '", shop_.Path("implanted.iso"), "'")});
    EXPECT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->Succeeded()) << result->Summary();
    return shop_.Read("implanted.iso");
  }

  static std::string Blanked(std::string image) { return image.replace(kField, 512, 512, ' '); }

  Workshop shop_;
};

TEST_F(MediaCheckTest, CheckIsoMd5PassesTheImageAndFailsAnyOther) {
  std::string image = Build("media_check { isomd5 {} }");
  EXPECT_EQ(CheckIsoMd5(image), "PASS");
  image[1'000'000] ^= 1;
  EXPECT_EQ(CheckIsoMd5(image), "FAIL");
  EXPECT_EQ(CheckIsoMd5(Build("")), "NA");
  // Made anew from other files, it has the check of those.
  shop_.Write("file", std::string(1'700'000, 'g'));
  EXPECT_EQ(CheckIsoMd5(Build("media_check { isomd5 {} }")), "PASS");
}

// The modification date is given, so the id, which the option is a part of, changes nothing.
TEST_F(MediaCheckTest, IsTheImageWithoutItAndThenImplanted) {
  const std::string plain = Build("");
  EXPECT_EQ(Implanted(plain), Build("media_check { isomd5 {} }"));
  EXPECT_EQ(Implanted(plain, "--supported-iso"),
            Build("media_check { isomd5 { supported: true } }"));
  const std::string bridge = Build("udf {} media_check { isomd5 {} }");
  EXPECT_EQ(Implanted(Blanked(bridge)), bridge);
}

TEST_F(MediaCheckTest, TheSmallestImageIsTheOneThatIsSaid) {
  shop_.Write("file", "small");
  const std::string image = Build("layout { minimum_size: 686080 } media_check { isomd5 {} }");
  EXPECT_EQ(image.size(), 686080u);
  EXPECT_EQ(CheckIsoMd5(image), "PASS");
  // isomd5sum's own work on an image that is a block smaller.
  const std::string smaller = Build("layout { minimum_size: 684032 }");
  EXPECT_EQ(smaller.size(), 684032u);
  EXPECT_EQ(CheckIsoMd5(Implanted(smaller)), "FAIL");
  const ProcessResult refused = [&] {
    std::string manifest = shop_.Read("m.textproto");
    shop_.Write("n.textproto", manifest + "media_check { isomd5 {} }\n");
    return shop_.Isomason({"build", "n.textproto", "-o", "y.iso"});
  }();
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("media_check.isomd5: the image has 684032 bytes; checkisomd5 "
                                     "fails images of less than 686080, intact or not"));
}

TEST_F(MediaCheckTest, PassesBesideTagMedia) {
  std::string image = Build("udf {} media_check { isomd5 {} tagmedia {} }");
  EXPECT_EQ(CheckIsoMd5(image), "PASS");
  image[900'000] ^= 1;
  EXPECT_EQ(CheckIsoMd5(image), "FAIL");
}

TEST_F(MediaCheckTest, AStreamAndEveryNumberOfThreadsGiveTheSame) {
  const std::string image = Build("media_check { isomd5 {} tagmedia {} }");
  for (const char* jobs : {"1", "8"}) {
    const ProcessResult result =
        shop_.Isomason({"build", "--quiet", "--jobs", jobs, "m.textproto", "-o", "-"});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_TRUE(result.out == image) << jobs;
  }
}

}  // namespace
}  // namespace isomason

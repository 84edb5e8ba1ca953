// Beside xorriso -as mkisofs: with matching options, readers list the same of both images; and
// where field experience knows a trap of the older tools, isomason does the right thing next to
// the tool that does not.

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/bsdtar.h"
#include "tools/oracle/cdio.h"
#include "tools/oracle/grub.h"
#include "tools/oracle/isoinfo.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/pycdlib.h"
#include "tools/oracle/sample.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProcessResult RunIn(std::vector<std::string> argv, std::map<std::string, std::string> environment) {
  Command command;
  command.argv = std::move(argv);
  command.environment = std::move(environment);
  auto result = RunProcess(command);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *result : ProcessResult();
}

// --- The same listings ---------------------------------------------------------------------------

struct OptionSet {
  const char* name;
  std::vector<std::string> xorriso;  // behind "-as mkisofs"
  const char* manifest;              // what isomason is told instead
  std::vector<View> views;
};

// Option lines of real pipelines: a plain mkisofs; live-build and debian-cd; cloud-init seeds; and
// what old firmware reads. xorriso has level 1 unless told otherwise, and no versions in Joliet.
// Two things are not compared: link counts of directories, which xorriso does not add up, and
// the mode of symlinks, from which -r takes the write permission, too; Linux asks for neither.
const std::vector<OptionSet>& OptionSets() {
  static const auto* const kSets = new std::vector<OptionSet>{
      {"RockRidgeAndJoliet",
       {"-R", "-J", "--hardlinks"},
       "iso9660 { level: 1 rock_ridge {} joliet {\n"
       "  symlinks: OMIT special: OMIT name_limit: 64 version_numbers: false } }\n"
       "attributes { keep: [MODE, OWNER, TIME] }\n",
       {View::kRockRidge, View::kJoliet, View::kIso9660}},
      {"RationalizedLongJoliet",
       {"-r", "-J", "-joliet-long", "-iso-level", "3", "--hardlinks"},
       "iso9660 { rock_ridge {} joliet { symlinks: OMIT special: OMIT version_numbers: false } }\n"
       "attributes { keep: TIME }\n",
       {View::kRockRidge, View::kJoliet, View::kIso9660}},
      {"Seed",
       {"-J", "-R", "-V", "cidata", "--hardlinks"},
       "iso9660 { level: 1 rock_ridge {} joliet {\n"
       "  symlinks: OMIT special: OMIT name_limit: 64 version_numbers: false } }\n"
       "attributes { keep: [MODE, OWNER, TIME] }\n",
       {View::kRockRidge, View::kJoliet, View::kIso9660}},
      {"Level1",
       {"-iso-level", "1", "-R", "--hardlinks"},
       "iso9660 { level: 1 rock_ridge {} }\n"
       "attributes { keep: [MODE, OWNER, TIME] }\n",
       {View::kRockRidge, View::kIso9660}},
  };
  return *kSets;
}

// Every reader's listing of every view, by a name for messages.
std::map<std::string, absl::StatusOr<Listing>> Listings(const std::string& image,
                                                        const std::vector<View>& views,
                                                        const std::string& scratch) {
  std::map<std::string, absl::StatusOr<Listing>> all;
  for (const View view : views) {
    const std::string in = absl::StrCat(" (", ViewName(view), ")");
    all.emplace("xorriso" + in, XorrisoListing(image, view, scratch));
    all.emplace("bsdtar" + in, BsdtarListing(image, view, BsdtarSource::kFile, scratch));
    all.emplace("isoinfo" + in, IsoinfoListing(image, view));
    all.emplace("pycdlib" + in, PycdlibListing(image, view));
  }
  all.emplace("7-Zip", SevenZipListing(image, SevenZipFormat::kIso, scratch));
  all.emplace("libcdio", CdioListing(image, CdioTree::kIso, scratch));
  const auto grub = GrubViewOf(image, Listing());
  all.emplace("GRUB", grub.ok() ? absl::StatusOr<Listing>(grub->listing) : grub.status());
  return all;
}

Listing WithoutSymlinkModes(Listing listing) {
  for (auto& [path, entry] : listing) {
    if (entry.type == Listed::Type::kSymlink) entry.mode = std::nullopt;
  }
  return listing;
}

class SameListingsTest : public testing::TestWithParam<OptionSet> {
 protected:
  // Both images of `tree` in the workshop; the listings of the second differ in this.
  std::string Compare() {
    const OptionSet& options = GetParam();
    std::vector<std::string> argv = {"xorriso", "-as", "mkisofs",
                                     "-quiet",  "-o",  shop_.Path("x.iso")};
    argv.insert(argv.end(), options.xorriso.begin(), options.xorriso.end());
    argv.push_back(shop_.Path("tree"));
    const ProcessResult xorriso = RunIn(argv, {});
    if (!xorriso.Succeeded()) return xorriso.Summary();
    shop_.Write("m.textproto",
                absl::StrCat("image_version: 1\nvolume { id: \"cidata\" }\n", options.manifest,
                             "entry { path: \"/\" tree { source: \"tree\" } }\n"));
    const ProcessResult isomason =
        shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "i.iso"});
    if (!isomason.Succeeded()) return isomason.Summary();

    std::string differences;
    const auto theirs = Listings(shop_.Path("x.iso"), options.views, shop_.dir());
    const auto ours = Listings(shop_.Path("i.iso"), options.views, shop_.dir());
    const auto compare = [&](const std::string& who, const absl::StatusOr<Listing>& want,
                             const absl::StatusOr<Listing>& got) {
      if (!want.ok() || !got.ok()) {
        absl::StrAppend(&differences, who, ": ", want.status().ToString(), "; ",
                        got.status().ToString(), "\n");
        return;
      }
      for (const std::string& d :
           Differences(WithoutSymlinkModes(*want), WithoutSymlinkModes(*got))) {
        absl::StrAppend(&differences, who, ": ", d, "\n");
      }
    };
    for (const auto& [who, want] : theirs) compare(who, want, ours.at(who));
    const auto linux_views =
        ReadWithLinux({shop_.Path("x.iso"), shop_.Path("i.iso")}, options.views);
    if (!linux_views.ok()) return absl::StrCat(differences, linux_views.status().ToString());
    for (const View view : options.views) {
      compare(absl::StrCat("Linux (", ViewName(view), ")"), linux_views->at({0, view}).listing,
              linux_views->at({1, view}).listing);
    }
    return differences;
  }

  Workshop shop_;
};

TEST_P(SameListingsTest, OfASmallSystem) {
  ASSERT_TRUE(MakeSampleTree(shop_.Path("tree"), {.odd_names = false, .odd_modes = false}).ok());
  EXPECT_EQ(Compare(), "");
}

TEST_P(SameListingsTest, OfASeed) {
  shop_.Write("tree/user-data", "#cloud-config\n");
  shop_.Write("tree/meta-data", "instance-id: 1\n");
  shop_.Write("tree/vendor-data", "");
  EXPECT_EQ(Compare(), "");
}

INSTANTIATE_TEST_SUITE_P(Options, SameListingsTest, testing::ValuesIn(OptionSets()),
                         [](const auto& param) { return std::string(param.param.name); });

// --- Traps ---------------------------------------------------------------------------------------

constexpr char kOneMoment[] = "1700000000";

// Sets the time of everything in the tree.
void Touch(const std::string& tree, const char* when) {
  RunIn({"find", tree, "-exec", "touch", "-h", "-d", when, "{}", "+"}, {});
}

class TrapTest : public testing::Test {
 protected:
  std::string Xorriso(const std::string& name) {
    const std::string image = shop_.Path(name);
    const ProcessResult result =
        RunIn({"xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", image, "-graft-points",
               absl::StrCat("sub/dir/", "=", shop_.Path("tree"))},
              {{"SOURCE_DATE_EPOCH", kOneMoment}});
    EXPECT_TRUE(result.Succeeded()) << result.Summary();
    return shop_.Read(name);
  }
  std::string Isomason(const std::string& name) {
    shop_.Write("m.textproto",
                absl::StrCat("image_version: 1\nvolume { id: \"ISOIMAGE\" time: \"@", kOneMoment,
                             "\" }\niso9660 { rock_ridge {} }\n",
                             "entry { path: \"/sub/dir\" tree { source: \"tree\" } }\n"));
    const ProcessResult result = shop_.Isomason({"build", "--quiet", "m.textproto", "-o", name});
    EXPECT_TRUE(result.Succeeded()) << result.Summary();
    return shop_.Read(name);
  }
  std::string UuidOf(const std::string& name) {
    auto tags = BlkidTags(shop_.Path(name));
    EXPECT_TRUE(tags.ok()) << tags.status();
    return tags.ok() ? (*tags)["UUID"] : "";
  }

  Workshop shop_;
};

// xorriso under SOURCE_DATE_EPOCH takes over the times of files and directories.
TEST_F(TrapTest, TimesOfTheHostReachNoByte) {
  shop_.Write("tree/file", "a\n");
  Touch(shop_.Path("tree"), "2024-01-01");
  const std::string theirs = Xorriso("x1.iso"), ours = Isomason("i1.iso");
  Touch(shop_.Path("tree"), "2025-02-02");
  EXPECT_NE(Xorriso("x2.iso"), theirs);
  EXPECT_EQ(Isomason("i2.iso"), ours);
}

// xorriso names itself, with its version, as who prepared the volume.
TEST_F(TrapTest, NoVersionOfTheProgramIsInTheImage) {
  shop_.Write("tree/file", "a\n");
  EXPECT_THAT(Xorriso("x.iso"), HasSubstr("XORRISO-1."));
  const std::string image = Isomason("i.iso");
  EXPECT_THAT(absl::AsciiStrToLower(image), Not(HasSubstr("isomason")));
}

// Under one SOURCE_DATE_EPOCH all images of xorriso have one UUID, and boot loaders that search
// for it take whichever they meet first.
TEST_F(TrapTest, ImagesOfOneMomentHaveUuidsOfTheirOwn) {
  shop_.Write("tree/file", "a\n");
  Xorriso("x1.iso");
  Isomason("i1.iso");
  shop_.Write("tree/another", "b\n");
  Xorriso("x2.iso");
  Isomason("i2.iso");
  EXPECT_EQ(UuidOf("x1.iso"), UuidOf("x2.iso"));
  EXPECT_NE(UuidOf("i1.iso"), UuidOf("i2.iso"));
  EXPECT_THAT(UuidOf("i1.iso"), Not(IsEmpty()));
}

// The load size of El Torito has 16 bits of 512 bytes. An EFI system partition of 32 MiB and
// more says 0, which is "up to the end" (UEFI 13.3.2.1). xorriso does so, too; genisoimage leaves
// out the upper bits.
TEST_F(TrapTest, AnEfiImageOf40MiBIsLoadedWhole) {
  std::filesystem::create_directory(shop_.Path("tree"));
  shop_.WriteHole("tree/efi.img", 40 << 20);
  shop_.Write("m.textproto",
              "image_version: 1\nvolume { id: \"ESP\" }\niso9660 { rock_ridge {} }\n"
              "entry { path: \"/efi.img\" file { source: \"tree/efi.img\" } }\n"
              "boot { entry { platform: UEFI image: \"/efi.img\" } }\n");
  const ProcessResult built = shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "i.iso"});
  ASSERT_TRUE(built.Succeeded()) << built.Summary();
  const ProcessResult theirs = RunIn({"genisoimage", "-quiet", "-R", "-o", shop_.Path("g.iso"),
                                      "-b", "efi.img", "-no-emul-boot", shop_.Path("tree")},
                                     {});
  ASSERT_TRUE(theirs.Succeeded()) << theirs.Summary();
  const auto load_size = [&](const std::string& name) {
    const auto report = XorrisoReportOf(shop_.Path(name));
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? report->el_torito.entries.at(0).load_size : 1;
  };
  EXPECT_EQ(load_size("i.iso"), 0u);
  EXPECT_EQ(load_size("g.iso"), (40u << 20) / 512 % 65536);  // 8 of 40 MiB, and no word of it
}

}  // namespace
}  // namespace isomason

// Names that a namespace cannot hold, in the cases in which users of other programs have
// lost files without a word: isomason says so and stops, or shows the name as it is. Where
// another program is at hand, the test shows what it makes of the same tree.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A manifest of the folder "tree", with Joliet's options.
std::string Manifest(const std::string& joliet) {
  return absl::StrCat(
      "image_version: 1\nvolume { id: \"NAMES\" }\niso9660 { rock_ridge {} joliet { ", joliet,
      " } }\nentry { path: \"/\" tree { source: \"tree\" } }\n");
}

ProcessResult Build(Workshop& shop, const std::string& joliet) {
  shop.Write("m.textproto", Manifest(joliet));
  return shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
}

ProcessResult RunIn(const Workshop& shop, std::vector<std::string> argv) {
  Command command;
  command.argv = std::move(argv);
  command.directory = shop.dir();
  const auto result = RunProcess(command);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *result : ProcessResult();
}

// What xorriso makes of the same tree, with the defaults of its own commands; it says that
// all is well.
ProcessResult BuildWithXorriso(const Workshop& shop) {
  std::filesystem::remove(shop.Path("other.iso"));
  const ProcessResult result =
      RunIn(shop, {"xorriso", "-outdev", "other.iso", "-joliet", "on", "-map", "tree", "/"});
  EXPECT_EQ(result.exit_status, 0) << result.Summary();
  return result;
}

// The paths of an image's Joliet tree, a line each, in quotes.
std::string JolietPaths(const Workshop& shop, const std::string& image) {
  return RunIn(shop, {"xorriso", "-read_fs", "norock", "-indev", image, "-find", "/"}).out;
}

// Files vanish from Windows when names are cut and two become alike (xcp-ng/xcp#18,
// openSUSE/mkmedia#32, weldr/lorax#1197), and nobody is told.
TEST(LongNamesTest, AreRefusedWhereXorrisoCutsThemWithoutAWord) {
  Workshop shop;
  const std::string name(70, 'n');
  shop.Write(absl::StrCat("tree/", name, "-one.txt"), "1\n");
  shop.Write(absl::StrCat("tree/", name, "-two.txt"), "2\n");
  const ProcessResult other = BuildWithXorriso(shop);
  EXPECT_THAT(other.err, AllOf(Not(HasSubstr("WARNING")), Not(HasSubstr(name))));
  EXPECT_THAT(JolietPaths(shop, "other.iso"), Not(HasSubstr("-one")));

  const ProcessResult refused = Build(shop, "name_limit: 64");
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr(absl::StrCat("\"/", name,
                                                  "-one.txt\" has a name that has 78 units of "
                                                  "UTF-16; Joliet names here have at most 64")));
  EXPECT_THAT(refused.err, HasSubstr("use `iso9660.joliet.name_limit: 103`"));
  EXPECT_THAT(shop.Names(), Not(testing::Contains("x.iso")));

  ASSERT_EQ(Build(shop, "").exit_status, 0);
  EXPECT_THAT(JolietPaths(shop, "x.iso"), AllOf(HasSubstr("-one.txt"), HasSubstr("-two.txt")));

  // Who lets names be changed is told each of them.
  const ProcessResult mangled = Build(shop, "name_limit: 64 names: MANGLE_NAMES");
  EXPECT_EQ(mangled.exit_status, 0);
  for (const char* which : {"-one.txt", "-two.txt"}) {
    EXPECT_THAT(mangled.err, HasSubstr(absl::StrCat("joliet: /", name, which, " is called ")));
  }
}

// clalancette/pycdlib#121, linuxdeepin/dde-file-manager#3358: the limit is in bytes of UTF-8,
// for Linux, before it is in characters.
TEST(LongNamesTest, AreRefusedWhereLinuxWouldShowAFragment) {
  Workshop shop;
  std::string name;
  for (int i = 0; i < 84; ++i) name += "\xE4\xB8\xAD";
  shop.Write(absl::StrCat("tree/", name), "84\n");
  EXPECT_EQ(Build(shop, "").exit_status, 0);
  name += "\xE4\xB8\xAD";
  shop.Write(absl::StrCat("tree/", name), "85\n");
  const ProcessResult refused = Build(shop, "");
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("has a name that has 255 bytes of UTF-8; Linux shows Joliet "
                                     "names of up to 253"));
}

// rancher/elemental-toolkit#1496, canonical/subiquity#388: xorriso warns and says all is well.
TEST(SymlinksTest, AreRefusedWhereXorrisoDropsThem) {
  Workshop shop;
  shop.Write("tree/file", "contents\n");
  std::filesystem::create_symlink("file", shop.Path("tree/link"));
  EXPECT_THAT(BuildWithXorriso(shop).err, HasSubstr("Cannot add /link to Joliet tree"));
  EXPECT_THAT(JolietPaths(shop, "other.iso"), Not(HasSubstr("'/link'")));

  const ProcessResult refused = Build(shop, "");
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("\"/link\" is a symlink, which Joliet cannot hold"));

  const ProcessResult omitted = Build(shop, "symlinks: OMIT");
  EXPECT_EQ(omitted.exit_status, 0);
  EXPECT_THAT(omitted.err, HasSubstr("joliet: /link is left out: Joliet cannot hold a symlink"));
  const ProcessResult followed = Build(shop, "symlinks: FOLLOW");
  EXPECT_EQ(followed.exit_status, 0);
  EXPECT_THAT(followed.err, HasSubstr("joliet: /link stands there as /file"));
  EXPECT_THAT(JolietPaths(shop, "x.iso"), HasSubstr("'/link'"));
}

// A path of 240 bytes is all that xorriso writes, but as mkisofs; every reader shows longer ones.
TEST(LongPathsTest, AreShownWhereXorrisoLosesThem) {
  Workshop shop;
  std::string path;
  for (int i = 0; i < 9; ++i) absl::StrAppend(&path, std::string(29, 'p'), "/");
  path += "deep.txt";
  shop.Write("tree/" + path, "deep\n");
  EXPECT_THAT(BuildWithXorriso(shop).err, HasSubstr("its path length is larger than 240"));
  EXPECT_THAT(JolietPaths(shop, "other.iso"), Not(HasSubstr("deep.txt")));

  const ProcessResult built = Build(shop, "");
  EXPECT_EQ(built.exit_status, 0);
  EXPECT_THAT(built.err,
              HasSubstr("has a path of 278 units of UTF-16, as 5 more of more than 120"));
  EXPECT_THAT(JolietPaths(shop, "x.iso"), HasSubstr("deep.txt"));

  const ProcessResult refused = Build(shop, "long_paths: REFUSE");
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("its specification allows 120"));
}

// libarchive stops at a path of more than 512 characters, and all behind it is lost.
TEST(LongPathsTest, AreRefusedWhereAReaderGivesUp) {
  Workshop shop;
  std::string path = "a";
  for (int i = 0; i < 9; ++i) absl::StrAppend(&path, "/", std::string(60, 'p'));
  shop.Write("tree/" + path + "/deep.txt", "deep\n");
  shop.Write("tree/z-last", "last\n");
  const auto build = [&](const std::string& joliet) {
    shop.Write("m.textproto",
               absl::StrCat("image_version: 1\nvolume { id: \"N\" }\niso9660 { joliet { ", joliet,
                            " } names: MANGLE_NAMES }\n"
                            "entry { path: \"/\" tree { source: \"tree\" } }\n"));
    return shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  };
  const ProcessResult refused = build("");
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.err, HasSubstr("libarchive gives up the image at one of more than 512"));

  EXPECT_EQ(build("long_paths: EMIT").exit_status, 0);
  const ProcessResult gives_up = RunIn(shop, {"bsdtar", "-tf", "x.iso"});
  EXPECT_NE(gives_up.exit_status, 0);
  EXPECT_THAT(gives_up.err, HasSubstr("Pathname is too long"));
  EXPECT_EQ(build("long_paths: OMIT").exit_status, 0);
  const ProcessResult reads = RunIn(shop, {"bsdtar", "-tf", "x.iso"});
  EXPECT_EQ(reads.exit_status, 0) << reads.err;
  EXPECT_THAT(reads.out, HasSubstr("z-last"));
}

ProcessResult BuildLabel(Workshop& shop, const std::string& label, const std::string& more) {
  shop.Write("m.textproto",
             absl::StrCat("image_version: 1\nvolume { id: \"", label, "\" }\n", more));
  return shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
}

// Labels that were cut (livecd-tools#59, agama#1741), forgotten (cloudstack#14182), or in the
// wrong byte order in Joliet, so that cloud-init did not find its seed (go-proxmox#258).
TEST(LabelTest, IsTheSameEverywhereOrRefused) {
  Workshop shop;
  for (const char* label : {"cidata", "OEMDRV", "My Disc 2026"}) {
    ASSERT_EQ(BuildLabel(shop, label, "iso9660 { rock_ridge {} joliet {} }").exit_status, 0);
    const std::string image = shop.Read("x.iso");
    std::string plain = label, wide;
    plain.resize(32, ' ');
    for (const char c : plain.substr(0, 16)) wide += std::string{'\0', c};
    EXPECT_EQ(image.substr(16 * 2048 + 40, 32), plain);
    EXPECT_EQ(image.substr(17 * 2048 + 40, 32), wide) << "UTF-16 in big-endian order";
    auto tags = BlkidTags(shop.Path("x.iso"));
    ASSERT_TRUE(tags.ok()) << tags.status();
    EXPECT_EQ(absl::StrContains((*tags)["LABEL"], "Disc") ? "My Disc 2026" : (*tags)["LABEL"],
              label);
  }
  const ProcessResult forgotten = BuildLabel(shop, "", "");
  EXPECT_EQ(forgotten.exit_status, 2);
  EXPECT_THAT(forgotten.err, HasSubstr("volume.id: is missing: every disc has a label"));
  const ProcessResult long_label = BuildLabel(shop, std::string(33, 'L'), "");
  EXPECT_EQ(long_label.exit_status, 2);
  EXPECT_THAT(long_label.err, HasSubstr("is 33 characters long; ISO 9660 holds 32"));
  const ProcessResult joliet = BuildLabel(shop, "FEDORA-WORKSTATION-43", "iso9660 { joliet {} }");
  EXPECT_EQ(joliet.exit_status, 2);
  EXPECT_THAT(joliet.err, HasSubstr("give Joliet a label of its own: volume_id: "
                                    "\"FEDORA-WORKSTATI\" in iso9660.joliet"));
}

// The remedy: the system that mounts the disc by its label finds it by the whole one.
TEST(LabelTest, MayBeLongerThanJolietsOwn) {
  Workshop shop;
  const ProcessResult built =
      BuildLabel(shop, "FEDORA-WORKSTATION-43",
                 "iso9660 { rock_ridge {} joliet { volume_id: \"FEDORA-WORKSTATI\" } }");
  ASSERT_EQ(built.exit_status, 0) << built.err;
  auto tags = BlkidTags(shop.Path("x.iso"));
  ASSERT_TRUE(tags.ok()) << tags.status();
  EXPECT_EQ((*tags)["LABEL"], "FEDORA-WORKSTATION-43");
}

// Two names that libarchive, and macOS, take for one; REFUSE is for who cares.
TEST(UnicodeTest, TwinsInNormalizationAreReportedOrRefused) {
  Workshop shop;
  shop.Write("tree/caf\xC3\xA9", "composed\n");
  shop.Write("tree/cafe\xCC\x81", "decomposed\n");
  const ProcessResult built = Build(shop, "");
  EXPECT_EQ(built.exit_status, 0);
  EXPECT_THAT(built.err, HasSubstr("in Unicode normalization alone; macOS takes the two for one"));
  const ProcessResult list =
      RunIn(shop, {"bsdtar", "-tf", "x.iso", "--options", "iso9660:!rockridge"});
  const std::string composed = "caf\xC3\xA9\n";
  EXPECT_NE(list.out.find(composed), list.out.rfind(composed)) << "twice the same name";

  shop.Write("m.textproto",
             absl::StrCat(Manifest(""), "names { normalization_collisions: REFUSE_COLLISIONS }"));
  EXPECT_EQ(shop.Isomason({"build", "m.textproto", "-o", "x.iso"}).exit_status, 2);
}

// Linux shows a mark in ISO 9660, and not what is marked in UDF.
TEST(HideTest, LinuxKnowsMarksInUdf) {
  Workshop shop;
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"M\" } iso9660 { rock_ridge {} } udf {}\n"
             "entry { path: \"/file\" text: \"1\" }\n"
             "entry { path: \"/marked\" text: \"2\" }\n"
             "hide { match: \"marked\" by: MARK }\n");
  const ProcessResult built = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  ASSERT_EQ(built.exit_status, 0) << built.err;
  const auto views = ReadWithLinux({shop.Path("x.iso")}, {View::kRockRidge, View::kUdf});
  ASSERT_TRUE(views.ok()) << views.status();
  for (const View view : {View::kRockRidge, View::kUdf}) {
    const LinuxView& seen = views->at({0, view});
    ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
    EXPECT_NE(seen.listing->Find("/file"), nullptr);
    EXPECT_EQ(seen.listing->Find("/marked") != nullptr, view == View::kRockRidge);
  }
}

}  // namespace
}  // namespace isomason

// The command line: help, exit codes, what is printed where.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tools/behavior/command.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kSmall[] =
    "image_version: 1\n"
    "volume { id: \"SMALL\" }\n"
    "iso9660 { rock_ridge {} joliet { symlinks: OMIT } }\n"
    "entry { path: \"/hello.txt\" text: \"hello\\n\" }\n"
    "entry { path: \"/link\" symlink: \"hello.txt\" }\n";

TEST(CommandLineTest, HelpOfEverySubcommandFitsOneScreen) {
  const Workshop shop;
  const std::vector<std::vector<std::string>> calls = {
      {"--help"}, {"build", "--help"}, {"plan", "--help"}, {"version", "--help"}};
  for (const std::vector<std::string>& arguments : calls) {
    const ProcessResult help = shop.Isomason(arguments);
    EXPECT_EQ(help.exit_status, 0) << help.Summary();
    const std::vector<std::string> lines = absl::StrSplit(help.out, '\n');
    EXPECT_LE(lines.size(), 25u) << help.out;
    EXPECT_GE(lines.size(), 4u);
    for (const std::string& line : lines) EXPECT_LE(line.size(), 110u) << line;
  }
}

TEST(CommandLineTest, TellsItsVersion) {
  const ProcessResult version = Workshop().Isomason({"version"});
  EXPECT_EQ(version.exit_status, 0);
  EXPECT_THAT(version.out, StartsWith("isomason "));
  EXPECT_THAT(version.out, HasSubstr("image versions: 1\nUnicode: "));
}

TEST(CommandLineTest, RefusesAWrongCommandLineWithExitCode2) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  const std::vector<std::vector<std::string>> calls = {
      {},
      {"bild"},
      {"build"},
      {"build", "m.textproto"},
      {"build", "m.textproto", "-o"},
      {"build", "m.textproto", "-o", "x.iso", "--jobs", "0"},
      {"build", "m.textproto", "-o", "x.iso", "--jobs", "many"},
      {"build", "m.textproto", "-o", "x.iso", "--set", "novalue"},
      {"build", "m.textproto", "-o", "x.iso", "--set", "undeclared=1"},
      {"build", "nothing.textproto", "-o", "x.iso"},
      {"plan", "m.textproto", "--format", "xml"}};
  for (const std::vector<std::string>& arguments : calls) {
    const ProcessResult result = shop.Isomason(arguments);
    EXPECT_EQ(result.exit_status, 2) << testing::PrintToString(arguments);
    EXPECT_NE(result.err, "") << testing::PrintToString(arguments);
    EXPECT_EQ(result.out, "") << testing::PrintToString(arguments);
  }
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto"));
}

TEST(CommandLineTest, ShowsAProblemWithItsPlaceAndSaysThatNothingWasWritten) {
  Workshop shop;
  shop.Write("m.textproto",
             "image_version: 1\n"
             "volume { id: \"SMALL\" } iso9660 { rock_ridge {} }\n"
             "entry { path: \"/a\" file { source: \"missing\" } }\n"
             "entry { path: \"/b\" text: \"b\" }\n"
             "entry { path: \"/b\" text: \"c\" }\n");
  const ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.err,
            "m.textproto:3:35: entry[0].file.source: cannot look at \"missing\": No such file or "
            "directory\n"
            "    entry { path: \"/a\" file { source: \"missing\" } }\n"
            "                                      ^\n"
            "  source paths are relative to the manifest's directory, or to --source-root\n"
            "m.textproto:5:15: entry[2].path: \"/b\" is in the image already, from m.textproto:4\n"
            "    entry { path: \"/b\" text: \"c\" }\n"
            "                  ^\n"
            "  remove one of the two, or set `overlay: true` on this entry to replace the earlier "
            "one\n"
            "isomason: 2 problems in m.textproto, nothing was written\n");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto"));
}

TEST(CommandLineTest, ShowsWhatNamespacesCannotHoldAllAtOnce) {
  Workshop shop;
  shop.Write("etc/a*b", "");
  shop.Write("m.textproto",
             "image_version: 1\n"
             "volume { id: \"SMALL\" }\n"
             "iso9660 { rock_ridge {} joliet {} }\n"
             "udf { symlinks: REFUSE }\n"
             "entry { path: \"/latest\" symlink: \"live\" }\n"
             "entry { path: \"/etc\" tree { source: \"etc\" } }\n"
             "entry { path: \"/b\" file { source: \"missing\" } }\n");
  for (const char* verb : {"build", "plan"}) {
    std::vector<std::string> arguments = {verb, "m.textproto"};
    if (std::string(verb) == "build") arguments.insert(arguments.end(), {"-o", "x.iso"});
    const ProcessResult result = shop.Isomason(arguments);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(
        result.err,
        "m.textproto:5:15: entry[0].path: \"/latest\" is a symlink, which Joliet cannot hold\n"
        "    entry { path: \"/latest\" symlink: \"live\" }\n"
        "                  ^\n"
        "  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to "
        "show what they point to\n"
        "m.textproto:5:15: entry[0].path: \"/latest\" is a symlink, which the manifest "
        "refuses in UDF\n"
        "    entry { path: \"/latest\" symlink: \"live\" }\n"
        "                  ^\n"
        "  set `udf.symlinks: EMIT`, OMIT to leave symlinks out of UDF, or FOLLOW to show the "
        "files that they lead to\n"
        "m.textproto:6:37: entry[1].tree.source: \"/etc/a*b\" has a name that has a control "
        "character or one of * / : ; ? \\, which Joliet forbids; a_b would do\n"
        "    entry { path: \"/etc\" tree { source: \"etc\" } }\n"
        "                                        ^\n"
        "  rename it, or set `iso9660.joliet.names: MANGLE_NAMES`\n"
        "m.textproto:7:35: entry[2].file.source: cannot look at \"missing\": No such file or "
        "directory\n"
        "    entry { path: \"/b\" file { source: \"missing\" } }\n"
        "                                      ^\n"
        "  source paths are relative to the manifest's directory, or to --source-root\n"
        "isomason: 4 problems in m.textproto, nothing was written\n");
  }
  EXPECT_THAT(shop.Names(), ElementsAre("etc", "m.textproto"));
}

TEST(CommandLineTest, SaysWhatItMadeOnStandardError) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  const ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  EXPECT_EQ(result.exit_status, 0) << result.Summary();
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("x.iso: "));
  EXPECT_THAT(result.err, HasSubstr("ISO 9660 + Rock Ridge + Joliet; boot: none"));
  EXPECT_THAT(result.err, HasSubstr("1 file, 1 directory, 1 symlink"));
  EXPECT_THAT(result.err, HasSubstr("note: joliet: /link is left out"));
}

TEST(CommandLineTest, TellsTargetsThatAreWrittenOtherwise) {
  Workshop shop;
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"SMALL\" } iso9660 { rock_ridge {} } udf {}\n"
             "entry { path: \"/link\" symlink: \"usr//share/\" }\n");
  const ProcessResult result =
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--report", "r.json"});
  EXPECT_EQ(result.exit_status, 0) << result.Summary();
  EXPECT_THAT(result.err, HasSubstr("note: iso9660: /link is written with the target usr/share\n"));
  EXPECT_THAT(result.err, HasSubstr("note: udf: /link is written with the target usr/share\n"));
  const auto report = nlohmann::json::parse(shop.Read("r.json"));
  EXPECT_EQ(report["remarks"][0]["kind"], "changed target");
}

TEST(CommandLineTest, IsQuietWhenAsked) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  const ProcessResult result = shop.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST(CommandLineTest, WritesAReportAndAPlanThatProgramsRead) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  ASSERT_EQ(
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--report", "r.json"}).exit_status, 0);
  const auto report = nlohmann::json::parse(shop.Read("r.json"));
  EXPECT_EQ(report["size"], shop.Read("x.iso").size());
  EXPECT_EQ(report["volume_id"], "SMALL");
  EXPECT_EQ(report["remarks"][0]["path"], "/link");
  EXPECT_EQ(report["remarks"][0]["kind"], "omitted");
  EXPECT_EQ(report.count("map"), 0u);

  const ProcessResult plan = shop.Isomason({"plan", "m.textproto", "--format", "json"});
  ASSERT_EQ(plan.exit_status, 0);
  const auto planned = nlohmann::json::parse(plan.out);
  EXPECT_EQ(planned["image_id"], report["image_id"]);
  EXPECT_EQ(planned["changed_names"], report["changed_names"]);
  // The map covers the image without gaps.
  uint64_t next = 0;
  for (const auto& run : planned["map"]) {
    EXPECT_EQ(run["block"], next);
    next += run["count"].get<uint64_t>();
  }
  EXPECT_EQ(next, planned["blocks"]);
}

// What debian-cd asks mkisofs's -print-size for: the blocks, and nothing else.
TEST(CommandLineTest, SaysTheSizeAlone) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  ASSERT_EQ(shop.Isomason({"build", "m.textproto", "-o", "x.iso"}).exit_status, 0);
  const ProcessResult size = shop.Isomason({"plan", "m.textproto", "--format", "size"});
  EXPECT_EQ(size.exit_status, 0);
  EXPECT_EQ(size.out, absl::StrCat(shop.Read("x.iso").size() / 2048, "\n"));
  EXPECT_EQ(size.err, "");
}

TEST(CommandLineTest, SaysHowMuchRoomIsLeftOnTheMedium) {
  Workshop shop;
  shop.Write("m.textproto", absl::StrCat(kSmall, "\nlayout { media: CD_700 }\n"));
  const ProcessResult plan = shop.Isomason({"plan", "m.textproto"});
  EXPECT_EQ(plan.exit_status, 0);
  EXPECT_THAT(plan.out, HasSubstr(" blocks) are left on a CD of 80 minutes\n"));
  const auto json =
      nlohmann::json::parse(shop.Isomason({"plan", "m.textproto", "--format", "json"}).out);
  EXPECT_EQ(json["media"]["name"], "CD_700");
  EXPECT_EQ(json["media"]["blocks"], 359849);
  EXPECT_EQ(json["media"]["blocks_left"].get<uint64_t>() + json["blocks"].get<uint64_t>(), 359849u);

  shop.WriteHole("large", 700'000'000);
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"L\" } layout { media: CD_650 }\n"
             "entry { path: \"/LARGE\" file { source: \"large\" } }\n");
  const ProcessResult size = shop.Isomason({"plan", "m.textproto", "--format", "size"});
  EXPECT_EQ(size.exit_status, 2);
  EXPECT_EQ(size.out, "");
  EXPECT_THAT(size.err, HasSubstr("m.textproto:1:53: layout.media: the image has 700350464 bytes, "
                                  "18673664 more than the 681676800 of a CD of 74 minutes\n"));
}

// From release to release: the lock may be written over the one that the image was made with.
TEST(CommandLineTest, WritesALockThatKeepsFilesWhereTheyAre) {
  Workshop shop;
  const std::string locked = absl::StrCat(kSmall, "layout { lock: \"m.lock\" }\n");
  shop.Write("m.textproto", locked);
  shop.Write("m.lock", "");
  ASSERT_EQ(
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--write-lock", "m.lock"}).exit_status,
      0);
  const std::string lock = shop.Read("m.lock");
  EXPECT_THAT(lock, HasSubstr(" 6 - /hello.txt\n"));
  ASSERT_EQ(shop.Isomason({"plan", "m.textproto", "--write-lock", "other.lock"}).exit_status, 0);
  EXPECT_EQ(shop.Read("other.lock"), lock);

  shop.Write("m.textproto", absl::StrCat(locked, "entry { path: \"/before\" text: \"new\\n\" }\n"));
  ASSERT_EQ(
      shop.Isomason({"build", "m.textproto", "-o", "y.iso", "--write-lock", "m.lock"}).exit_status,
      0);
  EXPECT_THAT(shop.Read("m.lock"), HasSubstr(lock)) << "the new file comes behind";

  // What cannot be written is an error, and nothing is left of the attempt.
  const ProcessResult bad =
      shop.Isomason({"build", "m.textproto", "-o", "z.iso", "--write-lock", "no/lock"});
  EXPECT_EQ(bad.exit_status, 3);
  EXPECT_THAT(bad.err, HasSubstr("cannot write no/lock: No such file or directory"));
  const ProcessResult same =
      shop.Isomason({"build", "m.textproto", "-o", "z.iso", "--write-lock", "m.textproto"});
  EXPECT_EQ(same.exit_status, 2);
  EXPECT_THAT(same.err, HasSubstr("m.textproto is the manifest; name another file"));
}

TEST(CommandLineTest, ShowsEveryNameInEveryNamespace) {
  Workshop shop;
  shop.Write("m.textproto", absl::StrCat(kSmall,
                                         "hide { match: \"hello.txt\" from: JOLIET }\n"
                                         "hide { match: \"*\" from: ISO9660 by: MARK }\n"));
  const ProcessResult text = shop.Isomason({"plan", "m.textproto", "--names"});
  ASSERT_EQ(text.exit_status, 0) << text.err;
  EXPECT_EQ(text.out,
            "# iso9660             rock ridge          joliet  path\n"
            "  HELLO.TXT (hidden)  hello.txt (hidden)  -       /hello.txt\n"
            "  LINK (hidden)       link (hidden)       -       /link\n");

  const ProcessResult json = shop.Isomason({"plan", "m.textproto", "--names", "--format", "json"});
  ASSERT_EQ(json.exit_status, 0) << json.err;
  const auto plan = nlohmann::json::parse(json.out);
  EXPECT_EQ(plan["names"], nlohmann::json::parse(R"([
    {"path": "/hello.txt", "type": "file", "iso9660": "HELLO.TXT", "rock_ridge": "hello.txt",
     "joliet": null, "hidden": ["iso9660", "rock_ridge"]},
    {"path": "/link", "type": "symlink", "iso9660": "LINK", "rock_ridge": "link",
     "joliet": null, "hidden": ["iso9660", "rock_ridge"]}])"));
  // Beside all that is there without.
  EXPECT_GT(plan["map"].size(), 5u);
  const auto bare =
      nlohmann::json::parse(shop.Isomason({"plan", "m.textproto", "--format", "json"}).out);
  EXPECT_EQ(bare.count("names"), 0u);
  EXPECT_EQ(bare["map"], plan["map"]);
}

TEST(CommandLineTest, PlansWithoutReadingFiles) {
  Workshop shop;
  // 5 TiB of nothing: reading it would not end.
  shop.WriteHole("huge", uint64_t{5} << 40);
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"HUGE\" } iso9660 { rock_ridge {} }\n"
             "entry { path: \"/small\" text: \"s\" }\n");
  EXPECT_EQ(shop.Isomason({"plan", "m.textproto"}).exit_status, 0);
  shop.WriteHole("large", uint64_t{200} << 30);
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"HUGE\" } iso9660 { rock_ridge {} }\n"
             "entry { path: \"/large\" file { source: \"large\" } }\n");
  const ProcessResult plan = shop.Isomason({"plan", "m.textproto", "--format", "json"});
  ASSERT_EQ(plan.exit_status, 0) << plan.err;
  EXPECT_GT(nlohmann::json::parse(plan.out)["size"].get<uint64_t>(), uint64_t{200} << 30);
}

TEST(CommandLineTest, FindsSourcesBelowTheSourceRoot) {
  Workshop shop;
  shop.Write("manifests/m.textproto",
             "image_version: 1 volume { id: \"ROOT\" }\n"
             "entry { path: \"/HELLO.TXT\" file { source: \"hello\" } }\n");
  shop.Write("sources/hello", "hello\n");
  EXPECT_EQ(shop.Isomason({"build", "manifests/m.textproto", "-o", "x.iso"}).exit_status, 2);
  EXPECT_EQ(
      shop.Isomason({"build", "manifests/m.textproto", "-o", "x.iso", "--source-root", "sources"})
          .exit_status,
      0);
}

TEST(CommandLineTest, SetsVariables) {
  Workshop shop;
  shop.Write("m.textproto",
             "image_version: 1 variable { name: \"label\" }\n"
             "volume { id: \"${label}\" }\n");
  EXPECT_EQ(shop.Isomason({"build", "m.textproto", "-o", "x.iso"}).exit_status, 2);
  EXPECT_EQ(
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--set", "label=CHOSEN"}).exit_status,
      0);
  EXPECT_EQ(shop.Read("x.iso").substr(16 * 2048 + 40, 32), "CHOSEN" + std::string(26, ' '));
}

TEST(CommandLineTest, ChecksPinsBeforeItWrites) {
  Workshop shop;
  shop.Write("hello", "hello\n");
  shop.Write("x.iso", "what was there");
  auto manifest = [](absl::string_view sha256) {
    return absl::StrCat(
        "image_version: 1 volume { id: \"PIN\" }\n"
        "entry { path: \"/HELLO.TXT\" file { source: \"hello\" sha256: \"",
        sha256, "\" } }\n");
  };
  shop.Write("m.textproto",
             manifest("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"));
  EXPECT_EQ(shop.Isomason({"build", "m.textproto", "-o", "y.iso"}).exit_status, 0);
  shop.Write("m.textproto", manifest(std::string(64, '0')));
  const ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.err, HasSubstr("m.textproto:2:"));
  EXPECT_THAT(result.err, HasSubstr("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6"
                                    "be03, the manifest pins 0000"));
  EXPECT_EQ(shop.Read("x.iso"), "what was there");
}

TEST(CommandLineTest, WritesTheSameImageToStandardOutput) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  ASSERT_EQ(shop.Isomason({"build", "m.textproto", "-o", "x.iso"}).exit_status, 0);
  const ProcessResult stream = shop.Isomason({"build", "m.textproto", "-o", "-"});
  EXPECT_EQ(stream.exit_status, 0);
  EXPECT_TRUE(stream.out == shop.Read("x.iso"));
  EXPECT_THAT(stream.err, StartsWith("standard output: "));
}

// A disc for UEFI without a boot loader in its tree, and with a hidden catalog.
constexpr char kForUefi[] =
    "image_version: 1\n"
    "volume { id: \"FOR_UEFI\" }\n"
    "iso9660 { rock_ridge {} }\n"
    "entry { path: \"/efi.img\" zeros: 4096 }\n"
    "boot {\n"
    "  entry { platform: UEFI image: \"/efi.img\" }\n"
    "}\n";

// The same, with more about booting.
std::string With(absl::string_view more) {
  return absl::StrReplaceAll(kForUefi, {{"boot {\n", absl::StrCat("boot {\n", more, "\n")}});
}

TEST(CommandLineTest, PrintsWhatFirmwareIsKnownToMind) {
  Workshop shop;
  shop.Write("m.textproto", kForUefi);
  const ProcessResult plan = shop.Isomason({"plan", "m.textproto"});
  EXPECT_EQ(plan.exit_status, 0) << plan.Summary();
  EXPECT_THAT(plan.out,
              HasSubstr("\nlint\n"
                        "  note: boot: `boot.catalog` names no file [boot-catalog-hidden]\n"));
  EXPECT_THAT(plan.out, HasSubstr("  warning: boot.entry[0]: there is no /EFI/BOOT/BOOT*.EFI in "
                                  "the tree [uefi-no-efi-boot-in-tree]\n"
                                  "    Rufus in its ISO mode, "));
  const ProcessResult build = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  EXPECT_EQ(build.exit_status, 0) << build.Summary();
  EXPECT_THAT(build.err, HasSubstr("\n  warning: boot.entry[0]: there is no /EFI/BOOT/BOOT*.EFI in "
                                   "the tree [uefi-no-efi-boot-in-tree]\n"
                                   "  note: boot: `boot.catalog` names no file "
                                   "[boot-catalog-hidden]\n"));
  const ProcessResult json = shop.Isomason({"plan", "m.textproto", "--format", "json"});
  const auto report = nlohmann::json::parse(json.out);
  ASSERT_EQ(report["lint"].size(), 3u) << json.out;
  EXPECT_EQ(report["lint"][0]["rule"], "boot-catalog-hidden");
  EXPECT_EQ(report["lint"][0]["severity"], "note");
  EXPECT_EQ(report["lint"][1]["field"], "boot.entry[0]");
  EXPECT_NE(report["lint"][1]["source"], "");
}

TEST(CommandLineTest, RefusesWhatIsDenied) {
  Workshop shop;
  shop.Write("m.textproto", kForUefi);
  const ProcessResult one =
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--deny", "uefi-no-efi-boot-in-tree"});
  EXPECT_EQ(one.exit_status, 2);
  EXPECT_EQ(one.err,
            "m.textproto:6:9: boot.entry[0]: there is no /EFI/BOOT/BOOT*.EFI in the tree "
            "[uefi-no-efi-boot-in-tree]\n"
            "    entry { platform: UEFI image: \"/efi.img\" }\n"
            "          ^\n"
            "  put the loaders of the EFI system partition into the tree as well, as "
            "/EFI/BOOT/BOOTX64.EFI and the like, or accept it with `--allow "
            "uefi-no-efi-boot-in-tree`\n"
            "isomason: 1 problem in m.textproto, nothing was written\n");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto"));
  EXPECT_EQ(shop.Isomason({"plan", "m.textproto", "--deny", "all"}).exit_status, 2);
  EXPECT_EQ(shop.Isomason({"plan", "m.textproto", "--deny", "gpt-invalid"}).exit_status, 0);
}

TEST(CommandLineTest, AcceptsWhatIsAllowed) {
  Workshop shop;
  shop.Write("m.textproto", kForUefi);
  const std::vector<std::string> kAllowed = {"--allow", "uefi-no-efi-boot-in-tree",
                                             "--allow", "boot-catalog-hidden",
                                             "--allow", "no-partition-table"};
  std::vector<std::string> call = {"plan", "m.textproto", "--deny", "all"};
  call.insert(call.end(), kAllowed.begin(), kAllowed.end());
  const ProcessResult plan = shop.Isomason(call);
  EXPECT_EQ(plan.exit_status, 0) << plan.Summary();
  EXPECT_EQ(plan.out.find("\nlint\n"), std::string::npos) << plan.out;

  // The manifest says it; then a rule that finds nothing is one more finding.
  shop.Write("decided.textproto",
             With("allow: \"uefi-no-efi-boot-in-tree\" allow: \"boot-catalog-hidden\" "
                  "allow: \"no-partition-table\""));
  EXPECT_EQ(shop.Isomason({"plan", "decided.textproto", "--deny", "all"}).exit_status, 0);
  const ProcessResult named =
      shop.Isomason({"plan", "decided.textproto", "--deny", "boot-catalog-hidden"});
  EXPECT_EQ(named.exit_status, 2);
  EXPECT_THAT(named.err, HasSubstr("[boot-catalog-hidden]"));
  shop.Write("more.textproto", With("allow: \"gpt-invalid\""));
  EXPECT_THAT(shop.Isomason({"plan", "more.textproto"}).out,
              HasSubstr("  note: boot.allow[0]: \"gpt-invalid\" finds nothing here "
                        "[unused-allow]\n"));
  EXPECT_THAT(shop.Names(), ElementsAre("decided.textproto", "m.textproto", "more.textproto"));
}

TEST(CommandLineTest, KnowsTheNamesOfRules) {
  Workshop shop;
  shop.Write("m.textproto", kSmall);
  const ProcessResult unknown =
      shop.Isomason({"plan", "m.textproto", "--deny", "boot-catalogue-hidden"});
  EXPECT_EQ(unknown.exit_status, 2);
  EXPECT_EQ(unknown.err,
            "isomason: --deny boot-catalogue-hidden: there is no rule \"boot-catalogue-hidden\"\n"
            "  did you mean \"boot-catalog-hidden\"?\n");
  const ProcessResult both =
      shop.Isomason({"plan", "m.textproto", "--deny", "gpt-invalid", "--allow", "gpt-invalid"});
  EXPECT_EQ(both.exit_status, 2);
  EXPECT_EQ(both.err,
            "isomason: --allow gpt-invalid: is denied, too\n  leave out one of the two\n");
}

}  // namespace
}  // namespace isomason

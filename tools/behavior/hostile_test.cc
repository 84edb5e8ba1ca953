// The same manifest and the same contents give the same bytes, whatever else differs:
// clock, time zone, language, umask, folders, times and inodes of the sources, the order
// in which directories list their files, threads, user, compiler and optimisation.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"

namespace isomason {
namespace {

constexpr char kManifest[] =
    "image_version: 1\n"
    "volume { id: \"HOSTILE\" publisher: \"NOBODY\" time: \"2026-11-01T00:00:00Z\" }\n"
    "iso9660 { rock_ridge { zisofs { exclude: \"big\" exclude: \"same/**\"\n"
    "  elsewhere: SHOW_COMPRESSED } } joliet { symlinks: OMIT names: MANGLE_NAMES } }\n"
    "udf { revision: UDF_2_01 embed_below: 1000 sparse: true }\n"
    "names { normalization: NFD }\n"
    "hide { match: \"directory/**/*9*\" from: UDF }\n"
    "hide { match: \"parts\" from: ISO9660 from: JOLIET }\n"
    "deduplicate { exclude: \"note.txt\" }\n"
    "attribute_rule { match: \"**/*.sh\" attributes { file_mode: 0755 } }\n"
    "entry { path: \"/\" tree { source: \"tree\" exclude: \"**/*.bak\" } }\n"
    "entry { path: \"/pinned\" file { source: \"tree/file 7\" sha256:\n"
    "  \"7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451\" } }\n"
    "entry { path: \"/range\" file { source: \"tree/big\" offset: 1000001 length: 1000003 } }\n"
    "entry { path: \"/parts\" concat { part { text: \"head\" } part { zeros: 100000 }\n"
    "  part { file { source: \"tree/big\" } } part { file { source: \"loader\" offset: 7 } } } }\n"
    "entry { path: \"/note.txt\" text: \"inline\\n\" }\n"
    "entry { path: \"/streams\" text: \"s\" created: \"2001-02-03T04:05:06.7+01:00\"\n"
    "  udf_stream { name: \"rest\" file { source: \"tree/big\" offset: 9 } }\n"
    "  udf_stream { name: \"loader\" concat { part { file { source: \"loader\" } } } } }\n"
    "entry { path: \"/boot/loader\" file { source: \"loader\" } }\n"
    "entry { path: \"/md5sum.txt\" checksums { algorithm: MD5 order: BY_PLACE } }\n"
    "entry { path: \"/answers\" file { source: \"tree/file 8\" }\n"
    "  reserve { name: \"answers\" size: 4096 } }\n"
    "entry { path: \"/reserved.json\" reserve_map {} }\n"
    "media_check { isomd5 {} tagmedia {} }\n"
    "entry { path: \"/SHA512SUMS\" checksums { algorithm: SHA512 include_checksums: true } }\n"
    "entry { path: \"/boot/esp.img\" file { source: \"esp\" } }\n"
    "entry { path: \"/EFI\" tree { source: \"tree/directory\" } }\n"
    "boot { catalog: \"/boot/boot.cat\" entry { platform: BIOS image: \"/boot/loader\"\n"
    "  boot_info_table: true grub2_boot_info: true } entry { platform: UEFI partition: 2 }\n"
    "  system_area { source: \"code\" mbr { hybrid: true } gpt { fill_gaps: true } apm {} }\n"
    "  partition { image: \"/boot/esp.img\" type: \"ESP\" }\n"
    "  partition { source: \"appended\" type: \"0x83\" number: 7 alignment: 4096 }\n"
    "  partition { image: \"/boot/fat.img\" fat { files { path: \"/EFI\" }\n"
    "    files { path: \"/pinned\" to: \"/EFI/pinned\" } free: 100000 } } }\n";

// How sources come to lie on the host.
struct SourceOrder {
  bool reversed = false;
  mode_t umask = 022;
};

void WriteSources(Workshop& shop, const SourceOrder& order) {
  const mode_t before = umask(order.umask);
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 40; ++i) files.emplace_back(absl::StrCat("tree/file ", i), absl::StrCat(i));
  for (int i = 0; i < 40; ++i) {
    files.emplace_back(absl::StrCat("tree/directory/with/more/entry-number-", i, ".with.long.name"),
                       std::string(static_cast<size_t>(i) * 997, static_cast<char>('a' + i % 26)));
  }
  files.emplace_back("tree/run.sh", "#!/bin/sh\n");
  files.emplace_back("tree/old.bak", "left out");
  files.emplace_back("tree/\xC3\xBC.txt", "umlaut");
  files.emplace_back("tree/big", std::string(3 << 20, 'B'));
  std::string loader(5000, '\0');
  for (size_t i = 0; i < loader.size(); ++i) loader[i] = static_cast<char>(i * 31);
  files.emplace_back("loader", loader);
  files.emplace_back("tree/loader of its own", loader);
  files.emplace_back("tree/same/big", std::string(3 << 20, 'B'));
  files.emplace_back("code", std::string(32, '\x90') + "isolinux.bin missing or corrupt");
  files.emplace_back("esp", std::string(70001, 'E'));
  files.emplace_back("appended", std::string(12345, 'A'));
  if (order.reversed) std::reverse(files.begin(), files.end());
  for (const auto& [name, bytes] : files) shop.Write(name, bytes);
  ASSERT_EQ(chmod(shop.Path("tree/file 3").c_str(), 0700 & ~order.umask), 0);
  std::filesystem::create_symlink("file 1", shop.Path("tree/symlink"));
  std::filesystem::create_hard_link(shop.Path("tree/file 1"), shop.Path("tree/linked"));
  shop.Write("m.textproto", kManifest);
  umask(before);
}

// Runs the program in a way of its own and returns the image.
using Way = std::function<void(Command&)>;

std::string Build(Workshop& shop, const Way& way = nullptr) {
  const ProcessResult result =
      shop.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"}, way);
  EXPECT_EQ(result.exit_status, 0) << result.Summary();
  return shop.Read("x.iso");
}

// The image that everything else has to equal, made once.
const std::string& Reference() {
  static const std::string* const reference = [] {
    Workshop shop;
    WriteSources(shop, {});
    return new std::string(Build(shop));
  }();
  return *reference;
}

void ExpectReference(const std::string& image) {
  const std::string& want = Reference();
  ASSERT_EQ(image.size(), want.size());
  const auto at = std::mismatch(image.begin(), image.end(), want.begin()).first;
  EXPECT_TRUE(at == image.end()) << "the first byte that differs is " << (at - image.begin());
}

TEST(HostileTest, TheImageIsNotTrivial) { EXPECT_GT(Reference().size(), size_t{3} << 20); }

struct WayCase {
  const char* name;
  Way way;
};

class WayTest : public testing::TestWithParam<WayCase> {};

TEST_P(WayTest, GivesTheSameBytes) {
  Workshop shop;
  WriteSources(shop, {});
  ExpectReference(Build(shop, GetParam().way));
}

Way Variable(const char* name, const char* value) {
  return [=](Command& c) { c.environment[name] = value; };
}
Way Jobs(const char* jobs) {
  return [=](Command& c) { c.argv.insert(c.argv.begin() + 2, {"--jobs", jobs}); };
}
Way Under(std::vector<std::string> wrapper) {
  return [=](Command& c) { c.argv.insert(c.argv.begin(), wrapper.begin(), wrapper.end()); };
}

// Another time of day; faketime would otherwise move the times of files with it.
Way Clock(const char* time) {
  return [=](Command& c) {
    c.environment["NO_FAKE_STAT"] = "1";
    c.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";  // faketime is preloaded
    c.argv.insert(c.argv.begin(), {"faketime", time});
  };
}

INSTANTIATE_TEST_SUITE_P(
    All, WayTest,
    testing::Values(WayCase{"ClockIn2033", Clock("2033-05-06 07:08:09")},
                    WayCase{"ClockIn1999", Clock("1999-12-31 23:59:58")},
                    WayCase{"ZoneEast", Variable("TZ", "Pacific/Kiritimati")},
                    WayCase{"ZoneWest", Variable("TZ", "America/St_Johns")},
                    WayCase{"LanguageC", Variable("LC_ALL", "C")},
                    WayCase{"SourceDateEpoch", Variable("SOURCE_DATE_EPOCH", "1")},
                    WayCase{"Home", Variable("HOME", "/nonexistent")},
                    WayCase{"TemporaryFolder", Variable("TMPDIR", "/nonexistent")},
                    WayCase{"Umask077", Under({"sh", "-c", "umask 077; exec \"$@\"", "sh"})},
                    WayCase{"Jobs1", Jobs("1")}, WayCase{"Jobs2", Jobs("2")},
                    WayCase{"Jobs8", Jobs("8")}, WayCase{"OneProcessor", Under({"taskset", "1"})},
                    WayCase{"FewOpenFiles", Under({"prlimit", "--nofile=24"})},
                    WayCase{"LowPriority", Under({"nice", "-n", "10"})}),
    [](const auto& param) { return param.param.name; });

TEST(HostileTest, AnotherFolderAndAnotherWorkingDirectoryGiveTheSameBytes) {
  Workshop shop;
  WriteSources(shop, {});
  const std::string elsewhere = shop.Path("other name with spaces");
  std::filesystem::create_directory(elsewhere);
  std::filesystem::rename(shop.Path("tree"), elsewhere + "/tree");
  for (const char* name : {"loader", "code", "esp", "appended", "m.textproto"}) {
    std::filesystem::rename(shop.Path(name), absl::StrCat(elsewhere, "/", name));
  }
  const std::string image = shop.Path("y.iso");
  const ProcessResult result =
      shop.Isomason({"build", elsewhere + "/m.textproto", "-o", image, "--quiet"},
                    [](Command& c) { c.directory = "/"; });
  EXPECT_EQ(result.exit_status, 0) << result.Summary();
  ExpectReference(shop.Read("y.iso"));
}

// Turkish has other ideas of upper case, and sorts and writes numbers in its own way.
TEST(HostileTest, AnotherLanguageGivesTheSameBytes) {
  Workshop shop;
  WriteSources(shop, {});
  const auto made = RunProcess(
      {"localedef", "--no-archive", "-i", "tr_TR", "-f", "UTF-8", shop.Path("tr_TR.UTF-8")});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  ExpectReference(Build(shop, [&](Command& c) {
    c.environment["LOCPATH"] = shop.dir();
    c.environment["LC_ALL"] = "tr_TR.UTF-8";
  }));
}

TEST(HostileTest, TimesOfSourcesDoNotMatter) {
  Workshop shop;
  WriteSources(shop, {});
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.dir())) {
    if (entry.is_symlink()) continue;
    std::filesystem::last_write_time(
        entry, std::filesystem::file_time_type::clock::now() - std::chrono::hours(99999));
  }
  ExpectReference(Build(shop));
}

TEST(HostileTest, OrderOfCreationAndUmaskOfSourcesDoNotMatter) {
  Workshop shop;
  WriteSources(shop, {/*reversed=*/true, /*umask=*/077});
  ExpectReference(Build(shop));
}

TEST(HostileTest, AnotherFileSystemDoesNotMatter) {
  Workshop shop("/dev/shm");
  WriteSources(shop, {/*reversed=*/true});
  ExpectReference(Build(shop));
}

TEST(HostileTest, SpellingOfTheManifestDoesNotMatter) {
  Workshop shop;
  WriteSources(shop, {});
  std::string manifest = kManifest;
  const auto respell = [&](const std::string& from, const std::string& to) {
    ASSERT_NE(manifest.find(from), std::string::npos) << from;
    manifest.replace(manifest.find(from), from.size(), to);
  };
  respell("udf {",
          "layout { padding_blocks: 150 file_alignment: 2048 }  # the defaults\n"
          "udf { symlinks: EMIT anchors: AT_256_AND_END ");
  respell("04:05:06.7+01:00", "03:05:06.700Z");
  respell("mbr { hybrid: true }", "code: ISOLINUX_CODE mbr { hybrid: true active: true }");
  respell("gpt { fill_gaps: true }",
          "gpt { fill_gaps: true iso_type: \"ebd0a0a2-b9e5-4433-87c0-68b6b72699c7\" }");
  respell("apm {}", "apm { block_size: 2048 }");
  respell("type: \"ESP\"",
          "type: \"C12A7328-F81F-11D2-BA4B-00A0C93EC93B\" number: 2 name: \"Appended2\"\n"
          "alignment: 1048576");
  shop.Write("m.textproto", manifest);
  ExpectReference(Build(shop));
}

// Lists and locks are inputs: what they say counts, and where and when they lie does not.
TEST(HostileTest, ListsAndLocksGiveTheSameBytesWhereverTheyLie) {
  const auto build = [](bool reversed, const std::string& folder) {
    Workshop shop;
    WriteSources(shop, {reversed});
    shop.Write(folder + "weights", "tree 5\ndirectory 7\n");
    shop.Write(folder + "order", "big\r\nnote.txt\r\n");
    std::string lock = "isomason lock 1\nstart 700\n";
    for (int i = 0; i < 40; ++i) {
      absl::StrAppend(&lock, 3000 - 3 * i, " ", i < 10 ? 1 : 2, " - /file ", i, "\n");
    }
    shop.Write(folder + "lock", lock);
    const std::string manifest = absl::StrCat(
        kManifest, "layout { sort_file: \"", folder, "weights\" order_file: \"", folder,
        "order\" lock: \"", folder, "lock\" slack_blocks: 9 boot_first: true\n",
        "  pin { path: \"/big\" block: 4000 } align { match: \"boot/**\" alignment: 8192 } }\n");
    shop.Write("m.textproto", manifest);
    const ProcessResult written =
        shop.Isomason({"plan", "m.textproto", "--format", "size", "--write-lock", "new.lock"});
    EXPECT_EQ(written.exit_status, 0) << written.Summary();
    return std::pair(Build(shop), shop.Read("new.lock"));
  };
  const auto [image, lock] = build(false, "");
  EXPECT_THAT(lock, testing::HasSubstr("\n2883 2 - /file 39\n"));
  const auto [other_image, other_lock] = build(true, "elsewhere/");
  EXPECT_TRUE(image == other_image);
  EXPECT_EQ(lock, other_lock);
}

TEST(HostileTest, AStreamHasTheSameBytes) {
  Workshop shop;
  WriteSources(shop, {});
  const ProcessResult result = shop.Isomason({"build", "--quiet", "m.textproto", "-o", "-"});
  EXPECT_EQ(result.exit_status, 0);
  ExpectReference(result.out);
}

// tools/test builds the program in other ways and names the results, apart by colons.
TEST(HostileTest, EveryCompilerAndOptimisationGivesTheSameBytes) {
  const char* const variants = std::getenv("ISOMASON_VARIANTS");
  if (variants == nullptr || *variants == '\0') {
    GTEST_SKIP() << "ISOMASON_VARIANTS names no other builds; tools/test makes them";
  }
  for (const std::string& program : std::vector<std::string>(absl::StrSplit(variants, ':'))) {
    SCOPED_TRACE(program);
    Workshop shop;
    WriteSources(shop, {});
    ExpectReference(Build(shop, [&](Command& c) { c.argv[0] = program; }));
  }
}

// A change that matters changes the bytes: without this the tests above could pass for
// an image that takes nothing in.
TEST(HostileTest, ContentsDoMatter) {
  Workshop shop;
  WriteSources(shop, {});
  shop.Write("tree/file 9", "x");
  const std::string image = Build(shop);
  EXPECT_EQ(image.size(), Reference().size());
  EXPECT_FALSE(image == Reference());
}

}  // namespace
}  // namespace isomason

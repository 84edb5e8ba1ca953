// What the namespaces and the boot catalog find wrong, as a user reads it. What loading,
// checking and resolving find is tested beside them.
#include "authoring/author.h"

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "authoring/blame.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

// Authors manifests in a folder of their own, so that they call themselves "m.textproto".
class AuthorTest : public testing::Test {
 protected:
  AuthorTest() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(directory_.path());
  }
  ~AuthorTest() override { std::filesystem::current_path(before_); }

  // What is wrong with a manifest, whose text begins in line 2.
  std::string Problems(const std::string& manifest) {
    const bool has_volume = absl::StrContains(manifest, "volume {");
    directory_.Write("m.textproto",
                     absl::StrCat("image_version: 1", has_volume ? "" : " volume { id: \"T\" }",
                                  "\n", manifest, "\n"));
    LoadedManifest loaded;
    Diagnostics diagnostics;
    LoadManifest("m.textproto", {}, &loaded, &diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.Format();
    return Problems(loaded);
  }

  // The same for a manifest without a file, "m".
  std::string Problems(manifest::Manifest manifest) {
    manifest.set_image_version(1);
    manifest.mutable_volume()->set_id("T");
    manifest.mutable_iso9660()->mutable_rock_ridge();
    return Problems(LoadedManifest::FromMessage(std::move(manifest), "m", "."));
  }

  std::string Problems(const LoadedManifest& loaded) {
    Diagnostics diagnostics;
    const absl::Status status = Author(loaded, ".", &diagnostics).status();
    EXPECT_EQ(status, diagnostics.empty()
                          ? absl::OkStatus()
                          : absl::InvalidArgumentError("the manifest has problems"));
    return diagnostics.Format();
  }

  TestDirectory directory_;
  std::filesystem::path before_;
};

TEST_F(AuthorTest, SaysWhatNamespacesCannotHoldWhereAndWhatToDo) {
  for (int i = 0; i < 13; ++i) directory_.MakeSymlink(absl::StrCat("many/l", 10 + i), "x");
  directory_.Write("names/etc/a*b", "1");
  directory_.Write("names/etc/kept", "1");
  directory_.MakeDirectory("special");
  ASSERT_EQ(mkfifo("special/fifo", 0600), 0);
  directory_.MakeSymlink("special/link", "fifo");
  directory_.Write("future/f", "1");
  SetModified("future/f", 5869584000);
  for (const auto& [name, size] : {std::pair("large", uint64_t{4} << 30),  // holes
                                   std::pair("huge", uint64_t{430} << 30)}) {
    directory_.Write(name, "");
    std::filesystem::resize_file(name, size);
  }
  directory_.Write("small", std::string(63, 'x'));
  const struct {
    const char* what;
    const char* manifest;
    const char* message;
  } kCases[] = {
      {"a symlink in Joliet",
       R"(iso9660 { rock_ridge {} joliet {} }
entry { path: "/d/l" symlink: "x" })",
       R"(m.textproto:3:15: entry[0].path: "/d/l" is a symlink, which Joliet cannot hold
    entry { path: "/d/l" symlink: "x" }
                  ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
)"},
      {"what a followed symlink leads to in Joliet, and what stands there itself",
       R"(iso9660 { rock_ridge {} joliet { symlinks: FOLLOW } }
entry { path: "/" tree { source: "special" } })",
       R"(m.textproto:3:34: entry[0].tree.source: "/fifo" is a FIFO, which Joliet cannot hold
    entry { path: "/" tree { source: "special" } }
                                     ^
  set `iso9660.joliet.special: OMIT` to leave devices, FIFOs and sockets out of Joliet
m.textproto:3:34: entry[0].tree.source: "/link" leads to a FIFO, which Joliet cannot hold
    entry { path: "/" tree { source: "special" } }
                                     ^
  set `iso9660.joliet.special: OMIT` to leave devices, FIFOs and sockets out of Joliet
)"},
      {"names in Joliet, of entries and of what a tree brought",
       R"(iso9660 { rock_ridge {} joliet { name_limit: 64 } }
entry { path: "/0123456789012345678901234567890123456789012345678901234567890123456789" text: "1" }
entry { path: "/a:b/c" text: "1" }
entry { path: "/n" tree { source: "names" } })",
       R"(m.textproto:3:15: entry[0].path: "/0123456789012345678901234567890123456789012345678901234567890123456789" has a name that has 70 units of UTF-16; Joliet names here have at most 64; 0123456789012345678901234567890123456789012345678901234567890123 would do
    entry { path: "/0123456789012345678901234567890123456789012345678901234567890123456789" text: "1" }
                  ^
  rename it, use `iso9660.joliet.name_limit: 103`, or set `iso9660.joliet.names: MANGLE_NAMES`
m.textproto:4:15: entry[1].path: "/a:b" has a name that has a control character or one of * / : ; ? \, which Joliet forbids; a_b would do
    entry { path: "/a:b/c" text: "1" }
                  ^
  rename it, or set `iso9660.joliet.names: MANGLE_NAMES`
m.textproto:5:35: entry[2].tree.source: "/n/etc/a*b" has a name that has a control character or one of * / : ; ? \, which Joliet forbids; a_b would do
    entry { path: "/n" tree { source: "names" } }
                                      ^
  rename it, or set `iso9660.joliet.names: MANGLE_NAMES`
)"},
      {"names without Rock Ridge",
       R"(iso9660 { level: 1 }
entry { path: "/README.md" text: "1" }
entry { path: "/LONGER-NAME" directory {} }
entry { path: "/LONGERNAME" directory {} })",
       R"(m.textproto:3:15: entry[0].path: "/README.md" has a name that has characters other than A to Z, 0 to 9 and _, or more than one dot (ECMA-119 7.5.1); README.MD would do
    entry { path: "/README.md" text: "1" }
                  ^
  rename it, or set `iso9660.names: MANGLE_NAMES`; with `rock_ridge {}` in `iso9660` readers see the true name
m.textproto:4:15: entry[1].path: "/LONGER-NAME" has a name that has characters other than A to Z, 0 to 9 and _ (ECMA-119 7.6.1); LONGER_N would do
    entry { path: "/LONGER-NAME" directory {} }
                  ^
  rename it, or set `iso9660.names: MANGLE_NAMES`; with `rock_ridge {}` in `iso9660` readers see the true name
m.textproto:5:15: entry[2].path: "/LONGERNAME" has a name that has more than 8 characters (ECMA-119 10.1); LONGERNA would do
    entry { path: "/LONGERNAME" directory {} }
                  ^
  rename it, use `iso9660.level: 3`, or set `iso9660.names: MANGLE_NAMES`; with `rock_ridge {}` in `iso9660` readers see the true name
)"},
      {"names that are refused beside Rock Ridge",
       R"(iso9660 { level: 2 names: REFUSE_NAMES rock_ridge {} }
entry { path: "/dir/KEPT" text: "1" })",
       R"(m.textproto:3:15: entry[0].path: "/dir" has a name that has characters other than A to Z, 0 to 9 and _ (ECMA-119 7.6.1); DIR would do
    entry { path: "/dir/KEPT" text: "1" }
                  ^
  rename it, or set `iso9660.names: MANGLE_NAMES`
)"},
      {"what is no file without Rock Ridge", R"(entry { path: "/L" symlink: "X" })",
       R"(m.textproto:2:15: entry[0].path: "/L" is a symlink, which ISO 9660 cannot hold without Rock Ridge
    entry { path: "/L" symlink: "X" }
                  ^
  add `rock_ridge {}` to `iso9660`, or set `iso9660.special: OMIT` to leave out symlinks, devices, FIFOs and sockets
)"},
      {"a time",
       R"(iso9660 { rock_ridge {} joliet {} }
entry { path: "/f" tree { source: "future" } attributes { keep: TIME } })",
       R"(m.textproto:3:35: entry[0].tree.source: "/f/f" has the time 2156-01-01T00:00:00Z; a directory record holds the years 1900 to 2155 (ECMA-119 9.1.5)
    entry { path: "/f" tree { source: "future" } attributes { keep: TIME } }
                                      ^
  set `time` in `attributes` in place of `keep: TIME`, or touch the source
)"},
      {"a file that is too large for the level",
       R"(iso9660 { level: 2 rock_ridge {} joliet {} } udf {}
entry { path: "/large" file { source: "large" } })",
       R"(m.textproto:3:15: entry[0].path: "/large" has 4294967296 bytes; at level 2 a file is one section of less than 4 GiB (ECMA-119 10.2)
    entry { path: "/large" file { source: "large" } }
                  ^
  use `iso9660.level: 3`
)"},
      {"a file that is too large for any namespace",
       R"(iso9660 { rock_ridge {} joliet {} } udf {}
entry { path: "/huge" file { source: "huge" } }
entry { path: "/link" hard_link: "/huge" })",
       R"(m.textproto:3:15: entry[0].path: "/huge" has 461708984320 bytes; Linux reads files of at most 100 sections of 4 GiB less one block, 429496524800 bytes (ECMA-119 6.5.1)
    entry { path: "/huge" file { source: "huge" } }
                  ^
  divide the file
)"},
      {"what UDF refuses",
       R"(iso9660 { rock_ridge {} } udf { symlinks: REFUSE special: REFUSE }
entry { path: "/" tree { source: "special" } })",
       R"(m.textproto:3:34: entry[0].tree.source: "/fifo" is a FIFO, which the manifest refuses in UDF
    entry { path: "/" tree { source: "special" } }
                                     ^
  set `udf.special: EMIT`, or OMIT to leave devices, FIFOs and sockets out of UDF
m.textproto:3:34: entry[0].tree.source: "/link" is a symlink, which the manifest refuses in UDF
    entry { path: "/" tree { source: "special" } }
                                     ^
  set `udf.symlinks: EMIT`, OMIT to leave symlinks out of UDF, or FOLLOW to show the files that they lead to
)"},
      {"a boot catalog's name",
       R"(iso9660 { rock_ridge {} joliet {} }
entry { path: "/i" file { source: "large" } }
boot { catalog: "/boot;cat" entry { image: "/i" } })",
       R"(m.textproto:4:17: boot.catalog: "/boot;cat" has a name that has a control character or one of * / : ; ? \, which Joliet forbids; boot_cat would do
    boot { catalog: "/boot;cat" entry { image: "/i" } }
                    ^
  rename it, or set `iso9660.joliet.names: MANGLE_NAMES`
)"},
      {"boot images without room for what is wanted",
       R"(iso9660 { rock_ridge {} }
entry { path: "/i" file { source: "small" } }
entry { path: "/large" file { source: "large" } }
boot {
  entry { image: "/i" boot_info_table: true grub2_boot_info: true }
  entry { image: "/large" boot_info_table: true }
})",
       R"(m.textproto:6:40: boot.entry[0].boot_info_table: "/i" has 63 bytes; an image with a boot info table has at least 64 and less than 4 GiB
    entry { image: "/i" boot_info_table: true grub2_boot_info: true }
                                         ^
  name the boot loader that wants it as `image`, or leave out `boot_info_table`
m.textproto:6:62: boot.entry[0].grub2_boot_info: "/i" has 63 bytes; an image with GRUB 2 boot information has at least 2556 and less than 4 GiB
    entry { image: "/i" boot_info_table: true grub2_boot_info: true }
                                                               ^
  name the boot loader that wants it as `image`, or leave out `grub2_boot_info`
m.textproto:7:44: boot.entry[1].boot_info_table: "/large" has 4294967296 bytes; an image with a boot info table has at least 64 and less than 4 GiB
    entry { image: "/large" boot_info_table: true }
                                             ^
  name the boot loader that wants it as `image`, or leave out `boot_info_table`
)"},
      {"files that the volume names",
       R"(iso9660 { rock_ridge {} joliet {} }
volume { id: "T" copyright_file: "/COPYING" application: "_APP.;1" }
entry { path: "/copying" text: "1" })",
       R"(m.textproto:3:34: volume.copyright_file: "/COPYING" is not a file in the root directory (ECMA-119 8.4.23)
    volume { id: "T" copyright_file: "/COPYING" application: "_APP.;1" }
                                     ^
  add an entry for it, or name another file such as "/COPYING"
m.textproto:3:58: volume.application: starts with "_", so the rest is the identifier of a file in the root directory, and there is no "APP.;1" (ECMA-119 8.4.22)
    volume { id: "T" copyright_file: "/COPYING" application: "_APP.;1" }
                                                             ^
  write the file's name as ISO 9660 has it, such as "_COPYING.;1", or begin the text with another character
)"},
      {"a tree with more of a kind than are told one by one",
       R"(iso9660 { rock_ridge {} joliet {} }
entry { path: "/" tree { source: "many" } }
entry { path: "/a?" text: "1" })",
       R"(m.textproto:3:34: entry[0].tree.source: "/l10" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l11" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l12" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l13" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l14" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l15" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l16" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l17" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l18" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: "/l19" is a symlink, which Joliet cannot hold
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:3:34: entry[0].tree.source: the same goes for 3 more entries of this source
    entry { path: "/" tree { source: "many" } }
                                     ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:4:15: entry[1].path: "/a?" has a name that has a control character or one of * / : ; ? \, which Joliet forbids; a_ would do
    entry { path: "/a?" text: "1" }
                  ^
  rename it, or set `iso9660.joliet.names: MANGLE_NAMES`
)"},
      {"several things at once, in the order of the manifest",
       R"(entry { path: "/L" symlink: "X" }
volume { id: "T" publisher: "_NO.;1" }
entry { path: "/x?" text: "1" }
iso9660 { names: MANGLE_NAMES joliet {} }
entry { path: "/I" file { source: "small" } }
boot { entry { image: "/I" boot_info_table: true } }
udf { symlinks: REFUSE })",
       R"(m.textproto:2:15: entry[0].path: "/L" is a symlink, which ISO 9660 cannot hold without Rock Ridge
    entry { path: "/L" symlink: "X" }
                  ^
  add `rock_ridge {}` to `iso9660`, or set `iso9660.special: OMIT` to leave out symlinks, devices, FIFOs and sockets
m.textproto:2:15: entry[0].path: "/L" is a symlink, which Joliet cannot hold
    entry { path: "/L" symlink: "X" }
                  ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
m.textproto:2:15: entry[0].path: "/L" is a symlink, which the manifest refuses in UDF
    entry { path: "/L" symlink: "X" }
                  ^
  set `udf.symlinks: EMIT`, OMIT to leave symlinks out of UDF, or FOLLOW to show the files that they lead to
m.textproto:3:29: volume.publisher: starts with "_", so the rest is the identifier of a file in the root directory, and there is no "NO.;1" (ECMA-119 8.4.20)
    volume { id: "T" publisher: "_NO.;1" }
                                ^
  write the file's name as ISO 9660 has it, such as "_COPYING.;1", or begin the text with another character
m.textproto:4:15: entry[1].path: "/x?" has a name that has a control character or one of * / : ; ? \, which Joliet forbids; x_ would do
    entry { path: "/x?" text: "1" }
                  ^
  rename it, or set `iso9660.joliet.names: MANGLE_NAMES`
m.textproto:7:45: boot.entry[0].boot_info_table: "/I" has 63 bytes; an image with a boot info table has at least 64 and less than 4 GiB
    boot { entry { image: "/I" boot_info_table: true } }
                                                ^
  name the boot loader that wants it as `image`, or leave out `boot_info_table`
)"},
      {"entries of a tree that lacks one, but not what the volume says about that",
       R"(iso9660 { rock_ridge {} joliet {} }
volume { id: "T" copyright_file: "/COPYING" }
entry { path: "/COPYING" file { source: "missing" } }
entry { path: "/l" symlink: "x" })",
       R"(m.textproto:4:41: entry[0].file.source: cannot look at "missing": No such file or directory
    entry { path: "/COPYING" file { source: "missing" } }
                                            ^
  source paths are relative to the manifest's directory, or to --source-root
m.textproto:5:15: entry[1].path: "/l" is a symlink, which Joliet cannot hold
    entry { path: "/l" symlink: "x" }
                  ^
  set `iso9660.joliet.symlinks: OMIT` to leave symlinks out of Joliet, or FOLLOW to show what they point to
)"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Problems(c.manifest), c.message);
  }
}

TEST_F(AuthorTest, ATreeWithThousandsOfAKindTellsSomeAndCountsTheRest) {
  for (int i = 0; i < 1000; ++i) directory_.MakeSymlink(absl::StrCat("many/l", i), "x");
  const std::string told = Problems(
      "iso9660 { rock_ridge {} joliet {} } entry { path: \"/\" tree { source: \"many\" } }");
  size_t lines = 0;
  for (const char c : told) lines += c == '\n';
  EXPECT_EQ(lines, 4 * (kMostAlike + 1));
  EXPECT_TRUE(absl::StrContains(
      told, "entry[0].tree.source: the same goes for 990 more entries of this source\n"))
      << told;
}

TEST_F(AuthorTest, TellsLongNamesWhole) {
  const std::string name(255, 'n');
  manifest::Manifest m;
  m.mutable_udf();
  manifest::Entry& entry = *m.add_entry();
  entry.set_path("/" + name);
  entry.set_text("1");
  EXPECT_EQ(
      Problems(std::move(m)),
      absl::StrCat(
          "m: entry[0].path: \"/", name,
          "\" has a name of 255 bytes; of Rock Ridge names Linux shows 253 bytes (RRIP 4.1.4)\n"
          "  shorten the name\n"
          "m: entry[0].path: \"/",
          name,
          "\" has a name of 255 bytes in characters of 8 bits; a UDF file identifier holds 254 "
          "(OSTA UDF 2.1.1, ECMA-167 4/14.4.4)\n"
          "  rename it, or leave out `udf`\n"));
}

TEST_F(AuthorTest, ANameInATargetMayBeTooLongForUdf) {
  manifest::Manifest m;
  m.mutable_udf();
  manifest::Entry& entry = *m.add_entry();
  entry.set_path("/l");
  entry.set_symlink("a/" + std::string(255, 't'));
  const std::string problems = Problems(std::move(m));
  EXPECT_TRUE(absl::StrContains(
      problems,
      "m: entry[0].path: \"/l\" is a symlink with a name of 256 bytes of compressed Unicode in its "
      "target; a UDF path component holds 255 (ECMA-167 4/14.16.1.2)\n"
      "  shorten or correct the target, or set `udf.symlinks: OMIT`\n"))
      << problems;
}

TEST_F(AuthorTest, AFileMayHaveTooManyNamesForUdf) {
  manifest::Manifest m;
  m.mutable_udf();
  for (int i = 0; i < 65536; ++i) {
    manifest::Entry& entry = *m.add_entry();
    entry.set_path(absl::StrCat("/n", i));
    if (i == 7) {
      entry.set_text("1");
    } else {
      entry.set_hard_link("/n7");
    }
  }
  EXPECT_EQ(
      Problems(std::move(m)),
      "m: entry[0].path: \"/n0\" has 65536 names; a UDF file entry counts to 65535 (ECMA-167 "
      "4/14.9.6)\n"
      "  leave out some of the names, set `hard_links: SPLIT_HARD_LINKS` for the source tree, "
      "or leave out `udf`\n");
}

TEST_F(AuthorTest, APathTableNumbersSoManyDirectories) {
  manifest::Manifest m;
  m.mutable_iso9660()->mutable_joliet();
  for (int i = 0; i < 65536; ++i) {
    manifest::Entry& entry = *m.add_entry();
    entry.set_path(absl::StrCat("/", 100000 + i));
    entry.mutable_directory();
  }
  EXPECT_EQ(
      Problems(std::move(m)),
      "m: entry[65534].path: \"/165534\" is a directory more than the 65535 that a path table "
      "numbers (ECMA-119 9.4.4)\n"
      "  leave some out, or put them into an archive that the image holds as a file\n");
}

TEST_F(AuthorTest, ABootCatalogHasRoomForSoManyEntries) {
  manifest::Manifest m;
  manifest::Entry& file = *m.add_entry();
  file.set_path("/i");
  file.set_text("code");
  for (int i = 0; i < 40; ++i) {
    manifest::BootEntry& entry = *m.mutable_boot()->add_entry();
    entry.set_image("/i");
    entry.set_id(absl::StrCat("entry ", i));
  }
  EXPECT_EQ(Problems(std::move(m)),
            "m: boot.entry[32]: the boot catalog needs 2112 bytes, firmware reads 2048\n"
            "  leave out entries; those of one platform and id that follow each other need less "
            "room\n");
}

TEST_F(AuthorTest, ARootThatNoEntryNamesHasNoFieldToBlame) {
  manifest::Manifest m;
  m.set_image_version(1);
  m.mutable_volume()->set_id("T");
  m.mutable_iso9660()->mutable_rock_ridge();
  for (const char* path : {"/a/b", "/c"}) {
    manifest::Entry& entry = *m.add_entry();
    entry.set_path(path);
    entry.set_text("1");
  }
  const LoadedManifest loaded = LoadedManifest::FromMessage(m, "m", ".");
  Resolved resolved;
  ContentTable contents;
  Diagnostics diagnostics;
  ASSERT_TRUE(Resolve(loaded, ".", Timestamp(), &contents, &resolved, &diagnostics));
  const auto field = [&](const char* path) {
    return FieldToBlame(m, resolved, resolved.tree.Find(path));
  };
  EXPECT_EQ(field("/"), "");
  EXPECT_EQ(field("/a"), "entry[0].path");
  EXPECT_EQ(field("/a/b"), "entry[0].path");
  EXPECT_EQ(field("/c"), "entry[1].path");
}

}  // namespace
}  // namespace isomason

// Everything that resolving a manifest can find wrong with it, as a user reads it.
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/check.h"
#include "authoring/tree/resolve.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

// Resolves manifests in a folder of their own, so that they call themselves "m.textproto".
class ResolveErrorsTest : public testing::Test {
 protected:
  ResolveErrorsTest() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(directory_.path());
  }
  ~ResolveErrorsTest() override { std::filesystem::current_path(before_); }

  // What is wrong with a manifest, whose text begins in line 2.
  std::string Resolve(const std::string& manifest) {
    directory_.Write("m.textproto",
                     absl::StrCat("image_version: 1 volume { id: \"T\" }\n", manifest, "\n"));
    LoadedManifest loaded;
    Diagnostics before;
    LoadManifest("m.textproto", {}, &loaded, &before);
    CheckManifest(loaded, &before);
    EXPECT_TRUE(before.empty()) << "not for resolving to find out:\n" << before.Format();
    ContentTable contents;
    Resolved resolved;
    Diagnostics diagnostics;
    const bool ok = isomason::Resolve(loaded, ".", Timestamp(), &contents, &resolved, &diagnostics);
    EXPECT_EQ(ok, diagnostics.empty());
    return diagnostics.Format();
  }

  TestDirectory directory_;
  std::filesystem::path before_;
};

TEST_F(ResolveErrorsTest, SaysWhatIsWrongWhereAndWhatToDo) {
  directory_.Write("file", "abc");
  directory_.Write("empty", "");
  directory_.Write("large", std::string(32769, 'x'));
  directory_.Write("rootfs/a", "x");
  directory_.Write("rootfs/d/b", "x");
  directory_.Write("latin/d\xE9j\xE0/vu", "x");
  directory_.MakeSymlink("links/l", "nowhere");
  directory_.MakeSymlink("cycle/here", ".");
  ASSERT_EQ(mkfifo("fifo", 0600), 0);
  const struct {
    const char* what;
    const char* manifest;
    const char* message;
  } kCases[] = {
      {"a range that begins behind the end",
       R"(entry { path: "/a" file { source: "file" offset: 4 } })",
       R"(m.textproto:2:50: entry[0].file.offset: "file" has 3 bytes, so it has none at byte 4
    entry { path: "/a" file { source: "file" offset: 4 } }
                                                     ^
  correct the range; without `length` it goes up to the end of the file
)"},
      {"a range that ends behind the end",
       R"(entry { path: "/a" file { source: "file" offset: 1 length: 18446744073709551615 } })",
       R"(m.textproto:2:60: entry[0].file.length: "file" has 3 bytes, of which 2 are left behind byte 1, not 18446744073709551615
    entry { path: "/a" file { source: "file" offset: 1 length: 18446744073709551615 } }
                                                               ^
  correct the range; without `length` it goes up to the end of the file
)"},
      {"a range of another size",
       R"(entry { path: "/a" file { source: "file" offset: 1 size: 3 } })",
       R"(m.textproto:2:58: entry[0].file.size: "file" has 2 bytes from byte 1 on, not 3
    entry { path: "/a" file { source: "file" offset: 1 size: 3 } }
                                                             ^
  correct the size, or find out why the file changed
)"},
      {"parts that are wrong",
       R"(entry { path: "/a" concat { part { file { source: "none" } }
part { file { source: "rootfs" } } part { text: "x" } } })",
       R"(m.textproto:2:51: entry[0].concat.part[0].file.source: cannot look at "none": No such file or directory
    entry { path: "/a" concat { part { file { source: "none" } }
                                                      ^
  source paths are relative to the manifest's directory, or to --source-root
m.textproto:3:23: entry[0].concat.part[1].file.source: "rootfs" is not a regular file
    part { file { source: "rootfs" } } part { text: "x" } } }
                          ^
  use `tree { source: ... }` for a directory
)"},
      {"parts of another size together",
       R"(entry { path: "/a" concat { part { file { source: "file" } } part { zeros: 2 } size: 6 } })",
       R"(m.textproto:2:86: entry[0].concat.size: all of it together has 5 bytes, not 6
    entry { path: "/a" concat { part { file { source: "file" } } part { zeros: 2 } size: 6 } }
                                                                                         ^
  correct the size, or find out why the file changed
)"},
      {"two entries at one path",
       R"(entry { path: "/a" text: "1" }
entry { path: "/a" text: "2" })",
       R"(m.textproto:3:15: entry[1].path: "/a" is in the image already, from m.textproto:2
    entry { path: "/a" text: "2" }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a file over what a tree brought",
       R"(entry { path: "/" tree { source: "rootfs" } }
entry { path: "/d/b" text: "2" })",
       R"(m.textproto:3:15: entry[1].path: "/d/b" is in the image already, from m.textproto:2
    entry { path: "/d/b" text: "2" }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a tree over a file",
       R"(entry { path: "/a" text: "1" }
entry { path: "/" tree { source: "rootfs" } })",
       R"(m.textproto:3:34: entry[1].tree.source: "/a" is in the image already, from m.textproto:2
    entry { path: "/" tree { source: "rootfs" } }
                                     ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a directory over a file",
       R"(entry { path: "/a" text: "1" }
entry { path: "/a" directory {} })",
       R"(m.textproto:3:15: entry[1].path: "/a" is in the image already, from m.textproto:2
    entry { path: "/a" directory {} }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a file over a directory that others need",
       R"(entry { path: "/a/b" text: "1" }
entry { path: "/a" text: "2" })",
       R"(m.textproto:3:15: entry[1].path: "/a" is in the image already, from m.textproto:2
    entry { path: "/a" text: "2" }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a hard link over a file",
       R"(entry { path: "/a" text: "1" }
entry { path: "/b" text: "2" }
entry { path: "/b" hard_link: "/a" })",
       R"(m.textproto:4:15: entry[2].path: "/b" is in the image already, from m.textproto:3
    entry { path: "/b" hard_link: "/a" }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a file behind a hard link",
       R"(entry { path: "/a" text: "1" }
entry { path: "/b" hard_link: "/a" }
entry { path: "/b" text: "2" })",
       R"(m.textproto:4:15: entry[2].path: "/b" is in the image already, from m.textproto:3
    entry { path: "/b" text: "2" }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a file behind a hard link that may replace what came before it",
       R"(entry { path: "/a" text: "1" }
entry { path: "/b" hard_link: "/a" overlay: true }
entry { path: "/b" text: "2" })",
       R"(m.textproto:4:15: entry[2].path: "/b" is in the image already, from m.textproto:3
    entry { path: "/b" text: "2" }
                  ^
  remove one of the two, or set `overlay: true` on this entry to replace the earlier one
)"},
      {"a file below a hard link, whatever it replaces",
       R"(entry { path: "/a" text: "1" }
entry { path: "/b" hard_link: "/a" }
entry { path: "/b/c" text: "2" overlay: true })",
       R"(m.textproto:4:15: entry[2].path: "/b" is a directory here but a hard link in m.textproto:3
    entry { path: "/b/c" text: "2" overlay: true }
                  ^
  put this entry elsewhere, or remove the link
)"},
      {"the catalog as a boot image",
       R"(entry { path: "/a" text: "1" }
boot { catalog: "/b" entry { platform: BIOS image: "/b" } })",
       R"(m.textproto:3:52: boot.entry[0].image: "/b" is the boot catalog itself
    boot { catalog: "/b" entry { platform: BIOS image: "/b" } }
                                                       ^
  name the boot image, or give the catalog another path
)"},
      {"the catalog over a file",
       R"(entry { path: "/b" text: "code" }
boot { catalog: "/b" entry { platform: BIOS image: "/b" } })",
       R"(m.textproto:3:17: boot.catalog: "/b" is in the image already, from m.textproto:2
    boot { catalog: "/b" entry { platform: BIOS image: "/b" } }
                    ^
  give the catalog another path
)"},
      {"an entry below a file",
       R"(entry { path: "/a" text: "1" }
entry { path: "/a/b/c" text: "2" })",
       R"(m.textproto:3:15: entry[1].path: "/a" is not a directory but comes as something else from m.textproto:2
    entry { path: "/a/b/c" text: "2" }
                  ^
  put this entry elsewhere, or remove the other
)"},
      {"a tree below a symlink",
       R"(entry { path: "/a" symlink: "b" }
entry { path: "/a/b" tree { source: "rootfs" } })",
       R"(m.textproto:3:15: entry[1].path: "/a" is not a directory but comes as something else from m.textproto:2
    entry { path: "/a/b" tree { source: "rootfs" } }
                  ^
  put this entry elsewhere, or remove the other
)"},
      {"a hard link below a file, overlay or not",
       R"(entry { path: "/a" text: "1" }
entry { path: "/a/b" hard_link: "/a" overlay: true })",
       R"(m.textproto:3:15: entry[1].path: "/a" is not a directory but comes as something else from m.textproto:2
    entry { path: "/a/b" hard_link: "/a" overlay: true }
                  ^
  put this entry elsewhere, or remove the other
)"},
      {"the catalog below a file",
       R"(entry { path: "/i" text: "code" }
boot { catalog: "/i/boot.cat" entry { platform: BIOS image: "/i" } })",
       R"(m.textproto:3:17: boot.catalog: "/i" is not a directory but comes as something else from m.textproto:2
    boot { catalog: "/i/boot.cat" entry { platform: BIOS image: "/i" } }
                    ^
  put this entry elsewhere, or remove the other
)"},
      {"a source that is missing", R"(entry { path: "/a" file { source: "fil" } })",
       R"(m.textproto:2:35: entry[0].file.source: cannot look at "fil": No such file or directory
    entry { path: "/a" file { source: "fil" } }
                                      ^
  source paths are relative to the manifest's directory, or to --source-root
)"},
      {"a source that is a directory", R"(entry { path: "/a" file { source: "rootfs" } })",
       R"(m.textproto:2:35: entry[0].file.source: "rootfs" is not a regular file
    entry { path: "/a" file { source: "rootfs" } }
                                      ^
  use `tree { source: ... }` for a directory
)"},
      {"a source that is a FIFO", R"(entry { path: "/a" file { source: "fifo" } })",
       R"(m.textproto:2:35: entry[0].file.source: "fifo" is not a regular file
    entry { path: "/a" file { source: "fifo" } }
                                      ^
  name a regular file, or use `tree` for special files
)"},
      {"another size", R"(entry { path: "/a" file { source: "file" size: 4 } })",
       R"(m.textproto:2:48: entry[0].file.size: "file" has 3 bytes, not 4
    entry { path: "/a" file { source: "file" size: 4 } }
                                                   ^
  correct the size, or find out why the file changed
)"},
      {"an empty file with the digest of another",
       R"(entry { path: "/a" file { source: "empty" sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" } })",
       R"(m.textproto:2:51: entry[0].file.sha256: "empty" is empty, and the digest is not that of an empty file
    entry { path: "/a" file { source: "empty" sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" } }
                                                      ^
  correct the digest, or find out why the file changed
)"},
      {"a tree that is missing", R"(entry { path: "/" tree { source: "rootf" } })",
       R"(m.textproto:2:34: entry[0].tree.source: cannot look at rootf: No such file or directory
    entry { path: "/" tree { source: "rootf" } }
                                     ^
  source paths are relative to the manifest's directory, or to --source-root
)"},
      {"a tree that is a file", R"(entry { path: "/" tree { source: "file" } })",
       R"(m.textproto:2:34: entry[0].tree.source: file is not a directory
    entry { path: "/" tree { source: "file" } }
                                     ^
  use `file { source: ... }` for a file
)"},
      {"a symlink that is refused",
       R"(entry { path: "/" tree { source: "links" symlinks: REFUSE_SYMLINKS } })",
       R"(m.textproto:2:34: entry[0].tree.source: links/l is a symlink
    entry { path: "/" tree { source: "links" symlinks: REFUSE_SYMLINKS } }
                                     ^
  leave it out with `exclude`, or say with `symlinks` what symlinks become
)"},
      {"a symlink that leads nowhere",
       R"(entry { path: "/" tree { source: "links" symlinks: FOLLOW_SYMLINKS } })",
       R"(m.textproto:2:34: entry[0].tree.source: cannot follow the symlink links/l: No such file or directory
    entry { path: "/" tree { source: "links" symlinks: FOLLOW_SYMLINKS } }
                                     ^
  leave it out with `exclude`, or say with `symlinks` what symlinks become
)"},
      {"a symlink that leads back",
       R"(entry { path: "/" tree { source: "cycle" symlinks: FOLLOW_SYMLINKS } })",
       R"(m.textproto:2:34: entry[0].tree.source: cycle/here leads back into a directory that holds it
    entry { path: "/" tree { source: "cycle" symlinks: FOLLOW_SYMLINKS } }
                                     ^
  leave it out with `exclude`, or say with `symlinks` what symlinks become
)"},
      {"names in another encoding, once for all below them",
       R"(entry { path: "/" tree { source: "latin" } })",
       R"(m.textproto:2:34: entry[0].tree.source: the name of "latin/d\xe9j\xe0" is not UTF-8
    entry { path: "/" tree { source: "latin" } }
                                     ^
  rename the file, or leave it out with `exclude`
)"},
      {"a hard link to nothing",
       R"(entry { path: "/boot/vmlinuz" text: "1" }
entry { path: "/b" hard_link: "/boot/vmlinux" }
entry { path: "/c" hard_link: "/completely/different" })",
       R"(m.textproto:3:31: entry[1].hard_link: "/boot/vmlinux" is not in the image
    entry { path: "/b" hard_link: "/boot/vmlinux" }
                                  ^
  did you mean "/boot/vmlinuz"?
m.textproto:4:31: entry[2].hard_link: "/completely/different" is not in the image
    entry { path: "/c" hard_link: "/completely/different" }
                                  ^
  add an entry for it, or correct the path
)"},
      {"hard links to each other",
       R"(entry { path: "/a" hard_link: "/b" }
entry { path: "/b" hard_link: "/a" })",
       R"(m.textproto:2:31: entry[0].hard_link: "/b" is not in the image
    entry { path: "/a" hard_link: "/b" }
                                  ^
  add an entry for it, or correct the path
m.textproto:3:31: entry[1].hard_link: "/a" is not in the image
    entry { path: "/b" hard_link: "/a" }
                                  ^
  add an entry for it, or correct the path
)"},
      {"a hard link to a directory",
       R"(entry { path: "/a/b" text: "1" }
entry { path: "/l" hard_link: "/a" })",
       R"(m.textproto:3:31: entry[1].hard_link: "/a" is a directory, which has one name only
    entry { path: "/l" hard_link: "/a" }
                                  ^
  use `symlink`
)"},
      {"a system area that is missing",
       R"(entry { path: "/i" text: "code" }
boot { entry { platform: BIOS image: "/i" } system_area { source: "mbr.bin" } })",
       R"(m.textproto:3:67: boot.system_area.source: cannot look at mbr.bin: No such file or directory
    boot { entry { platform: BIOS image: "/i" } system_area { source: "mbr.bin" } }
                                                                      ^
  source paths are relative to the manifest's directory, or to --source-root
)"},
      {"a system area that is a directory",
       R"(entry { path: "/i" text: "code" }
boot { entry { platform: BIOS image: "/i" } system_area { source: "rootfs" } })",
       R"(m.textproto:3:67: boot.system_area.source: rootfs is not a regular file
    boot { entry { platform: BIOS image: "/i" } system_area { source: "rootfs" } }
                                                                      ^
)"},
      {"a system area that is too large",
       R"(entry { path: "/i" text: "code" }
boot { entry { platform: BIOS image: "/i" } system_area { source: "large" } })",
       R"(m.textproto:3:67: boot.system_area.source: "large" has 32769 bytes, the system area holds 32768 (ECMA-119 6.2.1)
    boot { entry { platform: BIOS image: "/i" } system_area { source: "large" } }
                                                                      ^
  use a smaller one
)"},
      {"a boot image that is missing",
       R"(entry { path: "/EFI/BOOT/efi.img" text: "1" }
boot { entry { platform: UEFI image: "/EFI/efi.img" } entry { platform: BIOS image: "/nothing/like/it" } })",
       R"(m.textproto:3:38: boot.entry[0].image: "/EFI/efi.img" is not in the image
    boot { entry { platform: UEFI image: "/EFI/efi.img" } entry { platform: BIOS image: "/nothing/like/it" } }
                                         ^
  did you mean "/EFI/BOOT/efi.img"?
m.textproto:3:85: boot.entry[1].image: "/nothing/like/it" is not in the image
    boot { entry { platform: UEFI image: "/EFI/efi.img" } entry { platform: BIOS image: "/nothing/like/it" } }
                                                                                        ^
  add an entry for it, or correct the path
)"},
      {"a boot image that is a directory or a symlink",
       R"(entry { path: "/EFI/BOOT/efi.img" text: "1" }
entry { path: "/link" symlink: "EFI/BOOT/efi.img" }
boot { entry { platform: UEFI image: "/EFI" } entry { platform: BIOS image: "/link" } })",
       R"(m.textproto:4:38: boot.entry[0].image: "/EFI" is not a file
    boot { entry { platform: UEFI image: "/EFI" } entry { platform: BIOS image: "/link" } }
                                         ^
  name the boot image itself
m.textproto:4:77: boot.entry[1].image: "/link" is not a file
    boot { entry { platform: UEFI image: "/EFI" } entry { platform: BIOS image: "/link" } }
                                                                                ^
  name the boot image itself
)"},
      {"a boot image without bytes",
       R"(entry { path: "/i" text: "" }
boot { entry { platform: BIOS image: "/i" } })",
       R"(m.textproto:3:38: boot.entry[0].image: "/i" is empty
    boot { entry { platform: BIOS image: "/i" } }
                                         ^
  a boot image has bytes to load
)"},
      {"what is missing because of another problem, once",
       R"(entry { path: "/i" file { source: "fil" } }
entry { path: "/l" hard_link: "/m" }
entry { path: "/m" hard_link: "/i" }
entry { path: "/t" tree { source: "rootf" } }
boot {
  entry { platform: BIOS image: "/i" }
  entry { platform: BIOS image: "/l" }
  entry { platform: UEFI image: "/t/boot/efi.img" }
})",
       R"(m.textproto:2:35: entry[0].file.source: cannot look at "fil": No such file or directory
    entry { path: "/i" file { source: "fil" } }
                                      ^
  source paths are relative to the manifest's directory, or to --source-root
m.textproto:5:35: entry[3].tree.source: cannot look at rootf: No such file or directory
    entry { path: "/t" tree { source: "rootf" } }
                                      ^
  source paths are relative to the manifest's directory, or to --source-root
)"},
      {"several things at once, in the order of the manifest",
       R"(entry { path: "/b" hard_link: "/x/y/z" }
entry { path: "/a" file { source: "fil" } }
boot { entry { platform: BIOS image: "/i" } system_area { source: "mbr.bin" } }
entry { path: "/t" tree { source: "rootf" } })",
       R"(m.textproto:2:31: entry[0].hard_link: "/x/y/z" is not in the image
    entry { path: "/b" hard_link: "/x/y/z" }
                                  ^
  add an entry for it, or correct the path
m.textproto:3:35: entry[1].file.source: cannot look at "fil": No such file or directory
    entry { path: "/a" file { source: "fil" } }
                                      ^
  source paths are relative to the manifest's directory, or to --source-root
m.textproto:4:38: boot.entry[0].image: "/i" is not in the image
    boot { entry { platform: BIOS image: "/i" } system_area { source: "mbr.bin" } }
                                         ^
  add an entry for it, or correct the path
m.textproto:4:67: boot.system_area.source: cannot look at mbr.bin: No such file or directory
    boot { entry { platform: BIOS image: "/i" } system_area { source: "mbr.bin" } }
                                                                      ^
  source paths are relative to the manifest's directory, or to --source-root
m.textproto:5:35: entry[2].tree.source: cannot look at rootf: No such file or directory
    entry { path: "/t" tree { source: "rootf" } }
                                      ^
  source paths are relative to the manifest's directory, or to --source-root
)"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    EXPECT_EQ(Resolve(c.manifest), c.message);
  }
}

TEST_F(ResolveErrorsTest, ADirectoryThatNobodyMayOpenIsNoMatterOfTheManifest) {
  directory_.MakeDirectory("rootfs/secret");
  ASSERT_EQ(chmod("rootfs/secret", 0), 0);
  WithoutPrivilege([&] {
    EXPECT_EQ(
        Resolve(R"(entry { path: "/" tree { source: "rootfs" } })"),
        R"(m.textproto:2:34: entry[0].tree.source: cannot open the directory rootfs/secret: Permission denied
    entry { path: "/" tree { source: "rootfs" } }
                                     ^
)");
  });
}

}  // namespace
}  // namespace isomason

// Archives as sources: what an image then holds is what was packed, whatever packed it and
// however; and what must not get in is one clear error.

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kHead[] =
    "image_version: 1 volume { id: \"ARCHIVE\" } iso9660 { rock_ridge {} } udf {}\n";

void Shell(const Workshop& shop, const std::string& script) {
  Command command;
  command.argv = {"bash", "-euo", "pipefail", "-c", script};
  command.directory = shop.dir();
  const auto done = RunProcess(command);
  ASSERT_TRUE(done.ok()) << done.status();
  ASSERT_TRUE(done->Succeeded()) << script << "\n" << done->Summary();
}

ProcessResult Build(Workshop& shop, const std::string& entries,
                    const std::function<void(Command&)>& adjust = nullptr) {
  shop.Write("m.textproto", absl::StrCat(kHead, entries));
  return shop.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"}, adjust);
}

// The digest of the image that entries make.
std::string ImageOf(Workshop& shop, const std::string& entries,
                    const std::function<void(Command&)>& adjust = nullptr) {
  const ProcessResult built = Build(shop, entries, adjust);
  EXPECT_EQ(built.exit_status, 0) << entries << "\n" << built.Summary();
  return Sha256(shop.Read("x.iso"));
}

std::string FromArchive(const std::string& source, const std::string& more = "") {
  return absl::StrCat("entry { path: \"/\" archive { source: \"", source, "\" ", more, " } }");
}

// A tree of what zip can hold.
void WriteTree(Workshop& shop) {
  for (int i = 0; i < 50; ++i) {
    shop.Write(absl::StrCat("tree/many/file ", i), std::string(static_cast<size_t>(i) * 61, 'a'));
  }
  std::string big(3 << 20, '\0');
  for (size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>((i * i) >> 7);
  shop.Write("tree/big", big);
  shop.Write("tree/empty", "");
  shop.Write("tree/" + std::string(110, 'd') + "/" + std::string(120, 'n'), "long");
  shop.Write("tree/e\xCC\x81t\xC3\xA9.txt", "not in normal form C");
  shop.Write("tree/T\xC4\xB0TLE i", "Turkish");
  shop.Write("tree/bin/run", "#!/bin/sh\n");
  ASSERT_EQ(chmod(shop.Path("tree/bin/run").c_str(), 0755), 0);
  std::filesystem::create_directory(shop.Path("tree/empty directory"));
  std::filesystem::create_symlink("../\xC3\xBC", shop.Path("tree/bin/link"));
}

// The same image byte for byte as of the tree itself.
TEST(ArchiveTest, AnArchiveIsTheTreeThatWasPacked) {
  Workshop shop;
  WriteTree(shop);
  const std::string zip_tree = ImageOf(shop, "entry { path: \"/\" tree { source: \"tree\" } }");
  Shell(shop,
        "cd tree && find . -mindepth 1 | zip -q -y ../deflated.zip -@ && "
        "find . -mindepth 1 | zip -q -y -0 ../stored.zip -@");
  EXPECT_EQ(ImageOf(shop, FromArchive("deflated.zip")), zip_tree);
  EXPECT_EQ(ImageOf(shop, FromArchive("stored.zip")), zip_tree);

  std::filesystem::create_hard_link(shop.Path("tree/big"), shop.Path("tree/bin/also big"));
  ASSERT_EQ(mkfifo(shop.Path("tree/fifo").c_str(), 0644), 0);
  const std::string tree = ImageOf(shop, "entry { path: \"/\" tree { source: \"tree\" } }");
  EXPECT_NE(tree, zip_tree);
  Shell(shop,
        "tar --format=gnu -C tree -cf gnu.tar . && tar --format=pax -C tree -cf pax.tar . && "
        "bsdtar -C tree -cf bsd.tar . && (cd tree && find . | cpio --quiet -o -H newc) > newc.cpio "
        "&& (cd tree && find . | cpio --quiet -o -H odc) > odc.cpio && "
        "gzip -k gnu.tar && bzip2 -k gnu.tar && xz -0 -k gnu.tar && zstd -q gnu.tar && "
        "lz4 -q gnu.tar gnu.tar.lz4 && gzip -k newc.cpio && gzip -c gnu.tar.xz > twice");
  for (const char* name :
       {"gnu.tar", "pax.tar", "bsd.tar", "newc.cpio", "odc.cpio", "gnu.tar.gz", "gnu.tar.bz2",
        "gnu.tar.xz", "gnu.tar.zst", "gnu.tar.lz4", "newc.cpio.gz", "twice"}) {
    EXPECT_EQ(ImageOf(shop, FromArchive(name)), tree) << name;
  }
}

// Names and targets of members, too, come in the normal form that the manifest asks for.
TEST(ArchiveTest, MembersComeInTheNormalFormOfNames) {
  Workshop shop;
  shop.Write("tree/\xC3\xA4/\xC3\xB6.txt", "in normal form C");
  std::filesystem::create_symlink("\xC3\xA4", shop.Path("tree/link"));
  Shell(shop, "tar -C tree -cf x.tar .");
  const std::string nfd = "names { normalization: NFD } ";
  const std::string from_tree =
      ImageOf(shop, nfd + "entry { path: \"/\" tree { source: \"tree\" } }");
  EXPECT_EQ(ImageOf(shop, nfd + FromArchive("x.tar")), from_tree);
  EXPECT_NE(ImageOf(shop, FromArchive("x.tar")), from_tree);

  // Two members whose names become one.
  shop.Write("tree/a\xCC\x88/\xC3\xB6.txt", "in normal form D");
  Shell(shop, "tar -C tree -cf y.tar .");
  const ProcessResult built = Build(shop, nfd + FromArchive("y.tar"));
  EXPECT_EQ(built.exit_status, 2) << built.Summary();
  EXPECT_THAT(built.err, HasSubstr("and another name of the source become one"));
}

TEST(ArchiveTest, LanguageZoneAndTemporaryFolderDoNotMatter) {
  Workshop shop;
  WriteTree(shop);
  Shell(shop,
        "localedef --no-archive -i tr_TR -f UTF-8 ./tr_TR.UTF-8; "
        "(cd tree && zip -q -r -y ../x.zip .) && tar --format=pax -C tree -cf pax.tar . && "
        "zstd -q pax.tar");
  const std::string entries =
      "entry { path: \"/zip\" archive { source: \"x.zip\" } attributes { keep: TIME keep: MODE } }"
      "entry { path: \"/tar\" archive { source: \"pax.tar\" } attributes { keep: TIME } }"
      "entry { path: \"/zst\" archive { source: \"pax.tar.zst\" } attributes { keep: OWNER } }";
  const std::string want = ImageOf(shop, entries);
  const auto with = [&](const char* name, const std::string& value) {
    return ImageOf(shop, entries, [&](Command& c) {
      c.environment["LOCPATH"] = shop.dir();
      c.environment[name] = value;
    });
  };
  EXPECT_EQ(with("LC_ALL", "C"), want);
  EXPECT_EQ(with("LC_ALL", "tr_TR.UTF-8"), want);
  EXPECT_EQ(with("TZ", "Pacific/Kiritimati"), want);
  EXPECT_EQ(with("TMPDIR", "/nonexistent"), want);
  EXPECT_EQ(with("TMPDIR", shop.dir()), want);
}

// As GNU tar extracts it, with what headers say of attributes, holes and all. (bsdtar would
// bring names to Unicode's normal form C.)
TEST(ArchiveTest, HoldsWhatTarExtracts) {
  Workshop shop;
  WriteTree(shop);
  shop.WriteHole("tree/sparse", 5'000'000);
  Shell(shop,
        "printf middle | dd of=tree/sparse bs=1 seek=3000000 conv=notrunc status=none; "
        "truncate -s 4000000 tree/hole; "
        "find tree -exec touch -h -d @1500000000 {} +; chmod 2750 tree/many; "
        "tar --sparse --format=pax -C tree -cf sparse.tar . && "
        "tar --sparse --format=gnu -C tree -cf gnu.tar .; "
        "mkdir from_tar && tar -xpf sparse.tar -C from_tar");
  auto want = WalkDirectory(shop.Path("from_tar"));
  ASSERT_TRUE(want.ok()) << want.status();
  want->Find("/")->time = std::nullopt;  // bsdtar leaves that of the folder it extracts to
  for (const char* name : {"sparse.tar", "gnu.tar"}) {
    const ProcessResult built = Build(
        shop, absl::StrCat("attributes { keep: MODE keep: TIME keep: OWNER } ", FromArchive(name)));
    ASSERT_EQ(built.exit_status, 0) << built.Summary();
    struct stat image;
    ASSERT_EQ(stat(shop.Path("x.iso").c_str(), &image), 0);
    EXPECT_LT(image.st_blocks * 512, 6 << 20) << "holes take no room";
    const std::string out = absl::StrCat("out-", name);
    Shell(shop, absl::StrCat("mkdir ", out, " && bsdtar -xpf x.iso -C ", out));
    const auto got = WalkDirectory(shop.Path(out));
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_THAT(Differences(*want, *got), IsEmpty()) << name;
  }
}

TEST(ArchiveTest, GlobsAndComponentsSelectMembers) {
  Workshop shop;
  Shell(shop,
        "mkdir -p t/top/a/b t/top/c; printf 1 > t/top/a/b/one; printf 2 > t/top/a/two; "
        "printf 3 > t/top/c/three; ln t/top/a/b/one t/top/c/linked; "
        "tar --sort=name -C t -cf t.tar top");
  const auto files = [&](const std::string& more) {
    const ProcessResult built = Build(shop, FromArchive("t.tar", more));
    EXPECT_EQ(built.exit_status, 0) << built.Summary();
    Shell(shop, "bsdtar -tf x.iso | LC_ALL=C sort > list");
    return shop.Read("list");
  };
  EXPECT_EQ(files("strip_components: 1"), ".\na\na/b\na/b/one\na/two\nc\nc/linked\nc/three\n");
  EXPECT_EQ(files("strip_components: 2"), ".\nb\nb/one\nlinked\nthree\ntwo\n");
  EXPECT_EQ(files("include: \"top/c\""), ".\ntop\ntop/c\ntop/c/linked\ntop/c/three\n");
  EXPECT_EQ(
      files(
          "include: \"*/*/t*\" exclude: \"top/c/three\" include: \"top/c\" exclude: \"**/linked\""),
      ".\ntop\ntop/a\ntop/a/two\ntop/c\n");
  // A link to what is left out brings the bytes.
  EXPECT_EQ(files("include: \"top/c/linked\""), ".\ntop\ntop/c\ntop/c/linked\n");
  Shell(shop, "mkdir out && bsdtar -xf x.iso -C out");
  EXPECT_EQ(shop.Read("out/top/c/linked"), "1");
}

TEST(ArchiveTest, ALaterMemberReplacesAnEarlierOne) {
  Workshop shop;
  Shell(shop,
        "mkdir t; printf old > t/f; printf x > t/d; tar -C t -cf t.tar f d; printf newer > t/f; "
        "rm t/d; mkdir t/d; printf y > t/d/y; tar -C t -rf t.tar f d; "
        "mkdir out want && bsdtar -xf t.tar -C want");
  ASSERT_EQ(Build(shop, FromArchive("t.tar")).exit_status, 0);
  Shell(shop, "bsdtar -xf x.iso -C out");
  EXPECT_EQ(shop.Read("out/f"), "newer");
  EXPECT_EQ(shop.Read("out/d/y"), "y");
}

TEST(ArchiveTest, AFileCanBeAMember) {
  Workshop shop;
  WriteTree(shop);
  Shell(shop, "tar -C tree -cf t.tar . && zip -q -r x.zip tree && xz -0 -k t.tar");
  const std::string big = shop.Read("tree/big");
  const ProcessResult built = Build(shop, absl::StrCat(R"(
    entry { path: "/tar" file { source: "t.tar" member: "big" sha256: ")",
                                                       Sha256(big), R"(" } }
    entry { path: "/again" file { source: "t.tar" member: "./big" } }
    entry { path: "/part" file { source: "t.tar.xz" member: "big" offset: 100 length: 5000 } }
    entry { path: "/zip" concat { part { text: "<" }
      part { file { source: "x.zip" member: "tree/big" size: 3145728 } } part { text: ">" } } })"));
  ASSERT_EQ(built.exit_status, 0) << built.Summary();
  Shell(shop, "mkdir out && bsdtar -xf x.iso -C out");
  EXPECT_EQ(Sha256(shop.Read("out/tar")), Sha256(big));
  EXPECT_EQ(Sha256(shop.Read("out/again")), Sha256(big));
  EXPECT_EQ(shop.Read("out/part"), big.substr(100, 5000));
  EXPECT_EQ(Sha256(shop.Read("out/zip")), Sha256("<" + big + ">"));
  EXPECT_LT(std::filesystem::file_size(shop.Path("x.iso")), 2 * big.size() + (2 << 20));
}

struct BadArchive {
  const char* what;
  const char* make;  // leaves "bad" behind
  int exit_status;
  const char* message;
};

TEST(ArchiveTest, WhatMustNotGetInIsAnErrorThatSaysWhere) {
  const BadArchive kCases[] = {
      {"an absolute path", "tar -P -cf bad \"$PWD/f\"", 2, ", which is absolute\n"},
      {"a way out", "mkdir d; cd d; tar -P -cf ../bad ../f", 2,
       "m.textproto:2:37: entry[0].archive.source: \"bad\" has the member \"../f\", which has a "
       "component \"..\"\n"},
      {"a way out of a zip archive", "mkdir d; cd d; zip -q ../bad.zip ../f; mv ../bad.zip ../bad",
       2, "has the member \"../f\", which has a component \"..\"\n"},
      {"a way through a symlink",
       "mkdir d; printf x > d/f; tar -cf bad d; rm -r d; ln -s /etc d; tar -rf bad d", 2,
       "has the member \"d/f\" below \"d\", which is no directory in it\n"},
      {"a link to what is not there", "ln f g; tar -cf bad f g; tar --delete -f bad f", 2,
       "has the member \"g\", which is a hard link to \"f\", which is no file in the archive "
       "before it\n"},
      {"a name that is not UTF-8", "printf x > $'caf\\xe9'; tar -cf bad $'caf\\xe9'", 2,
       "is not valid UTF-8"},
      {"an encrypted member", "zip -q -P secret bad.zip f; mv bad.zip bad", 2,
       "\"bad\" has the encrypted member \"f\"\n"},
      {"no archive", "cp f bad", 2, "\"bad\" is no tar, cpio or zip archive\n"},
      {"two archives", "tar -cf one f; cat one one > bad", 2, "goes on behind its end, at byte "},
      {"half an archive", "tar -cf one f; head -c 700 one > bad", 3,
       "isomason: m.textproto:2:37: entry[0].archive.source: \"bad\" is cut short: it ends at byte "
       "700, inside of the member \"f\"\n"},
      {"half a compressed archive", "tar -czf one f; head -c 60 one > bad", 3,
       "\"bad\" cannot be decompressed: truncated gzip input\n"},
      {"a changed zip archive",
       "zip -q -0 bad.zip f; sed -i s/bytes/BYTES/ bad.zip; mv bad.zip bad", 3,
       "the member \"f\" has other bytes than its CRC says\n"},
  };
  for (const BadArchive& c : kCases) {
    SCOPED_TRACE(c.what);
    Workshop shop;
    shop.Write("f", "some bytes of a file\n");
    shop.Write("x.iso", "old");
    Shell(shop, c.make);
    const ProcessResult built = Build(shop, FromArchive("bad"), [&](Command& command) {
      command.environment["TMPDIR"] = shop.dir();
    });
    EXPECT_EQ(built.exit_status, c.exit_status) << built.Summary();
    EXPECT_THAT(built.err, HasSubstr(c.message));
    EXPECT_THAT(built.err, HasSubstr("entry[0].archive.source: "));
    EXPECT_THAT(built.err, HasSubstr("nothing was written\n"));
    EXPECT_EQ(shop.Read("x.iso"), "old");
    EXPECT_THAT(shop.Names(), Not(testing::Contains(HasSubstr("isomason-"))));
  }
}

// Planning a large archive reads its headers: 64 GiB, also of holes, would take long.
TEST(ArchiveTest, PlanningReadsHeadersAlone) {
  Workshop shop;
  Shell(shop, R"(python3 - <<'END'
import tarfile
size = 64 << 30
with open("big.tar", "wb") as out:
    for name, length in (("hole", size), ("after", 1)):
        info = tarfile.TarInfo(name)
        info.size = length
        out.write(info.tobuf(tarfile.GNU_FORMAT))
        if length == 1:
            out.write(b"x" + bytes(511))
        else:
            out.seek(length, 1)
    out.write(bytes(1024))
END)");
  shop.Write("m.textproto", absl::StrCat(kHead, FromArchive("big.tar")));
  const ProcessResult plan = shop.Isomason({"plan", "m.textproto"},
                                           [](Command& command) { command.timeout_seconds = 20; });
  EXPECT_EQ(plan.exit_status, 0) << plan.Summary();
  EXPECT_THAT(plan.out, HasSubstr("  /hole"));
}

}  // namespace
}  // namespace isomason

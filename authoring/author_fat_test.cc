// FAT partitions as the front door makes them: files that stand there and in the tree are stored
// once, and what FAT cannot hold is said. Readers look at golden images of them.
#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AuthorFatTest : public testing::Test {
 protected:
  // Makes the image of a manifest; false, with diagnostics, when there is none.
  bool Author(const std::string& manifest, const std::string& volume = "id: 'TEST'") {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { ", volume, " } ", manifest), &m));
    if (!m.has_iso9660() && !m.has_udf()) m.mutable_iso9660()->mutable_rock_ridge();
    const LoadedManifest loaded = LoadedManifest::FromMessage(std::move(m), "test", ".");
    Diagnostics diagnostics;
    auto disc = isomason::Author(loaded, directory_.path(), &diagnostics);
    problems_ = diagnostics.Format();
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  std::string Make(const std::string& manifest, const std::string& volume = "id: 'TEST'") {
    EXPECT_TRUE(Author(manifest, volume)) << problems_;
    EXPECT_EQ(disc_->image().Prepare(2), absl::OkStatus());
    std::string bytes(disc_->image().size(), '?');
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
    EXPECT_EQ(disc_->image().Read(0, out), absl::OkStatus());
    return bytes;
  }

  static uint32_t Little(const std::string& bytes, size_t at, size_t size) {
    uint32_t number = 0;
    for (size_t i = size; i > 0; --i) {
      number = number << 8 | static_cast<uint8_t>(bytes[at + i - 1]);
    }
    return number;
  }

  // Where the content of a file lies.
  uint64_t At(const std::string& path) const {
    const Tree& tree = disc_->tree();
    return disc_->image().addresses()[tree.inode(tree.Find(path)).content].value();
  }

  // The bytes of a file of a FAT12 volume, found by what its directories say.
  static std::string FatFile(const std::string& image, uint64_t volume,
                             const std::vector<std::string>& short_names) {
    const std::string boot = image.substr(volume, 512);
    const uint64_t fat = uint64_t{Little(boot, 14, 2)} * 512;
    const uint64_t root = fat + 2 * uint64_t{Little(boot, 22, 2)} * 512;
    const uint64_t data = root + uint64_t{Little(boot, 17, 2)} * 32;
    const uint64_t cluster_size = uint64_t{Little(boot, 13, 1)} * 512;
    uint64_t at = volume + root;
    std::string found;
    for (const std::string& name : short_names) {
      while (image.substr(at, 11) != name) {
        if (image[at] == '\0') return "no " + name;
        at += 32;
      }
      const uint64_t cluster = Little(image, at + 26, 2);
      const uint64_t size = Little(image, at + 28, 4);
      at = volume + data + (cluster - 2) * cluster_size;
      found = image.substr(at, size);
    }
    return found;
  }

  std::vector<std::string> Remarks() const {
    std::vector<std::string> remarks;
    for (const Remark& r : disc_->remarks()) {
      remarks.push_back(absl::StrCat(r.where, ": ", r.path, r.path.empty() ? "" : " ", r.detail));
    }
    return remarks;
  }

  static std::string Sha256(const std::string& bytes) {
    std::string digest(32, '\0');
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
               EVP_sha256(), nullptr);
    return absl::BytesToHexString(digest);
  }

  TestDirectory directory_;
  std::unique_ptr<Disc> disc_;
  std::string problems_;
};

TEST_F(AuthorFatTest, AFileInThePartitionAndInTheTreeIsStoredOnce) {
  const std::string kernel = TestBytes(3'000'000, 1);
  directory_.Write("kernel", kernel);
  const std::string image = Make(R"(
    iso9660 { rock_ridge {} joliet {} } udf {}
    entry { path: "/EFI/BOOT/BOOTX64.EFI" text: "a program" }
    entry { path: "/live/vmlinuz" file { source: "kernel" } }
    entry { path: "/z" text: "z" }
    boot {
      entry { platform: UEFI partition: 2 }
      system_area { gpt {} }
      partition {
        image: "/boot/efi.img"
        fat { files { path: "/EFI" } files { path: "/live/vmlinuz" to: "/vmlinuz" } }
      }
    })");
  EXPECT_LT(image.size(), kernel.size() + (2 << 20));
  const uint64_t volume = At("/boot/efi.img");
  EXPECT_EQ(volume % (1 << 20), 0u);
  EXPECT_LT(At("/z"), volume);
  EXPECT_EQ(FatFile(image, volume, {"EFI        ", "BOOT       ", "BOOTX64 EFI"}), "a program");
  EXPECT_TRUE(FatFile(image, volume, {"VMLINUZ    "}) == kernel);
  EXPECT_TRUE(image.substr(At("/live/vmlinuz"), kernel.size()) == kernel);
  EXPECT_GT(At("/live/vmlinuz"), volume);
  // The partition as the tables and the boot entry have it.
  const uint32_t sectors = Little(image, volume + 19, 2);
  EXPECT_EQ(Little(image, volume + 28, 4), volume / 512);
  EXPECT_EQ(Little(image, 1024 + 128 + 32, 4), volume / 512);
  EXPECT_EQ(Little(image, 1024 + 128 + 40, 4), volume / 512 + sectors - 1);
  const uint64_t catalog = uint64_t{Little(image, 17 * kBlockSize + 71, 4)} * kBlockSize;
  EXPECT_EQ(Little(image, catalog + 32 + 6, 2), sectors);
  EXPECT_EQ(Little(image, catalog + 32 + 8, 4), volume / kBlockSize);
  // And as a file.
  const Tree& tree = disc_->tree();
  const ContentId shown = tree.inode(tree.Find("/boot/efi.img")).content;
  EXPECT_EQ(disc_->image().contents().size(shown), uint64_t{sectors} * 512);
  EXPECT_LE(volume + uint64_t{sectors} * 512, image.size());
  EXPECT_THAT(Remarks(), ElementsAre("partition 2: /boot/efi.img holds the bytes of 2 files that "
                                     "ISO 9660 shows elsewhere; bsdtar on a pipe reads one of the "
                                     "two"));
}

TEST_F(AuthorFatTest, NoTableIsNeededAndFilesMayStandInThePartitionAlone) {
  const std::string image = Make(R"(
    entry { path: "/esp/EFI/BOOT/BOOTX64.EFI" text: "a program" }
    entry { path: "/esp/long name.txt" text: "some text" }
    entry { path: "/README" text: "r" }
    hide { match: "esp" }
    boot {
      entry { platform: UEFI partition: 2 }
      partition { fat { files { path: "/esp" to: "/" } label: "" serial: 0x12345678 } }
    })");
  const uint64_t catalog = uint64_t{Little(image, 17 * kBlockSize + 71, 4)} * kBlockSize;
  const uint64_t volume = uint64_t{Little(image, catalog + 32 + 8, 4)} * kBlockSize;
  EXPECT_EQ(FatFile(image, volume, {"EFI        ", "BOOT       ", "BOOTX64 EFI"}), "a program");
  EXPECT_EQ(FatFile(image, volume, {"LONGNA~1TXT"}), "some text");
  EXPECT_EQ(Little(image, volume + 28, 4), 0u);
  EXPECT_EQ(Little(image, volume + 39, 4), 0x12345678u);
  EXPECT_EQ(image.substr(volume + 43, 11), "NO NAME    ");
  EXPECT_EQ(disc_->iso9660()->NameOf(disc_->tree().Find("/esp")), "");
  EXPECT_THAT(Remarks(), IsEmpty());
}

TEST_F(AuthorFatTest, OnlyWhatStandsInNoPartitionIsSaidToBeHiddenEverywhere) {
  Make(R"(
    entry { path: "/EFI/a" text: "a" }
    entry { path: "/EFI/b" text: "b" }
    hide { match: "EFI/*" }
    boot {
      entry { platform: UEFI partition: 2 }
      partition { fat { files { path: "/EFI" exclude: "EFI/b" } } }
    })");
  EXPECT_THAT(Remarks(),
              ElementsAre("hide: /EFI/b no namespace shows it; its data stays in the image"));
}

TEST_F(AuthorFatTest, EqualBytesInThePartitionAreCopies) {
  const std::string program = TestBytes(5000, 1);
  directory_.Write("program", program);
  const std::string image = Make(R"(
    deduplicate {}
    entry { path: "/EFI/a" file { source: "program" } }
    entry { path: "/EFI/b" hard_link: "/EFI/a" }
    entry { path: "/EFI/c" file { source: "program" } }
    entry { path: "/d" file { source: "program" } }
    boot { system_area { gpt {} } partition { fat { } } partition { fat { files { path: "/d" } } } })");
  const uint64_t volume = 1 << 20;
  for (const char* name : {"A          ", "B          ", "C          "}) {
    EXPECT_TRUE(FatFile(image, volume, {"EFI        ", name}) == program) << name;
  }
  EXPECT_EQ(At("/d"), At("/EFI/a"));
  const uint64_t second = uint64_t{Little(image, 1024 + 256 + 32, 4)} * 512;
  EXPECT_TRUE(FatFile(image, second, {"D          "}) == program);
  EXPECT_THAT(Remarks(), Contains("partition 2: /EFI/b and 1 more are stored as copies (10000 "
                                  "bytes): their bytes lie in a partition already"));
  EXPECT_THAT(Remarks(), Contains("partition 3: /d is stored as a copy (5000 bytes): its bytes lie "
                                  "in a partition already"));
}

TEST_F(AuthorFatTest, FilesOfThePartitionAreNotCompressedAndNotOrdered) {
  directory_.Write("text", std::string(100'000, 't'));
  const std::string image = Make(R"(
    iso9660 { rock_ridge { zisofs {} } }
    layout { order: "EFI/text" sort { match: "other" weight: 5 } }
    entry { path: "/EFI/text" file { source: "text" } }
    entry { path: "/other" file { source: "text" } }
    boot { system_area { mbr {} } partition { fat {} } })");
  EXPECT_EQ(image.substr(At("/EFI/text"), 100'000), std::string(100'000, 't'));
  EXPECT_NE(image.substr(At("/other"), 100), std::string(100, 't'));
  EXPECT_THAT(Remarks(),
              AllOf(Contains("zisofs: /EFI/text is not compressed: a file of a FAT partition"),
                    Contains("layout: 1 file of FAT partitions that `order`, `sort`, `align` "
                             "or `boot_first` are about lie where these have them")));
}

TEST_F(AuthorFatTest, ABootImageInThePartitionIsToldWhereItLies) {
  directory_.Write("loader", TestBytes(3000, 1));
  const std::string image = Make(R"(
    entry { path: "/EFI/loader" file { source: "loader" } }
    boot {
      catalog: "/EFI/boot.cat"
      entry { image: "/EFI/loader" boot_info_table: true }
      entry { platform: UEFI partition: 2 }
      partition { fat { } }
    })");
  const uint64_t catalog = uint64_t{Little(image, 17 * kBlockSize + 71, 4)} * kBlockSize;
  EXPECT_EQ(catalog, At("/EFI/boot.cat"));
  const uint64_t volume = uint64_t{Little(image, catalog + 96 + 8, 4)} * kBlockSize;
  const std::string loader = FatFile(image, volume, {"EFI        ", "LOADER     "});
  EXPECT_EQ(Little(loader, 12, 4), At("/EFI/loader") / kBlockSize);
  EXPECT_EQ(FatFile(image, volume, {"EFI        ", "BOOT    CAT"}),
            image.substr(catalog, kBlockSize));
}

TEST_F(AuthorFatTest, AListOfChecksumsMayNameThePartitionAndStandInIt) {
  directory_.Write("kernel", TestBytes(50'000, 1));
  const std::string image = Make(R"(
    entry { path: "/EFI/kernel" file { source: "kernel" } }
    entry { path: "/sums" checksums {} }
    entry { path: "/EFI/sums" checksums { directory: "/EFI" } }
    boot { system_area { gpt {} } partition { image: "/efi.img" fat { files { path: "/EFI/kernel" } } } })");
  const Tree& tree = disc_->tree();
  const ContentId shown = tree.inode(tree.Find("/efi.img")).content;
  const std::string volume = image.substr(At("/efi.img"), disc_->image().contents().size(shown));
  const std::string line = absl::StrCat(Sha256(volume), "  ./efi.img\n");
  EXPECT_THAT(image.substr(At("/sums"), 1000), HasSubstr(line));

  EXPECT_FALSE(Author(R"(
    entry { path: "/EFI/kernel" file { source: "kernel" } }
    entry { path: "/EFI/sums" checksums {} }
    boot { system_area { gpt {} } partition { image: "/efi.img" fat {} } })"));
  EXPECT_THAT(problems_, HasSubstr("would name \"/efi.img\", a partition in which \"/EFI/sums\" "
                                   "stands: the digests of both would have to be known first"));
}

TEST_F(AuthorFatTest, TheSerialComesFromTheImageAndTheLabelFromTheManifest) {
  const char* const kManifest =
      "entry { path: '/EFI/a' text: 'a' } boot { system_area { gpt {} } "
      "partition { fat { label: 'ONE TWO' } } }";
  const std::string first = Make(kManifest, "id: 'One+Two;three'");
  const uint64_t volume = 1 << 20;
  EXPECT_EQ(first.substr(volume + 43, 11), "ONE TWO    ");
  const std::string second = Make(kManifest, "id: 'OTHER'");
  EXPECT_NE(Little(first, volume + 39, 4), Little(second, volume + 39, 4));
}

TEST_F(AuthorFatTest, TheSectorsOfABootEntryAreThoseOfThePartition) {
  const char* const kManifest =
      "entry { path: '/EFI/a' text: 'a' } boot { entry { platform: UEFI partition: 2 %s } "
      "partition "
      "{ fat { %s } } }";
  Make(absl::StrFormat(kManifest, "", "free: 20000"));
  const std::string id = disc_->volume().image_id.Hex();
  Make(absl::StrFormat(kManifest, "load_sectors: 56", "free: 20000"));
  EXPECT_EQ(disc_->volume().image_id.Hex(), id);
  Make(absl::StrFormat(kManifest, "load_sectors: 57", "free: 20000"));
  EXPECT_NE(disc_->volume().image_id.Hex(), id);
  // 32 MiB and more are too many to say.
  const std::string image = Make(absl::StrFormat(kManifest, "", "size: 33554432"));
  const uint64_t catalog = uint64_t{Little(image, 17 * kBlockSize + 71, 4)} * kBlockSize;
  EXPECT_EQ(Little(image, catalog + 32 + 6, 2), 0u);
}

TEST_F(AuthorFatTest, TimesThatFatDoesNotKnowAreTheNearest) {
  const std::string image = Make(R"(
    entry { path: "/EFI/a" text: "a" attributes { time: "1970-01-01T00:00:00Z" } }
    entry { path: "/EFI/b" text: "b" attributes { time: "2108-01-01T00:00:00Z" } }
    boot { system_area { gpt {} } partition { fat {} } })");
  EXPECT_THAT(Remarks(), ElementsAre("partition 2: /EFI/a and 1 more have times that FAT does not "
                                     "know: the nearest from 1980 to 2107 stands there"));
}

TEST_F(AuthorFatTest, ALinkStandsThereAsWhatItLeadsTo) {
  const std::string image = Make(R"(
    entry { path: "/EFI/file" symlink: "../real" }
    entry { path: "/EFI/dir" symlink: "/other" }
    entry { path: "/real" text: "real bytes" }
    entry { path: "/other/x" text: "x bytes" }
    boot { system_area { gpt {} } partition { fat { symlinks: FOLLOW } } })");
  const uint64_t volume = 1 << 20;
  EXPECT_EQ(FatFile(image, volume, {"EFI        ", "FILE       "}), "real bytes");
  EXPECT_EQ(FatFile(image, volume, {"EFI        ", "DIR        ", "X          "}), "x bytes");
  EXPECT_GT(At("/real"), volume);
  EXPECT_THAT(Remarks(),
              ElementsAre("partition 2: /EFI/dir /other", "partition 2: /EFI/file /real"));

  Make(R"(
    entry { path: "/EFI/file" text: "x" }
    entry { path: "/EFI/link" symlink: "file" }
    entry { path: "/EFI/fifo" fifo {} }
    boot { system_area { gpt {} } partition { fat { symlinks: OMIT special: OMIT } } })");
  EXPECT_THAT(Remarks(),
              ElementsAre("partition 2: /EFI/fifo a FIFO", "partition 2: /EFI/link a symlink"));
}

TEST_F(AuthorFatTest, ALockKeepsOtherFilesAndSaysWhenThePartitionMoves) {
  directory_.Write("grows", TestBytes(1000, 1));
  const std::string manifest = R"(
    entry { path: "/EFI/a" text: "a" }
    entry { path: "/grows" file { source: "grows" } }
    boot { entry { platform: UEFI partition: 2 } partition { fat {} image: "/efi.img" } })";
  ASSERT_TRUE(Author(manifest)) << problems_;
  directory_.Write("lock", disc_->MakeLock().Format());
  ASSERT_TRUE(Author(manifest + "layout { lock: 'lock' }")) << problems_;
  EXPECT_THAT(Remarks(), Contains(HasSubstr("3 of 3 files that the lock has with their size "
                                            "stay at their blocks")));
  directory_.Write("grows", TestBytes(100'000, 1));
  ASSERT_TRUE(Author(manifest + "layout { lock: 'lock' lock_moves: ALLOW_MOVES }")) << problems_;
  EXPECT_THAT(Remarks(), Contains(HasSubstr("partitions lie behind all other files")).Times(2));
}

TEST_F(AuthorFatTest, SaysWhatThePartitionCannotHold) {
  directory_.Write("loader", TestBytes(3000, 1));
  const struct {
    const char* manifest;
    const char* says;
  } kCases[] = {
      {"partition { fat {} }", "boot.partition[0].fat: \"/EFI\" is not in the image"},
      {"partition { fat { files { path: '/no' } } }",
       "boot.partition[0].fat.files[0].path: \"/no\" is not in the image"},
      {"partition { fat { files { path: '/d' match: 'd/x' } } }",
       "boot.partition[0].fat.files[0].match[0]: \"d/x\" matches nothing"},
      {"partition { fat { files { path: '/d' exclude: 'x' } } }",
       "boot.partition[0].fat.files[0].exclude[0]: \"x\" matches nothing"},
      {"partition { fat { files { path: '/d' exclude: 'd/*' } } }",
       "boot.partition[0].fat: no file would stand in it"},
      {"partition { fat { files { path: '/e' } } }",
       "entry[1].path: \"/e/a?\" cannot stand in partition 2: the name \"a?\" holds ?"},
      {"partition { fat { files { path: '/d' } files { path: '/one' to: '/d/f' } } }",
       "entry[2].path: \"/one\" would stand in partition 2 as \"/d/f\", as \"/d/f\" does"},
      {"partition { fat { files { path: '/d' } files { path: '/one' to: '/D/f' } } }",
       "differs in case only from \"d\""},
      {"partition { fat { files { path: '/huge' } } }",
       "\"/huge\" cannot stand in partition 2: it has 4294967296 bytes"},
      {"partition { fat { files { path: '/link' } } }", "\"/link\" is a symlink, which FAT cannot"},
      {"partition { fat { files { path: '/link' } symlinks: FOLLOW } }",
       "\"/link\" is a symlink that leads to no file"},
      {"partition { fat { files { path: '/fifo' } } }", "\"/fifo\" is a FIFO, which FAT cannot"},
      {"partition { image: '/one' fat { files { path: '/d' } } }",
       "boot.partition[0].image: \"/one\" is in the image already"},
      {"partition { image: '/d/img' fat { files { path: '/d' } } }",
       "boot.partition[0].image: \"/d/img\" is a whole FAT partition, which can be in none"},
      {"partition { fat { files { path: '/d' } size: 2048 } }",
       "boot.partition[0].fat.size: a FAT volume needs 8192 bytes for all that is to be in it, "
       "6144 more than the 2048 that it is given"},
      {"partition { fat { files { path: '/d' } type: FAT32 size: 2097152 } }",
       "boot.partition[0].fat.size: FAT32 needs 134770688 bytes"},
      {"partition { image: '/efi.img' fat { files { path: '/d' } } } entry { image: '/efi.img' "
       "boot_info_table: true }",
       "boot.entry[0].boot_info_table: nothing is written into a partition"},
      {"partition { fat { files { path: '/d' } } } entry { image: '/loader' boot_info_table: true "
       "} "
       "partition { fat { files { path: '/loader' } files { path: '/loader' to: '/2' } } }",
       "entry[7].path: \"/loader\" would be in the image twice, and is told where it lies"},
      {"partition { fat { files { path: '/d' } } } } layout { pin { path: '/d/f' block: 5000 } ",
       "layout.pin[0].path: \"/d/f\" stands in a FAT partition, which decides where it lies"},
  };
  for (const auto& c : kCases) {
    EXPECT_FALSE(Author(absl::StrCat(
        "entry { path: '/d/f' text: 'x' } entry { path: '/e/a?' text: 'x' } entry { path: '/one' "
        "text: 'y' } entry { path: '/huge' zeros: 4294967296 } entry { path: '/link' symlink: "
        "'nowhere' } entry { path: '/fifo' fifo {} } entry { path: '/e/b' text: '' } "
        "entry { path: '/loader' file { source: 'loader' } } "
        "boot { system_area { gpt {} } ",
        c.manifest, "}")))
        << c.manifest;
    EXPECT_THAT(problems_, HasSubstr(c.says)) << c.manifest;
  }
}

}  // namespace
}  // namespace isomason

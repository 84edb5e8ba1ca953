// Compressed files against other writers of zisofs: mkzftree and xorriso make the same
// bytes, mkzftree -u takes ours apart, and readers show on images of others what the table
// of quirks says of them.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/golden/expected_zisofs.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/readers.h"

namespace isomason {
namespace {

using ::testing::IsEmpty;

std::string Text(size_t size, int seed) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) absl::StrAppend(&text, seed, ": line ", i * i, "\n");
  text.resize(size);
  return text;
}

std::string Noise(size_t size) {
  std::string noise(size, '\0');
  uint64_t x = 88172645463325252;
  for (char& c : noise) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    c = static_cast<char>(x >> 40);
  }
  return noise;
}

class ZisofsTest : public testing::Test {
 protected:
  void SetUp() override {
    shop_.Write("tree/text", Text(200000, 1));
    shop_.Write("tree/exact", Text(65536, 2));
    shop_.Write("tree/folder/short", Text(4000, 3));
    shop_.Write("tree/folder/mixed", Text(32768, 4) + std::string(65536, '\0') + Text(1000, 5));
    shop_.Write("tree/zeros", std::string(300000, '\0'));
    shop_.Write("tree/noise", Noise(100000));
    shop_.Write("tree/small", "small\n");
    shop_.Write("tree/empty", "");
  }

  ProcessResult Run(std::vector<std::string> argv) {
    Command command;
    command.argv = std::move(argv);
    command.directory = shop_.dir();
    const auto result = RunProcess(command);
    EXPECT_TRUE(result.ok() && result->Succeeded())
        << (result.ok() ? result->Summary() : result.status().ToString());
    return result.ok() ? *result : ProcessResult();
  }

  void Build(const std::string& options) {
    shop_.Write("m.textproto", absl::StrCat("image_version: 1 volume { id: \"Z\" }\n"
                                            "iso9660 { rock_ridge { zisofs { ",
                                            options, " } } }\n",
                                            "entry { path: \"/\" tree { source: \"tree\" } }\n"));
    const ProcessResult built =
        shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "ours.iso"});
    EXPECT_EQ(built.exit_status, 0) << built.Summary();
  }

  // The bytes of a file as they are stored: isoinfo does not decompress.
  std::string Stored(const std::string& image, const std::string& path) {
    return Run({"isoinfo", "-R", "-i", image, "-x", path}).out;
  }

  // What the readers make of an image of another writer over the same tree, whose
  // compressed files are those of `zisofs`.
  std::vector<std::string> Differences(const std::string& image, Trait trait,
                                       const manifest::Zisofs& zisofs) {
    manifest::Manifest manifest;
    *manifest.mutable_iso9660()->mutable_rock_ridge()->mutable_zisofs() = zisofs;
    auto want = WalkDirectory(shop_.Path("tree"));
    EXPECT_TRUE(want.ok()) << want.status();
    int compressed = 0;
    for (auto& [path, entry] : *want) {
      if (entry.type != Listed::Type::kFile) continue;
      const std::string stored =
          ExpectedZisofs(manifest, path, shop_.Read(absl::StrCat("tree", path)));
      if (stored.empty()) continue;
      entry.stored_size = stored.size();
      entry.stored_sha256 = Sha256(stored);
      ++compressed;
    }
    EXPECT_EQ(compressed, 5);
    ReaderOptions options;
    options.traits = {trait};
    options.compare.modes = options.compare.owners = options.compare.times = false;
    options.compare.links = options.compare.inodes = false;
    options.scratch_dir = shop_.dir();
    return CheckWithForeignReaders(shop_.Path(image), *want, options);
  }

  Workshop shop_;
};

constexpr const char* kCompressed[] = {"/text", "/exact", "/folder/short", "/folder/mixed",
                                       "/zeros"};

TEST_F(ZisofsTest, MkzftreeMakesTheSameBytes) {
  Run({"mkzftree", "tree", "theirs"});
  Build("");
  for (const char* path : kCompressed) {
    EXPECT_TRUE(Stored("ours.iso", path) == shop_.Read(absl::StrCat("theirs", path))) << path;
  }
  EXPECT_TRUE(Stored("ours.iso", "/noise") == shop_.Read("tree/noise"));
}

TEST_F(ZisofsTest, MkzftreeDecompressesWhatIsStored) {
  for (const char* options : {"level: 1", "block_size: 65536", "block_size: 131072 level: 6"}) {
    SCOPED_TRACE(options);
    Build(options);
    for (const char* path : kCompressed) {
      shop_.Write(absl::StrCat("stored", path), Stored("ours.iso", path));
    }
    std::filesystem::remove_all(shop_.Path("again"));
    Run({"mkzftree", "-u", "stored", "again"});
    for (const char* path : kCompressed) {
      EXPECT_NE(shop_.Read(absl::StrCat("stored", path)), shop_.Read(absl::StrCat("tree", path)));
      EXPECT_TRUE(shop_.Read(absl::StrCat("again", path)) == shop_.Read(absl::StrCat("tree", path)))
          << path;
    }
  }
}

TEST_F(ZisofsTest, XorrisoMakesTheSameBytesInBothVersions) {
  Run({"xorriso", "-outdev", "theirs_1.iso", "-zisofs", "level=9:block_size=64k", "-map", "tree",
       "/", "-set_filter_r", "--zisofs", "/", "--", "-commit", "-end"});
  Run({"xorriso", "-outdev", "theirs_2.iso", "-zisofs", "level=6:version_2=on:block_size_v2=128k",
       "-map", "tree", "/", "-set_filter_r", "--zisofs", "/", "--", "-commit", "-end"});
  Build("block_size: 65536");
  for (const char* path : kCompressed) {
    EXPECT_TRUE(Stored("ours.iso", path) == Stored("theirs_1.iso", path)) << path;
  }
  Build("version: 2 level: 6 block_size: 131072");
  for (const char* path : kCompressed) {
    EXPECT_TRUE(Stored("ours.iso", path) == Stored("theirs_2.iso", path)) << path;
  }
}

TEST_F(ZisofsTest, ReadersShowImagesOfOthersAsTheTableSays) {
  manifest::Zisofs zisofs;
  Run({"mkzftree", "tree", "compressed"});
  Run({"genisoimage", "-quiet", "-R", "-z", "-o", "genisoimage.iso", "compressed"});
  EXPECT_THAT(Differences("genisoimage.iso", Trait::kZisofs, zisofs), IsEmpty());
  Run({"xorriso", "-outdev", "xorriso_1.iso", "-zisofs", "level=9", "-map", "tree", "/",
       "-set_filter_r", "--zisofs", "/", "--", "-commit", "-end"});
  EXPECT_THAT(Differences("xorriso_1.iso", Trait::kZisofs, zisofs), IsEmpty());
  zisofs.set_version(2);
  Run({"xorriso", "-outdev", "xorriso_2.iso", "-zisofs", "level=9:version_2=on:block_size_v2=32k",
       "-map", "tree", "/", "-set_filter_r", "--zisofs", "/", "--", "-commit", "-end"});
  EXPECT_THAT(Differences("xorriso_2.iso", Trait::kZisofs2, zisofs), IsEmpty());
}

// That a reader decompresses, and how another one fails, is not a matter of our images.
TEST_F(ZisofsTest, WithoutTheQuirksTheReadersDiffer) {
  Run({"mkzftree", "tree", "compressed"});
  Run({"genisoimage", "-quiet", "-R", "-z", "-o", "genisoimage.iso", "compressed"});
  const auto differences = Differences("genisoimage.iso", Trait::kForeignEntries, {});
  for (const char* reader : {"isoinfo", "libcdio", "7z", "grub-fstest"}) {
    EXPECT_THAT(differences, testing::Contains(testing::StartsWith(reader))) << reader;
  }
  for (const char* reader : {"xorriso", "bsdtar"}) {
    EXPECT_THAT(differences, testing::Not(testing::Contains(testing::StartsWith(reader))))
        << reader;
  }
}

}  // namespace
}  // namespace isomason

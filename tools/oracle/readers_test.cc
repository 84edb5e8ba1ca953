#include "tools/oracle/readers.h"

#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/bsdtar.h"
#include "tools/oracle/process.h"
#include "tools/oracle/pycdlib.h"
#include "tools/oracle/sample.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ReadersTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
    options_.scratch_dir = scratch_->path();
  }

  // Makes the tree.
  void Make(const SampleOptions& sample) {
    absl::StatusOr<Listing> want = MakeSampleTree(tree(), sample);
    ASSERT_TRUE(want.ok()) << want.status();
    want_ = *std::move(want);
  }

  void WriteXorriso(std::vector<std::string> options) {
    absl::Status s = WriteWithXorriso(tree(), image(), std::move(options));
    ASSERT_TRUE(s.ok()) << s;
  }

  void WriteGenisoimage(std::vector<std::string> options) {
    absl::Status s = WriteWithGenisoimage(tree(), image(), std::move(options));
    ASSERT_TRUE(s.ok()) << s;
  }

  // genisoimage's UDF has modes, links and owners of its own making.
  void ExpectABridgeByGenisoimage() {
    options_.views = {View::kRockRidge, View::kJoliet, View::kUdf};
    options_.compare.modes = options_.compare.links = options_.compare.inodes = false;
    Listing& udf = options_.want_instead[View::kUdf] = want_;
    for (auto& [path, entry] : udf) entry.owner = entry.group = std::nullopt;
  }

  std::vector<std::string> Run() { return CheckWithForeignReaders(image(), want_, options_); }

  std::string tree() const { return scratch_->path() + "/tree"; }
  std::string image() const { return scratch_->path() + "/image.iso"; }

  std::unique_ptr<ScratchDir> scratch_;
  Listing want_;
  ReaderOptions options_;
};

TEST_F(ReadersTest, AgreeOnRockRidgeByXorriso) {
  Make({});
  WriteXorriso({});
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnOwnersThatThisHostCannotMake) {
  Make({});
  WriteXorriso({"-uid", "1000", "-gid", "70000"});
  for (auto& [path, entry] : want_) {
    entry.owner = 1000;
    entry.group = 70000;
  }
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnHardNamesAndTrees) {
  Make({.hard_names = true, .hard_tree = true, .decomposed = true});
  WriteXorriso({});
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnHardTargets) {
  Make({.hard_targets = true});
  WriteXorriso({});
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnNamesThatAreNotUtf8) {
  Make({.raw_bytes = true});
  WriteXorriso({});
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnRockRidgeByGenisoimage) {
  Make({});
  WriteGenisoimage({});
  // It writes no serial numbers, so that xorriso cannot know what is a hard link, and gives the
  // directory record of a symlink the time of its target, which 7-Zip goes by.
  options_.traits = {Trait::kNoSerialNumbers};
  for (auto& [path, entry] : want_) {
    if (entry.type == Listed::Type::kSymlink) entry.time = std::nullopt;
  }
  EXPECT_THAT(Run(), IsEmpty());
}

// genisoimage relocates what is deeper than eight levels.
TEST_F(ReadersTest, SomeDoNotFollowRelocation) {
  Make({.symlinks = false, .odd_names = false, .hard_tree = true});
  WriteGenisoimage({});
  options_.traits = {Trait::kNoSerialNumbers};
  for (const char* path : {"/t2040", "/t2100"}) want_.Find(path)->time = std::nullopt;
  const std::string deep = "/level1/level2/level3/level4/level5/level6/level7/level8";
  for (const Reader reader :
       {Reader::kIsoinfo, Reader::kCdio, Reader::kPycdlib, Reader::kSevenZip, Reader::kGrub}) {
    options_.readers = {reader};
    // pycdlib comes to it twice, which is one too many for a listing.
    EXPECT_THAT(Run(), Contains(AnyOf(HasSubstr(deep), HasSubstr("/rr_moved/level8/level9 is "
                                                                 "listed twice"))))
        << ReaderName(reader);
  }
  options_.readers = {Reader::kBsdtar, Reader::kBsdtarPipe};
  EXPECT_THAT(Run(), IsEmpty());
  // It does not mark rr_moved as relocated, so xorriso shows it.
  options_.readers = {Reader::kXorriso};
  EXPECT_THAT(Run(), ElementsAre(HasSubstr("/rr_moved")));
}

TEST_F(ReadersTest, AgreeOnJolietByXorriso) {
  Make({.odd_names = false, .hard_tree = true, .decomposed = true});
  WriteXorriso({"-J", "-joliet-long"});
  options_.views = {View::kRockRidge, View::kJoliet};
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnPlainNames) {
  Make({.odd_names = false, .unicode = false});
  WriteXorriso({});
  options_.views = {View::kRockRidge, View::kIso9660};
  // Level 1: upper case, 8.3. What is no file and no directory is an empty file there.
  Listing& plain = options_.want_instead[View::kIso9660];
  for (const auto& [path, entry] : want_) {
    Listed other = entry;
    other.path = absl::AsciiStrToUpper(path);
    const std::pair<const char*, const char*> kChanged[] = {{"ONE-BLOCK", "ONE_BLOC"},
                                                            {"ZERO2-AGAIN", "ZERO2_AG"}};
    for (const auto& change : kChanged) other.path = absl::StrReplaceAll(other.path, {change});
    if (entry.type != Listed::Type::kFile && entry.type != Listed::Type::kDirectory) {
      other.type = Listed::Type::kFile;
      other.size = 0;
      other.sha256 = "";
      other.target = "";
    }
    ASSERT_TRUE(plain.Add(other).ok());
  }
  EXPECT_THAT(Run(), IsEmpty());
}

TEST_F(ReadersTest, AgreeOnABridgeByGenisoimage) {
  Make({.symlinks = false, .special_files = false, .odd_names = false});
  WriteGenisoimage({"-J", "-joliet-long", "-udf"});
  ExpectABridgeByGenisoimage();
  EXPECT_THAT(Run(), IsEmpty());
}

// --- A reader that sees nothing amiss must be able to
// ---------------------------------------------

// The readers that say something in one of `sentences`.
std::set<std::string> Speakers(const std::vector<std::string>& sentences) {
  std::set<std::string> out;
  for (const std::string& s : sentences) out.insert(s.substr(0, s.find(": ")));
  return out;
}

TEST_F(ReadersTest, EachReportsAFileThatIsNotThere) {
  Make({.symlinks = false, .special_files = false, .odd_names = false});
  WriteGenisoimage({"-J", "-joliet-long", "-udf"});
  Listed ghost;
  ghost.path = "/boot/ghost";
  ASSERT_TRUE(want_.Add(ghost).ok());
  ExpectABridgeByGenisoimage();
  const std::vector<std::string> said = Run();
  EXPECT_THAT(
      Speakers(said),
      ElementsAre("7z (Joliet)", "7z (UDF)", "bsdtar (Joliet)", "bsdtar (Rock Ridge)",
                  "bsdtar from a pipe (Joliet)", "bsdtar from a pipe (Rock Ridge)",
                  "grub-fstest (UDF)", "isoinfo (Joliet)", "isoinfo (Rock Ridge)",
                  "libcdio (Joliet)", "libcdio (UDF)", "libudfread (UDF)", "pycdlib (Joliet)",
                  "pycdlib (Rock Ridge)", "pycdlib (UDF)", "udfclient (UDF)", "udfdump", "udfinfo",
                  "xorriso (Joliet)", "xorriso (Rock Ridge)"));
  EXPECT_THAT(said, Contains("xorriso (Joliet): /boot/ghost: missing, want a file"));
}

TEST_F(ReadersTest, EachReportsOtherContents) {
  Make({.symlinks = false, .special_files = false, .odd_names = false});
  WriteGenisoimage({"-J", "-joliet-long", "-udf"});
  ExpectABridgeByGenisoimage();
  // One bit of one file, in the last block of it.
  absl::StatusOr<std::string> bytes = ReadHostFile(image());
  ASSERT_TRUE(bytes.ok());
  const size_t at = bytes->find(std::string(2048, 'x'));
  ASSERT_NE(at, std::string::npos);
  (*bytes)[at + 2047] ^= 1;
  ASSERT_TRUE(WriteHostFile(image(), *bytes).ok());
  const std::vector<std::string> said = Run();
  EXPECT_THAT(
      Speakers(said),
      ElementsAre("7z (Joliet)", "7z (UDF)", "bsdtar (Joliet)", "bsdtar (Rock Ridge)",
                  "bsdtar from a pipe (Joliet)", "bsdtar from a pipe (Rock Ridge)",
                  "grub-fstest (UDF)", "libcdio (Joliet)", "libcdio (UDF)", "libudfread (UDF)",
                  "pycdlib (Joliet)", "pycdlib (Rock Ridge)", "pycdlib (UDF)", "udfclient (UDF)",
                  "xorriso (Joliet)", "xorriso (Rock Ridge)"));
  EXPECT_THAT(said, Each(HasSubstr(": /one-block: SHA-256 is ")));
}

TEST_F(ReadersTest, EachReportsTheAttributesThatItTells) {
  Make({});
  WriteXorriso({});
  Listed* program = want_.Find("/program");
  program->mode = 0700;
  program->owner = 77;
  program->group = 78;
  *program->time += 1;
  program->size = 11;
  program->links = 3;
  const std::vector<std::string> said = Run();
  const struct {
    const char* what;
    std::vector<std::string> readers;
  } kCases[] = {
      {"mode", {"xorriso", "bsdtar", "bsdtar from a pipe", "isoinfo", "libcdio", "pycdlib"}},
      {"owner", {"xorriso", "bsdtar", "bsdtar from a pipe", "isoinfo", "libcdio", "pycdlib"}},
      {"group", {"xorriso", "bsdtar", "bsdtar from a pipe", "isoinfo", "libcdio", "pycdlib"}},
      {"link count", {"xorriso", "bsdtar", "bsdtar from a pipe", "isoinfo", "libcdio", "pycdlib"}},
      {"time",
       {"xorriso", "bsdtar", "bsdtar from a pipe", "7z", "libcdio", "grub-fstest", "pycdlib"}},
      {"size",
       {"xorriso", "bsdtar", "bsdtar from a pipe", "7z", "isoinfo", "libcdio", "grub-fstest",
        "pycdlib"}},
  };
  size_t sentences = 0;
  for (const auto& c : kCases) {
    for (const std::string& reader : c.readers) {
      EXPECT_THAT(said,
                  Contains(StartsWith(reader + " (Rock Ridge): /program: " + c.what + " is ")));
      ++sentences;
    }
  }
  EXPECT_THAT(said, SizeIs(sentences));
}

TEST_F(ReadersTest, ReportATreeThatIsNotThere) {
  Make({.symlinks = false, .special_files = false, .odd_names = false});
  WriteXorriso({});
  options_.views = {View::kRockRidge, View::kJoliet, View::kUdf};
  const std::set<std::string> speakers = Speakers(Run());
  for (const char* who : {"xorriso (Joliet)", "bsdtar (Joliet)", "isoinfo (Joliet)",
                          "pycdlib (Joliet)", "7z (UDF)", "libcdio (UDF)", "libudfread (UDF)",
                          "pycdlib (UDF)", "grub-fstest (UDF)", "udfinfo", "blkid"}) {
    EXPECT_THAT(speakers, Contains(who));
  }
}

TEST_F(ReadersTest, AreAskedOnlyWhenNamed) {
  Make({});
  WriteXorriso({});
  ASSERT_TRUE(want_.Remove("/zero"));
  options_.readers = {Reader::kIsoinfo};
  EXPECT_THAT(Run(), ElementsAre("isoinfo (Rock Ridge): /zero: is a file, want none"));
}

// --- Quirks --------------------------------------------------------------------------------------

// CRC of ECMA-167 1/7.2.6.
uint16_t Crc(const std::string& bytes) {
  uint16_t crc = 0;
  for (unsigned char c : bytes) {
    crc = static_cast<uint16_t>(crc ^ c << 8);
    for (int i = 0; i < 8; ++i) crc = static_cast<uint16_t>(crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0));
  }
  return crc;
}

// Makes the file entry of an empty file in a UDF volume one of type `type` (ECMA-167 4/14.6.6).
void RetypeAnEmptyFile(std::string& image, char type) {
  for (size_t at = 257 * 2048; at + 2048 <= image.size(); at += 2048) {
    std::string block = image.substr(at, 2048);
    const bool file_entry = block[0] == 5 && block[1] == 1;  // 261
    if (!file_entry || block[16 + 11] != 5 || block.substr(56, 8) != std::string(8, '\0')) continue;
    block[16 + 11] = type;
    const size_t length = static_cast<unsigned char>(block[10]) |
                          static_cast<size_t>(static_cast<unsigned char>(block[11])) << 8;
    const uint16_t crc = Crc(block.substr(16, length));
    block[8] = static_cast<char>(crc & 0xff);
    block[9] = static_cast<char>(crc >> 8);
    block[4] = 0;
    unsigned sum = 0;
    for (int i = 0; i < 16; ++i) sum += static_cast<unsigned char>(block[static_cast<size_t>(i)]);
    block[4] = static_cast<char>(sum);
    image.replace(at, 2048, block);
    return;
  }
  FAIL() << "no empty file";
}

TEST_F(ReadersTest, LibarchiveReadsSharedContentsOnceFromAPipe) {
  Make({.symlinks = false, .hard_links = true, .special_files = false, .odd_names = false});
  Listed* linked = nullptr;
  for (auto& [path, entry] : want_) {
    if (entry.links == 2u && entry.size != 0u) linked = &entry;
  }
  ASSERT_NE(linked, nullptr);
  // One of two hard links gets another mode, so that it is a file of its own at the same place.
  const auto made =
      RunProcess({"xorriso", "-outdev", image(), "-compliance", "new_rr", "-hardlinks", "on",
                  "-map", tree(), "/", "-chmod", "0600", linked->path, "--", "-commit", "-end"});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  const auto from_file =
      BsdtarListing(image(), View::kRockRidge, BsdtarSource::kFile, options_.scratch_dir);
  ASSERT_TRUE(from_file.ok()) << from_file.status();
  EXPECT_EQ(from_file->Find(linked->path)->sha256, linked->sha256);
  EXPECT_EQ(from_file->Find(linked->path)->links, 1u);
  EXPECT_THAT(BsdtarListing(image(), View::kRockRidge, BsdtarSource::kPipe, options_.scratch_dir)
                  .status()
                  .message(),
              HasSubstr("Ignoring out-of-order file"));
}

TEST_F(ReadersTest, LibarchiveCannotExtractADirectoryWithATwinInJoliet) {
  const std::string tree = options_.scratch_dir + "/twins";
  ASSERT_TRUE(std::filesystem::create_directories(tree + "/\u00E9"));
  ASSERT_TRUE(WriteHostFile(tree + "/\u00E9/in", "x").ok());
  ASSERT_TRUE(WriteHostFile(tree + "/e\u0301", "y").ok());
  const std::string disc = options_.scratch_dir + "/twins.iso";
  Command command;
  command.argv = {"xorriso", "-outdev", disc, "-joliet", "on",
                  "-map",    tree,      "/",  "-commit", "-end"};
  command.environment = {{"LC_ALL", "C.UTF-8"}};
  const auto made = RunProcess(command);
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  EXPECT_THAT(BsdtarListing(disc, View::kJoliet, BsdtarSource::kFile, options_.scratch_dir)
                  .status()
                  .message(),
              HasSubstr("Could not stat"));
}

TEST_F(ReadersTest, XorrisoWarnsOfABootImageWithTwoNames) {
  const std::string tree = options_.scratch_dir + "/boot";
  ASSERT_TRUE(std::filesystem::create_directory(tree));
  ASSERT_TRUE(WriteHostFile(tree + "/loader", std::string(2048, 'b')).ok());
  std::filesystem::create_hard_link(tree + "/loader", tree + "/other");
  const std::string disc = options_.scratch_dir + "/boot.iso";
  const auto made =
      RunProcess({"xorriso", "-outdev", disc, "-compliance", "new_rr", "-hardlinks", "on", "-map",
                  tree, "/", "-boot_image", "any", "bin_path=/loader", "-commit", "-end"});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  const auto seen = RunProcess({"xorriso", "-return_with", "WARNING", "33", "-indev", disc});
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->exit_status, 33);
  EXPECT_THAT(seen->err,
              HasSubstr("More than one ISO node has been found for the same boot image"));
  EXPECT_TRUE(XorrisoReportOf(disc).ok());
}

TEST_F(ReadersTest, PycdlibEndsABootCatalogAtWhatIsNotBootable) {
  const std::string tree = options_.scratch_dir + "/boot";
  ASSERT_TRUE(std::filesystem::create_directory(tree));
  for (const char* name : {"first", "second"}) {
    ASSERT_TRUE(WriteHostFile(absl::StrCat(tree, "/", name), std::string(2048, 'b')).ok());
  }
  const std::string disc = options_.scratch_dir + "/boot.iso";
  std::vector<std::string> argv = {"genisoimage",
                                   "-quiet",
                                   "-R",
                                   "-o",
                                   disc,
                                   "-c",
                                   "boot.cat",
                                   "-b",
                                   "first",
                                   "-no-emul-boot",
                                   "-eltorito-alt-boot",
                                   "-b",
                                   "second",
                                   "-no-emul-boot"};
  for (const bool bootable : {true, false}) {
    if (!bootable) argv.push_back("-no-boot");
    std::vector<std::string> command = argv;
    command.push_back(tree);
    const auto made = RunProcess(command);
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE(made->Succeeded()) << made->Summary();
    const auto seen = PycdlibListing(disc, View::kRockRidge);
    if (bootable) {
      EXPECT_TRUE(seen.ok()) << seen.status();
    } else {
      EXPECT_THAT(std::string(seen.status().message()),
                  HasSubstr("section header specified 1 entries, only saw 0"));
    }
    const auto report = XorrisoReportOf(disc);
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_EQ(report->el_torito.entries.size(), 2u);
    EXPECT_EQ(report->el_torito.entries[1].bootable, bootable);
  }
}

// From a pipe only.
TEST_F(ReadersTest, LibarchiveLosesAFileInsideOfAnother) {
  const std::string tree = options_.scratch_dir + "/nested";
  ASSERT_TRUE(std::filesystem::create_directory(tree));
  ASSERT_TRUE(WriteHostFile(tree + "/outer", std::string(2048, 'o')).ok());
  ASSERT_TRUE(WriteHostFile(tree + "/to_inner", std::string(2048, 'i')).ok());
  const std::string disc = options_.scratch_dir + "/nested.iso";
  const auto made = RunProcess({"genisoimage", "-quiet", "-o", disc, tree});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  const auto list = [&](BsdtarSource source) {
    return BsdtarListing(disc, View::kIso9660, source, options_.scratch_dir);
  };
  EXPECT_TRUE(list(BsdtarSource::kPipe).ok()) << list(BsdtarSource::kPipe).status();
  absl::StatusOr<std::string> bytes = ReadHostFile(disc);
  ASSERT_TRUE(bytes.ok());
  // The size in the record of "OUTER." (ECMA-119 9.1.4), which lies first: both.
  const size_t record = bytes->find("OUTER.;1") - 33;
  bytes->replace(record + 10, 8, std::string("\0\x10\0\0\0\0\x10\0", 8));
  ASSERT_TRUE(WriteHostFile(disc, *bytes).ok());
  EXPECT_TRUE(list(BsdtarSource::kFile).ok()) << list(BsdtarSource::kFile).status();
  EXPECT_THAT(std::string(list(BsdtarSource::kPipe).status().message()),
              HasSubstr("Ignoring out-of-order file"));
}

TEST_F(ReadersTest, LibarchiveLosesLinksAmongSharedContents) {
  const std::string tree = options_.scratch_dir + "/linked";
  ASSERT_TRUE(std::filesystem::create_directory(tree));
  ASSERT_TRUE(WriteHostFile(tree + "/a", std::string(5000, 'a')).ok());
  for (const char* name : {"/b", "/c", "/d", "/e", "/f"}) {
    std::filesystem::create_hard_link(tree + "/a", tree + name);
  }
  const std::string disc = options_.scratch_dir + "/linked.iso";
  const auto made =
      RunProcess({"xorriso", "-outdev", disc, "-compliance", "new_rr", "-hardlinks", "on", "-map",
                  tree, "/", "-chmod", "0600", "/c", "--", "-commit", "-end"});
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_TRUE(made->Succeeded()) << made->Summary();
  const auto seen =
      BsdtarListing(disc, View::kRockRidge, BsdtarSource::kFile, options_.scratch_dir);
  ASSERT_TRUE(seen.ok()) << seen.status();
  int links = 0;
  for (const char* name : {"/a", "/b", "/d", "/e", "/f"}) {
    links += seen->Find(name)->inode == seen->Find("/a")->inode ? 1 : 0;
  }
  EXPECT_LT(links, 5);
  EXPECT_GE(links, 1);
}

TEST_F(ReadersTest, SevenZipRefusesUdfWithAnythingButFilesAndDirectories) {
  Make({.symlinks = false, .hard_links = false, .special_files = false, .odd_names = false});
  WriteGenisoimage({"-udf"});
  absl::StatusOr<std::string> bytes = ReadHostFile(image());
  ASSERT_TRUE(bytes.ok());
  ASSERT_TRUE(SevenZipTest(image(), SevenZipFormat::kUdf).ok());
  RetypeAnEmptyFile(*bytes, 5);  // the same type: the digests are right
  ASSERT_TRUE(WriteHostFile(image(), *bytes).ok());
  EXPECT_TRUE(SevenZipTest(image(), SevenZipFormat::kUdf).ok());
  for (char type : {12, 9}) {
    std::string changed = *bytes;
    RetypeAnEmptyFile(changed, type);
    ASSERT_TRUE(WriteHostFile(image(), changed).ok());
    EXPECT_EQ(SevenZipTest(image(), SevenZipFormat::kUdf).code(), absl::StatusCode::kDataLoss);
    // What the quirk table says of the others, with /zero being of that type.
    Listing want = want_;
    Listed* zero = want.Find("/zero");
    zero->type = type == 12 ? Listed::Type::kSymlink : Listed::Type::kFifo;
    zero->size = std::nullopt;
    zero->sha256 = "";
    options_.views = {View::kRockRidge, View::kUdf};
    for (auto& [path, entry] : want) entry.owner = entry.group = std::nullopt;
    options_.want_instead[View::kUdf] = want;
    options_.compare.modes = options_.compare.links = options_.compare.inodes = false;
    EXPECT_THAT(Run(), IsEmpty());
  }
}

TEST(QuirksTest, SayWhatAndHowItIsKnown) {
  for (const Quirk& quirk : Quirks()) {
    EXPECT_THAT(quirk.readers, Not(IsEmpty())) << quirk.what;
    EXPECT_THAT(std::string(quirk.what), Not(IsEmpty()));
    EXPECT_THAT(std::string(quirk.evidence), Not(IsEmpty())) << quirk.what;
    EXPECT_NE(quirk.adjust == nullptr, quirk.skips == nullptr) << quirk.what;
  }
}

}  // namespace
}  // namespace isomason

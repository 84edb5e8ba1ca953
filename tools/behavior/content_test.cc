// Where the bytes of files come from: ranges, parts and zeros arrive in the image as they
// are, what cannot be right is one clear error, and equal parts take room once.

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr char kHead[] = "image_version: 1 volume { id: \"CONTENT\" } iso9660 { rock_ridge {} }\n";

// Bytes that do not repeat at any power of two.
std::string TestBytes(size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 31 + i / 251 + seed) % 253);
  return bytes;
}

// Builds x.iso from entries.
ProcessResult Build(Workshop& shop, const std::string& entries) {
  shop.Write("m.textproto", absl::StrCat(kHead, entries));
  return shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
}

// Extracts x.iso to a folder with a foreign reader.
void Extract(Workshop& shop, const std::string& folder) {
  std::filesystem::create_directory(shop.Path(folder));
  const auto done = RunProcess({"bsdtar", "-xf", shop.Path("x.iso"), "-C", shop.Path(folder)});
  ASSERT_TRUE(done.ok()) << done.status();
  ASSERT_TRUE(done->Succeeded()) << done->Summary();
}

TEST(ContentTest, RangesAndPartsAreTheBytesThatTheyName) {
  Workshop shop;
  const std::string big = TestBytes(5 << 20, 1);
  const std::string small = TestBytes(1000, 2);
  shop.Write("big", big);
  shop.Write("small", small);
  const ProcessResult built = Build(shop, R"(
    entry { path: "/range" file { source: "big" offset: 1234567 length: 2345678 } }
    entry { path: "/tail" file { source: "big" offset: 5242879 } }
    entry { path: "/padded" concat {
      part { file { source: "small" } } part { zeros: 1048 } part { file { source: "big" } }
      part { file { source: "small" offset: 1 length: 998 } } part { text: "end" } } })");
  ASSERT_EQ(built.exit_status, 0) << built.Summary();
  Extract(shop, "out");
  EXPECT_EQ(Sha256(shop.Read("out/range")), Sha256(big.substr(1234567, 2345678)));
  EXPECT_EQ(Sha256(shop.Read("out/tail")), Sha256(big.substr(5242879)));
  EXPECT_EQ(Sha256(shop.Read("out/padded")),
            Sha256(small + std::string(1048, '\0') + big + small.substr(1, 998) + "end"));
}

TEST(ContentTest, TheSameRangeTakesRoomOnce) {
  Workshop shop;
  shop.Write("big", TestBytes(4 << 20, 1));
  const std::string range = "file { source: \"big\" offset: 100 length: 3000000 }";
  ASSERT_EQ(Build(shop, absl::StrCat("entry { path: \"/a\" ", range, " }")).exit_status, 0);
  const auto once = std::filesystem::file_size(shop.Path("x.iso"));
  ASSERT_EQ(Build(shop, absl::StrCat("entry { path: \"/a\" ", range, " } entry { path: \"/b\" ",
                                     range, " }"))
                .exit_status,
            0);
  EXPECT_EQ(std::filesystem::file_size(shop.Path("x.iso")), once);
  Extract(shop, "out");
  EXPECT_EQ(shop.Read("out/a"), shop.Read("out/b"));
}

TEST(ContentTest, ZerosAreHolesInTheImage) {
  Workshop shop;
  const ProcessResult built = Build(shop, R"(
    entry { path: "/persistence" zeros: 3000000000 }
    entry { path: "/padded" concat { part { text: "x" } part { zeros: 1000000000 } } })");
  ASSERT_EQ(built.exit_status, 0) << built.Summary();
  struct stat image;
  ASSERT_EQ(stat(shop.Path("x.iso").c_str(), &image), 0);
  EXPECT_GT(image.st_size, 4'000'000'000);
  EXPECT_LT(image.st_blocks * 512, 1 << 20);
}

TEST(ContentTest, APinIsAboutWhatTheEntryIsMadeOf) {
  Workshop shop;
  const std::string bytes = TestBytes(3000, 1);
  shop.Write("file", bytes);
  const auto manifest = [&](const std::string& of_range, const std::string& of_all) {
    return absl::StrCat(R"(
      entry { path: "/range" file { source: "file" offset: 10 length: 20 sha256: ")",
                        of_range, R"(" } }
      entry { path: "/all" concat { part { text: "x" } part { file { source: "file" } }
                                    sha256: ")",
                        of_all, "\" } }");
  };
  const std::string range = Sha256(bytes.substr(10, 20));
  const std::string all = Sha256("x" + bytes);
  EXPECT_EQ(Build(shop, manifest(range, all)).exit_status, 0);
  std::filesystem::remove(shop.Path("x.iso"));

  ProcessResult built = Build(shop, manifest(Sha256(bytes), all));
  EXPECT_EQ(built.exit_status, 3);
  EXPECT_THAT(built.err, HasSubstr(absl::StrCat(
                             "m.textproto:3:82: entry[0].file.sha256: bytes 10 to 29 of file has "
                             "the SHA-256 ",
                             range, ", the manifest pins ", Sha256(bytes))));
  built = Build(shop, manifest(range, Sha256(bytes)));
  EXPECT_EQ(built.exit_status, 3);
  EXPECT_THAT(built.err, HasSubstr(absl::StrCat("entry[1].concat.sha256: the content has the "
                                                "SHA-256 ",
                                                all, ", the manifest pins ")));
  EXPECT_FALSE(std::filesystem::exists(shop.Path("x.iso")));
}

TEST(ContentTest, ARangePastTheEndIsAnErrorThatSaysHowMuchThereIs) {
  Workshop shop;
  shop.Write("file", std::string(1000, 'x'));
  shop.Write("x.iso", "old");
  const ProcessResult built =
      Build(shop, "entry { path: \"/a\" file { source: \"file\" offset: 512 length: 512 } }\n");
  EXPECT_EQ(built.exit_status, 2);
  EXPECT_EQ(built.err,
            "m.textproto:2:62: entry[0].file.length: \"file\" has 1000 bytes, of which 488 are "
            "left behind byte 512, not 512\n"
            "    entry { path: \"/a\" file { source: \"file\" offset: 512 length: 512 } }\n"
            "                                                                 ^\n"
            "  correct the range; without `length` it goes up to the end of the file\n"
            "isomason: 1 problem in m.textproto, nothing was written\n");
  EXPECT_EQ(shop.Read("x.iso"), "old");
}

// field.md's trap: kernel and initrd stand on a disc twice, and no tool of the day sees it.
TEST(ContentTest, EqualFilesTakeRoomOnceWhereTheManifestSaysSo) {
  Workshop shop;
  const std::string kernel = TestBytes(3 << 20, 1);
  const std::string initrd = TestBytes(5 << 20, 2);
  for (const char* folder : {"images/pxeboot", "isolinux"}) {
    shop.Write(absl::StrCat("tree/", folder, "/vmlinuz"), kernel);
    shop.Write(absl::StrCat("tree/", folder, "/initrd.img"), initrd);
  }
  constexpr char kTree[] = "udf {} entry { path: \"/\" tree { source: \"tree\" } }\n";
  ASSERT_EQ(Build(shop, kTree).exit_status, 0);
  const auto twice = std::filesystem::file_size(shop.Path("x.iso"));
  const ProcessResult built = Build(shop, absl::StrCat(kTree, "deduplicate {}"));
  ASSERT_EQ(built.exit_status, 0) << built.Summary();
  const auto once = std::filesystem::file_size(shop.Path("x.iso"));
  EXPECT_EQ(twice - once, kernel.size() + initrd.size());
  EXPECT_THAT(built.err, HasSubstr("\n  2 files share the contents of another: 8.0 MiB saved\n"));
  EXPECT_THAT(built.err, HasSubstr("libarchive reads such files from a file, and not from a pipe"));
  // The others write all of it, as the trap says.
  const auto xorriso = RunProcess({"xorriso", "-as", "mkisofs", "-quiet", "-R", "-o",
                                   shop.Path("other.iso"), shop.Path("tree")});
  ASSERT_TRUE(xorriso.ok() && xorriso->Succeeded());
  EXPECT_GT(std::filesystem::file_size(shop.Path("other.iso")),
            2 * (kernel.size() + initrd.size()));

  Extract(shop, "out");
  const auto udf = RunProcess({"7z", "x", "-tudf", "-o" + shop.Path("udf"), shop.Path("x.iso")});
  ASSERT_TRUE(udf.ok() && udf->Succeeded());
  for (const char* folder : {"images/pxeboot", "isolinux"}) {
    for (const char* extracted : {"out/", "udf/"}) {
      EXPECT_EQ(Sha256(shop.Read(absl::StrCat(extracted, folder, "/vmlinuz"))), Sha256(kernel));
      EXPECT_EQ(Sha256(shop.Read(absl::StrCat(extracted, folder, "/initrd.img"))), Sha256(initrd));
    }
  }
  const ProcessResult plan = shop.Isomason({"plan", "--format", "json", "m.textproto"});
  EXPECT_THAT(plan.out, HasSubstr("\"deduplicated\": {\"files\":2,\"bytes\":8388608}"));
}

}  // namespace
}  // namespace isomason

// Lists of checksums against the programs that users check a disc with, on what xorriso
// extracts of an image, and against the digests that Linux makes of the mounted disc.

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr char kManifest[] = R"(
image_version: 1
volume { id: "CHECKED" time: "2026-11-01T00:00:00Z" }
iso9660 { rock_ridge {} }
udf {}
entry { path: "/" tree { source: "tree" } }
entry { path: "/boot/loader" file { source: "loader" } }
entry { path: "/boot/link to loader" hard_link: "/boot/loader" }
entry { path: "/sums/md5sum.txt" checksums { algorithm: MD5 prefix: "../" } }
entry { path: "/sums/sha1sum.txt" checksums { algorithm: SHA1 prefix: "../" order: BY_PLACE } }
entry { path: "/sums/sha256sum.txt" checksums { algorithm: SHA256 prefix: "../" } }
entry { path: "/sums/sha512sum.txt" checksums { algorithm: SHA512 prefix: "../" tag: true } }
entry { path: "/sums/b2sum.txt" checksums { algorithm: B2 prefix: "../" tag: true } }
entry { path: "/md5sum.txt" checksums { algorithm: MD5 include_checksums: true } }
boot {
  catalog: "/boot/boot.cat"
  entry { platform: BIOS image: "/boot/loader" boot_info_table: true grub2_boot_info: true }
}
)";

class ChecksumsTest : public testing::Test {
 protected:
  void SetUp() override {
    shop_.Write("tree/empty", "");
    shop_.Write("tree/plain", "plain\n");
    shop_.Write("tree/a name with spaces ", "1");
    shop_.Write("tree/ -leading", "2");
    shop_.Write("tree/-n", "3");
    shop_.Write("tree/*star", "4");
    shop_.Write("tree/back\\slash", "5");
    shop_.Write("tree/line\nfeed", "6");
    shop_.Write("tree/carriage\rreturn", "7");
    shop_.Write("tree/\xC3\xBC/\xF0\x9F\x92\xBF", "8");
    shop_.Write("tree/a/x", "9");
    shop_.Write("tree/a-b", "10");
    shop_.Write("tree/big", std::string(5'000'000, 'B'));
    std::filesystem::create_symlink("plain", shop_.Path("tree/soft"));
    std::filesystem::create_hard_link(shop_.Path("tree/plain"), shop_.Path("tree/hard"));
    std::string loader(5000, '\0');
    for (size_t i = 0; i < loader.size(); ++i) loader[i] = static_cast<char>(i * 31);
    shop_.Write("loader", loader);
    shop_.Write("m.textproto", kManifest);
    const ProcessResult built = shop_.Isomason({"build", "--quiet", "m.textproto", "-o", "x.iso"});
    ASSERT_TRUE(built.Succeeded()) << built.Summary();
  }

  // What a command says in a folder.
  ProcessResult Run(const std::vector<std::string>& argv, const std::string& directory) {
    Command command;
    command.argv = argv;
    command.directory = directory;
    auto result = RunProcess(command);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *std::move(result) : ProcessResult();
  }

  std::string Extract() {
    const std::string extracted = shop_.Path("extracted");
    const ProcessResult xorriso = Run(
        {"xorriso", "-osirrox", "on", "-indev", "x.iso", "-extract", "/", extracted}, shop_.dir());
    EXPECT_TRUE(xorriso.Succeeded()) << xorriso.Summary();
    return extracted;
  }

  Workshop shop_;
};

TEST_F(ChecksumsTest, EveryProgramOfCoreutilsPassesItsList) {
  const std::string disc = Extract();
  for (const std::string program : {"md5sum", "sha1sum", "sha256sum", "sha512sum", "b2sum"}) {
    const ProcessResult checked =
        Run({program, "--check", "--strict", program + ".txt"}, disc + "/sums");
    EXPECT_TRUE(checked.Succeeded()) << checked.Summary();
    EXPECT_THAT(checked.out, HasSubstr("../boot/loader: OK\n"));
    // Whoever changes a byte is found.
    const std::string before = shop_.Read("extracted/plain");
    std::filesystem::permissions(disc + "/plain", std::filesystem::perms::owner_all);
    shop_.Write("extracted/plain", "Plain\n");
    EXPECT_FALSE(
        Run({program, "--check", "--strict", program + ".txt"}, disc + "/sums").Succeeded());
    shop_.Write("extracted/plain", before);
  }
  const ProcessResult checked = Run({"md5sum", "--check", "--strict", "md5sum.txt"}, disc);
  EXPECT_TRUE(checked.Succeeded()) << checked.Summary();
  EXPECT_THAT(checked.out, HasSubstr("./sums/b2sum.txt: OK\n"));
}

TEST_F(ChecksumsTest, AListIsWhatCoreutilsWriteForTheDisc) {
  const std::string disc = Extract();
  const auto want = [&](const std::string& program, const std::string& find) {
    const ProcessResult made =
        Run({"sh", "-c",
             absl::StrCat("find .. -type f ", find, " -print0 | LC_ALL=C sort -z | xargs -0 ",
                          program)},
            disc + "/sums");
    EXPECT_TRUE(made.Succeeded()) << made.Summary();
    return made.out;
  };
  const std::string files = "! -path '../sums/*' ! -path ../md5sum.txt";
  EXPECT_EQ(shop_.Read("extracted/sums/md5sum.txt"), want("md5sum", files));
  EXPECT_EQ(shop_.Read("extracted/sums/sha256sum.txt"), want("sha256sum", files));
  EXPECT_EQ(shop_.Read("extracted/sums/sha512sum.txt"), want("sha512sum --tag", files));
  EXPECT_EQ(shop_.Read("extracted/sums/b2sum.txt"), want("b2sum --tag", files));
  // In another order, but the same lines.
  std::vector<std::string> lines = absl::StrSplit(shop_.Read("extracted/sums/sha1sum.txt"), '\n');
  std::vector<std::string> others = absl::StrSplit(want("sha1sum", files), '\n');
  EXPECT_NE(lines, others);
  std::sort(lines.begin(), lines.end());
  std::sort(others.begin(), others.end());
  EXPECT_EQ(lines, others);
}

TEST_F(ChecksumsTest, LinuxReadsWhatTheListSays) {
  const auto views = ReadWithLinux({shop_.Path("x.iso")}, {View::kRockRidge, View::kUdf});
  ASSERT_TRUE(views.ok()) << views.status();
  // Lines without escapes are enough here: path and digest.
  std::vector<std::pair<std::string, std::string>> want;
  const std::string list = [&] {
    Extract();
    return shop_.Read("extracted/sums/sha256sum.txt");
  }();
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(list, '\n'))) {
    if (line.empty() || line[0] == '\\') continue;
    want.emplace_back(line.substr(64 + 2 + 2), line.substr(0, 64));
  }
  ASSERT_GT(want.size(), 10u);
  for (const View view : {View::kRockRidge, View::kUdf}) {
    const auto& listing = views->at({0, view}).listing;
    ASSERT_TRUE(listing.ok()) << listing.status();
    for (const auto& [path, sha256] : want) {
      const Listed* seen = listing->Find(path);
      ASSERT_NE(seen, nullptr) << path;
      EXPECT_EQ(seen->sha256, sha256) << path;
    }
  }
}

}  // namespace
}  // namespace isomason

#include "tools/oracle/qemu_initramfs.h"

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// `cpio` reads what the class writes, owners and devices included.
TEST(InitramfsTest, IsAnArchiveThatCpioReads) {
  Initramfs files;
  files.AddDirectory("dev");
  files.AddCharacterDevice("dev/console", 5, 1);
  files.AddFile("init", 0755, "seven b");
  files.AddFile("empty", 0600, "");
  Command command;
  command.argv = {"cpio", "--list", "--verbose", "--numeric-uid-gid", "--quiet"};
  command.input = files.Finish();
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_TRUE(result->Succeeded()) << result->Summary();
  EXPECT_EQ(result->out,
            "drwxr-xr-x   1 0        0               0 Jan  1  1970 dev\n"
            "crw-------   1 0        0          5,   1 Jan  1  1970 dev/console\n"
            "-rwxr-xr-x   1 0        0               7 Jan  1  1970 init\n"
            "-rw-------   1 0        0               0 Jan  1  1970 empty\n");
}

TEST(InitramfsTest, GivesBackContentsOfEveryLength) {
  for (size_t length = 0; length < 9; ++length) {
    const std::string contents(length, 'x');
    Initramfs files;
    files.AddFile("file", 0644, contents);
    files.AddFile("next", 0644, "");
    Command command;
    command.argv = {"cpio", "--extract", "--to-stdout", "--quiet"};
    command.input = files.Finish();
    absl::StatusOr<ProcessResult> result = RunProcess(command);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_TRUE(result->Succeeded()) << result->Summary();
    EXPECT_EQ(result->out, contents);
  }
}

class ModulesForTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
    std::filesystem::create_directories(scratch_->path() + "/kernel/fs/isofs");
  }

  // A file of which only the description matters, as between others in a real module.
  std::string AddModule(const std::string& path, const std::string& needs) {
    std::string file = scratch_->path() + "/kernel/" + path;
    const std::string bytes =
        absl::StrCat("ELF", std::string("\0alias=x\0depends=", 17), needs, std::string("\0n", 2));
    EXPECT_TRUE(WriteHostFile(file, bytes).ok());
    return file;
  }

  std::unique_ptr<ScratchDir> scratch_;
};

TEST_F(ModulesForTest, PutsWhatAModuleNeedsBeforeIt) {
  const std::string isofs = AddModule("fs/isofs/isofs.ko", "cdrom");
  const std::string udf = AddModule("fs/udf.ko", "crc-itu-t,cdrom");
  const std::string cdrom = AddModule("cdrom.ko", "");
  const std::string crc = AddModule("crc-itu-t.ko", "");
  AddModule("other.ko", "");
  absl::StatusOr<std::vector<std::string>> order = ModulesFor(scratch_->path(), {"udf", "isofs"});
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_THAT(*order, ElementsAre(crc, cdrom, udf, isofs));
}

TEST_F(ModulesForTest, TakesDashesAndUnderscoresForTheSame) {
  const std::string module = AddModule("nls_iso8859-1.ko", "");
  absl::StatusOr<std::vector<std::string>> order =
      ModulesFor(scratch_->path(), {"nls-iso8859_1", "built_in"});
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_THAT(*order, ElementsAre(module));
}

TEST_F(ModulesForTest, SaysWhereThereAreNoModules) {
  EXPECT_THAT(ModulesFor(scratch_->path(), {"udf"}).status().ToString(),
              HasSubstr("no kernel modules in " + scratch_->path()));
  EXPECT_EQ(ModulesFor("/nowhere", {"udf"}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace isomason

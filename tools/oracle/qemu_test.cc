#include "tools/oracle/qemu.h"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

// A boot sector that says `words` on the first serial port and stops.
std::string TalkingSector(const std::string& words) {
  std::string code(
      "\x0e\x1f"          // push cs; pop ds
      "\xe8\x00\x00\x5e"  // call next; next: pop si
      "\x83\xc6\x12"      // add si, words - next
      "\xba\xf8\x03"      // mov dx, 0x3f8
      "\xac\x84\xc0"      // again: lodsb; test al, al
      "\x74\x03\xee"      // jz stop; out dx, al
      "\xeb\xf8"          // jmp again
      "\xf4\xeb\xfd",     // stop: hlt; jmp stop
      23);
  code += words;
  code.resize(512);
  code[510] = '\x55', code[511] = '\xaa';
  return code;
}

class BootImageTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(testing::TempDir());
    ASSERT_TRUE(scratch.ok()) << scratch.status();
    scratch_ = std::make_unique<ScratchDir>(*std::move(scratch));
    const std::string tree = scratch_->path() + "/tree";
    std::filesystem::create_directory(tree);
    ASSERT_TRUE(WriteHostFile(tree + "/sector", TalkingSector("the sector talks\r\n")).ok());
    image_ = scratch_->path() + "/an image, with a comma";
    absl::StatusOr<ProcessResult> made =
        RunProcess({"xorriso", "-as", "mkisofs", "-quiet", "-o", image_, "-b", "sector",
                    "-no-emul-boot", "-boot-load-size", "1", tree});
    ASSERT_TRUE(made.ok()) << made.status();
    ASSERT_TRUE(made->Succeeded()) << made->Summary();
  }

  std::unique_ptr<ScratchDir> scratch_;
  std::string image_;
};

TEST_F(BootImageTest, ReturnsWhatTheMachineSaidUpToTheExpectedLine) {
  BootOptions options;
  options.expect = "sector talks";
  absl::StatusOr<std::string> said = BootImage(image_, options);
  ASSERT_TRUE(said.ok()) << said.status();
  EXPECT_THAT(*said, EndsWith("the sector talks\n"));
}

TEST_F(BootImageTest, TellsWhatWasSaidInsteadOfTheExpectedText) {
  BootOptions options;
  options.expect = "the sector sings";
  options.timeout_seconds = 5;
  const absl::Status status = BootImage(image_, options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("5 seconds were over before \"the sector sings\" appeared (bios, cd"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("the sector talks"));
}

TEST_F(BootImageTest, RefusesAnImageThatIsNotThere) {
  const absl::Status status = BootImage(image_ + "x", {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("cannot read"));
}

TEST(PayloadFolderTest, NamesTheScriptThatFillsIt) {
  const char* before = std::getenv("ISOMASON_PAYLOAD");
  const std::string folder = before == nullptr ? "" : before;
  setenv("ISOMASON_PAYLOAD", testing::TempDir().c_str(), 1);
  const absl::Status status = PayloadFolder().status();
  if (before == nullptr) {
    unsetenv("ISOMASON_PAYLOAD");
  } else {
    setenv("ISOMASON_PAYLOAD", folder.c_str(), 1);
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("run tools/setup/payload"));
}

}  // namespace
}  // namespace isomason

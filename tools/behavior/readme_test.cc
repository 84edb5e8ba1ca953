// What README shows is what the program says: its first example, line by line.

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

TEST(ReadmeTest, ShowsRealOutput) {
  const auto readme = ReadHostFile(Runfile("README.md"));
  ASSERT_TRUE(readme.ok()) << readme.status();
  const Workshop shop;
  const std::string manifest = std::filesystem::absolute(Runfile("testdata/seed/seed.textproto"));

  const ProcessResult plan = shop.Isomason({"plan", manifest, "--set", "hostname=node1"});
  ASSERT_EQ(plan.exit_status, 0) << plan.Summary();
  EXPECT_THAT(*readme, HasSubstr(plan.out));

  const ProcessResult build =
      shop.Isomason({"build", manifest, "--set", "hostname=node1", "--output", "seed.iso"});
  ASSERT_EQ(build.exit_status, 0) << build.Summary();
  EXPECT_THAT(*readme, HasSubstr(absl::StrCat("--output seed.iso\n", build.err)));

  const auto digest = Sha256OfFile(shop.Path("seed.iso"));
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_THAT(*readme, HasSubstr(absl::StrCat(*digest, "  seed.iso\n")));

  for (const std::vector<std::string>& others :
       {std::vector<std::string>{"blkid", "-p", "-s", "UUID", "-o", "value", "seed.iso"},
        std::vector<std::string>{"bsdtar", "-tvf", "seed.iso"}}) {
    Command command;
    command.argv = others;
    command.directory = shop.dir();
    const auto said = RunProcess(command);
    ASSERT_TRUE(said.ok()) << said.status();
    ASSERT_TRUE(said->Succeeded()) << said->Summary();
    std::string words = said->out;
    if (others[0] == "blkid") words = absl::StrCat("UUID=\"", words.substr(0, words.find('\n')));
    EXPECT_THAT(*readme, HasSubstr(words));
  }
}

}  // namespace
}  // namespace isomason

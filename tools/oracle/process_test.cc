#include "tools/oracle/process.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Command Shell(const std::string& script) {
  Command command;
  command.argv = {"sh", "-c", script};
  return command;
}

TEST(RunProcessTest, GivesOutputErrorAndExitStatus) {
  absl::StatusOr<ProcessResult> result = RunProcess(Shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
  EXPECT_EQ(result->exit_status, 3);
  EXPECT_EQ(result->signal, 0);
  EXPECT_FALSE(result->Succeeded());
  EXPECT_EQ(result->Summary(), "sh: exit status 3: err");
}

TEST(RunProcessTest, TellsASignalFromAnExit) {
  absl::StatusOr<ProcessResult> result = RunProcess(Shell("kill -TERM $$"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->signal, SIGTERM);
  EXPECT_EQ(result->exit_status, -1);
  EXPECT_FALSE(result->Succeeded());
}

TEST(RunProcessTest, PassesArgumentsWithoutAShell) {
  absl::StatusOr<ProcessResult> result = RunProcess({"printf", "%s.", "a b", "$HOME", "", "*"});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->out, "a b.$HOME..*.");
}

TEST(RunProcessTest, DrainsBothPipesWhileItFeedsInput) {
  // Each stream is far larger than a pipe holds: whoever waits for one of them hangs.
  Command command = Shell("exec 3<&0; cat <&3 & head -c 1000000 /dev/zero | tr '\\0' e >&2; wait");
  command.input = std::string(3000000, 'i');
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->out == command.input) << result->out.size();
  EXPECT_TRUE(result->err == std::string(1000000, 'e')) << result->err.size();
}

TEST(RunProcessTest, FeedsAFileThroughAPipe) {
  const std::string path = testing::TempDir() + "process_test_input_" + std::to_string(getpid());
  std::ofstream(path) << std::string(200000, 'x') << "end";
  Command command = Shell("test -p /dev/stdin && wc -c");
  command.input_file = path;
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(std::stol(result->out), 200003);
}

TEST(RunProcessTest, SurvivesAChildThatDoesNotReadItsInput) {
  Command command = Shell("exit 0");
  command.input = std::string(3000000, 'i');
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->Succeeded());
}

TEST(RunProcessTest, GivesOutputBitByBit) {
  size_t bytes = 0;
  Command command = Shell("head -c 300000 /dev/zero");
  command.on_output = [&](absl::string_view bit) { bytes += bit.size(); };
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(bytes, 300000u);
  EXPECT_EQ(result->out, "");
}

TEST(RunProcessTest, KillsWhatTakesTooLongAndItsChildren) {
  const auto start = std::chrono::steady_clock::now();
  Command command = Shell("sleep 60 & sleep 60");
  command.timeout_seconds = 1;
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded) << result.status();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(RunProcessTest, KillsWhatClosedItsOutputsAndGoesOn) {
  Command command = Shell("exec >/dev/null 2>&1; sleep 60");
  command.timeout_seconds = 1;
  EXPECT_EQ(RunProcess(command).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(RunProcessTest, NamesTheDebianPackageOfAMissingProgram) {
  absl::StatusOr<ProcessResult> result = RunProcess({"no-such-program"});
  EXPECT_EQ(result.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(result.status().message(), "no-such-program is not installed");
  EXPECT_EQ(DebianPackageOf("xorriso"), "xorriso");
  EXPECT_EQ(DebianPackageOf("bsdtar"), "libarchive-tools");
}

TEST(RunProcessTest, GivesAFixedEnvironment) {
  setenv("LC_ALL", "de_DE.UTF-8", 1);
  setenv("TZ", "America/New_York", 1);
  setenv("ISOMASON_LEAK", "1", 1);
  Command command;
  command.argv = {"env"};
  command.environment["EXTRA"] = "yes";
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->out, HasSubstr("LC_ALL=C.UTF-8\n"));
  EXPECT_THAT(result->out, HasSubstr("TZ=UTC\n"));
  EXPECT_THAT(result->out, HasSubstr("EXTRA=yes\n"));
  EXPECT_THAT(result->out, Not(HasSubstr("ISOMASON_LEAK")));
}

TEST(RunProcessTest, RunsInTheGivenDirectory) {
  Command command;
  command.argv = {"pwd"};
  command.directory = "/usr";
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->out, "/usr\n");
}

}  // namespace
}  // namespace isomason

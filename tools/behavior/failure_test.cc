// When something goes wrong: one clear error, the right exit code, the old target as it
// was, and nothing left beside it.

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/behavior/command.h"

extern char** environ;

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kOld[] = "what stood here before";

// A manifest of one large file of data, and the file.
void WriteLarge(Workshop& shop, uint64_t mebibytes) {
  std::string block(1 << 20, '\0');
  for (size_t i = 0; i < block.size(); ++i) block[i] = static_cast<char>(i * 7 + 1);
  std::string bytes;
  for (uint64_t i = 0; i < mebibytes; ++i) bytes += block;
  shop.Write("large", bytes);
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"LARGE\" } iso9660 { rock_ridge {} }\n"
             "entry { path: \"/large\" file { source: \"large\" } }\n");
}

void WriteSmall(Workshop& shop) {
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"SMALL\" }\n"
             "entry { path: \"/HELLO.TXT\" text: \"hello\\n\" }\n");
}

// One line of what is wrong, and one that says what became of the target.
void ExpectOneError(const ProcessResult& result, const std::string& message) {
  EXPECT_EQ(result.exit_status, 3) << result.Summary();
  EXPECT_THAT(result.err, HasSubstr("isomason: " + message));
  size_t errors = 0;
  for (size_t at = result.err.find("isomason: "); at != std::string::npos;
       at = result.err.find("isomason: ", at + 1)) {
    ++errors;
  }
  EXPECT_EQ(errors, 2u) << result.err;
}

// A running isomason whose output goes to a pipe.
class Running {
 public:
  Running(const Workshop& shop, std::vector<std::string> arguments) {
    int pipe_fds[2];
    EXPECT_EQ(pipe2(pipe_fds, O_CLOEXEC), 0);
    output_ = pipe_fds[0];
    std::vector<std::string> argv = {IsomasonPath()};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& a : argv) pointers.push_back(a.data());
    pointers.push_back(nullptr);
    error_path_ = shop.Path(".stderr");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, error_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0644);
    posix_spawn_file_actions_addchdir_np(&actions, shop.dir().c_str());
    EXPECT_EQ(posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(pipe_fds[1]);
  }
  ~Running() {
    if (output_ >= 0) close(output_);
  }
  pid_t pid() const { return pid_; }
  // Reads up to `most` bytes of its output; fewer only at its end.
  size_t ReadSome(size_t most) {
    std::string bytes(64 << 10, '\0');
    size_t got = 0;
    while (got < most) {
      const ssize_t n = read(output_, bytes.data(), std::min(bytes.size(), most - got));
      if (n <= 0) break;
      got += static_cast<size_t>(n);
    }
    return got;
  }
  void CloseOutput() {
    close(output_);
    output_ = -1;
  }
  // Waits for its end and returns wait()'s status.
  int Wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return status;
  }
  std::string Error() const {
    auto text = ReadHostFile(error_path_);
    unlink(error_path_.c_str());
    return text.ok() ? *text : "";
  }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  std::string error_path_;
};

// --- Targets ---------------------------------------------------------------------

TEST(FailureTest, ADirectoryIsNoTarget) {
  Workshop shop;
  WriteSmall(shop);
  std::filesystem::create_directory(shop.Path("x.iso"));
  const ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "x.iso"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.err, "isomason: x.iso is a directory\nisomason: nothing was written\n");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto", "x.iso"));
}

TEST(FailureTest, AFolderThatIsNotThereIsAnError) {
  Workshop shop;
  WriteSmall(shop);
  ExpectOneError(shop.Isomason({"build", "m.textproto", "-o", "out/x.iso"}),
                 "cannot create out/x.iso: No such file or directory\n");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto"));
}

TEST(FailureTest, ASymlinkIsFollowedAndStays) {
  Workshop shop;
  WriteSmall(shop);
  shop.Write("real.iso", kOld);
  std::filesystem::create_symlink("real.iso", shop.Path("x.iso"));
  EXPECT_EQ(shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--quiet"}).exit_status, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(shop.Path("x.iso")));
  EXPECT_EQ(shop.Read("real.iso").substr(16 * 2048 + 1, 5), "CD001");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto", "real.iso", "x.iso"));
}

TEST(FailureTest, ASymlinkToNothingIsAnError) {
  Workshop shop;
  WriteSmall(shop);
  std::filesystem::create_symlink("nothing", shop.Path("x.iso"));
  ExpectOneError(shop.Isomason({"build", "m.textproto", "-o", "x.iso"}),
                 "cannot follow the symlink x.iso: No such file or directory\n");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto", "x.iso"));
}

TEST(FailureTest, OutputsDoNotTakeThePlaceOfInputsOrOfEachOther) {
  Workshop shop;
  shop.Write("source", "s");
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"SMALL\" }\n"
             "entry { path: \"/S\" file { source: \"source\" } }\n");
  std::filesystem::create_symlink("source", shop.Path("link"));
  const struct {
    std::vector<std::string> outputs;
    const char* message;
  } cases[] = {
      {{"-o", "m.textproto"}, "m.textproto is the manifest; name another file"},
      {{"-o", "source"},
       "source is a source of the image; name another file, or leave this one out of the sources"},
      {{"-o", "link"},
       "link is a source of the image; name another file, or leave this one out of the sources"},
      {{"-o", "x.iso", "--report", "m.textproto"},
       "m.textproto is the manifest; name another file"},
      {{"-o", "x.iso", "--report", "x.iso"},
       "x.iso cannot be the report and the image; name another file"},
  };
  for (const auto& c : cases) {
    std::vector<std::string> arguments = {"build", "m.textproto"};
    arguments.insert(arguments.end(), c.outputs.begin(), c.outputs.end());
    const ProcessResult result = shop.Isomason(arguments);
    EXPECT_EQ(result.exit_status, 2) << c.message;
    EXPECT_EQ(result.err,
              absl::StrCat("isomason: ", c.message, "\nisomason: nothing was written\n"));
  }
  EXPECT_EQ(shop.Read("source"), "s");
  EXPECT_THAT(shop.Names(), ElementsAre("link", "m.textproto", "source"));
}

TEST(FailureTest, SaysThatTheImageIsThereWhenItsReportIsNot) {
  Workshop shop;
  WriteSmall(shop);
  const ProcessResult result =
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--report", "nowhere/r.json"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(result.err,
            "isomason: cannot write nowhere/r.json: No such file or directory\n"
            "isomason: x.iso was written, its report was not\n");
  EXPECT_THAT(shop.Names(), ElementsAre("m.textproto", "x.iso"));
}

TEST(FailureTest, AFullDeviceIsAnError) {
  Workshop shop;
  WriteSmall(shop);
  ExpectOneError(shop.Isomason({"build", "m.textproto", "-o", "/dev/full"}),
                 "cannot write /dev/full: No space left on device\n");
  EXPECT_THAT(shop.Isomason({"build", "m.textproto", "-o", "/dev/full"}).err,
              HasSubstr("isomason: what was written to /dev/full is not a whole image\n"));
}

TEST(FailureTest, AClosedPipeIsAnError) {
  Workshop shop;
  WriteLarge(shop, 4);
  Running running(shop, {"build", "m.textproto", "-o", "-"});
  EXPECT_EQ(running.ReadSome(1000), 1000u);
  running.CloseOutput();
  const int status = running.Wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(running.Error(), HasSubstr("isomason: cannot write standard output: Broken pipe\n"));
}

TEST(FailureTest, AFullPipeCanBeInterrupted) {
  Workshop shop;
  WriteLarge(shop, 4);
  Running running(shop, {"build", "m.textproto", "-o", "-"});
  EXPECT_EQ(running.ReadSome(1000), 1000u);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // it blocks on the pipe now
  kill(running.pid(), SIGTERM);
  const int status = running.Wait();
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(running.Error(), HasSubstr("isomason: interrupted\n"));
}

// --- Room ------------------------------------------------------------------------

TEST(FailureTest, AFileSizeLimitLeavesTheOldTarget) {
  Workshop shop;
  WriteLarge(shop, 4);
  shop.Write("x.iso", kOld);
  const ProcessResult result =
      shop.Isomason({"build", "m.textproto", "-o", "x.iso"}, [](Command& c) {
        c.argv.insert(c.argv.begin(), {"prlimit", "--fsize=1000000"});
      });
  ExpectOneError(result, "cannot write x.iso: File too large\n");
  EXPECT_EQ(shop.Read("x.iso"), kOld);
  EXPECT_THAT(shop.Names(), ElementsAre("large", "m.textproto", "x.iso"));
}

TEST(FailureTest, AFullDiskLeavesTheOldTarget) {
  Workshop shop;
  WriteLarge(shop, 4);
  const std::string small = shop.Path("small");
  std::filesystem::create_directory(small);
  if (mount("tmpfs", small.c_str(), "tmpfs", 0, "size=2m") != 0) {
    GTEST_SKIP() << "a small file system cannot be mounted here: " << std::strerror(errno);
  }
  shop.Write("small/x.iso", kOld);
  const ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "small/x.iso"});
  ExpectOneError(result, "cannot write small/x.iso: No space left on device\n");
  EXPECT_EQ(shop.Read("small/x.iso"), kOld);
  size_t names = 0;
  for (const auto& entry : std::filesystem::directory_iterator(small)) {
    names += entry.exists() ? 1 : 0;
  }
  EXPECT_EQ(names, 1u);
  EXPECT_EQ(umount(small.c_str()), 0);
}

// --- Signals ---------------------------------------------------------------------

// Sends `signal` while the image is being copied; returns wait()'s status. A program
// that was done before is started again with less time.
int InterruptCopy(Workshop& shop, int signal) {
  for (int milliseconds = 160; milliseconds > 0; milliseconds /= 2) {
    shop.Write("x.iso", kOld);
    Running running(shop, {"build", "m.textproto", "-o", "x.iso"});
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    kill(running.pid(), signal);
    const int status = running.Wait();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return status;
  }
  ADD_FAILURE() << "the copy was always done before the signal came";
  return 0;
}

TEST(FailureTest, SigtermLeavesTheOldTargetAndNothingElse) {
  Workshop shop;
  WriteLarge(shop, 512);
  const int status = InterruptCopy(shop, SIGTERM);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by a signal: the handler was not there yet";
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_EQ(shop.Read("x.iso"), kOld);
  EXPECT_THAT(shop.Read(".stderr"), HasSubstr("isomason: interrupted\n"));
  EXPECT_THAT(shop.Names(), ElementsAre(".stderr", "large", "m.textproto", "x.iso"));
}

TEST(FailureTest, SigtermEndsAComparisonWithAPin) {
  Workshop shop;
  shop.WriteHole("large", uint64_t{200} << 30);  // minutes of digesting
  shop.Write("m.textproto",
             absl::StrCat("image_version: 1 volume { id: \"PIN\" }\n"
                          "entry { path: \"/LARGE\" file { source: \"large\" sha256: \"",
                          std::string(64, '0'), "\" } }\n"));
  Running running(shop, {"build", "m.textproto", "-o", "x.iso"});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  kill(running.pid(), SIGTERM);
  const int status = running.Wait();
  ASSERT_TRUE(WIFEXITED(status)) << "ended by a signal";
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(running.Error(), HasSubstr("isomason: interrupted\n"));
}

TEST(FailureTest, SigkillLeavesTheOldTarget) {
  Workshop shop;
  WriteLarge(shop, 512);
  const int status = InterruptCopy(shop, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(shop.Read("x.iso"), kOld);
}

// --- Sources ---------------------------------------------------------------------

// A stream that nobody reads stops in its first megabytes, long after the plan was made
// and long before the file behind 256 MiB of nothing is opened.
struct SourceCase {
  const char* name;
  void (*change)(const Workshop& shop);
  const char* message;
};

class SourceTest : public testing::TestWithParam<SourceCase> {};

TEST_P(SourceTest, IsNoticedAfterThePlan) {
  Workshop shop;
  shop.WriteHole("a", 256 << 20);
  shop.Write("b", "the victim");
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"SOURCES\" }\n"
             "entry { path: \"/A\" file { source: \"a\" } }\n"
             "entry { path: \"/B\" file { source: \"b\" } }\n");
  Running running(shop, {"build", "m.textproto", "-o", "-", "--jobs", "2"});
  EXPECT_EQ(running.ReadSome(40000), 40000u);
  GetParam().change(shop);
  EXPECT_LT(running.ReadSome(uint64_t{1} << 30), uint64_t{256} << 20);
  const int status = running.Wait();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 3);
  const std::string error = running.Error();
  EXPECT_THAT(error, HasSubstr(absl::StrCat("isomason: ", GetParam().message)));
  EXPECT_THAT(error, HasSubstr("what was written to standard output is not a whole image"));
}

INSTANTIATE_TEST_SUITE_P(
    All, SourceTest,
    testing::Values(
        SourceCase{"Grows",
                   [](const Workshop& s) { std::filesystem::resize_file(s.Path("b"), 99); },
                   "b changed while the image was made: it had 10 bytes, now it has 99\n"},
        SourceCase{"Shrinks",
                   [](const Workshop& s) { std::filesystem::resize_file(s.Path("b"), 1); },
                   "b changed while the image was made: it had 10 bytes, now it has 1\n"},
        SourceCase{"Vanishes", [](const Workshop& s) { std::filesystem::remove(s.Path("b")); },
                   "b changed while the image was made: it is not there any more\n"},
        SourceCase{"BecomesADirectory",
                   [](const Workshop& s) {
                     std::filesystem::remove(s.Path("b"));
                     std::filesystem::create_directory(s.Path("b"));
                   },
                   "b changed while the image was made: it is no regular file any more\n"},
        SourceCase{"IsReplaced",
                   [](const Workshop& s) {
                     std::filesystem::rename(s.Path("b"), s.Path("c"));
                     std::filesystem::copy(s.Path("c"), s.Path("b"));
                   },
                   "b changed while the image was made: another file stands in its place\n"},
        SourceCase{"IsWrittenTo",
                   [](const Workshop& s) {
                     std::filesystem::last_write_time(
                         s.Path("b"),
                         std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
                   },
                   "b changed while the image was made: it was written to\n"}),
    [](const auto& param) { return param.param.name; });

TEST(FailureTest, ASourceThatMayNotBeReadIsAnError) {
  Workshop shop;
  shop.Write("secret", "s");
  shop.Write("m.textproto",
             "image_version: 1 volume { id: \"SECRET\" }\n"
             "entry { path: \"/A\" file { source: \"secret\" } }\n");
  ASSERT_EQ(chmod(shop.Path("secret").c_str(), 0), 0);
  ASSERT_EQ(chmod(shop.dir().c_str(), 0755), 0);
  const ProcessResult result = shop.Isomason({"build", "m.textproto", "-o", "-"}, [](Command& c) {
    if (geteuid() != 0) return;
    // Root reads everything, so the program runs as root without that power.
    c.argv.insert(c.argv.begin(), {"setpriv", "--bounding-set=-dac_override,-dac_read_search",
                                   "--inh-caps=-dac_override,-dac_read_search", "--"});
  });
  ExpectOneError(result, "cannot open secret: Permission denied\n");
}

}  // namespace
}  // namespace isomason

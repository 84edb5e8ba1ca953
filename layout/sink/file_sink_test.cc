#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/sink/sink.h"
#include "layout/sink/sink_testing.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;

SinkOptions Jobs(int jobs) {
  SinkOptions options;
  options.jobs = jobs;
  return options;
}

struct stat StatOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path << ": " << std::strerror(errno);
  return status;
}

uint64_t BytesOnDisk(const std::string& path) {
  return static_cast<uint64_t>(StatOf(path).st_blocks) * 512;
}

// A small image, and a folder to write it to.
class FileSinkTest : public testing::Test {
 protected:
  FileSinkTest() {
    small_.owner().Add(small_.pieces(), TestBytes(5000, 1));
    small_.AddFile(sources_.Write("file", TestBytes(300'000, 2)));
    small_.AddFile(sources_.Write("short", TestBytes(1000, 3)));
    small_.Place();
  }

  TestDirectory sources_, out_;
  TestImage small_;
};

// --- What is written ---------------------------------------------------------------------------

TEST_F(FileSinkTest, WritesTheImageWithAnyNumberOfJobs) {
  FullImage full(sources_);
  const std::string want = full.Bytes();
  const int renders = full.owner().renders();
  EXPECT_EQ(renders, full.piece_count());
  int so_far = renders;
  for (const int jobs : {-1, 1, 2, 8}) {
    const std::string path = out_.path(absl::StrCat("jobs", jobs, ".iso"));
    ASSERT_EQ(WriteToFile(full.image(), path, Jobs(jobs)), absl::OkStatus());
    EXPECT_TRUE(ReadHostFile(path) == want) << "with jobs " << jobs;
    so_far += full.piece_count();
    EXPECT_EQ(full.owner().renders(), so_far) << "a piece rendered twice";
  }
}

TEST_F(FileSinkTest, WritesAnImageWithoutBytes) {
  TestImage empty;
  empty.Place();
  ASSERT_EQ(WriteToFile(empty.image(), out_.path("empty.iso"), Jobs(2)), absl::OkStatus());
  EXPECT_EQ(ReadHostFile(out_.path("empty.iso")), "");
}

TEST_F(FileSinkTest, LeavesHolesForZerosAndForHolesOfSources) {
  constexpr uint64_t kSize = 16 << 20;
  TestImage image;
  image.owner().Add(image.pieces(), TestBytes(5000, 1));
  image.AddZeros(kSize);
  const std::string data = TestBytes(8192, 2);
  image.AddFile(WriteSparse(sources_, "sparse", kSize, kSize / 2, data));
  image.AddFile(WriteSparse(sources_, "hole", kSize, 0, ""));
  image.Place(/*padding=*/kSize);
  ASSERT_LT(BytesOnDisk(sources_.path("sparse")), 1u << 20) << "holes need a file system for them";

  const std::string path = out_.path("holes.iso");
  ASSERT_EQ(WriteToFile(image.image(), path, Jobs(2)), absl::OkStatus());
  EXPECT_EQ(StatOf(path).st_size, static_cast<off_t>(4 * kSize + 6144));
  EXPECT_LT(BytesOnDisk(path), 256u << 10);
  const std::string bytes = ReadHostFile(path);
  EXPECT_EQ(bytes.substr(0, 5000), TestBytes(5000, 1));
  const size_t at = 6144 + kSize + kSize / 2;
  EXPECT_EQ(bytes.substr(at, data.size()), data);
  EXPECT_EQ(bytes.find_first_not_of('\0', 5000), at);
  EXPECT_EQ(bytes.find_first_not_of('\0', at + data.size()), std::string::npos);
}

TEST_F(FileSinkTest, CopiesFromOneFileSystemToAnother) {
  const TestDirectory elsewhere("/dev/shm");
  ASSERT_NE(StatOf(elsewhere.path()).st_dev, StatOf(out_.path()).st_dev);
  const FullImage full(elsewhere);
  ASSERT_EQ(WriteToFile(full.image(), out_.path("a.iso"), Jobs(2)), absl::OkStatus());
  EXPECT_TRUE(ReadHostFile(out_.path("a.iso")) == full.Bytes());
  ASSERT_EQ(WriteToFile(small_.image(), elsewhere.path("a.iso"), Jobs(2)), absl::OkStatus());
  EXPECT_TRUE(ReadHostFile(elsewhere.path("a.iso")) == small_.Bytes());
}

TEST_F(FileSinkTest, DoesWithoutWhatTheHostLacks) {
  const struct {
    const char* what;
    FailingCall call;
  } kCases[] = {
      {"no copying between these file systems", {SYS_copy_file_range, EXDEV}},
      {"no copying in this kernel", {SYS_copy_file_range, ENOSYS}},
      {"a filter in between", {SYS_copy_file_range, EPERM}},
      {"no finding of holes", {SYS_lseek, EINVAL}},
      {"no files without a name", {SYS_openat, EOPNOTSUPP, 2, O_TMPFILE}},
      {"a kernel that takes it for a directory", {SYS_openat, EISDIR, 2, O_TMPFILE}},
      {"no /proc to name such a file", {SYS_access, ENOENT}},
  };
  TestImage image;
  image.AddFile(sources_.Write("large", TestBytes(3'000'000, 5)));
  image.AddFile(WriteSparse(sources_, "sparse", 3'000'000, 1'000'000, "data"));
  image.Place();
  const std::string want = image.Bytes();
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const std::string path = out_.Write("a.iso", "old");
    WithFailingCall(
        c.call, [&] { EXPECT_EQ(WriteToFile(image.image(), path, Jobs(2)), absl::OkStatus()); });
    EXPECT_TRUE(ReadHostFile(path) == want);
    EXPECT_THAT(out_.List(), ElementsAre("a.iso"));
  }
}

TEST_F(FileSinkTest, ReportsProgressFromOneThreadAtATime) {
  const FullImage full(sources_);
  std::atomic<int> inside{0};
  uint64_t last = 0;
  int calls = 0;
  SinkOptions options = Jobs(4);
  options.progress = [&](uint64_t done) {
    EXPECT_EQ(++inside, 1);
    EXPECT_GT(done, last);
    last = done;
    ++calls;
    --inside;
  };
  ASSERT_EQ(WriteToFile(full.image(), out_.path("a.iso"), options), absl::OkStatus());
  EXPECT_EQ(last, full.image().size());
  EXPECT_GE(calls, 4);
}

// --- Where it is written -----------------------------------------------------------------------

TEST_F(FileSinkTest, ReplacesTheTargetAndWritesNothingIntoTheOldFile) {
  const std::string path = out_.Write("a.iso", "old");
  std::filesystem::create_hard_link(path, out_.path("same file"));
  ASSERT_EQ(WriteToFile(small_.image(), path, Jobs(1)), absl::OkStatus());
  EXPECT_TRUE(ReadHostFile(path) == small_.Bytes());
  EXPECT_EQ(ReadHostFile(out_.path("same file")), "old");
  EXPECT_THAT(out_.List(), ElementsAre("a.iso", "same file"));
}

TEST_F(FileSinkTest, TheOldFileStandsUntilTheLastByteIsWritten) {
  const std::string path = out_.Write("a.iso", "old");
  int calls = 0;
  SinkOptions options = Jobs(1);
  options.progress = [&](uint64_t) {
    ++calls;
    EXPECT_EQ(ReadHostFile(path), "old");
  };
  ASSERT_EQ(WriteToFile(small_.image(), path, options), absl::OkStatus());
  EXPECT_GT(calls, 0);
  EXPECT_NE(ReadHostFile(path), "old");
}

TEST_F(FileSinkTest, TheModeOfANewFileIsThatOfTheUmask) {
  for (const FailingCall& call :
       {FailingCall{SYS_access, 0}, FailingCall{SYS_openat, EOPNOTSUPP, 2, O_TMPFILE}}) {
    const mode_t before = umask(027);
    const std::string path = out_.path("a.iso");
    WithFailingCall(
        call, [&] { EXPECT_EQ(WriteToFile(small_.image(), path, Jobs(1)), absl::OkStatus()); });
    umask(before);
    EXPECT_EQ(StatOf(path).st_mode & 07777, 0640u);
    std::filesystem::remove(path);
  }
}

TEST_F(FileSinkTest, ANameWithoutADirectoryIsOneInTheCurrentDirectory) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(out_.path());
  EXPECT_EQ(WriteToFile(small_.image(), "a.iso", Jobs(1)), absl::OkStatus());
  std::filesystem::current_path(before);
  EXPECT_THAT(out_.List(), ElementsAre("a.iso"));
}

TEST_F(FileSinkTest, ALongNameIsNoProblem) {
  const std::string name(255, 'n');
  ASSERT_EQ(WriteToFile(small_.image(), out_.path(name), Jobs(1)), absl::OkStatus());
  EXPECT_THAT(out_.List(), ElementsAre(name));
}

TEST_F(FileSinkTest, ASymlinkStaysAndWhatItPointsToIsReplaced) {
  out_.Write("images/real.iso", "old");
  out_.MakeSymlink("latest.iso", "images/real.iso");
  out_.MakeSymlink("links/again.iso", "../latest.iso");
  ASSERT_EQ(WriteToFile(small_.image(), out_.path("links/again.iso"), Jobs(1)), absl::OkStatus());
  EXPECT_TRUE(ReadHostFile(out_.path("images/real.iso")) == small_.Bytes());
  EXPECT_EQ(std::filesystem::read_symlink(out_.path("latest.iso")), "images/real.iso");
  EXPECT_EQ(std::filesystem::read_symlink(out_.path("links/again.iso")), "../latest.iso");
  EXPECT_THAT(out_.List(),
              ElementsAre("images", "images/real.iso", "latest.iso", "links", "links/again.iso"));
}

TEST_F(FileSinkTest, ATargetMayBeOneOfTheSources) {
  const std::string want = small_.Bytes();
  ASSERT_EQ(WriteToFile(small_.image(), sources_.path("file"), Jobs(1)), absl::OkStatus());
  EXPECT_TRUE(ReadHostFile(sources_.path("file")) == want);
}

TEST_F(FileSinkTest, TemporaryNamesThatAreTakenAreLeftAlone) {
  for (const FailingCall& call :
       {FailingCall{SYS_access, 0}, FailingCall{SYS_openat, EOPNOTSUPP, 2, O_TMPFILE}}) {
    const TestDirectory out;
    std::vector<std::string> taken;
    for (const int i : {0, 1}) {
      taken.push_back(absl::StrCat(".a.iso.", getpid(), "-", i, ".partial"));
      out.Write(taken.back(), "somebody else's");
    }
    WithFailingCall(call, [&] {
      EXPECT_EQ(WriteToFile(small_.image(), out.path("a.iso"), Jobs(1)), absl::OkStatus());
    });
    EXPECT_THAT(out.List(), ElementsAre(taken[0], taken[1], "a.iso"));
    EXPECT_EQ(ReadHostFile(out.path(taken[0])), "somebody else's");
  }
}

// --- Targets that are no files -----------------------------------------------------------------

TEST_F(FileSinkTest, SaysWhatIsWrongWithATarget) {
  out_.MakeDirectory("directory");
  out_.MakeSymlink("to directory", "directory");
  out_.MakeSymlink("dangling", "nowhere");
  out_.MakeSymlink("loop", "loop");
  out_.Write("file", "x");
  const std::string long_name(256, 'n');
  const std::vector<std::string> before = out_.List();
  const struct {
    std::string name;
    absl::StatusCode code;
    const char* message;  // $0 is the path
  } kCases[] = {
      {"directory", absl::StatusCode::kInvalidArgument, "$0 is a directory"},
      {"directory/", absl::StatusCode::kInvalidArgument, "$0 is a directory"},
      {"to directory", absl::StatusCode::kInvalidArgument, "$0 is a directory"},
      {"dangling", absl::StatusCode::kNotFound,
       "cannot follow the symlink $0: No such file or directory"},
      {"loop", absl::StatusCode::kUnavailable,
       "cannot look at $0: Too many levels of symbolic links"},
      {"nowhere/a.iso", absl::StatusCode::kNotFound, "cannot create $0: No such file or directory"},
      {"nowhere/", absl::StatusCode::kNotFound, "cannot create $0: No such file or directory"},
      {"file/a.iso", absl::StatusCode::kNotFound, "cannot look at $0: Not a directory"},
      {long_name, absl::StatusCode::kUnavailable, "cannot look at $0: File name too long"},
  };
  for (const auto& c : kCases) {
    const std::string path = out_.path(c.name);
    bool started = false;
    SinkOptions options = Jobs(1);
    options.progress = [&](uint64_t) { started = true; };
    EXPECT_EQ(WriteToFile(small_.image(), path, options),
              absl::Status(c.code, absl::StrReplaceAll(c.message, {{"$0", path}})));
    EXPECT_FALSE(started) << "found out late: " << c.name;
    EXPECT_EQ(out_.List(), before);
  }
}

TEST_F(FileSinkTest, ADirectoryThatNobodyMayWriteToIsAnError) {
  const std::string path = out_.path("a.iso");
  ASSERT_EQ(chmod(out_.path().c_str(), 0555), 0);
  WithoutPrivilege([&] {
    EXPECT_EQ(
        WriteToFile(small_.image(), path, Jobs(1)),
        absl::PermissionDeniedError(absl::StrCat("cannot create ", path, ": Permission denied")));
  });
  EXPECT_TRUE(out_.List().empty());
}

// A block device that is there, or that we may make; empty when neither is so.
std::string BlockDevice(const TestDirectory& directory) {
  const std::string made = directory.path("device");
  // Block device 7:255 need not exist: nobody opens it.
  if (mknod(made.c_str(), S_IFBLK | 0600, makedev(7, 255)) == 0) return made;
  for (const auto& entry : std::filesystem::directory_iterator("/dev")) {
    std::error_code ignored;
    if (entry.is_block_file(ignored)) return entry.path();
  }
  return "";
}

TEST_F(FileSinkTest, ABlockDeviceIsNotWrittenTo) {
  const std::string device = BlockDevice(out_);
  if (device.empty()) GTEST_SKIP() << "no block device here, and no right to make one";
  const std::string link = out_.MakeSymlink("link", device);
  for (const std::string& path : {device, link}) {
    EXPECT_EQ(WriteToFile(small_.image(), path, Jobs(1)),
              absl::InvalidArgumentError(absl::StrCat(
                  path, " is a block device; write to a file and copy that to the device")));
  }
}

TEST_F(FileSinkTest, AFifoGetsTheBytes) {
  const std::string path = out_.path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = ReadHostFile(path); });
  EXPECT_EQ(WriteToFile(small_.image(), path, Jobs(2)), absl::OkStatus());
  reader.join();
  EXPECT_TRUE(got == small_.Bytes());
  EXPECT_THAT(out_.List(), ElementsAre("fifo"));
}

TEST_F(FileSinkTest, ASymlinkToAPipeWithoutANameIsWrittenTo) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  // What /dev/stdout is when a shell has made a pipe of it.
  const std::string path = out_.MakeSymlink("stdout", absl::StrCat("/proc/self/fd/", ends[1]));
  std::string got;
  std::thread reader([&] {
    char buffer[4096];
    for (ssize_t n; (n = read(ends[0], buffer, sizeof(buffer))) > 0;) {
      got.append(buffer, static_cast<size_t>(n));
    }
  });
  EXPECT_EQ(WriteToFile(small_.image(), path, Jobs(2)), absl::OkStatus());
  close(ends[1]);
  reader.join();
  close(ends[0]);
  EXPECT_TRUE(got == small_.Bytes());
}

TEST_F(FileSinkTest, ANullDeviceTakesAllAndAFullOneNothing) {
  uint64_t done = 0;
  SinkOptions options = Jobs(2);
  options.progress = [&](uint64_t bytes) { done = bytes; };
  EXPECT_EQ(WriteToFile(small_.image(), "/dev/null", options), absl::OkStatus());
  EXPECT_EQ(done, small_.image().size());
  EXPECT_EQ(WriteToFile(small_.image(), "/dev/full", Jobs(2)),
            absl::ResourceExhaustedError("cannot write /dev/full: No space left on device"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

// --- What goes wrong ---------------------------------------------------------------------------

TEST_F(FileSinkTest, AfterAnyErrorTheOldFileStandsAndNothingElse) {
  const FailingCall kNoNameless{SYS_openat, EOPNOTSUPP, 2, O_TMPFILE};
  const std::string source = sources_.path("short");
  const struct {
    FailingCall call;
    absl::StatusCode code;
    std::string message;  // $0 is the path
  } kCases[] = {
      {{SYS_openat, EROFS, 2, O_TMPFILE},
       absl::StatusCode::kUnavailable,
       "cannot create $0: Read-only file system"},
      {{SYS_openat, EDQUOT, 2, O_CREAT | O_EXCL},
       absl::StatusCode::kResourceExhausted,
       "cannot create $0: Disk quota exceeded"},
      {{SYS_ftruncate, EFBIG},
       absl::StatusCode::kResourceExhausted,
       "cannot write $0: File too large"},
      {{SYS_pwrite64, ENOSPC},
       absl::StatusCode::kResourceExhausted,
       "cannot write $0: No space left on device"},
      {{SYS_pread64, EIO},
       absl::StatusCode::kUnavailable,
       absl::StrCat("cannot read ", source, ": Input/output error")},
      {{SYS_fsync, EIO}, absl::StatusCode::kUnavailable, "cannot write $0: Input/output error"},
      {{SYS_linkat, EMLINK}, absl::StatusCode::kUnavailable, "cannot create $0: Too many links"},
#ifdef SYS_rename
      {{SYS_rename, EPERM},
       absl::StatusCode::kPermissionDenied,
       "cannot replace $0: Operation not permitted"},
#else
      {{SYS_renameat, EPERM},
       absl::StatusCode::kPermissionDenied,
       "cannot replace $0: Operation not permitted"},
#endif
  };
  for (const auto& c : kCases) {
    for (const bool nameless : {true, false}) {
      // Each of the two ways to a temporary file has a call that the other has not.
      if (nameless && (c.call.bits & O_EXCL) != 0) continue;
      if (!nameless && (c.call.number == SYS_linkat || (c.call.bits & O_TMPFILE) == O_TMPFILE)) {
        continue;
      }
      SCOPED_TRACE(absl::StrCat(c.message, nameless ? ", without a name" : ", with a name"));
      for (const bool exists : {true, false}) {
        const TestDirectory out;
        const std::string path = out.path("a.iso");
        if (exists) WriteHostFile(path, "old");
        const std::vector<std::string> before = out.List();
        absl::Status status;
        auto write = [&] {
          WithFailingCall(c.call, [&] { status = WriteToFile(small_.image(), path, Jobs(2)); });
        };
        if (nameless) {
          write();
        } else {
          WithFailingCall(kNoNameless, write);
        }
        EXPECT_EQ(status, absl::Status(c.code, absl::StrReplaceAll(c.message, {{"$0", path}})));
        EXPECT_EQ(out.List(), before);
        if (exists) {
          EXPECT_EQ(ReadHostFile(path), "old");
        }
      }
    }
  }
}

TEST_F(FileSinkTest, ASourceThatChangedIsAnErrorAndNothingIsWritten) {
  // Read into what surrounds it, copied by the kernel, and over several chunks.
  for (const size_t size : {1000, 300'000, 17'000'000}) {
    for (const SourceChange& change : SourceChanges(size)) {
      SCOPED_TRACE(absl::StrCat("a file of ", size, " bytes ", change.name));
      const TestDirectory sources, out;
      const std::string source = sources.Write("source", TestBytes(size, 1));
      TestImage image;
      image.AddFile(source);
      image.Place();
      change.make(source);
      const std::string path = out.Write("a.iso", "old");
      EXPECT_EQ(WriteToFile(image.image(), path, Jobs(2)),
                absl::FailedPreconditionError(
                    absl::StrCat(source, " changed while the image was made: ", change.message)));
      EXPECT_EQ(ReadHostFile(path), "old");
      EXPECT_THAT(out.List(), ElementsAre("a.iso"));
    }
  }
}

TEST_F(FileSinkTest, ASourceThatChangesWhileItIsCopiedIsNoticed) {
  constexpr size_t kSize = 17'000'000;
  for (const SourceChange& change : SourceChanges(kSize)) {
    SCOPED_TRACE(change.name);
    const TestDirectory sources;
    const std::string source = sources.Write("source", TestBytes(kSize, 1));
    TestImage image;
    image.AddFile(source);
    image.Place();
    SinkOptions options = Jobs(1);
    bool changed = false;
    options.progress = [&](uint64_t) {
      if (!std::exchange(changed, true)) change.make(source);
    };
    EXPECT_EQ(WriteToFile(image.image(), out_.path("a.iso"), options),
              absl::FailedPreconditionError(
                  absl::StrCat(source, " changed while the image was made: ", change.message)));
    EXPECT_TRUE(out_.List().empty());
  }
}

TEST_F(FileSinkTest, OfSeveralErrorsTheOneThatComesFirstInTheImageIsReturned) {
  TestImage image;
  for (const char* name : {"a", "b", "c", "d"}) {
    image.AddFile(sources_.Write(name, TestBytes(1000, 1)));
    image.AddZeros(9 << 20);
  }
  image.Place();
  for (const char* name : {"b", "c", "d"}) WriteHostFile(sources_.path(name), "changed");
  for (const int jobs : {1, 2, 8}) {
    for (int repeat = 0; repeat < 10; ++repeat) {
      const absl::Status status = WriteToFile(image.image(), out_.path("a.iso"), Jobs(jobs));
      ASSERT_TRUE(absl::StartsWith(status.message(), sources_.path("b"))) << status;
    }
  }
}

TEST_F(FileSinkTest, WhichErrorComesFirstInTimeDoesNotMatter) {
  for (const int late : {0, 1}) {
    TestImage image;
    std::atomic<int> rendering{0};
    for (int i = 0; i < 2; ++i) {
      image.owner().Add(image.pieces(), 1, [&, i](const Addresses&, std::string&) -> absl::Status {
        // Both fail, one after the other.
        ++rendering;
        while (rendering < 2) std::this_thread::yield();
        if (i == late) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return absl::DataLossError(i == 0 ? "first" : "second");
      });
      image.AddZeros(9 << 20);
    }
    image.Place();
    EXPECT_EQ(WriteToFile(image.image(), out_.path("a.iso"), Jobs(2)),
              absl::DataLossError("first"));
  }
}

TEST_F(FileSinkTest, AfterAnErrorNoThreadGoesOnForLong) {
  constexpr int kPieces = 40;
  std::atomic<bool> failed{false};
  std::atomic<int> rendered{0};
  TestImage image;
  image.owner().Add(image.pieces(), 1, [&](const Addresses&, std::string&) -> absl::Status {
    // Fails when the other thread is at work.
    while (rendered == 0) std::this_thread::yield();
    failed = true;
    return absl::DataLossError("first");
  });
  image.AddZeros(9 << 20);
  for (int i = 1; i < kPieces; ++i) {
    image.owner().Add(image.pieces(), 1, [&](const Addresses&, std::string& out) {
      ++rendered;
      while (!failed) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      out += 'x';
      return absl::OkStatus();
    });
    image.AddZeros(9 << 20);
  }
  image.Place();
  EXPECT_EQ(WriteToFile(image.image(), out_.path("a.iso"), Jobs(2)), absl::DataLossError("first"));
  EXPECT_LT(rendered, kPieces / 2);
}

TEST_F(FileSinkTest, GivesUpWhenItIsToldTo) {
  const FullImage full(sources_);
  for (const int jobs : {1, 4}) {
    for (const bool at_once : {true, false}) {
      const std::string path = out_.Write("a.iso", "old");
      std::atomic<bool> stop{at_once};
      uint64_t done = 0;
      SinkOptions options = Jobs(jobs);
      options.stop = &stop;
      options.progress = [&](uint64_t bytes) {
        done = bytes;
        stop = true;
      };
      EXPECT_EQ(WriteToFile(full.image(), path, options), absl::CancelledError("interrupted"));
      EXPECT_LT(done, full.image().size());
      EXPECT_EQ(ReadHostFile(path), "old");
      EXPECT_THAT(out_.List(), ElementsAre("a.iso"));
    }
  }
}

TEST_F(FileSinkTest, GivesUpWhenItIsToldToAfterTheLastByte) {
  std::atomic<bool> stop{false};
  SinkOptions options = Jobs(1);
  options.stop = &stop;
  options.progress = [&](uint64_t done) { stop = done == small_.image().size(); };
  EXPECT_EQ(WriteToFile(small_.image(), out_.path("a.iso"), options),
            absl::CancelledError("interrupted"));
  EXPECT_TRUE(out_.List().empty());
}

TEST_F(FileSinkTest, ASignalEndsTheWaitForAFifosReader) {
  const std::string path = out_.path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  struct sigaction action {};
  action.sa_handler = [](int) {};  // without SA_RESTART
  ASSERT_EQ(sigaction(SIGUSR1, &action, nullptr), 0);
  std::atomic<bool> stop{true}, finished{false};
  SinkOptions options = Jobs(1);
  options.stop = &stop;
  absl::Status status;
  std::thread writer([&] {
    status = WriteToFile(small_.image(), path, options);
    finished = true;
  });
  while (!finished) {
    pthread_kill(writer.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  writer.join();
  EXPECT_EQ(status, absl::CancelledError("interrupted"));
}

}  // namespace
}  // namespace isomason

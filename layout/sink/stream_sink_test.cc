#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/sink/sink.h"
#include "layout/sink/sink_testing.h"

namespace isomason {
namespace {

SinkOptions Jobs(int jobs) {
  SinkOptions options;
  options.jobs = jobs;
  return options;
}

// A pipe whose ends are closed when it goes.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void CloseReader() { Close(ends_[0]); }
  void CloseWriter() { Close(ends_[1]); }

  // Everything up to the end.
  std::string ReadAll() const {
    std::string got;
    char buffer[65536];
    ssize_t n;
    while ((n = read(reader(), buffer, sizeof(buffer))) > 0) {
      got.append(buffer, static_cast<size_t>(n));
    }
    EXPECT_EQ(n, 0);
    return got;
  }

 private:
  static void Close(int& fd) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
  int ends_[2] = {-1, -1};
};

// Interrupts system calls, and does nothing else.
void IgnoreButInterrupt(int signal) {
  struct sigaction action {};
  action.sa_handler = [](int) {};  // without SA_RESTART
  ASSERT_EQ(sigaction(signal, &action, nullptr), 0);
}

class StreamSinkTest : public testing::Test {
 protected:
  StreamSinkTest() { std::signal(SIGPIPE, SIG_IGN); }

  // Writes to a pipe that is read to its end; returns what came out.
  std::string ThroughAPipe(const Image& image, const SinkOptions& options, absl::Status* status) {
    Pipe pipe;
    std::string got;
    std::thread reader([&] { got = pipe.ReadAll(); });
    *status = WriteToStream(image, pipe.writer(), "pipe", options);
    pipe.CloseWriter();
    reader.join();
    return got;
  }

  TestDirectory directory_;
};

TEST_F(StreamSinkTest, WritesTheBytesThatTheFileSinkWritesForAnyNumberOfJobs) {
  FullImage full(directory_);
  ASSERT_EQ(WriteToFile(full.image(), directory_.path("a.iso"), Jobs(2)), absl::OkStatus());
  const std::string want = ReadHostFile(directory_.path("a.iso"));
  int renders = full.owner().renders();
  for (const int jobs : {0, 1, 2, 8}) {
    absl::Status status;
    const std::string got = ThroughAPipe(full.image(), Jobs(jobs), &status);
    EXPECT_EQ(status, absl::OkStatus());
    EXPECT_TRUE(got == want) << "with jobs " << jobs;
    renders += full.piece_count();
    EXPECT_EQ(full.owner().renders(), renders) << "a piece rendered twice";
  }
}

TEST_F(StreamSinkTest, StartsAtTheCurrentPosition) {
  TestImage image;
  image.owner().Add(image.pieces(), TestBytes(3000, 1));
  image.Place();
  const std::string path = directory_.Write("out", "0123456789");
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(lseek(fd, 4, SEEK_SET), 4);
  EXPECT_EQ(WriteToStream(image.image(), fd, path, Jobs(1)), absl::OkStatus());
  EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 4 + 4096);
  close(fd);
  EXPECT_EQ(ReadHostFile(path), "0123" + image.Bytes());
}

TEST_F(StreamSinkTest, ReportsProgressUpToTheSize) {
  const FullImage full(directory_);
  uint64_t last = 0;
  SinkOptions options = Jobs(2);
  options.progress = [&](uint64_t done) {
    EXPECT_GT(done, last);
    last = done;
  };
  const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(WriteToStream(full.image(), fd, "null", options), absl::OkStatus());
  close(fd);
  EXPECT_EQ(last, full.image().size());
}

TEST_F(StreamSinkTest, APipeThatNobodyReadsAnyMoreIsAnError) {
  const FullImage full(directory_);
  for (const int jobs : {1, 8}) {
    Pipe pipe;
    pipe.CloseReader();
    EXPECT_EQ(WriteToStream(full.image(), pipe.writer(), "pipe", Jobs(jobs)),
              absl::UnavailableError("cannot write pipe: Broken pipe"));
  }
}

TEST_F(StreamSinkTest, AReaderThatLeavesInTheMiddleIsAnError) {
  const FullImage full(directory_);
  Pipe pipe;
  std::thread reader([&] {
    char buffer[65536];
    for (int i = 0; i < 200; ++i) EXPECT_GT(read(pipe.reader(), buffer, sizeof(buffer)), 0);
    pipe.CloseReader();
  });
  EXPECT_EQ(WriteToStream(full.image(), pipe.writer(), "pipe", Jobs(2)),
            absl::UnavailableError("cannot write pipe: Broken pipe"));
  reader.join();
}

TEST_F(StreamSinkTest, AFullPipeIsGivenUpWhenASignalSaysSo) {
  IgnoreButInterrupt(SIGUSR1);
  const FullImage full(directory_);
  const Pipe pipe;  // that nobody reads
  std::atomic<bool> stop{false}, finished{false};
  SinkOptions options = Jobs(2);
  options.stop = &stop;
  absl::Status status;
  std::thread writer([&] {
    status = WriteToStream(full.image(), pipe.writer(), "pipe", options);
    finished = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(finished);
  stop = true;
  // Until it hits the write, and not the moment before it.
  while (!finished) {
    pthread_kill(writer.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  writer.join();
  EXPECT_EQ(status, absl::CancelledError("interrupted"));
}

TEST_F(StreamSinkTest, SignalsThatMeanNothingCostNoByte) {
  IgnoreButInterrupt(SIGUSR1);
  const FullImage full(directory_);
  Pipe pipe;
  std::atomic<bool> finished{false};
  absl::Status status;
  std::thread writer([&] {
    status = WriteToStream(full.image(), pipe.writer(), "pipe", Jobs(2));
    finished = true;
    pipe.CloseWriter();
  });
  std::thread pest([&] {
    while (!finished) {
      pthread_kill(writer.native_handle(), SIGUSR1);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  });
  const std::string got = pipe.ReadAll();
  pest.join();
  writer.join();
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_TRUE(got == full.Bytes());
}

TEST_F(StreamSinkTest, APipeThatDoesNotBlockIsWaitedFor) {
  const FullImage full(directory_);
  Pipe pipe;
  ASSERT_EQ(fcntl(pipe.writer(), F_SETFL, O_NONBLOCK), 0);
  std::string got;
  std::thread reader([&] { got = pipe.ReadAll(); });
  EXPECT_EQ(WriteToStream(full.image(), pipe.writer(), "pipe", Jobs(2)), absl::OkStatus());
  pipe.CloseWriter();
  reader.join();
  EXPECT_TRUE(got == full.Bytes());
}

TEST_F(StreamSinkTest, APipeThatDoesNotBlockIsGivenUpWithoutASignal) {
  const FullImage full(directory_);
  const Pipe pipe;  // that nobody reads
  ASSERT_EQ(fcntl(pipe.writer(), F_SETFL, O_NONBLOCK), 0);
  std::atomic<bool> stop{false};
  SinkOptions options = Jobs(1);
  options.stop = &stop;
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop = true;
  });
  EXPECT_EQ(WriteToStream(full.image(), pipe.writer(), "pipe", options),
            absl::CancelledError("interrupted"));
  later.join();
}

TEST_F(StreamSinkTest, AnErrorOfTheHostNamesTheStream) {
  const FullImage full(directory_);
  const int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(WriteToStream(full.image(), fd, "standard output", Jobs(2)),
            absl::ResourceExhaustedError("cannot write standard output: No space left on device"));
  close(fd);
}

TEST_F(StreamSinkTest, ASourceThatChangedIsAnErrorAndWhatCameBeforeItIsRight) {
  for (const size_t size : {1000, 300'000}) {
    for (const SourceChange& change : SourceChanges(size)) {
      SCOPED_TRACE(absl::StrCat("a file of ", size, " bytes ", change.name));
      const TestDirectory sources;
      const std::string source = sources.Write("source", TestBytes(size, 1));
      TestImage image;
      image.owner().Add(image.pieces(), TestBytes(9 << 20, 2));
      image.AddFile(source);
      image.Place();
      const std::string want = image.Bytes();
      change.make(source);
      absl::Status status;
      const std::string got = ThroughAPipe(image.image(), Jobs(2), &status);
      EXPECT_EQ(status, absl::FailedPreconditionError(absl::StrCat(
                            source, " changed while the image was made: ", change.message)));
      EXPECT_EQ(got.size(), 9u << 20);
      EXPECT_TRUE(got == want.substr(0, got.size()));
    }
  }
}

TEST_F(StreamSinkTest, OfSeveralErrorsTheOneThatComesFirstInTheImageIsReturned) {
  TestImage image;
  for (const char* message : {"first", "second", "third"}) {
    image.AddZeros(9 << 20);
    image.owner().Add(image.pieces(), 1, [message](const Addresses&, std::string&) -> absl::Status {
      // The first one is late.
      if (*message == 'f') std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return absl::DataLossError(message);
    });
  }
  image.Place();
  const int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  for (const int jobs : {1, 2, 8}) {
    EXPECT_EQ(WriteToStream(image.image(), fd, "null", Jobs(jobs)), absl::DataLossError("first"));
  }
  close(fd);
}

TEST_F(StreamSinkTest, MakesNoMoreAheadOfTheReaderThanItHasJobs) {
  std::atomic<int> made{0};
  TestImage image;
  for (int i = 0; i < 20; ++i) {
    image.AddZeros(8 << 20);
    image.owner().Add(image.pieces(), 1, [&](const Addresses&, std::string& out) {
      ++made;
      out += 'x';
      return absl::OkStatus();
    });
  }
  image.Place();
  for (const int jobs : {1, 3}) {
    made = 0;
    Pipe pipe;  // that nobody reads for a while
    absl::Status status;
    std::thread writer(
        [&] { status = WriteToStream(image.image(), pipe.writer(), "pipe", Jobs(jobs)); });
    while (made == 0) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    // One that is being written, one that is ready, and one for each job. A chunk here may
    // have the end of a second piece.
    EXPECT_LE(made, jobs + 3);
    pipe.CloseReader();
    writer.join();
    EXPECT_EQ(status, absl::UnavailableError("cannot write pipe: Broken pipe"));
  }
}

}  // namespace
}  // namespace isomason

#include "layout/content.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

constexpr int64_t kThen = 1'600'000'000;

std::string ReadAll(const ContentTable& contents, ContentId id) {
  std::vector<uint8_t> bytes(contents.size(id));
  EXPECT_EQ(contents.ReadUnpatched(id, 0, absl::MakeSpan(bytes)), absl::OkStatus());
  return std::string(bytes.begin(), bytes.end());
}

class NoPatch : public Patch {
 public:
  uint64_t offset() const override { return 1; }
  uint64_t size() const override { return 2; }
  absl::Status Render(const Addresses&, absl::Span<uint8_t>) const override {
    return absl::OkStatus();
  }
};

TEST(ContentTest, KnowsSizeAndKindOfEachContent) {
  const TestDirectory directory;
  ContentTable contents;
  const ContentId bytes = contents.AddBytes("hello\n");
  const ContentId zeros = contents.AddZeros(uint64_t{5} << 30);
  const auto file = contents.AddFile(directory.Write("a", TestBytes(3000, 1)));
  ASSERT_EQ(file.status(), absl::OkStatus());

  EXPECT_EQ(contents.count(), 3u);
  EXPECT_EQ(contents.size(bytes), 6u);
  EXPECT_EQ(contents.kind(bytes), ContentTable::Kind::kBytes);
  EXPECT_EQ(contents.bytes(bytes), "hello\n");
  EXPECT_EQ(contents.size(zeros), uint64_t{5} << 30);
  EXPECT_EQ(contents.kind(zeros), ContentTable::Kind::kZeros);
  EXPECT_EQ(contents.size(*file), 3000u);
  EXPECT_EQ(contents.kind(*file), ContentTable::Kind::kFile);
  EXPECT_EQ(ReadAll(contents, *file), TestBytes(3000, 1));
}

TEST(ContentTest, ReadsAnyRangeOfEachKind) {
  const TestDirectory directory;
  const std::string want = TestBytes(5000, 2);
  ContentTable contents;
  const ContentId ids[] = {contents.AddBytes(want), *contents.AddFile(directory.Write("a", want))};
  const ContentId zeros = contents.AddZeros(5000);
  for (const auto& [offset, size] : std::vector<std::pair<size_t, size_t>>{
           {0, 5000}, {0, 1}, {4999, 1}, {100, 0}, {1234, 2345}}) {
    std::string got(size, '?');
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(got.data()), got.size());
    for (const ContentId id : ids) {
      EXPECT_EQ(contents.ReadUnpatched(id, offset, out), absl::OkStatus());
      EXPECT_EQ(got, want.substr(offset, size)) << "from " << offset;
    }
    EXPECT_EQ(contents.ReadUnpatched(zeros, offset, out), absl::OkStatus());
    EXPECT_EQ(got, std::string(size, '\0'));
  }
}

TEST(ContentTest, PartsAreRangesOneBehindAnother) {
  const TestDirectory directory;
  const std::string file = TestBytes(5000, 2);
  ContentTable contents;
  const ContentId a = *contents.AddFile(directory.Write("a", file));
  const ContentId text = contents.AddBytes("a text");
  const ContentId zeros = contents.AddZeros(uint64_t{9} << 30);
  const ContentId made = contents.AddGenerated(100, GenerateBytes(TestBytes(100, 3)));
  const ContentId some = contents.AddParts({{text, 2, 4}, {text, 0, 0}, {a, 4000, 1000}});
  const ContentId more = contents.AddParts({{made, 10, 5}, {some, 3, 2}, {zeros, 7, 3}});
  EXPECT_EQ(contents.kind(more), ContentTable::Kind::kParts);
  EXPECT_EQ(contents.size(more), 10u);
  const std::string want =
      TestBytes(100, 3).substr(10, 5) + "t" + file.substr(4000, 1) + std::string(3, '\0');
  EXPECT_EQ(ReadAll(contents, more), want);
  for (size_t from = 0; from <= want.size(); ++from) {
    for (size_t size = 0; size <= want.size() - from; ++size) {
      std::string got(size, '?');
      const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(got.data()), got.size());
      EXPECT_EQ(contents.ReadUnpatched(more, from, out), absl::OkStatus());
      EXPECT_EQ(got, want.substr(from, size)) << from;
    }
  }
  // Every run is one of a content that has bytes of its own.
  std::vector<ContentId> owners;
  EXPECT_EQ(contents.VisitRuns(more, 0, 10,
                               [&](const ContentTable::Part& run) {
                                 owners.push_back(run.content);
                                 return absl::OkStatus();
                               }),
            absl::OkStatus());
  EXPECT_EQ(owners, (std::vector<ContentId>{made, text, a, zeros}));

  const ContentId nothing = contents.AddParts({});
  EXPECT_EQ(contents.size(nothing), 0u);
  EXPECT_EQ(ReadAll(contents, nothing), "");
}

TEST(ContentTest, ReadsThroughEveryKind) {
  const TestDirectory directory;
  const std::string file = TestBytes(2'500'000, 2);
  ContentTable contents;
  const ContentId a = *contents.AddFile(directory.Write("a", file));
  const ContentId made = contents.AddGenerated(1'100'000, GenerateBytes(TestBytes(1'100'000, 3)));
  const ContentId parts =
      contents.AddParts({{a, 1, 2'000'000}, {contents.AddZeros(50), 0, 50}, {made, 0, 1'100'000}});
  for (const ContentId id : {a, made, parts, contents.AddBytes("text"), contents.AddZeros(3)}) {
    std::string got;
    const auto take = [&got](absl::Span<const uint8_t> bytes) {
      EXPECT_LE(bytes.size(), size_t{1} << 20);
      got.append(bytes.begin(), bytes.end());
      return absl::OkStatus();
    };
    EXPECT_EQ(contents.ReadThrough(id, {}, take), absl::OkStatus());
    EXPECT_TRUE(got == ReadAll(contents, id));
    const std::atomic<bool> stop{true};
    EXPECT_EQ(contents.ReadThrough(id, Stop(&stop), take), absl::CancelledError("interrupted"));
    EXPECT_EQ(contents.ReadThrough(
                  id, {}, [](absl::Span<const uint8_t>) { return absl::DataLossError("enough"); }),
              absl::DataLossError("enough"));
  }
}

TEST(ContentTest, ReadingThroughNoticesAFileThatChanged) {
  const TestDirectory directory;
  const std::string path = directory.Write("a", TestBytes(2'500'000, 2));
  ContentTable contents;
  const ContentId parts = contents.AddParts({{*contents.AddFile(path), 0, 2'500'000}});
  const auto touch = [&](absl::Span<const uint8_t>) {
    SetModified(path, kThen);
    return absl::OkStatus();
  };
  EXPECT_EQ(contents.ReadThrough(parts, {}, touch),
            absl::FailedPreconditionError(
                absl::StrCat(path, " changed while the image was made: it was written to")));
}

TEST(ContentTest, FindsSourcesByThePathThatTheyWereAddedWith) {
  const TestDirectory directory;
  directory.Write("sub/a", "x");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  for (const std::string& path :
       {std::string("sub/a"), std::string("./sub/a"), directory.path("sub/a")}) {
    ContentTable contents;
    const auto id = contents.AddFile(path);
    EXPECT_EQ(id.status(), absl::OkStatus()) << path;
    if (!id.ok()) continue;
    EXPECT_EQ(contents.source(*id).path, path);
    EXPECT_EQ(ReadAll(contents, *id), "x");
  }
  std::filesystem::current_path(directory.path("sub"));
  ContentTable contents;
  const auto id = contents.AddFile("a");
  EXPECT_EQ(id.status(), absl::OkStatus());
  if (id.ok()) {
    EXPECT_EQ(contents.source(*id).path, "a");
  }
  std::filesystem::current_path(before);
}

TEST(ContentTest, ADirectoryIsKeptOnceAndJoinedWithOneSlash) {
  ContentTable contents;
  const SourceDirectoryId usr = contents.AddDirectory("/usr");
  EXPECT_EQ(contents.AddDirectory("/usr"), usr);
  const SourceDirectoryId root = contents.AddDirectory("/");
  const SourceDirectoryId here = contents.AddDirectory("");
  EXPECT_NE(root, usr);

  struct stat seen {};
  seen.st_size = 42;
  seen.st_ino = 7;
  seen.st_mtim = {5, 6};
  EXPECT_EQ(contents.source(contents.AddFile(usr, "a", seen)).path, "/usr/a");
  EXPECT_EQ(contents.source(contents.AddFile(root, "a", seen)).path, "/a");
  const SourceFile source = contents.source(contents.AddFile(here, "a", seen));
  EXPECT_EQ(source.path, "a");
  EXPECT_EQ(source.size, 42u);
  EXPECT_EQ(source.inode, 7u);
  EXPECT_EQ(source.mtime_seconds, 5);
  EXPECT_EQ(source.mtime_nanos, 6u);
}

TEST(ContentTest, AddsRegularFilesOnly) {
  const TestDirectory directory;
  directory.MakeDirectory("folder");
  ASSERT_EQ(mkfifo(directory.path("fifo").c_str(), 0600), 0);
  directory.MakeSymlink("broken", "nowhere");
  const struct {
    const char* name;
    absl::StatusCode code;
    const char* message;  // %s is the path
  } kCases[] = {
      {"folder", absl::StatusCode::kInvalidArgument, " is not a regular file"},
      {"fifo", absl::StatusCode::kInvalidArgument, " is not a regular file"},
  };
  ContentTable contents;
  for (const auto& c : kCases) {
    const std::string path = directory.path(c.name);
    EXPECT_EQ(contents.AddFile(path).status(), absl::Status(c.code, path + c.message));
  }
  for (const char* name : {"broken", "missing", "fifo/below"}) {
    const absl::Status status = contents.AddFile(directory.path(name)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
    EXPECT_EQ(status.message().substr(0, 15), "cannot look at ");
  }
  EXPECT_EQ(contents.count(), 0u);
}

TEST(ContentTest, FollowsASymlinkToAFile) {
  const TestDirectory directory;
  directory.Write("a", "through a link");
  ContentTable contents;
  const auto id = contents.AddFile(directory.MakeSymlink("link", "a"));
  ASSERT_EQ(id.status(), absl::OkStatus());
  EXPECT_EQ(ReadAll(contents, *id), "through a link");
}

TEST(ContentTest, APatchedContentHasTheBytesOfItsBaseAndKeepsTheBaseClean) {
  ContentTable contents;
  const ContentId base = contents.AddBytes("abcdef");
  std::vector<std::unique_ptr<Patch>> patches;
  patches.push_back(std::make_unique<NoPatch>());
  const ContentId patched = contents.AddPatched(base, std::move(patches));

  EXPECT_NE(patched, base);
  EXPECT_EQ(contents.size(patched), 6u);
  EXPECT_EQ(contents.kind(patched), ContentTable::Kind::kBytes);
  EXPECT_EQ(ReadAll(contents, patched), "abcdef");
  ASSERT_EQ(contents.patches(patched).size(), 1u);
  EXPECT_EQ(contents.patches(patched)[0]->offset(), 1u);
  EXPECT_TRUE(contents.patches(base).empty());
}

// --- A source that is not what it was ----------------------------------------------------------

struct Change {
  const char* name;
  std::function<void(const TestDirectory&, const std::string& path)> make;
  const char* message;  // behind the path
};

std::vector<Change> Changes() {
  return {
      {"vanishes", [](auto&, auto& path) { std::filesystem::remove(path); },
       "it is not there any more"},
      {"loses its directory",
       [](const TestDirectory& directory, auto& path) {
         std::filesystem::rename(std::filesystem::path(path).parent_path(), directory.path("away"));
         directory.Write("in", "a file where the directory was");
       },
       "it is not there any more"},
      {"grows", [](auto&, auto& path) { WriteHostFile(path, "0123456789a"); },
       "it had 10 bytes, now it has 11"},
      {"shrinks", [](auto&, auto& path) { WriteHostFile(path, "012345678"); },
       "it had 10 bytes, now it has 9"},
      {"becomes empty", [](auto&, auto& path) { WriteHostFile(path, ""); },
       "it had 10 bytes, now it has 0"},
      {"is written to",
       [](auto&, auto& path) {
         WriteHostFile(path, "9876543210");
         SetModified(path, kThen, 1);
       },
       "it was written to"},
      {"gets an older time", [](auto&, auto& path) { SetModified(path, kThen - 1); },
       "it was written to"},
      {"is replaced by one of equal size and time",
       [](const TestDirectory& directory, auto& path) {
         const std::string other = directory.Write("other", "0123456789");
         SetModified(other, kThen);
         std::filesystem::rename(other, path);
       },
       "another file stands in its place"},
      {"is replaced by a directory",
       [](const TestDirectory& directory, auto& path) {
         std::filesystem::remove(path);
         std::filesystem::create_directory(path);
         (void)directory;
       },
       "it is no regular file any more"},
      // Nobody writes to the FIFO: an open that waits for a writer would hang here.
      {"is replaced by a FIFO",
       [](auto&, auto& path) {
         std::filesystem::remove(path);
         ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
       },
       "it is no regular file any more"},
  };
}

TEST(ContentTest, ASourceThatChangedIsAnErrorThatNamesIt) {
  for (const Change& change : Changes()) {
    SCOPED_TRACE(change.name);
    const TestDirectory directory;
    const std::string path = directory.Write("in/source", "0123456789");
    SetModified(path, kThen);
    ContentTable contents;
    const ContentId id = *contents.AddFile(path);
    EXPECT_EQ(ReadAll(contents, id), "0123456789");

    change.make(directory, path);
    const absl::Status want = absl::FailedPreconditionError(
        absl::StrCat(path, " changed while the image was made: ", change.message));
    EXPECT_EQ(contents.Open(id).status(), want);
    std::vector<uint8_t> out(1);
    EXPECT_EQ(contents.ReadUnpatched(id, 0, absl::MakeSpan(out)), want);
  }
}

TEST(ContentTest, AttributesOfASourceMayChange) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", "0123456789");
  ContentTable contents;
  const ContentId id = *contents.AddFile(path);
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  ASSERT_EQ(link(path.c_str(), directory.path("second").c_str()), 0);
  EXPECT_EQ(ReadAll(contents, id), "0123456789");
}

TEST(ContentTest, ASourceThatNobodyMayReadIsAnError) {
  const TestDirectory directory;
  const std::string path = directory.Write("secret", "x");
  ContentTable contents;
  const ContentId id = *contents.AddFile(path);
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  WithoutPrivilege([&] {
    EXPECT_EQ(contents.Open(id).status(), absl::PermissionDeniedError(absl::StrCat(
                                              "cannot open ", path, ": Permission denied")));
  });
}

TEST(ContentTest, AnOpenFileThatEndsEarlyIsAnError) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", TestBytes(9000, 3));
  ContentTable contents;
  const ContentId id = *contents.AddFile(path);
  const auto file = contents.Open(id);
  ASSERT_EQ(file.status(), absl::OkStatus());
  ASSERT_EQ(truncate(path.c_str(), 5000), 0);

  std::vector<uint8_t> out(4000);
  EXPECT_EQ(file->Read(1000, absl::MakeSpan(out)), absl::OkStatus());
  EXPECT_EQ(file->Read(2000, absl::MakeSpan(out)),
            absl::FailedPreconditionError(
                absl::StrCat(path, " changed while the image was made: it ends at byte 5000")));
  EXPECT_EQ(file->CheckUnchanged(),
            absl::FailedPreconditionError(absl::StrCat(
                path, " changed while the image was made: it had 9000 bytes, now it has 5000")));
}

TEST(ContentTest, AnOpenFileThatIsWrittenToIsNoticedAfterwards) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", "0123456789");
  SetModified(path, kThen);
  ContentTable contents;
  const auto file = contents.Open(*contents.AddFile(path));
  ASSERT_EQ(file.status(), absl::OkStatus());
  EXPECT_EQ(file->CheckUnchanged(), absl::OkStatus());
  WriteHostFile(path, "9876543210");
  EXPECT_EQ(file->CheckUnchanged(),
            absl::FailedPreconditionError(
                absl::StrCat(path, " changed while the image was made: it was written to")));
}

TEST(ContentTest, AnOpenedFileIsClosedOnce) {
  const TestDirectory directory;
  ContentTable contents;
  const ContentId id = *contents.AddFile(directory.Write("source", "x"));
  int fd = -1;
  {
    auto first = contents.Open(id);
    ASSERT_EQ(first.status(), absl::OkStatus());
    fd = first->fd();
    const OpenedFile second = *std::move(first);
    EXPECT_EQ(second.fd(), fd);
    EXPECT_NE(fcntl(fd, F_GETFD), -1);
  }
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
}

TEST(ContentTest, AReadErrorNamesTheFile) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", "0123456789");
  ContentTable contents;
  const ContentId id = *contents.AddFile(path);
  WithFailingCall({SYS_pread64, EIO}, [&] {
    std::vector<uint8_t> out(1);
    EXPECT_EQ(contents.ReadUnpatched(id, 0, absl::MakeSpan(out)),
              absl::UnavailableError(absl::StrCat("cannot read ", path, ": Input/output error")));
  });
}

}  // namespace
}  // namespace isomason

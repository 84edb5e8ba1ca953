#include "authoring/archive/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Sample(const std::string& name) { return "testdata/archives/" + name; }

// An open archive with what it stands on.
struct Opened {
  std::unique_ptr<Spool> spool = std::make_unique<Spool>();
  std::unique_ptr<OpenedFile> file;
  absl::StatusOr<std::unique_ptr<Archive>> archive = absl::UnknownError("not opened");
};

Opened Open(const std::string& path) {
  Opened o;
  struct stat seen;
  EXPECT_EQ(stat(path.c_str(), &seen), 0) << path;
  SourceFile source{path,
                    -1,
                    static_cast<uint64_t>(seen.st_size),
                    seen.st_mtim.tv_sec,
                    static_cast<uint32_t>(seen.st_mtim.tv_nsec),
                    seen.st_ino};
  auto file = OpenedFile::Open(source);
  EXPECT_TRUE(file.ok()) << file.status();
  o.file = std::make_unique<OpenedFile>(*std::move(file));
  o.archive = Archive::Open(*o.file, source.size, o.spool.get());
  return o;
}

// The bytes of a member, or what is wrong with them.
absl::StatusOr<std::string> BytesOf(const Opened& o, size_t member) {
  const auto runs = (*o.archive)->Runs(member);
  if (!runs.ok()) return runs.status();
  std::string bytes;
  for (const ArchiveRun& run : *runs) {
    std::string part(run.size, '\0');
    if (run.in != ArchiveRun::In::kZeros) {
      const int fd = run.in == ArchiveRun::In::kSpool ? o.spool->fd() : o.file->fd();
      EXPECT_EQ(pread(fd, part.data(), part.size(), static_cast<off_t>(run.offset)),
                static_cast<ssize_t>(part.size()));
    }
    bytes += part;
  }
  EXPECT_EQ(bytes.size(), (*o.archive)->members()[member].size);
  return bytes;
}

// "path mode owner/group time -> target = bytes", a line a member.
std::vector<std::string> Lines(const Opened& o) {
  std::vector<std::string> lines;
  for (size_t m = 0; m < (*o.archive)->members().size(); ++m) {
    const ArchiveMember& member = (*o.archive)->members()[m];
    std::string line = absl::StrFormat("%s %o %d/%d %d", member.path, member.mode, member.owner,
                                       member.group, member.time);
    if (member.hard_link) {
      line = absl::StrCat(member.path, " => ", member.target);
    } else if (!member.target.empty()) {
      absl::StrAppend(&line, " -> ", member.target);
    }
    const auto bytes = BytesOf(o, m);
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    if (bytes.ok() && !bytes->empty()) absl::StrAppend(&line, " = ", *bytes);
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> LinesOf(const std::string& path) {
  const Opened o = Open(path);
  EXPECT_TRUE(o.archive.ok()) << path << ": " << o.archive.status();
  return o.archive.ok() ? Lines(o) : std::vector<std::string>();
}

const std::string kLong(120, 'n');

TEST(ArchiveTest, ReadsTarOfEveryKindAndCompression) {
  const auto want =
      ElementsAre("./ 40755 1000/100 1793491200", "./bin/ 40755 1000/100 1793491200",
                  "./bin/same_tool 100755 1000/100 1793491200 = #!/bin/sh\nexit 0\n",
                  "./bin/tool => ./bin/same_tool", "./empty 100644 1000/100 1793491200",
                  "./empty_directory/ 40755 1000/100 1793491200",
                  "./e\u0301t\u00e9 100644 1000/100 1793491200 = decomposed\n",
                  "./link 120777 1000/100 1793491200 -> bin/tool",
                  absl::StrCat("./", kLong, " 100644 1000/100 1793491200 = long\n"),
                  absl::StrCat("./repeated 100644 1000/100 1793491200 = ", std::string(3000, 'x')),
                  "./text 100644 1000/100 1793491200 = text\n");
  for (const char* name : {"gnu.tar", "pax.tar", "gnu.tar.gzip", "gnu.tar.bzip2", "gnu.tar.xz",
                           "gnu.tar.zstd", "gnu.tar.lz4"}) {
    EXPECT_THAT(LinesOf(Sample(name)), want) << name;
  }
}

TEST(ArchiveTest, ReadsCpioWithTheBytesOfALinkWhereverTheyAre) {
  EXPECT_THAT(LinesOf(Sample("newc.cpio")),
              testing::IsSupersetOf(
                  {std::string("bin/same_tool 100755 1000/100 1793491200"),
                   std::string("bin/tool => bin/same_tool = #!/bin/sh\nexit 0\n"),
                   std::string("e\u0301t\u00e9 100644 1000/100 1793491200 = decomposed\n"),
                   std::string("link 120777 1000/100 1793491200 -> bin/tool"),
                   kLong + " 100644 1000/100 1793491200 = long\n"}));
  EXPECT_THAT(LinesOf(Sample("odc.cpio")),
              testing::IsSupersetOf(
                  {std::string("bin/same_tool 100755 1000/100 1793491200 = #!/bin/sh\nexit 0\n"),
                   std::string("bin/tool => bin/same_tool = #!/bin/sh\nexit 0\n")}));
}

TEST(ArchiveTest, ReadsZip) {
  EXPECT_THAT(LinesOf(Sample("small.zip")),
              ElementsAre("bin/ 40755 0/0 1793491200",
                          "bin/same_tool 100755 0/0 1793491200 = #!/bin/sh\nexit 0\n",
                          "bin/tool 100755 0/0 1793491200 = #!/bin/sh\nexit 0\n",
                          "empty 100644 0/0 1793491200", "empty_directory/ 40755 0/0 1793491200",
                          "e\u0301t\u00e9 100644 0/0 1793491200 = decomposed\n",
                          "link 120777 0/0 1793491200 -> bin/tool",
                          absl::StrCat(kLong, " 100644 0/0 1793491200 = long\n"),
                          absl::StrCat("repeated 100644 0/0 1793491200 = ", std::string(3000, 'x')),
                          "text 100644 0/0 1793491200 = text\n"));
}

TEST(ArchiveTest, ReadsSparseFilesOfEveryKind) {
  std::string want(300000, '\0');
  want.replace(100000, 13, "in the middle");
  for (const char* name :
       {"sparse-gnu.tar", "sparse-0.0.tar", "sparse-0.1.tar", "sparse-1.0.tar"}) {
    const Opened o = Open(Sample(name));
    ASSERT_TRUE(o.archive.ok()) << name << ": " << o.archive.status();
    ASSERT_EQ((*o.archive)->members().size(), 1u);
    EXPECT_EQ((*o.archive)->members()[0].size, want.size()) << name;
    const auto bytes = BytesOf(o, 0);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_TRUE(*bytes == want) << name;
    EXPECT_GT((*o.archive)->Runs(0)->size(), 1u) << name << ": holes are no data";
  }
}

// What is stored as it is stays where it is.
TEST(ArchiveTest, UnpacksOnlyWhatIsPacked) {
  for (const char* name : {"gnu.tar", "pax.tar", "newc.cpio", "odc.cpio"}) {
    const Opened o = Open(Sample(name));
    Lines(o);
    EXPECT_EQ(o.spool->fd(), -1) << name;
  }
  const Opened zip = Open(Sample("small.zip"));
  EXPECT_EQ(zip.spool->size(), 0u);
  Lines(zip);
  EXPECT_EQ(zip.spool->size(), 3000u);  // "repeated" is the only one that is smaller packed
}

TEST(ArchiveTest, SaysWhatItCannotRead) {
  const TestDirectory directory;
  EXPECT_THAT(Open(directory.Write("text", "not an archive\n")).archive.status(),
              absl::InvalidArgumentError("is no tar, cpio or zip archive"));
  EXPECT_THAT(Open(directory.Write("empty", "")).archive.status(),
              absl::InvalidArgumentError("is no tar, cpio or zip archive"));
  const std::string tar = ReadHostFile(Sample("gnu.tar"));
  EXPECT_THAT(Open(directory.Write("joined", tar + tar)).archive.status().message(),
              HasSubstr("goes on behind its end, at byte "));
  std::string other_sum = tar;
  other_sum[600] = '\x7f';
  EXPECT_EQ(Open(directory.Write("sum", other_sum)).archive.status().code(),
            absl::StatusCode::kDataLoss);
  const Opened encrypted = Open(Sample("encrypted.zip"));
  ASSERT_TRUE(encrypted.archive.ok());
  EXPECT_EQ((*encrypted.archive)->Runs(0).status(),
            absl::InvalidArgumentError("has the encrypted member \"text\""));
  std::string zip = ReadHostFile(Sample("small.zip"));
  const size_t text = zip.find("text\n");
  ASSERT_NE(text, std::string::npos);
  zip[text] = 'T';
  const Opened changed = Open(directory.Write("changed.zip", zip));
  ASSERT_TRUE(changed.archive.ok()) << changed.archive.status();
  EXPECT_THAT((*changed.archive)->Runs(9).status().message(),
              HasSubstr("the member \"text\" has other bytes than its CRC says"));
}

// Whatever is missing at the end is an error, or nothing of what the archive holds.
TEST(ArchiveTest, AnArchiveThatIsCutShortIsAnErrorOrWhole) {
  const TestDirectory directory;
  for (const char* name :
       {"gnu.tar", "pax.tar", "sparse-1.0.tar", "newc.cpio", "odc.cpio", "small.zip",
        "gnu.tar.gzip", "gnu.tar.bzip2", "gnu.tar.xz", "gnu.tar.zstd", "gnu.tar.lz4"}) {
    const std::string whole = ReadHostFile(Sample(name));
    const std::vector<std::string> want = LinesOf(Sample(name));
    int errors = 0;
    const size_t step = whole.size() > 2000 ? 37 : 1;
    for (size_t size = 0; size < whole.size(); size += step) {
      const Opened o = Open(directory.Write("cut", whole.substr(0, size)));
      if (!o.archive.ok()) {
        ++errors;
        continue;
      }
      EXPECT_EQ(Lines(o), want) << name << " of " << size << " bytes";
    }
    EXPECT_GT(errors, 10) << name;
  }
}

// No byte that is another one ends the program, or makes it read what is not there.
TEST(ArchiveTest, AnArchiveWithAnotherByteIsReadOrRefused) {
  const TestDirectory directory;
  int errors = 0;
  for (const char* name : {"pax.tar", "sparse-0.1.tar", "sparse-gnu.tar", "newc.cpio", "small.zip",
                           "gnu.tar.xz", "gnu.tar.zstd"}) {
    const std::string whole = ReadHostFile(Sample(name));
    const size_t step = whole.size() > 1000 ? 29 : 3;
    for (size_t at = 0; at < whole.size(); at += step) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      const Opened o = Open(directory.Write("changed", changed));
      if (!o.archive.ok()) {
        ++errors;
        continue;
      }
      for (size_t m = 0; m < (*o.archive)->members().size(); ++m) {
        const auto runs = (*o.archive)->Runs(m);
        if (!runs.ok()) continue;
        for (const ArchiveRun& run : *runs) {
          if (run.in == ArchiveRun::In::kArchive) {
            EXPECT_LE(run.offset + run.size, changed.size());
          }
        }
      }
    }
  }
  EXPECT_GT(errors, 100);
}

}  // namespace
}  // namespace isomason

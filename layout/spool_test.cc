#include "layout/spool.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "layout/content.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

absl::Span<const uint8_t> Bytes(const std::string& text) {
  return absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

TEST(SpoolTest, HoldsWhatIsAppendedAndHasNoName) {
  const TestDirectory directory;
  setenv("TMPDIR", directory.path().c_str(), 1);
  ContentTable contents;
  ContentId range;
  {
    Spool spool;
    EXPECT_EQ(spool.fd(), -1);
    ASSERT_EQ(spool.Append(Bytes("first")), absl::OkStatus());
    const auto all = contents.AddUnnamed(spool.fd(), "a temporary file");
    ASSERT_TRUE(all.ok()) << all.status();
    range = contents.AddParts({{*all, 3, 4}});  // of what is written later, too
    ASSERT_EQ(spool.Append(Bytes("second")), absl::OkStatus());
    EXPECT_EQ(spool.size(), 11u);
    EXPECT_TRUE(directory.List().empty());
    struct stat status;
    ASSERT_EQ(fstat(spool.fd(), &status), 0);
    EXPECT_EQ(status.st_nlink, 0u);
    struct stat folder;
    ASSERT_EQ(stat(directory.path().c_str(), &folder), 0);
    EXPECT_EQ(status.st_dev, folder.st_dev);
  }
  std::vector<uint8_t> bytes(4);  // the table has the file open itself
  ASSERT_EQ(contents.ReadUnpatched(range, 0, absl::MakeSpan(bytes)), absl::OkStatus());
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "stse");
  unsetenv("TMPDIR");
}

TEST(SpoolTest, TakesAnotherFolderWhenThatOfTheEnvironmentIsNotThere) {
  setenv("TMPDIR", "/nonexistent", 1);
  Spool spool;
  EXPECT_EQ(spool.Append(Bytes("x")), absl::OkStatus());
  unsetenv("TMPDIR");
}

TEST(SpoolTest, SaysWhenThereIsNoRoom) {
  Spool spool;
  WithFailingCall({SYS_pwrite64, ENOSPC}, [&] {
    const absl::Status status = spool.Append(Bytes("x"));
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_NE(status.message().find("(TMPDIR names another directory)"), absl::string_view::npos)
        << status;
  });
}

}  // namespace
}  // namespace isomason

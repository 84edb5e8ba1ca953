// Many entries: a million in one tree, a hundred thousand in one directory, and as many
// directories as path tables number. Foreign readers and Linux count them. Takes minutes, some
// GiB of disk, and a folder in memory with room for a million inodes, so it is run by hand:
//
//   bazel test -c opt //tools/golden:scale_test --test_output=all
//   ... --test_env=ISOMASON_SCALE_FOLDER=/dev/shm

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tools/bench/make_tree.h"
#include "tools/bench/run.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/udf_tools.h"

namespace isomason {
namespace {

constexpr int kPatience = 1800;  // seconds, for each reader

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Say(const std::string& what, double seconds, const std::string& more) {
  std::printf("%-28s %8.1f s  %s\n", what.c_str(), seconds, more.c_str());
  std::fflush(stdout);
}

// A reader that prints a line an entry.
struct Lister {
  const char* name;
  std::vector<std::string> argv;
  // Whether the line is one of those; null: every line is.
  bool (*counts)(absl::string_view line);
  // Lines besides those of entries: that of the root.
  uint64_t besides = 0;
};

uint64_t CountLines(const Lister& lister) {
  Command command;
  command.argv = lister.argv;
  command.timeout_seconds = kPatience;
  uint64_t lines = 0;
  std::string rest;
  command.on_output = [&](absl::string_view bytes) {
    for (size_t end; (end = bytes.find('\n')) != absl::string_view::npos;
         bytes.remove_prefix(end + 1)) {
      rest.append(bytes.data(), end);
      lines += lister.counts == nullptr || lister.counts(rest) ? 1 : 0;
      rest.clear();
    }
    rest.append(bytes.data(), bytes.size());
  };
  const auto start = std::chrono::steady_clock::now();
  const auto result = RunProcess(command);
  EXPECT_TRUE(result.ok()) << result.status();
  if (result.ok()) {
    EXPECT_TRUE(result->Succeeded()) << result->Summary();
  }
  Say(lister.name, SecondsSince(start), absl::StrCat(lines - lister.besides, " entries"));
  return lines - lister.besides;
}

bool IsIsoInfoEntry(absl::string_view line) {
  return absl::StrContains(line, "[LSN ") && !absl::EndsWith(line, "  .") &&
         !absl::EndsWith(line, "  ..");
}

class ScaleTest : public testing::Test {
 protected:
  ScaleTest() : folder_(Folder()) {}

  static ScratchDir Folder() {
    const char* folder = std::getenv("ISOMASON_SCALE_FOLDER");
    auto scratch = ScratchDir::Make(folder == nullptr ? "/dev/shm" : folder);
    EXPECT_TRUE(scratch.ok()) << scratch.status();
    return *std::move(scratch);
  }
  std::string tree() const { return folder_.path() + "/tree"; }
  std::string image() const { return testing::TempDir() + "/scale.iso"; }

  void TearDown() override { std::filesystem::remove(image()); }

  // Makes the image of the tree with all namespaces.
  void Build() {
    const std::string manifest = folder_.path() + "/m.textproto";
    ASSERT_TRUE(WriteHostFile(manifest,
                              "image_version: 1\n"
                              "volume { id: \"SCALE\" }\n"
                              "iso9660 { rock_ridge {} joliet {} }\n"
                              "udf {}\n"
                              "entry { path: \"/\" tree { source: \"tree\" } }\n")
                    .ok());
    const auto built = isomason::Run({std::filesystem::absolute(Runfile("tools/isomason/isomason")),
                                      "build", "--quiet", manifest, "-o", image()});
    ASSERT_TRUE(built.ok()) << built.status();
    Say("isomason build", built->seconds,
        absl::StrCat("image of ", std::filesystem::file_size(image()) >> 20, " MiB"));
  }

  void ExpectCounts(uint64_t entries) {
    const std::string& i = image();
    const std::vector<Lister> listers = {
        {"xorriso, Rock Ridge", {"xorriso", "-indev", i, "-find", "/"}, nullptr, 1},
        {"xorriso, Joliet",
         {"xorriso", "-read_fs", "norock", "-indev", i, "-find", "/"},
         nullptr,
         1},
        {"bsdtar", {"bsdtar", "-tf", i}, nullptr, 1},
        {"isoinfo, Rock Ridge", {"isoinfo", "-R", "-f", "-i", i}, nullptr},
        {"isoinfo, Joliet", {"isoinfo", "-J", "-f", "-i", i}, nullptr},
        {"7-Zip, Joliet", {"7z", "l", "-ba", "-tiso", i}, nullptr},
        {"7-Zip, UDF", {"7z", "l", "-ba", "-tudf", i}, nullptr},
        {"iso-info, Joliet", {"iso-info", "--no-header", "-l", i}, IsIsoInfoEntry},
    };
    for (const Lister& lister : listers) {
      SCOPED_TRACE(lister.name);
      EXPECT_EQ(CountLines(lister), entries);
    }
    const auto start = std::chrono::steady_clock::now();
    const auto info = UdfInfoOf(i);
    ASSERT_TRUE(info.ok()) << info.status();
    Say("udfinfo", SecondsSince(start),
        absl::StrCat(info->files + info->directories - 1, " entries"));
    EXPECT_EQ(info->files + info->directories - 1, entries);
  }

  void ExpectLinuxCounts(uint64_t entries) {
    const std::string& i = image();
    LinuxOptions options;
    options.timeout_seconds = kPatience;
    for (const View view : {View::kRockRidge, View::kJoliet, View::kUdf}) {
      SCOPED_TRACE(ViewName(view));
      const auto asked = std::chrono::steady_clock::now();
      const auto seen = ReadWithLinux({i}, {view}, options);
      ASSERT_TRUE(seen.ok()) << seen.status();
      const LinuxView& linux_view = seen->at({0, view});
      ASSERT_TRUE(linux_view.listing.ok()) << linux_view.listing.status();
      Say(absl::StrCat("Linux, ", ViewName(view)), SecondsSince(asked),
          absl::StrCat(linux_view.listing->size() - 1, " entries"));
      EXPECT_EQ(linux_view.listing->size() - 1, entries);
      EXPECT_TRUE(linux_view.warnings.empty()) << linux_view.warnings[0];
    }
  }

  ScratchDir folder_;
};

TEST_F(ScaleTest, AMillionEntries) {
  std::filesystem::create_directory(tree());
  TreeShape shape;
  shape.typical_size = 0;
  shape.files_per_directory = 30;
  shape.files = 970000;  // directories come to that
  ASSERT_TRUE(MakeTree(shape, tree()).ok());
  uint64_t entries = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(tree())) {
    entries += entry.path().empty() ? 0 : 1;
  }
  EXPECT_GE(entries, 1000000u);
  ASSERT_NO_FATAL_FAILURE(Build());
  ExpectCounts(entries);
  ExpectLinuxCounts(entries);
}

// Linux is not asked: it looks each name up by reading the directory from its start, and was
// not done with this one in a guest after nine minutes.
TEST_F(ScaleTest, ADirectoryOf100000Entries) {
  std::filesystem::create_directories(tree() + "/one");
  for (int i = 0; i < 100000; ++i) {
    ASSERT_TRUE(WriteHostFile(absl::StrCat(tree(), "/one/measurement of the station ", i, ".csv"),
                              i % 1000 == 0 ? "x" : "")
                    .ok());
  }
  ASSERT_NO_FATAL_FAILURE(Build());
  ExpectCounts(100001);
}

TEST_F(ScaleTest, AsManyDirectoriesAsPathTablesNumber) {
  std::filesystem::create_directory(tree());
  int made = 1;  // the root
  for (int i = 0; made < 65535; ++i) {
    const std::string parent = absl::StrCat(tree(), "/p", i);
    std::filesystem::create_directory(parent);
    ++made;
    for (int k = 0; k < 255 && made < 65535; ++k, ++made) {
      std::filesystem::create_directory(absl::StrCat(parent, "/d", k));
    }
  }
  ASSERT_NO_FATAL_FAILURE(Build());
  ExpectCounts(65534);
  ExpectLinuxCounts(65534);
}

}  // namespace
}  // namespace isomason

// Which readers open which revision of UDF, in which form: docs/formats/udf-readers.md is
// what this test saw last. To bring it up to date: tools/golden/accept_udf_table.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/manifest/manifest.pb.h"
#include "gtest/gtest.h"
#include "tools/golden/golden.h"
#include "tools/oracle/blkid.h"
#include "tools/oracle/cdio.h"
#include "tools/oracle/grub.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/ovmf.h"
#include "tools/oracle/pycdlib.h"
#include "tools/oracle/qemu.h"
#include "tools/oracle/sevenzip.h"
#include "tools/oracle/udf_tools.h"
#include "tools/oracle/udfclient.h"

namespace isomason {
namespace {

constexpr char kPage[] = "docs/formats/udf-readers.md";
constexpr char kWords[] = "a program read from UDF";

// --- What is asked ----------------------------------------------------------------

enum class Form { kBridge, kStub, kAlone };
enum class Tree { kFiles, kSpecial };

// A row of a table: its image, and what readers are to show of it.
struct Row {
  std::string title;
  Form form;
  GoldenImage golden;
  std::string image;
  Listing want;
};

// "UDF_1_02" -> "1.02".
std::string RevisionName(const std::string& value) {
  return absl::StrCat(value.substr(4, 1), ".", value.substr(6));
}

// The tree is small, and its names are ASCII: characters are another question.
manifest::Manifest MakeManifest(int revision, Form form, Tree tree) {
  manifest::Manifest m;
  m.set_image_version(1);
  m.mutable_volume()->set_id("REVISIONS");
  m.mutable_volume()->set_time("2026-11-01T12:34:00Z");
  m.mutable_udf()->set_revision(static_cast<manifest::UdfRevision>(revision));
  if (form == Form::kBridge) {
    m.mutable_iso9660()->mutable_rock_ridge();
  } else {
    m.mutable_udf()->set_bridge(form == Form::kStub ? manifest::STUB_BRIDGE : manifest::NO_BRIDGE);
  }
  const auto text = [&](const std::string& path, const std::string& contents) {
    manifest::Entry* entry = m.add_entry();
    entry->set_path(path);
    entry->set_text(contents);
    return entry;
  };
  text("/a file.txt", "one\n")->mutable_attributes()->set_file_mode(0640);
  text("/directory/below/file", std::string(5000, 'x'))->mutable_attributes()->set_owner(1000);
  text("/empty", "");
  manifest::Entry* link = m.add_entry();
  link->set_path("/directory/link");
  link->set_hard_link("/a file.txt");
  m.add_entry()->set_path("/nothing in it");
  m.mutable_entry(m.entry_size() - 1)->mutable_directory();
  manifest::Entry* program = m.add_entry();
  program->set_path(kOvmfProgram);
  program->set_bytes(TalkingProgram(absl::StrCat("\r\n", kWords, "\r\n")));
  if (tree == Tree::kSpecial) {
    manifest::Entry* symlink = m.add_entry();
    symlink->set_path("/symlink");
    symlink->set_symlink("directory/below/file");
    manifest::Entry* device = m.add_entry();
    device->set_path("/device");
    device->mutable_device()->set_type(manifest::CHARACTER_DEVICE);
    device->mutable_device()->set_major(1);
    device->mutable_device()->set_minor(3);
    manifest::Entry* fifo = m.add_entry();
    fifo->set_path("/fifo");
    fifo->mutable_fifo();
  }
  return m;
}

const char* const kForms[] = {"bridge", "stub", "alone"};

std::vector<Row> MakeRows(Tree tree) {
  std::vector<Row> rows;
  const auto* revisions = manifest::UdfRevision_descriptor();
  for (int i = 0; i < revisions->value_count(); ++i) {
    if (revisions->value(i)->number() == 0) continue;
    for (const Form form : {Form::kBridge, Form::kStub, Form::kAlone}) {
      if (tree == Tree::kSpecial && form == Form::kStub) continue;
      Row row;
      row.form = form;
      row.title = absl::StrCat(RevisionName(revisions->value(i)->name()), ", ",
                               kForms[static_cast<int>(form)]);
      auto golden = AuthorMessage(
          absl::StrCat(tree == Tree::kFiles ? "files-" : "special-", revisions->value(i)->name(),
                       "-", kForms[static_cast<int>(form)]),
          MakeManifest(revisions->value(i)->number(), form, tree), ".");
      EXPECT_TRUE(golden.ok()) << row.title << ": " << golden.status();
      if (!golden.ok()) continue;
      row.golden = *std::move(golden);
      const auto image = WriteGolden(row.golden);
      const auto want = row.golden.Expected(View::kUdf);
      EXPECT_TRUE(image.ok()) << image.status();
      EXPECT_TRUE(want.ok()) << want.status();
      if (!image.ok() || !want.ok()) continue;
      row.image = *image;
      row.want = *want;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// --- What is answered -------------------------------------------------------------

// Differences between what was meant and what was shown, as one cell and its footnotes.
struct Cell {
  std::string text;
  std::vector<std::string> notes = {};
};

Cell CellOf(const Listing& want, const absl::StatusOr<Listing>& got,
            const CompareOptions& options = {}) {
  if (!got.ok()) return {.text = "no"};
  const std::vector<std::string> differences = Differences(want, *got, options);
  if (differences.empty()) return {.text = "yes"};
  return {.text = "in part", .notes = differences};
}

// For readers that say of what there is how much.
Cell CellOfCounts(const Listing& want, bool opened, uint64_t files, uint64_t directories) {
  if (!opened) return {.text = "no"};
  uint64_t want_directories = 0;
  for (const auto& [path, entry] : want) {
    if (entry.type == Listed::Type::kDirectory) ++want_directories;
  }
  // A file with two names is counted once or twice; the tree has one of those.
  const uint64_t names = want.size() - want_directories;
  if (directories == want_directories && (files == names || files == names - 1)) {
    return {.text = "yes"};
  }
  return {.text = "in part",
          .notes = {absl::StrCat("counts ", files, " files and ", directories, " directories")}};
}

using Column = std::function<Cell(size_t row)>;

// Which rows a note is about: of those that the reader opens, all or some.
std::string About(const std::vector<std::string>& noted, size_t opened) {
  return noted.size() == opened ? "wherever it opens UDF" : absl::StrJoin(noted, "; ");
}

std::string FormatTable(const std::vector<Row>& rows,
                        const std::vector<std::pair<std::string, Column>>& columns) {
  std::vector<std::string> lines;
  for (const Row& row : rows) lines.push_back(absl::StrCat("| ", row.title, " |"));
  std::string heading = "| UDF |", rule = "| --- |", notes;
  for (const auto& [name, column] : columns) {
    absl::StrAppend(&heading, " ", name, " |");
    rule += " --- |";
    size_t opened = 0;
    // The same of several rows is said once.
    std::map<std::string, std::vector<std::string>> noted;
    for (size_t i = 0; i < rows.size(); ++i) {
      const Cell cell = column(i);
      absl::StrAppend(&lines[i], " ", cell.text, " |");
      if (cell.text != "no") ++opened;
      for (const std::string& note : cell.notes) noted[note].push_back(rows[i].title);
    }
    if (!noted.empty()) absl::StrAppend(&notes, "- ", name, "\n");
    for (const auto& [note, titles] : noted) {
      absl::StrAppend(&notes, "  - `", note, "`: ", About(titles, opened), "\n");
    }
  }
  std::string out = absl::StrCat(heading, "\n", rule, "\n", absl::StrJoin(lines, "\n"), "\n");
  if (!notes.empty()) absl::StrAppend(&out, "\nWhat is not as it was written:\n\n", notes);
  return out;
}

std::string TableOf(Tree tree) {
  const std::vector<Row> rows = MakeRows(tree);
  std::vector<std::string> images;
  for (const Row& row : rows) images.push_back(row.image);
  const auto in_linux = ReadWithLinux(images, {View::kUdf});
  EXPECT_TRUE(in_linux.ok()) << in_linux.status();
  const auto in_ovmf = ReadWithOvmf(images);
  EXPECT_TRUE(in_ovmf.ok()) << in_ovmf.status();
  if (!in_linux.ok() || !in_ovmf.ok()) return "";
  const std::string scratch = testing::TempDir();

  const std::vector<std::pair<std::string, Column>> columns = {
      {"Linux",
       [&](size_t i) {
         return CellOf(rows[i].want, in_linux->at({i, View::kUdf}).listing);
       }},
      {"7-Zip",
       [&](size_t i) {
         return CellOf(rows[i].want, SevenZipListing(rows[i].image, SevenZipFormat::kUdf, scratch));
       }},
      {"libudfread", [&](size_t i) { return CellOf(rows[i].want, UdfreadListing(rows[i].image)); }},
      {"GRUB",
       [&](size_t i) {
         const auto view = GrubViewOf(rows[i].image, rows[i].want);
         if (!view.ok() || view->file_system != "udf") return Cell{.text = "no"};
         return CellOf(rows[i].want, view->listing);
       }},
      {"udfclient",
       [&](size_t i) {
         // Of modes it shows nine bits, which are all that there are here.
         return CellOf(rows[i].want, UdfclientListing(rows[i].image, scratch));
       }},
      {"udfdump",
       [&](size_t i) {
         const auto info = UdfdumpOf(rows[i].image);
         return CellOfCounts(rows[i].want, info.ok(), info.ok() ? info->files : 0,
                             info.ok() ? info->directories : 0);
       }},
      {"udfinfo",
       [&](size_t i) {
         const auto info = UdfInfoOf(rows[i].image);
         return CellOfCounts(rows[i].want, info.ok(), info.ok() ? info->files : 0,
                             info.ok() ? info->directories : 0);
       }},
      {"libcdio",
       [&](size_t i) {
         return CellOf(rows[i].want, CdioListing(rows[i].image, CdioTree::kUdf, scratch));
       }},
      {"pycdlib",
       [&](size_t i) { return CellOf(rows[i].want, PycdlibListing(rows[i].image, View::kUdf)); }},
      {"blkid",
       [&](size_t i) {
         auto tags = BlkidTags(rows[i].image);
         return Cell{.text = tags.ok() && (*tags)["TYPE"] == "udf" ? "yes" : "no"};
       }},
      {"OVMF",
       [&](size_t i) {
         const OvmfView& view = (*in_ovmf)[i];
         // The shell shows no seconds; the times here have none.
         Cell cell = CellOf(rows[i].want, view.listing);
         if (view.listing.ok() && view.said != kWords) {
           cell.text = "in part";
           cell.notes.push_back("the program does not run");
         }
         return cell;
       }},
  };
  return FormatTable(rows, columns);
}

std::string Page() {
  return absl::StrCat(
      "# UDF: which reader opens which revision\n\n"
      "This page is written by `//tools/golden:udf_table_test`, which fails when it sees "
      "something\n"
      "else. `tools/golden/accept_udf_table` brings it up to date.\n\n"
      "Each row is an image of one small tree: files, directories, a hard link, an empty file, a\n"
      "program. *bridge* has ISO 9660 with Rock Ridge beside it, *stub* a text in ISO 9660, "
      "*alone*\n"
      "nothing. **yes**: the reader opens UDF and shows names, types, sizes, contents and whatever "
      "else it\n"
      "can tell as they were written (udfinfo and udfdump: the counts; blkid: the type; OVMF: the "
      "tree,\n"
      "and the program runs). **in part**: it shows something else, below the table. **no**: it "
      "opens no\n"
      "UDF there. Versions: Linux 6.1, 7-Zip 26.02, libudfread 1.1.2, GRUB 2.06, udfclient and "
      "udfdump\n"
      "0.8.11, udfinfo 2.3, libcdio 2.1.0, pycdlib 1.12, libblkid 2.38, EDK2 2022.11 in OVMF.\n\n"
      "Windows, macOS and consoles are not here; [udf-rules.md](udf-rules.md) is what is known of "
      "them.\n\n"
      "## Files and directories\n\n",
      TableOf(Tree::kFiles), "\n## With a symlink, a device and a FIFO\n\n",
      TableOf(Tree::kSpecial));
}

TEST(UdfTableTest, ThePageSaysWhatReadersDo) {
  const std::string page = Page();
  if (const char* folder = std::getenv("ISOMASON_ACCEPT_UDF_TABLE")) {
    ASSERT_FALSE(HasFailure());
    std::ofstream(absl::StrCat(folder, "/", kPage), std::ios::binary) << page;
    return;
  }
  std::ifstream in(Runfile(kPage), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_EQ(page, text.str()) << kPage << " is out of date: run tools/golden/accept_udf_table";
}

}  // namespace
}  // namespace isomason

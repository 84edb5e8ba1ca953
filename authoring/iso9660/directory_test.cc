#include "authoring/iso9660/directory.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

DirectoryWriter::Record FileRecord(absl::string_view identifier, uint32_t extent) {
  return {identifier, extent, 0, {126, 1, 2, 3, 4, 5, 0}, 0};
}

uint32_t LittleAt(absl::string_view bytes, size_t at) {
  uint32_t v = 0;
  for (size_t i = 4; i-- > 0;) v = v << 8 | static_cast<uint8_t>(bytes[at + i]);
  return v;
}

TEST(DirectoryWriterTest, WritesRecordsOfEvenLength) {
  std::string out;
  DirectoryWriter writer(Block(0), out);
  writer.Add({kSelfIdentifier, 20, 2048, {126, 1, 2, 3, 4, 5, 0}, kDirectoryFlag}, nullptr);
  writer.Add(FileRecord("AB.;1", 30), nullptr);   // odd identifier: no padding
  writer.Add(FileRecord("ABC.;1", 31), nullptr);  // even identifier: one byte
  EXPECT_EQ(absl::BytesToHexString(out.substr(0, 34)),
            "2200"
            "1400000000000014"
            "0008000000000800"
            "7e010203040500"
            "02"
            "0000"
            "01000001"
            "01"
            "00");
  EXPECT_EQ(out[34], 38);
  EXPECT_EQ(out[34 + 38], 40);
  EXPECT_EQ(out.size(), 34u + 38 + 40);
  EXPECT_EQ(out.back(), '\0');
  writer.Finish();
  EXPECT_EQ(out.size(), 2048u);
}

TEST(DirectoryWriterTest, LeavesNoRecordAcrossABlock) {
  std::string out = "before";  // of another owner
  const size_t start = out.size();
  DirectoryWriter writer(Block(0), out);
  for (int i = 0; i < 100; ++i) {
    writer.Add(FileRecord(absl::StrCat("A_NAME_OF_SOME_LENGTH_", 100 + i, ".;1"), 7), nullptr);
  }
  writer.Finish();
  int records = 0;
  for (size_t at = start; at < out.size();) {
    const auto length = static_cast<uint8_t>(out[at]);
    const size_t in_block = (at - start) % 2048;
    if (length == 0) {
      at += 2048 - in_block;
      continue;
    }
    EXPECT_LE(in_block + length, 2048u);
    ++records;
    at += length;
  }
  EXPECT_EQ(records, 100);
  EXPECT_EQ((out.size() - start) % 2048, 0u);
}

TEST(DirectoryWriterTest, FillsABlockToItsLastByte) {
  std::string out;
  DirectoryWriter writer(Block(0), out);
  // 64 records of 32 bytes cannot be; 34 + 38 * 53 = 2048 can.
  writer.Add(FileRecord(kSelfIdentifier, 1), nullptr);
  for (int i = 0; i < 53; ++i) writer.Add(FileRecord("AB.;1", 1), nullptr);
  EXPECT_EQ(out.size(), 2048u);
  writer.Finish();
  EXPECT_EQ(out.size(), 2048u);
}

TEST(DirectoryWriterTest, DividesLargeFilesIntoSections) {
  struct Case {
    uint64_t size;
    std::vector<uint64_t> sections;
  };
  const Case cases[] = {
      {0, {0}},
      {1, {1}},
      {0xFFFFFFFF, {0xFFFFFFFF}},
      {0x100000000, {0xFFFFF800, 0x800}},
      {2 * 0xFFFFF800ULL, {0xFFFFF800, 0xFFFFF800}},
      {2 * 0xFFFFF800ULL + 1, {0xFFFFF800, 0xFFFFF800, 1}},
  };
  for (const Case& c : cases) {
    std::string out;
    DirectoryWriter writer(Block(0), out);
    PosixRecord posix;
    posix.name = "big";
    writer.AddFile(FileRecord("BIG.;1", 1000), c.size, &posix);
    size_t at = 0;
    uint64_t extent = 1000;
    for (size_t i = 0; i < c.sections.size(); ++i) {
      ASSERT_LT(at, out.size());
      EXPECT_EQ(LittleAt(out, at + 2), extent);
      EXPECT_EQ(LittleAt(out, at + 10), c.sections[i]);
      EXPECT_EQ(out[at + 25], i + 1 < c.sections.size() ? '\x80' : '\0');
      EXPECT_EQ(out.substr(at + 33, 6), "BIG.;1");
      // The same system use in all.
      EXPECT_EQ(out.substr(at + 40, 78), out.substr(40, 78));
      extent += c.sections[i] / 2048;
      at += static_cast<uint8_t>(out[at]);
    }
    EXPECT_EQ(at, out.size());
  }
}

}  // namespace
}  // namespace isomason

#include "authoring/iso9660/rock_ridge.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "authoring/tree/node.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using ::testing::Le;

constexpr size_t kRoom = 188;  // beside the longest identifier of level 3

// The entries of one area: signature, and what follows the header and its flags.
struct Entry {
  std::string signature;
  uint8_t flags = 0;
  std::string rest;
};

std::vector<Entry> Split(absl::string_view area) {
  std::vector<Entry> entries;
  while (area.size() >= 5) {
    const auto length = static_cast<uint8_t>(area[2]);
    if (length < 5 || length > area.size()) return {};
    entries.push_back({std::string(area.substr(0, 2)), static_cast<uint8_t>(area[4]),
                       std::string(area.substr(5, length - 5))});
    area.remove_prefix(length);
  }
  return entries;
}

std::string Signatures(absl::string_view area) {
  std::string all;
  for (const Entry& e : Split(area)) absl::StrAppend(&all, all.empty() ? "" : " ", e.signature);
  return all;
}

// A record's areas, and what they say together.
struct Written {
  std::vector<std::string> areas;  // the record's own, then continuations without CE
  std::string name;
  std::string target;
  int name_entries = 0, symlink_entries = 0;
};

Written Write(const PosixRecord& record, ContinuationArea& area, size_t room = kRoom) {
  std::string out;
  AppendSystemUse(record, room, Block(100), area, out);
  EXPECT_THAT(out.size(), Le(room));
  Written w;
  bool separate = false;
  for (std::string here = out;;) {
    w.areas.push_back(here);
    std::string next;
    for (const Entry& e : Split(here)) {
      EXPECT_TRUE(next.empty()) << "an entry behind CE";
      if (e.signature == "NM") {
        w.name += e.rest;
        ++w.name_entries;
      } else if (e.signature == "SL") {
        ++w.symlink_entries;
        for (size_t i = 0; i + 2 <= e.rest.size();) {
          const auto flags = static_cast<uint8_t>(e.rest[i]);
          const auto length = static_cast<uint8_t>(e.rest[i + 1]);
          if (separate) w.target += "/";
          separate = (flags & 9) == 0;
          w.target += flags == 8   ? "/"
                      : flags == 4 ? ".."
                      : flags == 2 ? "."
                                   : e.rest.substr(i + 2, length);
          i += 2u + length;
        }
      } else if (e.signature == "CE") {
        const std::string all = std::string(1, static_cast<char>(e.flags)) + e.rest;
        const auto number = [&](size_t at) {
          return static_cast<size_t>(static_cast<uint8_t>(all[at])) |
                 static_cast<size_t>(static_cast<uint8_t>(all[at + 1])) << 8;
        };
        const size_t block = number(0), offset = number(8), length = number(16);
        EXPECT_THAT(offset + length, Le(2048u));
        EXPECT_GE(block, 100u);
        next = area.bytes().substr((block - 100) * 2048 + offset, length);
        EXPECT_EQ(next.size(), length);
      }
    }
    if (next.empty()) break;
    here = next;
  }
  return w;
}

TEST(RockRidgeTest, WritesAFileInItsRecord) {
  PosixRecord r;
  r.attributes = {0100644, 1, 0, 0, 5};
  r.time = {126, 11, 1, 0, 0, 0, 0};
  r.name = "grub.cfg";
  ContinuationArea area;
  std::string out;
  AppendSystemUse(r, kRoom, Block(1), area, out);
  EXPECT_EQ(absl::BytesToHexString(out),
            "50582c01a4810000000081a4010000000000000100000000000000000000000000000000"
            "0500000000000005"
            "54461a010e"
            "7e0b0100000000"
            "7e0b0100000000"
            "7e0b0100000000"
            "4e4d0d0100"
            "677275622e636667");
  EXPECT_EQ(SystemUseSize(r), out.size());
  EXPECT_EQ(area.bytes(), "");
}

// RRIP 4.1.6: first of all times.
TEST(RockRidgeTest, WritesATimeOfCreation) {
  PosixRecord r;
  r.time = {126, 11, 1, 0, 0, 0, 0};
  r.created = RecordingDate{101, 1, 2, 3, 4, 5, 0};
  r.name = "n";
  ContinuationArea area;
  const Written w = Write(r, area);
  EXPECT_EQ(Signatures(w.areas[0]), "PX TF NM");
  EXPECT_EQ(absl::BytesToHexString(w.areas[0].substr(44, 33)),
            "544621010f"
            "65010203040500"
            "7e0b0100000000"
            "7e0b0100000000"
            "7e0b0100000000");
  EXPECT_EQ(SystemUseSize(r), w.areas[0].size());
}

TEST(RockRidgeTest, WritesTheRootWithItsExtensionBehindIt) {
  PosixRecord r;
  r.is_root = true;
  ContinuationArea area;
  const Written w = Write(r, area, 220);
  ASSERT_EQ(w.areas.size(), 2u);
  EXPECT_EQ(Signatures(w.areas[0]), "SP PX TF CE");
  EXPECT_EQ(w.areas[1],
            std::string("ER\xB9\x01\x0A\x49\x5E\x01", 8) +
                "IEEE_P1282THE IEEE P1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM "
                "SEMANTICS.PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR "
                "THE P1282 SPECIFICATION.");
}

TEST(RockRidgeTest, WritesVersion110WithoutSerialNumbersUnderItsOwnTexts) {
  PosixRecord r;
  r.form = {/*version_1_10=*/true, /*serial_numbers=*/false};
  r.attributes = {040755, 2, 1, 2, 77};
  r.is_root = true;
  ContinuationArea area;
  const Written w = Write(r, area, 220);
  ASSERT_EQ(w.areas.size(), 2u);
  EXPECT_EQ(Signatures(w.areas[0]), "SP PX TF CE");
  EXPECT_EQ(absl::BytesToHexString(w.areas[0].substr(7, 36)),
            "50582401"
            "ed410000000041ed"
            "0200000000000002"
            "0100000000000001"
            "0200000000000002");
  EXPECT_EQ(w.areas[1],
            std::string("ER\xED\x01\x0A\x54\x87\x01", 8) +
                "RRIP_1991ATHE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE "
                "SYSTEM SEMANTICSPLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE "
                "PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR CONTACT INFORMATION.");
  // A record that is not divided is measured as it is written.
  PosixRecord file;
  file.form = r.form;
  file.name = "name";
  EXPECT_EQ(SystemUseSize(file), Write(file, area).areas[0].size());
  file.form.serial_numbers = true;
  EXPECT_EQ(SystemUseSize(file), Write(file, area).areas[0].size());
}

TEST(RockRidgeTest, WritesADevice) {
  PosixRecord r;
  r.is_device = true;
  r.device = {8, 1};
  r.name = "sda1";
  ContinuationArea area;
  const Written w = Write(r, area);
  EXPECT_EQ(Signatures(w.areas[0]), "PX TF PN NM");
  EXPECT_EQ(absl::BytesToHexString(w.areas[0].substr(70, 20)),
            "504e1401"
            "0800000000000008"
            "0100000000000001");
}

TEST(RockRidgeTest, WritesTheComponentsOfATarget) {
  struct Case {
    const char* target;
    const char* entry;
    const char* read;
  };
  const Case cases[] = {
      {"a",
       "0001"
       "61",
       "a"},
      {"/", "0800", "/"},
      {"/usr",
       "0800"
       "0003757372",
       "/usr"},
      {"..", "0400", ".."},
      {"./x",
       "0200"
       "000178",
       "./x"},
      {"../../lib",
       "0400"
       "0400"
       "00036c6962",
       "../../lib"},
      {"a//b",
       "000161"
       "000162",
       "a/b"},
      {"//a",
       "0800"
       "000161",
       "/a"},
      {"a/", "000161", "a"},
      {"...", "00032e2e2e", "..."},
  };
  for (const Case& c : cases) {
    PosixRecord r;
    r.name = "l";
    r.target = c.target;
    ContinuationArea area;
    const Written w = Write(r, area);
    const std::vector<Entry> entries = Split(w.areas[0]);
    ASSERT_EQ(entries.size(), 4u) << c.target;
    EXPECT_EQ(entries[3].flags, 0) << c.target;
    EXPECT_EQ(absl::BytesToHexString(entries[3].rest), c.entry) << c.target;
    EXPECT_EQ(w.target, c.read);
    EXPECT_EQ(NormalTarget(c.target), c.read);
  }
}

// A name of every length, beside identifiers of every length: it reads back, and no
// area is used when the record has room.
TEST(RockRidgeTest, DividesNamesOfEveryLength) {
  for (const size_t room : {size_t{188}, size_t{189}, size_t{190}, size_t{212}, size_t{220}}) {
    for (size_t size = 1; size <= kLongestRockRidgeName; ++size) {
      PosixRecord r;
      const std::string name(size, 'n');
      r.name = name;
      ContinuationArea area;
      const Written w = Write(r, area, room);
      EXPECT_EQ(w.name, name);
      EXPECT_EQ(w.areas.size(), 75 + size <= room ? 1u : 2u) << size;
      EXPECT_EQ(w.areas.size() == 1, SystemUseSize(r) <= room) << size;
    }
  }
}

TEST(RockRidgeTest, DividesTargetsOfEveryShape) {
  std::vector<std::string> targets;
  for (size_t size = 1; size <= 600; size += size < 240 || size > 500 ? 3 : 1) {
    targets.push_back(std::string(size, 't'));
    targets.push_back("/" + std::string(size, 't'));
    targets.push_back("/" + std::string(size, 't') + "/..");
  }
  for (const char* component : {"a/", "../", "./", "abc/", "component/"}) {
    std::string target;
    while (target.size() + 10 < kLongestSymlinkTarget) target += component;
    targets.push_back(target + "end");
    targets.push_back("/" + target + "end");
  }
  // The rest of a divided component may look like a parent.
  targets.push_back(std::string(248, 'x') + "..");
  targets.push_back(std::string(248, 'x') + ".");
  targets.push_back(std::string(4095, 'y'));
  for (const std::string& target : targets) {
    for (const size_t name_size : {size_t{1}, size_t{60}, size_t{85}, size_t{253}}) {
      PosixRecord r;
      const std::string name(name_size, 'n');
      r.name = name;
      r.target = target;
      ContinuationArea area;
      const Written w = Write(r, area);
      EXPECT_EQ(w.name, name);
      ASSERT_EQ(w.target, target) << name_size;
      EXPECT_THAT(w.areas.size(), Le(6u));
      EXPECT_EQ(w.areas.size() == 1, SystemUseSize(r) <= kRoom);
    }
  }
}

// libarchive joins the last component of an entry with the first of the next one.
TEST(RockRidgeTest, EndsContinuedEntriesInsideAComponent) {
  std::vector<std::string> targets;
  for (size_t size = 1; size < 300; size += 4) {
    std::string target = size % 2 == 0 ? "/" : "../";
    for (int i = 0; i < 20; ++i) target += "component/../" + std::string(size, 'c') + "/";
    targets.push_back(target.substr(0, 4000));
  }
  for (const std::string& target : targets) {
    for (size_t name_size = 1; name_size < 120; name_size += 3) {
      PosixRecord r;
      const std::string name(name_size, 'n');
      r.name = name;
      r.target = target;
      ContinuationArea area;
      for (const std::string& here : Write(r, area).areas) {
        for (const Entry& e : Split(here)) {
          if (e.signature != "SL" || e.flags == 0) continue;
          size_t last = 0;
          for (size_t i = 0; i < e.rest.size(); i += 2u + static_cast<uint8_t>(e.rest[i + 1])) {
            last = i;
          }
          ASSERT_EQ(e.rest[last], 1) << target;
        }
      }
    }
  }
}

TEST(RockRidgeTest, MarksAllButTheLastEntryAsContinued) {
  PosixRecord r;
  const std::string name(253, 'n'), target = std::string(300, 'a') + "/" + std::string(300, 'b');
  r.name = name;
  r.target = target;
  ContinuationArea area;
  const Written w = Write(r, area);
  for (const char* signature : {"NM", "SL"}) {
    std::vector<uint8_t> flags;
    for (const std::string& a : w.areas) {
      for (const Entry& e : Split(a)) {
        if (e.signature == signature) flags.push_back(e.flags);
      }
    }
    ASSERT_GT(flags.size(), 1u);
    for (size_t i = 0; i < flags.size(); ++i) EXPECT_EQ(flags[i], i + 1 < flags.size() ? 1 : 0);
  }
}

TEST(ContinuationAreaTest, StartsABlockWhereTheNextRunDoesNotFit) {
  ContinuationArea area;
  EXPECT_EQ(area.left(), 0u);
  EXPECT_EQ(area.Take(2000).offset, 0u);
  EXPECT_EQ(area.left(), 48u);
  EXPECT_EQ(area.Take(48).offset, 2000u);
  EXPECT_EQ(area.Take(10).offset, 2048u);
  EXPECT_EQ(area.Take(2048).offset, 4096u);
  EXPECT_EQ(area.Take(1).offset, 6144u);
}

// A million long symlinks in one directory.
TEST(ContinuationAreaTest, CountsPast4GiB) {
  ContinuationArea area;
  constexpr uint64_t kRuns = (uint64_t{1} << 32) / kBlockSize;
  for (uint64_t i = 0; i < kRuns; ++i) ASSERT_EQ(area.Take(kBlockSize).offset, i * kBlockSize);
  EXPECT_EQ(area.Take(1).offset, uint64_t{1} << 32);
}

// Records one after another share blocks in their order.
TEST(ContinuationAreaTest, PacksTheRunsOfRecords) {
  ContinuationArea area;
  for (int i = 0; i < 30; ++i) {
    PosixRecord r;
    const std::string name(253, static_cast<char>('a' + i % 26));
    r.name = name;
    EXPECT_EQ(Write(r, area).name, name);
  }
  // 85 bytes of each name are in the record; the other 168 need 173 bytes: 11 in a block.
  EXPECT_EQ(area.bytes().size(), 2 * 2048u + 8 * 173u);
}

}  // namespace
}  // namespace isomason

// Renders whole small images and walks them from the recognition sequence down, as a
// reader does: what is found must be what the tree holds.

#include "authoring/udf/udf.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/tree/builder.h"
#include "authoring/udf/file_records.h"
#include "authoring/udf/tag.h"
#include "authoring/udf/volume_records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/image.h"
#include "layout/placement.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;

Inode Of(NodeType type, uint16_t mode) {
  Inode inode;
  inode.type = type;
  inode.mode = mode;
  inode.time = {1793536496, 250000000};
  return inode;
}

// A tree, its contents, and the image made of them.
struct Disc {
  ContentTable contents;
  TreeBuilder builder;
  UdfOptions options;
  Shape shape;

  Tree tree;
  Volume volume;
  Remarks remarks;
  Problems problems;
  std::unique_ptr<Udf> udf;
  Pieces pieces;
  std::string bytes;

  Disc() {
    builder.inode(TreeBuilder::kRoot) = Of(NodeType::kDirectory, 0755);
    volume.id = "DISC";
    volume.creation = {1793536496, 0};
    shape.minimum = Udf::kMinimumImage;
  }

  TreeBuilder::Draft AddFile(TreeBuilder::Draft directory, absl::string_view name,
                             std::string data) {
    Inode inode = Of(NodeType::kFile, 0644);
    if (!data.empty()) inode.content = contents.AddBytes(std::move(data));
    return builder.Add(directory, name, inode, 0);
  }
  TreeBuilder::Draft AddDirectory(TreeBuilder::Draft directory, absl::string_view name) {
    return builder.Add(directory, name, Of(NodeType::kDirectory, 0755), 0);
  }
  TreeBuilder::Draft AddSymlink(TreeBuilder::Draft directory, absl::string_view name,
                                std::string target) {
    Inode inode = Of(NodeType::kSymlink, 0777);
    inode.target = builder.AddTarget(std::move(target));
    return builder.Add(directory, name, inode, 0);
  }

  absl::Status Project() {
    if (tree.node_count() == 0) tree = std::move(builder).Build();
    auto projected = Udf::Project(tree, contents, volume, options, &remarks, &problems);
    if (!projected.ok()) return projected.status();
    udf = *std::move(projected);
    return absl::OkStatus();
  }

  absl::Status Make() {
    if (absl::Status s = Project(); !s.ok()) return s;
    uint64_t block = 16;  // ISO 9660's descriptors would be here
    for (PieceId p : udf->AddRecognition(pieces)) pieces.Fix(p, ToBytes(Block(block++)));
    udf->AddVolumeStructures(pieces);
    if (absl::Status s = udf->AddFileStructures(pieces); !s.ok()) return s;
    for (uint32_t c = 0; c < contents.count(); ++c) {
      const auto id = static_cast<ContentId>(c);
      if (contents.size(id) != 0) pieces.AddContent(id, ByteCount(contents.size(id)));
    }
    auto at = Place(pieces, shape);
    if (!at.ok()) return at.status();
    const Image image(pieces, contents, *std::move(at));
    bytes.resize(image.size());
    return image.Read(0, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
  }
};

// Walks an image. A line an entry, in the order in which names stand in directories;
// every rule that does not hold is a failure of the test.
class Walker {
 public:
  explicit Walker(const std::string& bytes, const udf::Revision& revision = udf::kRevision102)
      : bytes_(bytes), revision_(revision) {}

  std::vector<std::string> Walk() {
    EXPECT_EQ(bytes_.substr(16 * 2048, 7), absl::string_view("\0BEA01\x01", 7));
    EXPECT_EQ(bytes_.substr(17 * 2048, 7),
              absl::StrCat(absl::string_view("\0", 1), revision_.recognition, "\x01"));
    EXPECT_EQ(bytes_.substr(18 * 2048, 7), absl::string_view("\0TEA01\x01", 7));
    const uint32_t last = static_cast<uint32_t>(bytes_.size() / 2048 - 1);
    const auto anchor = Read(udf::kAnchor, Block(256));
    const auto end_anchor = Read(udf::kAnchor, Block(last));
    EXPECT_EQ(anchor.main.location, end_anchor.main.location);
    EXPECT_EQ(anchor.reserve.location, end_anchor.reserve.location);
    EXPECT_EQ(anchor.reserve.location + 16, last);
    const auto partition = Read(udf::kPartition, Block(anchor.main.location + 2));
    const auto logical = Read(udf::kLogicalVolume, Block(anchor.main.location + 3));
    start_ = partition.start;
    length_ = partition.length;
    EXPECT_LE(start_ + length_, last);
    const auto integrity = Read(udf::kIntegrity, Block(logical.integrity.location));
    const size_t behind = logical.integrity.location * 2048 + udf::kIntegrity.kBytes;
    const auto space = *Decode(udf::kPartitionSpace, Bytes(behind, 8));
    EXPECT_EQ(space.size, length_);
    const auto use = *Decode(udf::kIntegrityUse, Bytes(behind + 8, 46));
    const auto set = Read(udf::kFileSet, PartitionBlock(logical.file_set.location.block));
    root_ = set.root.location.block;
    Visit(root_, root_, "");

    EXPECT_EQ(use.directories, directories_);
    EXPECT_EQ(use.files, revision_.counts_names ? file_names_ : entries_.size() - directories_);
    for (const auto& [block, seen] : entries_) {
      EXPECT_EQ(seen.names, seen.links) << "links of the entry in block " << block;
      EXPECT_LT(seen.unique_id, integrity.next_unique_id);
      EXPECT_TRUE(unique_ids_.insert(seen.unique_id).second) << seen.unique_id;
      EXPECT_TRUE(block == root_ ? seen.unique_id == 0 : seen.unique_id >= 16);
      // One name has the entry's own id, and none another's (OSTA UDF 2.00 3.2.1.1).
      if (!revision_.names_have_ids || block == root_) continue;
      EXPECT_EQ(seen.name_ids.count(static_cast<uint32_t>(seen.unique_id)), 1u);
      for (const uint32_t id : seen.name_ids) {
        EXPECT_LT(id, integrity.next_unique_id);
        EXPECT_TRUE(name_ids_.insert(id).second) << id;
      }
    }
    for (const uint32_t id : name_ids_) {
      EXPECT_EQ(unique_ids_.count(id), 1u - further_ids_.count(id)) << id;
    }
    return lines_;
  }

 private:
  struct Seen {
    uint64_t links, unique_id, names = 0;
    std::multiset<uint32_t> name_ids;
  };

  ConstByteSpan Bytes(size_t at, size_t size) const {
    EXPECT_LE(at + size, bytes_.size());
    return ConstByteSpan(reinterpret_cast<const uint8_t*>(bytes_.data()) + at, size);
  }
  size_t Offset(Block b) const { return b.value() * 2048; }
  size_t Offset(PartitionBlock b) const {
    EXPECT_LT(b.value(), length_);
    return (start_ + b.value()) * 2048;
  }

  // The fixed part of the descriptor at a block, its tag checked.
  template <typename T, typename Location>
  typename T::Record Read(const T& table, Location where) const {
    const size_t at = Offset(where);
    const auto tag = udf::ReadTag(Bytes(at, 2048));
    EXPECT_TRUE(tag.ok()) << table.name << ": " << tag.status();
    if (tag.ok()) {
      EXPECT_EQ(tag->version, revision_.tag_version) << table.name;
      EXPECT_EQ(tag->location, where.value()) << table.name;
    }
    const auto record = Decode(table, Bytes(at, T::kBytes));
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() ? *record : typename T::Record{};
  }

  udf::FileEntry ReadEntry(uint32_t block) const {
    return Read(udf::kFileEntry, PartitionBlock(block));
  }

  std::string Data(uint64_t block, const udf::FileEntry& entry) const {
    const size_t at = Offset(PartitionBlock(block)) + 176 + entry.attributes_length;
    if ((entry.icb.flags & 7) == 3) return bytes_.substr(at, entry.allocation_length);
    std::string data;
    uint64_t blocks = 0;
    for (size_t i = 0; i < entry.allocation_length; i += 8) {
      const auto extent = *Decode(udf::kShortAd, Bytes(at + i, 8));
      EXPECT_NE(extent.position, 0u);
      data += bytes_.substr(Offset(PartitionBlock(extent.position)), extent.length);
      blocks += (extent.length + 2047) / 2048;
    }
    EXPECT_EQ(data.size(), entry.size);
    EXPECT_EQ(blocks, entry.blocks);
    return data;
  }

  void Visit(uint32_t block, uint32_t parent, const std::string& path) {
    const udf::FileEntry entry = ReadEntry(block);
    const std::string data = Data(block, entry);
    Seen& seen =
        entries_.try_emplace(block, Seen{entry.links, entry.unique_id, 0, {}}).first->second;
    const bool is_directory = entry.icb.type == 4;
    if (!is_directory) {
      ++seen.names;
      ++file_names_;
      const bool text = entry.icb.type == 5;
      lines_.push_back(absl::StrFormat("%d %s %s", entry.icb.type, path,
                                       text ? data : absl::BytesToHexString(data)));
      return;
    }
    ++directories_;
    ++seen.names;  // by its own parent; the root by its own parent entry
    const uint32_t first = PositionOf(block, entry);
    size_t at = 0;
    for (bool is_first = true; at < data.size(); is_first = false) {
      const ConstByteSpan rest(reinterpret_cast<const uint8_t*>(data.data()) + at,
                               data.size() - at);
      const auto tag = udf::ReadTag(rest);
      ASSERT_TRUE(tag.ok()) << path << ": " << tag.status();
      EXPECT_EQ(tag->location, first + at / 2048);
      const auto fid = *Decode(udf::kFileIdentifier, rest.first(38));
      const size_t size = udf::FileIdentifierSize(fid.name_length);
      EXPECT_EQ(tag->crc_length, size - 16);
      if (is_first) {
        EXPECT_EQ(fid.characteristics, 0x0A);
        EXPECT_EQ(fid.icb.location.block, parent);
        EXPECT_EQ(IdOf(fid), revision_.names_have_ids ? entries_.at(parent).unique_id : 0);
        if (block != root_) ++entries_.at(parent).names;
      } else {
        const std::string name = data.substr(at + 38, fid.name_length);
        const std::string shown = name[0] == 8 ? name.substr(1) : absl::BytesToHexString(name);
        const uint32_t child = fid.icb.location.block;
        const size_t before = directories_;
        if (fid.characteristics & 2) lines_.push_back(absl::StrCat("4 ", path, "/", shown));
        Visit(child, block, absl::StrCat(path, "/", shown));
        entries_.at(child).name_ids.insert(IdOf(fid));
        if (IdOf(fid) != entries_.at(child).unique_id) further_ids_.insert(IdOf(fid));
        EXPECT_EQ((fid.characteristics & 2) != 0, directories_ != before) << path << "/" << shown;
      }
      at += size;
    }
    EXPECT_EQ(at, data.size());
  }

  // The unique id beside a name, which is zero before 2.00.
  uint32_t IdOf(const udf::FileIdentifier& fid) const {
    return Decode(udf::kAddressUse, ConstByteSpan(fid.icb.implementation_use))->unique_id;
  }

  uint32_t PositionOf(uint32_t block, const udf::FileEntry& entry) const {
    EXPECT_EQ(entry.allocation_length, 8u) << "a directory has one extent";
    return Decode(udf::kShortAd, Bytes(Offset(PartitionBlock(block)) + 176, 8))->position;
  }

  const std::string& bytes_;
  const udf::Revision& revision_;
  uint32_t start_ = 0, length_ = 0xFFFFFFFF, root_ = 0;
  uint32_t directories_ = 0, file_names_ = 0;
  std::map<uint32_t, Seen> entries_;
  std::set<uint64_t> unique_ids_;
  std::set<uint32_t> name_ids_, further_ids_;
  std::vector<std::string> lines_;
};

void AddSomeOfEverything(Disc& disc) {
  const auto boot = disc.AddDirectory(TreeBuilder::kRoot, "boot");
  const auto grub = disc.AddDirectory(boot, "grub");
  const auto config = disc.AddFile(grub, "grub.cfg", "linux /vmlinuz\n");
  disc.builder.AddLink(TreeBuilder::kRoot, "grub.cfg", config, 0);
  disc.AddFile(TreeBuilder::kRoot, "empty", "");
  disc.AddFile(TreeBuilder::kRoot, "caf\u00E9", "latin");
  disc.AddFile(TreeBuilder::kRoot, "\u65E5\u672C", "wide");
  disc.AddSymlink(TreeBuilder::kRoot, "latest", "boot/grub");
  disc.builder.Add(TreeBuilder::kRoot, "pipe", Of(NodeType::kFifo, 0600), 0);
  disc.AddDirectory(TreeBuilder::kRoot, "void");
}

TEST(UdfTest, WholeImageIsTheTree) {
  Disc disc;
  AddSomeOfEverything(disc);
  const absl::Status made = disc.Make();
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_EQ(disc.bytes.size(), Udf::kMinimumImage.value());
  EXPECT_THAT(Walker(disc.bytes).Walk(),
              ElementsAre("4 /boot", "4 /boot/grub", "5 /boot/grub/grub.cfg linux /vmlinuz\n",
                          "5 /caf\xE9 latin", "5 /empty ", "5 /grub.cfg linux /vmlinuz\n",
                          "12 /latest 0505000008626f6f74"
                          "050500000867727562",
                          "9 /pipe ", "4 /void", "5 /1065e5672c wide"));
  EXPECT_THAT(disc.remarks, testing::IsEmpty());
}

TEST(UdfTest, EveryRevisionHoldsTheSameTree) {
  std::vector<std::string> first;
  for (const udf::Revision* revision :
       {&udf::kRevision102, &udf::kRevision150, &udf::kRevision200, &udf::kRevision201}) {
    SCOPED_TRACE(revision->number);
    Disc disc;
    disc.options.revision = revision;
    AddSomeOfEverything(disc);
    const absl::Status made = disc.Make();
    ASSERT_TRUE(made.ok()) << made;
    const std::vector<std::string> lines = Walker(disc.bytes, *revision).Walk();
    if (first.empty()) first = lines;
    EXPECT_EQ(lines, first);
    EXPECT_EQ(disc.udf->Describe(1), absl::StrCat("recognition sequence ", revision->recognition));
  }
}

// The id of the entry goes to the first name that is there.
TEST(UdfTest, HiddenNamesHaveNoUniqueIds) {
  Disc disc;
  disc.options.revision = &udf::kRevision201;
  const auto file = disc.AddFile(TreeBuilder::kRoot, "a", "text");
  disc.builder.AddLink(TreeBuilder::kRoot, "b", file, 0);
  disc.builder.AddLink(TreeBuilder::kRoot, "c", file, 0);
  Hiding hiding;
  disc.options.hiding = &hiding;
  disc.tree = std::move(disc.builder).Build();
  hiding.Hide(disc.tree, disc.tree.Find("/a"), Namespace::kUdf);
  const absl::Status made = disc.Make();
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_THAT(Walker(disc.bytes, udf::kRevision201).Walk(), ElementsAre("5 /b text", "5 /c text"));
}

TEST(UdfTest, OmittedEntriesHaveNoNameAndNoEntry) {
  Disc disc;
  AddSomeOfEverything(disc);
  disc.options.symlinks = disc.options.devices = UdfOptions::Special::kOmit;
  const absl::Status made = disc.Make();
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_THAT(Walker(disc.bytes).Walk(),
              ElementsAre("4 /boot", "4 /boot/grub", "5 /boot/grub/grub.cfg linux /vmlinuz\n",
                          "5 /caf\xE9 latin", "5 /empty ", "5 /grub.cfg linux /vmlinuz\n",
                          "4 /void", "5 /1065e5672c wide"));
  EXPECT_EQ(disc.udf->NameOf(disc.tree.Find("/latest")), "");
  EXPECT_EQ(disc.udf->NameOf(disc.tree.Find("/boot/grub")), "grub");
  EXPECT_EQ(disc.remarks.size(), 2u);
}

TEST(UdfTest, EmptyTreeIsAnImage) {
  Disc disc;
  const absl::Status made = disc.Make();
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_THAT(Walker(disc.bytes).Walk(), ElementsAre());
}

TEST(UdfTest, ManyEntriesSpanGroupsAndBlocks) {
  Disc disc;
  std::vector<std::string> want;
  for (int d = 0; d < 3; ++d) {
    const std::string name = absl::StrCat("dir", d);
    const auto directory = disc.AddDirectory(TreeBuilder::kRoot, name);
    want.push_back(absl::StrCat("4 /", name));
    for (int f = 0; f < 300; ++f) {
      const std::string file = absl::StrFormat("file%03d%s", f, std::string(f % 5, 'x'));
      disc.AddFile(directory, file, absl::StrCat(d, "-", f));
      want.push_back(absl::StrCat("5 /", name, "/", file, " ", d, "-", f));
    }
  }
  const absl::Status made = disc.Make();
  ASSERT_TRUE(made.ok()) << made;
  EXPECT_EQ(Walker(disc.bytes).Walk(), want);
}

TEST(UdfTest, EveryPieceIsAsLongMeasuredAsRendered) {
  Disc disc;
  AddSomeOfEverything(disc);
  for (int i = 0; i < 600; ++i) disc.AddFile(TreeBuilder::kRoot, absl::StrCat("f", i), "x");
  const absl::Status made = disc.Make();
  ASSERT_TRUE(made.ok()) << made;
  const auto at = Place(disc.pieces, disc.shape);
  ASSERT_TRUE(at.ok()) << at.status();
  std::set<std::string> names;
  for (uint32_t i = 0; i < disc.pieces.count(); ++i) {
    const auto id = static_cast<PieceId>(i);
    const PieceOwner* owner = disc.pieces.owner(id);
    if (owner == nullptr) continue;
    for (const Addresses* addresses : {&Addresses::Unknown(), &*at}) {
      std::string out = "what was there";
      const absl::Status s = owner->Render(disc.pieces[id].index, *addresses, out);
      ASSERT_TRUE(s.ok()) << s;
      EXPECT_EQ(out.size(), 14 + disc.pieces[id].size.value())
          << owner->Describe(disc.pieces[id].index);
      EXPECT_EQ(out.substr(0, 14), "what was there");
    }
    names.insert(owner->Describe(disc.pieces[id].index));
  }
  for (const char* name : {"main volume descriptor sequence", "reserve volume descriptor sequence",
                           "anchor volume descriptor pointer", "file set descriptor", "directory /",
                           "directory /boot/grub", "file entries 0-255", "file entries 256-511",
                           "file entries 512-609", "recognition sequence NSR02"}) {
    EXPECT_EQ(names.count(name), 1u) << name;
  }
}

TEST(UdfTest, CollectsWhatIsWrongWithEntries) {
  Disc disc;
  const auto d = disc.AddDirectory(TreeBuilder::kRoot, "d");
  std::string euros;
  for (int i = 0; i < 128; ++i) euros += "\u20AC";
  disc.AddFile(d, "caf\xE9", "x");
  disc.AddFile(d, std::string(254, 'n'), "x");
  disc.AddFile(d, euros, "x");
  disc.AddSymlink(d, "s", "");
  disc.AddSymlink(d, "t", std::string(4096, '/'));
  disc.builder.inode(disc.AddFile(TreeBuilder::kRoot, "late", "x")).time.seconds = 253402300800;
  ASSERT_TRUE(disc.Project().ok());
  std::vector<std::string> lines;
  for (const Problem& p : disc.problems) {
    EXPECT_EQ(p.where, "udf");
    lines.push_back(absl::StrCat(disc.tree.Path(p.node), " ", p.message, ": ", p.remedy));
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          "/d/caf\xE9 has a name that is not UTF-8 at byte 3 (0xe9); UDF holds Unicode only (OSTA "
          "UDF 2.1.1): rename it, or leave out `udf`",
          absl::StrCat("/d/", euros,
                       " has a name of 256 bytes in characters of 16 bits; a UDF file identifier "
                       "holds 254 (OSTA UDF 2.1.1, ECMA-167 4/14.4.4): rename it, or leave out "
                       "`udf`"),
          "/late has a time that UDF cannot hold: the year 10000 is outside of 1 to 9999 "
          "(ECMA-167 1/7.3.2): set `time` in `attributes` in place of `keep: TIME`, or touch the "
          "source",
          "/d/s is a symlink without a target: shorten or correct the target, or set "
          "`udf.symlinks: OMIT`",
          "/d/t is a symlink with a target of 4096 bytes; systems follow up to 4095: shorten or "
          "correct the target, or set `udf.symlinks: "
          "OMIT`"));
}

TEST(UdfTest, TargetsThatAnEntryHasNoRoomForLieBehindTheEntries) {
  std::string target = "a";
  while (target.size() < 4095) target += "/a";
  std::string components;
  for (int i = 0; i < 2048; ++i) components.append("\5\2\0\0\10a", 6);
  for (const udf::Revision* revision : {&udf::kRevision102, &udf::kRevision201}) {
    Disc disc;
    disc.options.revision = revision;
    disc.AddSymlink(TreeBuilder::kRoot, "long", target);
    disc.AddSymlink(TreeBuilder::kRoot, "short", "a");
    disc.AddFile(TreeBuilder::kRoot, "tail", "x");
    const absl::Status made = disc.Make();
    ASSERT_TRUE(made.ok()) << made;
    const std::vector<std::string> lines = Walker(disc.bytes, *revision).Walk();
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0], absl::StrCat("12 /long ", absl::BytesToHexString(components)));
    EXPECT_EQ(lines[1],
              absl::StrCat("12 /short ", absl::BytesToHexString(components.substr(0, 6))));
    ASSERT_FALSE(disc.remarks.empty());
    EXPECT_EQ(disc.remarks.back().path, "/long");
    EXPECT_EQ(
        disc.remarks.back().detail,
        "is a symlink with a target of 12288 bytes as path components; Linux follows those of "
        "up to 2048");
  }
}

// Sparse by being rendered only where somebody looks.
TEST(UdfTest, ExtentsThatAnEntryHasNoRoomForLieBehindTheEntries) {
  Disc disc;
  ContentTable& contents = disc.contents;
  Inode inode = Of(NodeType::kFile, 0644);
  inode.content = contents.AddZeros(300ull << 30);
  disc.builder.Add(TreeBuilder::kRoot, "a", Of(NodeType::kDirectory, 0755), 0);
  disc.builder.Add(TreeBuilder::kRoot, "long", inode, 0);
  ASSERT_TRUE(disc.Project().ok());
  EXPECT_THAT(disc.problems, testing::IsEmpty());
  ASSERT_EQ(disc.remarks.size(), 1u);
  EXPECT_EQ(disc.remarks[0].path, "/long");
  EXPECT_EQ(disc.remarks[0].kind, Remark::Kind::kReader);
  ASSERT_TRUE(disc.udf->AddFileStructures(disc.pieces).ok());
  const PieceId last = static_cast<PieceId>(disc.pieces.count() - 1);
  EXPECT_EQ(disc.pieces[last].size.value(), 2048u);
  EXPECT_EQ(disc.udf->Describe(disc.pieces[last].index), "extents of /long");
}

TEST(UdfTest, SmallFilesAreInTheirEntriesInEveryRevision) {
  for (const udf::Revision* revision :
       {&udf::kRevision102, &udf::kRevision150, &udf::kRevision200, &udf::kRevision201}) {
    SCOPED_TRACE(revision->number);
    Disc disc;
    disc.options.revision = revision;
    disc.options.embed_below = 1900;
    const auto a = disc.AddFile(TreeBuilder::kRoot, "a", "small");
    disc.builder.AddLink(TreeBuilder::kRoot, "again", a, 0);
    disc.AddFile(TreeBuilder::kRoot, "apart", "x");
    disc.AddFile(TreeBuilder::kRoot, "empty", "");
    disc.AddFile(TreeBuilder::kRoot, "more", std::string(1873, 'm'));
    disc.AddFile(TreeBuilder::kRoot, "most", std::string(1872, 'n'));
    disc.tree = std::move(disc.builder).Build();
    const auto inode = [&](absl::string_view path) {
      return disc.tree.inode_id(disc.tree.Find(path));
    };
    const FilesApart apart = {{inode("/apart"), "is a boot image"}};
    disc.options.apart = &apart;
    const absl::Status made = disc.Make();
    ASSERT_TRUE(made.ok()) << made;
    EXPECT_THAT(Walker(disc.bytes, *revision).Walk(),
                ElementsAre("5 /a small", "5 /again small", "5 /apart x", "5 /empty ",
                            absl::StrCat("5 /more ", std::string(1873, 'm')),
                            absl::StrCat("5 /most ", std::string(1872, 'n'))));
    std::string embedded;
    for (const char* path : {"/", "/a", "/apart", "/empty", "/more", "/most"}) {
      if (disc.udf->Embeds(inode(path))) absl::StrAppend(&embedded, path, " ");
    }
    EXPECT_EQ(embedded, "/a /most ");
    ASSERT_EQ(disc.remarks.size(), 1u);
    EXPECT_EQ(disc.remarks[0].path, "/a");
    EXPECT_EQ(disc.remarks[0].detail,
              "has its data in its file entry, like 1 more; libcdio and pycdlib do not read that");
  }
}

TEST(UdfTest, RemarksOnATargetThatIsWrittenOtherwise) {
  Disc disc;
  disc.AddSymlink(TreeBuilder::kRoot, "same", "../a/./b");
  disc.AddSymlink(TreeBuilder::kRoot, "slash", "/");
  disc.AddSymlink(TreeBuilder::kRoot, "slashes", "//usr//share/");
  ASSERT_TRUE(disc.Project().ok());
  ASSERT_EQ(disc.remarks.size(), 1u);
  EXPECT_EQ(disc.remarks[0].kind, Remark::Kind::kChangedTarget);
  EXPECT_EQ(disc.remarks[0].where, "udf");
  EXPECT_EQ(disc.remarks[0].path, "/slashes");
  EXPECT_EQ(disc.remarks[0].detail, "/usr/share");
}

TEST(UdfTest, ContentBeforeThePartitionIsOurOwnMistake) {
  Disc disc;
  disc.AddFile(TreeBuilder::kRoot, "early", "x");
  ASSERT_TRUE(disc.Project().ok());
  disc.pieces.AddContent(ContentId{0}, ByteCount(1));
  disc.udf->AddVolumeStructures(disc.pieces);
  ASSERT_TRUE(disc.udf->AddFileStructures(disc.pieces).ok());
  const auto at = Place(disc.pieces, disc.shape);
  ASSERT_TRUE(at.ok()) << at.status();
  const auto last = static_cast<PieceId>(disc.pieces.count() - 1);  // file entries
  std::string out;
  EXPECT_EQ(disc.udf->Render(disc.pieces[last].index, *at, out),
            absl::InternalError("/early: lies in block 0, before the UDF partition, which starts "
                                "at 257"));
}

}  // namespace
}  // namespace isomason

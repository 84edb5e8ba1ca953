#include "authoring/tree/attributes.h"

#include <sys/stat.h>

#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

constexpr Timestamp kVolumeTime{1'000'000'000, 0};
constexpr Timestamp kSourceTime{1'234'567'890, 123'456'789};

struct stat SourceOf(mode_t mode) {
  struct stat source {};
  source.st_mode = mode;
  source.st_uid = 1001;
  source.st_gid = 1002;
  source.st_mtim.tv_sec = kSourceTime.seconds;
  source.st_mtim.tv_nsec = kSourceTime.nanos;
  return source;
}

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

struct Want {
  uint32_t mode, owner, group;
  Timestamp time;
};

constexpr NodeType kFile = NodeType::kFile;
constexpr NodeType kDirectory = NodeType::kDirectory;

TEST(AttributesTest, TheNarrowestPlaceThatSaysSomethingWins) {
  const struct {
    const char* what;
    std::string manifest, entry;  // text of a Manifest, and of the entry's Attributes
    NodeType type;
    mode_t source;  // 0: it has no source
    Want want;
  } kCases[] = {
      // --- Defaults
      {"a file", "", "", kFile, 0644, {0444, 0, 0, kVolumeTime}},
      {"a file without a source", "", "", kFile, 0, {0444, 0, 0, kVolumeTime}},
      {"a directory", "", "", kDirectory, 0700, {0555, 0, 0, kVolumeTime}},
      {"a directory without a source", "", "", kDirectory, 0, {0555, 0, 0, kVolumeTime}},
      {"a program", "", "", kFile, 0755, {0555, 0, 0, kVolumeTime}},
      {"what only others may execute", "", "", kFile, 0655, {0444, 0, 0, kVolumeTime}},
      {"a symlink", "", "", NodeType::kSymlink, 0777, {0777, 0, 0, kVolumeTime}},
      {"a device", "", "", NodeType::kBlockDevice, 0770, {0444, 0, 0, kVolumeTime}},
      // --- The manifest's attributes
      {"all of them, for a file",
       "attributes { owner: 5 group: 6 file_mode: 0640 directory_mode: 0750 time: '@77' }",
       "",
       kFile,
       0644,
       {0640, 5, 6, {77, 0}}},
      {"all of them, for a directory",
       "attributes { owner: 5 group: 6 file_mode: 0640 directory_mode: 0750 time: '@77' }",
       "",
       kDirectory,
       0700,
       {0750, 5, 6, {77, 0}}},
      {"a program may be executed by all who may read it",
       "attributes { file_mode: 0640 }",
       "",
       kFile,
       0700,
       {0750, 0, 0, kVolumeTime}},
      {"zeros are values",
       "attributes { file_mode: 0 time: '@0' }",
       "",
       kFile,
       0644,
       {0, 0, 0, {0, 0}}},
      {"a symlink has an owner and a time, but no mode",
       "attributes { owner: 5 group: 6 file_mode: 0640 time: '@77' }",
       "",
       NodeType::kSymlink,
       0777,
       {0777, 5, 6, {77, 0}}},
      // --- Rules
      {"a rule wins over the manifest",
       "attributes { owner: 1 file_mode: 0600 time: '@1' }"
       "attribute_rule { match: 'boot/**' attributes { owner: 2 time: '@2' } }",
       "",
       kFile,
       0644,
       {0600, 2, 0, {2, 0}}},
      {"a rule that does not match says nothing",
       "attribute_rule { match: 'etc/**' attributes { owner: 2 } }",
       "",
       kFile,
       0644,
       {0444, 0, 0, kVolumeTime}},
      {"of rules that match, later ones win field by field",
       "attribute_rule { match: '**' attributes { owner: 1 group: 1 file_mode: 0600 } }"
       "attribute_rule { match: 'boot/*' attributes { group: 2 file_mode: 0640 } }"
       "attribute_rule { match: 'boot/grub.cfg' attributes { file_mode: 0644 } }"
       "attribute_rule { match: 'etc' attributes { file_mode: 07777 } }",
       "",
       kFile,
       0600,
       {0644, 1, 2, kVolumeTime}},
      {"a mode that a rule gives is exact",
       "attribute_rule { match: '**' attributes { file_mode: 0644 } }",
       "",
       kFile,
       0755,
       {0644, 0, 0, kVolumeTime}},
      {"a rule about something else leaves a program one",
       "attribute_rule { match: '**' attributes { owner: 1 directory_mode: 0700 } }",
       "",
       kFile,
       0755,
       {0555, 1, 0, kVolumeTime}},
      // --- The entry
      {"an entry wins over everything",
       "attributes { owner: 1 time: '@1' } attribute_rule { match: '**' attributes { owner: 2 } }",
       "owner: 3 group: 4 file_mode: 0600 time: '@5'",
       kFile,
       0644,
       {0600, 3, 4, {5, 0}}},
      {"a mode that an entry gives is exact",
       "",
       "file_mode: 0644",
       kFile,
       0755,
       {0644, 0, 0, kVolumeTime}},
      {"setuid, setgid and sticky",
       "",
       "file_mode: 06755 directory_mode: 01777",
       kDirectory,
       0700,
       {01777, 0, 0, kVolumeTime}},
      // --- What is kept
      {"everything of a file",
       "attributes { keep: MODE keep: OWNER keep: TIME }",
       "",
       kFile,
       04711,
       {04711, 1001, 1002, kSourceTime}},
      {"everything of a directory",
       "attributes { keep: MODE keep: OWNER keep: TIME }",
       "",
       kDirectory,
       01770,
       {01770, 1001, 1002, kSourceTime}},
      {"a symlink keeps owner and time",
       "attributes { keep: MODE keep: OWNER keep: TIME }",
       "",
       NodeType::kSymlink,
       0777,
       {0777, 1001, 1002, kSourceTime}},
      {"what has no source keeps nothing",
       "attributes { keep: MODE keep: OWNER keep: TIME }",
       "",
       kFile,
       0,
       {0444, 0, 0, kVolumeTime}},
      {"one of them", "attributes { keep: TIME }", "", kFile, 0755, {0555, 0, 0, kSourceTime}},
      {"an entry keeps more than the manifest",
       "attributes { keep: TIME }",
       "keep: MODE",
       kFile,
       0600,
       {0600, 0, 0, kSourceTime}},
      {"an entry keeps nothing after all",
       "attributes { keep: MODE keep: TIME owner: 3 }",
       "keep: KEEP_NOTHING",
       kFile,
       0600,
       {0444, 3, 0, kVolumeTime}},
      {"an entry keeps something else instead",
       "attributes { keep: MODE keep: TIME }",
       "keep: KEEP_NOTHING keep: OWNER",
       kFile,
       0600,
       {0444, 1001, 1002, kVolumeTime}},
      {"a narrower place that keeps wins over a value",
       "attributes { file_mode: 0640 owner: 9 }",
       "keep: MODE keep: OWNER",
       kFile,
       0755,
       {0755, 1001, 1002, kVolumeTime}},
      {"a value wins over a wider place that keeps",
       "attributes { keep: MODE keep: OWNER keep: TIME }",
       "owner: 3 group: 4 file_mode: 0640 time: '@5'",
       kFile,
       0755,
       {0640, 3, 4, {5, 0}}},
      {"an owner says nothing about the group",
       "attributes { keep: OWNER }",
       "owner: 3",
       kFile,
       0644,
       {0444, 3, 1002, kVolumeTime}},
      {"a group says nothing about the owner",
       "attributes { keep: OWNER }",
       "group: 4",
       kFile,
       0644,
       {0444, 1001, 4, kVolumeTime}},
      {"a mode for files says nothing about directories",
       "attributes { keep: MODE }",
       "file_mode: 0640",
       kDirectory,
       0711,
       {0711, 0, 0, kVolumeTime}},
      {"a mode for directories says nothing about files",
       "attributes { keep: MODE }",
       "directory_mode: 0750",
       kFile,
       0711,
       {0711, 0, 0, kVolumeTime}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const AttributePolicy policy(Parse<manifest::Manifest>(c.manifest), kVolumeTime);
    const mode_t type = c.type == kDirectory           ? S_IFDIR
                        : c.type == NodeType::kSymlink ? S_IFLNK
                                                       : S_IFREG;
    const struct stat source = SourceOf(type | c.source);
    Inode inode;
    inode.type = c.type;
    policy.Apply("boot/grub.cfg", Parse<manifest::Attributes>(c.entry),
                 c.source == 0 ? nullptr : &source, inode);
    EXPECT_EQ(inode.mode, c.want.mode) << std::oct << inode.mode << " and " << c.want.mode;
    EXPECT_EQ(inode.owner, c.want.owner);
    EXPECT_EQ(inode.group, c.want.group);
    EXPECT_EQ(FormatTimestamp(inode.time), FormatTimestamp(c.want.time));
  }
}

TEST(AttributesTest, RulesMatchPathsWithoutTheLeadingSlash) {
  const AttributePolicy policy(
      Parse<manifest::Manifest>("attribute_rule { match: 'a/*' attributes { owner: 1 } }"
                                "attribute_rule { match: '**' attributes { group: 1 } }"),
      kVolumeTime);
  const struct {
    const char* path;
    uint32_t owner, group;
  } kCases[] = {{"a/b", 1, 1}, {"a", 0, 1}, {"a/b/c", 0, 1}, {"/a/b", 0, 1}};
  for (const auto& c : kCases) {
    Inode inode;
    policy.Apply(c.path, {}, nullptr, inode);
    EXPECT_EQ(inode.owner, c.owner) << c.path;
    EXPECT_EQ(inode.group, c.group) << c.path;
  }
}

TEST(AttributesTest, LeavesEverythingElseOfAnInodeAlone) {
  Inode inode;
  inode.type = NodeType::kCharacterDevice;
  inode.links = 3;
  inode.content = ContentId{4};
  inode.target = 5;
  inode.device_major = 6;
  inode.device_minor = 7;
  AttributePolicy(manifest::Manifest(), kVolumeTime).Apply("a", {}, nullptr, inode);
  EXPECT_EQ(inode.type, NodeType::kCharacterDevice);
  EXPECT_EQ(inode.links, 3u);
  EXPECT_EQ(inode.content, ContentId{4});
  EXPECT_EQ(inode.target, 5u);
  EXPECT_EQ(inode.device_major, 6u);
  EXPECT_EQ(inode.device_minor, 7u);
}

}  // namespace
}  // namespace isomason

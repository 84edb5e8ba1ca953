#include "authoring/identity.h"

#include <sys/stat.h>

#include <array>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "authoring/manifest/load.h"
#include "authoring/options.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using google::protobuf::FieldDescriptor;

// A manifest that sets something in every message, for tests that change one thing.
constexpr char kFull[] = R"(
  image_version: 1
  volume { id: "ID" system_id: "SYSTEM" set_id: "SET" publisher: "P" preparer: "Q" application: "A"
           copyright_file: "/COPYING" abstract_file: "/ABSTRACT" bibliographic_file: "/BIBLIO"
           time: "2026-11-01T00:00:00Z" creation_time: "2026-11-02T00:00:00Z"
           modification_time: "2026-11-03T00:00:00Z" expiration_time: "2027-11-01T00:00:00Z"
           effective_time: "2026-11-04T00:00:00Z" }
  iso9660 { level: 3 names: MANGLE_NAMES special: OMIT
            rock_ridge { version: RRIP_1_10 serial_numbers: true }
            deep_directories: RELOCATE_DIRECTORIES relocation_directory { name: "m" shown: true }
            joliet { name_limit: 64 names: MANGLE_NAMES symlinks: OMIT special: OMIT level: 2
                     volume_id: "JID" long_paths: OMIT version_numbers: false
                     beyond_bmp: MANGLE_CHARACTERS } }
  udf { revision: UDF_1_02 symlinks: EMIT special: OMIT bridge: STUB_BRIDGE anchors: AT_ALL
        metadata_mirror: SHARE_METADATA embed_below: 100 sparse: true }
  attributes { owner: 1 group: 2 }
  entry { path: "/COPYING" text: "c" }
  entry { path: "/ABSTRACT" text: "a" }
  entry { path: "/BIBLIO" text: "b" }
  entry { path: "/boot/isolinux.bin" file { source: "isolinux.bin" } }
  entry { path: "/boot/efi.img" file { source: "efi.img" } }
  entry { path: "/link" symlink: "boot" }
  entry { path: "/second" hard_link: "/COPYING" }
  boot {
    catalog: "/boot/boot.cat"
    entry { platform: BIOS image: "/boot/isolinux.bin" load_sectors: 4 load_segment: 0
            boot_info_table: true grub2_boot_info: true id: "X" }
    entry { platform: UEFI image: "/boot/efi.img" }
    system_area {
      source: "area"
      mbr { disk_signature: 7 active: false geometry: HEADS_64_SECTORS_32 hybrid: true }
      gpt { disk_guid: "00112233-4455-6677-8899-aabbccddeeff" fill_gaps: true
            iso_type: "00112233-4455-6677-8899-aabbccddeeff" }
      apm {}
      partition_offset: 16
      sun { label: "L" repeat_last: true }
    }
    partition { source: "efi.img" type: "ESP" number: 4 name: "N" alignment: 4096
                guid: "00112233-4455-6677-8899-aabbccddeeff" apm_type: "T" }
    partition { image: "/fat.img"
                fat { files { path: "/COPYING" to: "/a" match: "m" exclude: "e" } type: FAT16 size: 1
                      free: 1 label: "L" serial: 1 cluster_size: 4096 symlinks: OMIT special: OMIT } }
  }
  layout { padding_blocks: 10 size_multiple: 4096 minimum_size: 100000 file_alignment: 4096
           sort { match: "b" weight: -1 } align { match: "b" alignment: 8192 }
           lock_moves: REFUSE_MOVES directory_order: DEPTH_FIRST }
)";

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() {
    directory_.Write("isolinux.bin", std::string(3000, 'i'));
    directory_.Write("efi.img", std::string(5000, 'e'));
    directory_.Write("area", std::string(512, 'm'));
    directory_.Write("abc", "abc");
    directory_.Write("rootfs/a", "1");
    directory_.Write("rootfs/d/b", "22");
  }

  manifest::Manifest Parse(const std::string& text) const {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &m)) << text;
    return m;
  }

  // What the engine makes of a manifest, up to the id.
  Volume VolumeOf(const manifest::Manifest& said, const std::string& root = "") const {
    const LoadedManifest loaded = LoadedManifest::FromMessage(said, "test", ".");
    const manifest::Manifest m = WithDefaults(said);
    ContentTable contents;
    Resolved resolved;
    Diagnostics diagnostics;
    Resolve(loaded, root.empty() ? directory_.path() : root, VolumeTimeOf(m), &contents, &resolved,
            &diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << diagnostics.Format();
    return MakeVolume(m, resolved, contents);
  }
  std::string Id(const manifest::Manifest& said, const std::string& root = "") const {
    return VolumeOf(said, root).image_id.Hex();
  }
  std::string Id(const std::string& text) const { return Id(Parse("image_version: 1 " + text)); }

  TestDirectory directory_;
};

// --- What an id is not made of -----------------------------------------------------------------

TEST_F(IdentityTest, SpellingAndDefaultsMakeNoDifference) {
  const struct {
    const char* one;
    const char* other;
  } kCases[] = {
      {"", ""},
      {"", "iso9660 {} layout {} volume {}"},
      {"", "volume { time: '1980-01-01T00:00:00Z' }"},
      {"", "layout { padding_blocks: 150 size_multiple: 2048 file_alignment: 2048 }"},
      {"", "iso9660 { level: 3 names: REFUSE_NAMES special: REFUSE }"},
      {"", "attributes { owner: 0 group: 0 file_mode: 0444 directory_mode: 0555 }"},
      {"udf {}", "udf { revision: UDF_1_02 symlinks: EMIT special: EMIT }"},
      // Ways to write one moment.
      {"volume { time: '2026-11-01T00:00:00Z' }", "volume { time: '@1793491200' }"},
      {"volume { time: '2026-11-01T00:00:00Z' }", "volume { time: '2026-11-01T01:00:00+01:00' }"},
      {"volume { time: '2026-11-01T00:00:00Z' }", "volume { time: '2026-11-01T00:00:00.000Z' }"},
      {"volume { creation_time: '@1793491200' modification_time: '@1' expiration_time: '@2'"
       "  effective_time: '@3' }",
       "volume { creation_time: '2026-11-01T00:00:00Z' modification_time: '1970-01-01T00:00:01Z'"
       "  expiration_time: '1970-01-01T00:00:02Z' effective_time: '1970-01-01T00:00:03Z' }"},
      {"volume { time: '@5' }", "volume { time: '@5' creation_time: '@5' }"},
      {"entry { path: '/a' text: 'x' }",
       "entry { path: '/a' text: 'x' attributes { time: '1980-01-01T00:00:00Z' owner: 0 } }"},
      // Ways to one tree.
      {"entry { path: '/a' text: 'a' } entry { path: '/b' text: 'b' }",
       "entry { path: '/b' text: 'b' } entry { path: '/a' text: 'a' }"},
      {"entry { path: '/a' text: 'a' }", "entry { path: '/a' bytes: 'a' }"},
      {"entry { path: '/d/a' text: 'a' }",
       "entry { path: '/d' directory {} } entry { path: '/d/a' text: 'a' }"},
      {"entry { path: '/a' text: 'new' }",
       "entry { path: '/a' text: 'old' } entry { path: '/a' text: 'new' overlay: true }"},
      {"entry { path: '/' tree { source: 'rootfs' } }",
       "entry { path: '/a' file { source: 'rootfs/a' } }"
       "entry { path: '/d/b' file { source: './rootfs/d/b' size: 2 } }"},
      {"entry { path: '/a' text: 'a' } entry { path: '/b' hard_link: '/a' }",
       "entry { path: '/b' text: 'a' } entry { path: '/a' hard_link: '/b' }"},
      {"entry { path: '/a' text: 'a' attributes { owner: 7 } }",
       "entry { path: '/a' text: 'a' } attribute_rule { match: 'a' attributes { owner: 7 } }"},
      // Ways to the contents of a file.
      {"entry { path: '/a' text: 'ab' }",
       "entry { path: '/a' concat { part { text: 'a' } part { bytes: 'b' } part { zeros: 0 } } }"},
      {"entry { path: '/a' zeros: 7 }",
       "entry { path: '/a' concat { part { zeros: 3 } part { zeros: 4 } } }"},
      {"entry { path: '/a' file { source: 'abc' } }",
       "entry { path: '/a' concat { part { file { source: 'abc' size: 3 } } size: 3 } }"},
      {"entry { path: '/a' file { source: 'abc' } }",
       "entry { path: '/a' file { source: 'isolinux.bin' offset: 70 length: 3 } }"},
      {"entry { path: '/a' file { source: 'abc' sha256:"
       "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } }",
       "entry { path: '/a' concat { part { text: 'a' } part { file { source: 'abc' offset: 1 } }"
       "  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } }"},
      {"entry { path: '/a' concat { part { text: '1' } part { file { source: 'abc' } } } }",
       "entry { path: '/a' concat { part { text: '1' }"
       "  part { file { source: 'efi.img' offset: 9 length: 3 } } } }"},
      // How it was put together.
      {"", "include: 'other.textproto' variable { name: 'v' default: 'x' help: 'y' }"},
      {"entry { path: '/f' file { source: 'abc' sha256:"
       "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } }",
       "entry { path: '/f' file { source: 'abc' sha256:"
       "  'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD' } }"},
      // Defaults of boot entries, of which one depends on the image.
      {"entry { path: '/i' text: 'x' } boot { entry { image: '/i' } }",
       "entry { path: '/i' text: 'x' } boot { entry { image: '/i' platform: BIOS } }"},
      {"entry { path: '/i' text: 'x' } boot { entry { image: '/i' } }",
       "entry { path: '/i' text: 'x' } boot { entry { image: '/i' load_sectors: 4 } }"},
      {"entry { path: '/e' file { source: 'efi.img' } } boot { entry { platform: UEFI image: '/e' "
       "} }",
       "entry { path: '/e' file { source: 'efi.img' } }"
       "boot { entry { platform: UEFI image: '/e' load_sectors: 10 } }"},
      // What is allowed says nothing about the image.
      {"udf {}", "udf {} boot { allow: 'udf-special-7zip' }"},
      {"entry { path: '/i' text: 'x' } boot { entry { image: '/i' } }",
       "entry { path: '/i' text: 'x' } boot { entry { image: '/i' } allow: 'labels-differ'"
       "  allow: 'boot-catalog-hidden' }"},
      // Of partitions, and of what is around them.
      {"boot { system_area { gpt {} } partition { source: 'efi.img' type: 'ESP' } }",
       "boot { system_area { mbr { active: false } gpt { iso_type: "
       "    'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7' } }"
       "  partition { source: 'efi.img' type: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b'"
       "    number: 2 name: 'Appended2' alignment: 1048576 } }"},
      {"boot { system_area { gpt {} } partition { fat {} } }",
       "boot { system_area { gpt {} } partition { type: 'ESP' alignment: 1048576 fat { files { "
       "path: "
       "    '/EFI' to: '/EFI' } symlinks: REFUSE special: REFUSE } } }"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Id(c.one), Id(c.other)) << c.one << "\n" << c.other;
}

TEST_F(IdentityTest, WhereSourcesLieAndWhenTheyWereWrittenMakesNoDifference) {
  const manifest::Manifest m =
      Parse(absl::StrCat(kFull, "entry { path: '/tree' tree { source: 'rootfs' } }"));
  const std::string id = Id(m);
  // Elsewhere, with other inodes, times, modes, and the unpinned contents of other files.
  const TestDirectory elsewhere;
  elsewhere.Write("isolinux.bin", std::string(3000, 'I'));
  elsewhere.Write("efi.img", std::string(5000, 'E'));
  elsewhere.Write("area", std::string(512, 'M'));
  elsewhere.Write("rootfs/d/b", "33");
  SetModified(elsewhere.Write("rootfs/a", "4"), 1'000'000);
  ASSERT_EQ(chmod(elsewhere.path("rootfs/a").c_str(), 0400), 0);
  EXPECT_EQ(Id(m, elsewhere.path()), id);
  // By a path of its own.
  manifest::Manifest absolute = m;
  absolute.mutable_boot()->mutable_system_area()->set_source(elsewhere.path("area"));
  absolute.mutable_entry(3)->mutable_file()->set_source(elsewhere.path("isolinux.bin"));
  EXPECT_EQ(Id(absolute), id);
}

TEST_F(IdentityTest, FieldsThatNobodyKnowsMakeNoDifference) {
  const manifest::Manifest m = Parse(kFull);
  manifest::Manifest newer = m;
  newer.GetReflection()->MutableUnknownFields(&newer)->AddVarint(9999, 1);
  auto* volume = newer.mutable_volume();
  volume->GetReflection()->MutableUnknownFields(volume)->AddVarint(9999, 1);
  EXPECT_EQ(Id(newer), Id(m));
}

// --- What an id is made of ---------------------------------------------------------------------

TEST_F(IdentityTest, EverythingAboutTheTreeMakesADifference) {
  const std::vector<std::string> kDifferent = {
      "",
      "entry { path: '/a' text: '' }",
      "entry { path: '/b' text: '' }",
      "entry { path: '/A' text: '' }",
      "entry { path: '/a/b' text: '' }",
      "entry { path: '/a' directory {} }",
      "entry { path: '/a' symlink: 'x' }",
      "entry { path: '/a' symlink: 'y' }",
      "entry { path: '/a' fifo {} }",
      "entry { path: '/a' socket {} }",
      "entry { path: '/a' device { type: BLOCK_DEVICE major: 1 minor: 2 } }",
      "entry { path: '/a' device { type: CHARACTER_DEVICE major: 1 minor: 2 } }",
      "entry { path: '/a' device { type: BLOCK_DEVICE major: 2 minor: 1 } }",
      "entry { path: '/a' text: 'x' }",
      "entry { path: '/a' text: 'y' }",
      "entry { path: '/a' text: 'xx' }",
      "entry { path: '/a' text: '' attributes { file_mode: 0555 } }",
      "entry { path: '/a' text: '' attributes { owner: 1 } }",
      "entry { path: '/a' text: '' attributes { group: 1 } }",
      "entry { path: '/a' text: '' attributes { time: '1980-01-01T00:00:01Z' } }",
      "entry { path: '/a' text: '' attributes { time: '1980-01-01T00:00:00.1Z' } }",
      "entry { path: '/' directory {} attributes { directory_mode: 0700 } }",
      "entry { path: '/a' text: '' } entry { path: '/b' text: '' }",
      "entry { path: '/a' text: '' } entry { path: '/b' hard_link: '/a' }",
      "entry { path: '/a' text: '' } entry { path: '/b' text: '' } entry { path: '/c' text: '' }",
      "entry { path: '/a' text: '' } entry { path: '/b' hard_link: '/a' }"
      "entry { path: '/c' text: '' }",
      "entry { path: '/a' text: '' } entry { path: '/b' text: '' }"
      "entry { path: '/c' hard_link: '/a' }",
      "entry { path: '/a' text: '' } entry { path: '/b' text: '' }"
      "entry { path: '/c' hard_link: '/b' }",
      // Sizes and digests of sources.
      "entry { path: '/a' file { source: 'abc' } }",
      "entry { path: '/a' file { source: 'efi.img' } }",
      "entry { path: '/a' file { source: 'abc' sha256:"
      "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } }",
      "entry { path: '/a' file { source: 'abc' sha256:"
      "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae' } }",
      "entry { path: '/a' text: 'abc' }",
      // What is known of parts, and what shares its bytes with what.
      "entry { path: '/a' zeros: 3 }",
      "entry { path: '/a' concat { part { text: '1' } part { file { source: 'abc' } } } }",
      "entry { path: '/a' concat { part { text: '2' } part { file { source: 'abc' } } } }",
      "entry { path: '/a' concat { part { file { source: 'abc' } } part { text: '1' } } }",
      "entry { path: '/a' concat { part { zeros: 1 } part { file { source: 'abc' } } } }",
      "entry { path: '/a' concat { part { text: '1' } part { file { source: 'abc' sha256:"
      "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } } } }",
      "entry { path: '/a' concat { part { file { source: 'abc' } } part { text: '1' }"
      "  part { file { source: 'abc' sha256:"
      "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } } } }",
      "entry { path: '/a' concat { part { file { source: 'abc' sha256:"
      "  'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } } part { text: '1' }"
      "  part { file { source: 'abc' } } } }",
      "entry { path: '/a' file { source: 'abc' } } entry { path: '/b' file { source: 'abc' } }",
      "entry { path: '/a' file { source: 'abc' } }"
      "entry { path: '/b' file { source: 'efi.img' length: 3 } }",
      // Names whose bytes are the same when they are run together.
      "entry { path: '/ab/c' text: '' }",
      "entry { path: '/a/bc' text: '' }",
      // The same names in the same order, in another place.
      "entry { path: '/a/x' text: '' } entry { path: '/b' directory {} }",
      "entry { path: '/a' directory {} } entry { path: '/b/x' text: '' }",
  };
  std::set<std::string> ids;
  for (const std::string& text : kDifferent) {
    EXPECT_TRUE(ids.insert(Id(text)).second) << text << "\nhas the id of another";
  }
}

// Contents that look like each other where their ends are not marked.
TEST_F(IdentityTest, ADigestInAFileIsNotADigestOfAFile) {
  const std::string digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  directory_.Write("64 bytes", std::string(64, 'x'));
  EXPECT_NE(
      Id(absl::StrCat("entry { path: '/a' text: '", digest, "' }")),
      Id(absl::StrCat("entry { path: '/a' file { source: '64 bytes' sha256: '", digest, "' } }")));
}

// Calls `visit` with each field of `message` and of the messages in it.
void VisitFields(google::protobuf::Message& message, const std::string& path,
                 const std::function<void(google::protobuf::Message&, const FieldDescriptor&,
                                          const std::string& path)>& visit) {
  const auto& descriptor = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string name = absl::StrCat(path, path.empty() ? "" : ".", field.name());
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      visit(message, field, name);
    } else if (field.is_repeated()) {
      for (int j = 0; j < reflection.FieldSize(message, &field); ++j) {
        VisitFields(*reflection.MutableRepeatedMessage(&message, &field, j),
                    absl::StrCat(name, "[", j, "]"), visit);
      }
    } else if (reflection.HasField(message, &field)) {
      VisitFields(*reflection.MutableMessage(&message, &field), name, visit);
    }
  }
}

// Another value than the field has.
void Change(google::protobuf::Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      if (field.is_repeated()) {
        reflection.AddString(&message, &field, "2");
        return;
      }
      const std::string value = reflection.GetString(message, &field);
      // Paths of the image and times stay what they are: another path, another time.
      const bool time = absl::string_view(field.name()).find("time") != absl::string_view::npos;
      reflection.SetString(&message, &field, time ? "2031-01-01T00:00:00Z" : value + "2");
      break;
    }
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.SetInt32(&message, &field, reflection.GetInt32(message, &field) + 1);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection.SetUInt32(&message, &field, reflection.GetUInt32(message, &field) + 1);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      reflection.SetUInt64(&message, &field, reflection.GetUInt64(message, &field) + 1);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
      break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      if (field.is_repeated()) {
        reflection.AddEnumValue(&message, &field, field.enum_type()->value(1)->number());
        return;
      }
      const int now = reflection.GetEnumValue(message, &field);
      // From the last: the first is often what is meant without a value.
      for (int i = field.enum_type()->value_count() - 1; i > 0; --i) {
        if (field.enum_type()->value(i)->number() == now) continue;
        reflection.SetEnumValue(&message, &field, field.enum_type()->value(i)->number());
        return;
      }
      break;
    }
    default:
      ADD_FAILURE() << "a field of a type that this test does not know: " << field.full_name();
  }
}

TEST_F(IdentityTest, EveryOptionMakesADifference) {
  // What is found in the tree, what the manifest is put together from, and what is no matter of
  // the image.
  const std::set<std::string> kElsewhere = {"include",
                                            "boot.system_area.source",
                                            "boot.system_area.code",
                                            "boot.partition[0].source",
                                            "boot.system_area.sun.grub_core",
                                            "boot.partition[0].image",
                                            "boot.partition[1].source",  // of a `fat`
                                            "boot.partition[1].sha256",
                                            "boot.allow",
                                            "boot.preset"};
  const manifest::Manifest full = Parse(kFull);
  manifest::Manifest options = full;
  options.clear_entry();
  options.clear_attributes();
  std::vector<std::string> paths;
  VisitFields(options, "",
              [&](google::protobuf::Message&, const FieldDescriptor&, const std::string& path) {
                paths.push_back(path);
              });
  EXPECT_GT(paths.size(), 40u);
  std::set<std::string> ids = {Id(full)};
  for (const std::string& wanted : paths) {
    if (kElsewhere.count(wanted) > 0) continue;
    manifest::Manifest changed = full;
    VisitFields(changed, "",
                [&](google::protobuf::Message& message, const FieldDescriptor& field,
                    const std::string& path) {
                  if (path == wanted) Change(message, field);
                });
    // A boot image has to be in the tree.
    if (wanted == "boot.entry[0].image" || wanted == "boot.entry[1].image") {
      manifest::Entry& image = *changed.add_entry();
      image.set_path(changed.boot().entry(wanted == "boot.entry[1].image" ? 1 : 0).image());
      image.set_text("x");
    }
    EXPECT_TRUE(ids.insert(Id(changed)).second) << wanted << " has no effect on the id";
  }
}

TEST_F(IdentityTest, SystemUseMakesADifference) {
  const std::string kTree = "entry { path: '/a' text: 'a' ";
  const std::string none = Id(kTree + "}");
  EXPECT_EQ(Id(kTree + "system_use: '' }"), none);
  EXPECT_NE(Id(kTree + "system_use: 'ab' }"), none);
  EXPECT_NE(Id(kTree + "system_use: 'ab' }"), Id(kTree + "system_use: 'ac' }"));
  // Named streams lie beside the tree, too.
  const std::string streams = "udf { revision: UDF_2_01 } " + kTree;
  const std::string one = Id(streams + "udf_stream { name: 'n' text: 'ab' } }");
  EXPECT_NE(one, Id(streams + "}"));
  EXPECT_NE(one, Id(streams + "udf_stream { name: 'm' text: 'ab' } }"));
  EXPECT_NE(one, Id(streams + "udf_stream { name: 'n' text: 'ac' } }"));
  EXPECT_EQ(one, Id(streams + "udf_stream { name: 'n' bytes: 'ab' } }"));
  EXPECT_NE(one, Id(streams + "udf_stream { name: 'n' zeros: 2 } }"));
  const std::string created = Id(kTree + "created: '2001-01-01T00:00:00Z' }");
  EXPECT_NE(created, none);
  EXPECT_EQ(created, Id(kTree + "created: '@978307200' }"));
  EXPECT_NE(created, Id(kTree + "created: '2001-01-01T00:00:00.5Z' }"));
  // What a later entry replaces, and what it does not.
  EXPECT_EQ(Id(kTree + "system_use: 'ab' } entry { path: '/a' text: 'a' overlay: true }"), none);
  EXPECT_EQ(
      Id("entry { path: '/d' directory {} system_use: 'ab' } entry { path: '/d' directory {} }"),
      Id("entry { path: '/d' directory {} system_use: 'ab' }"));
}

TEST_F(IdentityTest, TheSizeOfTheSystemAreaMakesADifference) {
  const manifest::Manifest m = Parse(kFull);
  const std::string id = Id(m);
  directory_.Write("area", std::string(513, 'm'));
  EXPECT_NE(Id(m), id);
}

TEST_F(IdentityTest, TimesThatAreKeptMakeADifference) {
  const manifest::Manifest m = Parse(
      "image_version: 1 attributes { keep: TIME } entry { path: '/a' file { source: 'abc' } }");
  SetModified(directory_.path("abc"), 1000);
  const std::string id = Id(m);
  SetModified(directory_.path("abc"), 1000, 1);
  EXPECT_NE(Id(m), id);
}

// --- What derives from it ----------------------------------------------------------------------

TEST(ImageIdTest, DerivesOtherBytesForEveryPurpose) {
  // (head -c 32 /dev/zero; printf 'udf volume set') | sha256sum
  const ImageId zero;
  EXPECT_EQ(zero.Hex(), std::string(64, '0'));
  EXPECT_EQ(ImageId(zero.Derive("udf volume set")).Hex(),
            "24151bbb0707ef23743ac7150c9089136f4b99bebcd34c405b7cab5747231844");
  std::array<uint8_t, 32> digest{};
  digest[31] = 1;
  const ImageId one(digest);
  EXPECT_EQ(one.Hex(), std::string(63, '0') + "1");
  const std::set<std::array<uint8_t, 32>> all = {zero.Derive("a"), zero.Derive("b"),
                                                 zero.Derive(""), one.Derive("a"), digest};
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(zero.Derive("a"), zero.Derive("a"));
}

TEST_F(IdentityTest, TheVolumeSaysWhatTheManifestSays) {
  const Volume v = VolumeOf(Parse(kFull));
  EXPECT_EQ(v.id, "ID");
  EXPECT_EQ(v.system_id, "SYSTEM");
  EXPECT_EQ(v.set_id, "SET");
  EXPECT_EQ(v.publisher, "P");
  EXPECT_EQ(v.preparer, "Q");
  EXPECT_EQ(v.application, "A");
  EXPECT_EQ(v.copyright_file, "/COPYING");
  EXPECT_EQ(v.abstract_file, "/ABSTRACT");
  EXPECT_EQ(v.bibliographic_file, "/BIBLIO");
  EXPECT_EQ(FormatTimestamp(v.time), "2026-11-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(v.creation), "2026-11-02T00:00:00Z");
  EXPECT_EQ(FormatTimestamp(v.modification), "2026-11-03T00:00:00Z");
  ASSERT_TRUE(v.expiration.has_value());
  EXPECT_EQ(FormatTimestamp(*v.expiration), "2027-11-01T00:00:00Z");
  ASSERT_TRUE(v.effective.has_value());
  EXPECT_EQ(FormatTimestamp(*v.effective), "2026-11-04T00:00:00Z");
}

TEST_F(IdentityTest, DatesThatTheManifestLeavesOutFollowFromItsTime) {
  std::set<Timestamp> dates;
  constexpr int kImages = 50;
  for (int i = 0; i < kImages; ++i) {
    const Volume v = VolumeOf(Parse(absl::StrCat("image_version: 1 volume { id: 'I", i,
                                                 "' time: '2026-11-01T12:34:56.789Z' }")));
    EXPECT_EQ(v.creation, v.time);
    EXPECT_FALSE(v.expiration.has_value());
    EXPECT_FALSE(v.effective.has_value());
    // The day is that of the time, the time of day is the image's own.
    const CalendarTime c = ToCalendar(v.modification);
    EXPECT_EQ(c.year, 2026);
    EXPECT_EQ(c.month, 11);
    EXPECT_EQ(c.day, 1);
    EXPECT_EQ(c.nanos % 10'000'000, 0u) << "hundredths of a second are all that is written";
    dates.insert(v.modification);
  }
  EXPECT_EQ(dates.size(), static_cast<size_t>(kImages));
}

}  // namespace
}  // namespace isomason

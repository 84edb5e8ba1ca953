#include "authoring/options.h"

#include <iterator>
#include <string>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

using google::protobuf::util::MessageDifferencer;

manifest::Manifest Parse(const std::string& text) {
  manifest::Manifest m;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &m)) << text;
  return m;
}

manifest::Manifest WithDefaults(const std::string& text) {
  return isomason::WithDefaults(Parse(text));
}

TEST(OptionsTest, LeavingADefaultOutAndWritingItAreTheSame) {
  const struct {
    const char* left_out;
    const char* written;
  } kCases[] = {
      {"boot { entry { partition: 2 } partition { fat {} } }",
       "boot { entry { partition: 2 } partition { fat { label: 'ESP' files { path: '/EFI' } } "
       "type: 'ESP' alignment: 2048 } }"},
      {"", "iso9660 {}"},
      {"", "layout {}"},
      {"", "volume {}"},
      {"", "volume { time: '1980-01-01T00:00:00Z' }"},
      {"", "iso9660 { level: 3 }"},
      {"", "iso9660 { names: REFUSE_NAMES }"},
      {"", "iso9660 { special: REFUSE }"},
      {"", "iso9660 { relax: NO_RELAXATION relax: LONG_NAMES_31 }"},
      {"", "iso9660 { profile: PROFILE_DEFAULT optional_path_tables: false xa: false }"},
      {"", "volume { application_use: '' }"},
      {"iso9660 { profile: STRICT }", "iso9660 { profile: STRICT level: 1 names: REFUSE_NAMES }"},
      {"iso9660 { profile: STRICT rock_ridge {} }",
       "iso9660 { profile: STRICT rock_ridge {} names: REFUSE_NAMES }"},
      {"iso9660 { relax: LOWERCASE relax: ASCII }",
       "iso9660 { relax: ASCII relax: LOWERCASE relax: ASCII }"},
      {"iso9660 { relax: LONG_NAMES_37 }",
       "iso9660 { relax: OMIT_VERSION relax: OMIT_PERIOD relax: LONG_NAMES_31 relax: LONG_NAMES_37 "
       "}"},
      {"iso9660 { relax: OMIT_VERSION }", "iso9660 { relax: OMIT_VERSION relax: OMIT_PERIOD }"},
      {"iso9660 { relax: SEVERAL_DOTS }", "iso9660 { relax: DIRECTORY_DOT relax: SEVERAL_DOTS }"},
      {"iso9660 { rock_ridge {} }", "iso9660 { rock_ridge {} names: MANGLE_NAMES }"},
      {"", "iso9660 { deep_directories: KEEP_DIRECTORIES }"},
      {"iso9660 { deep_directories: RELOCATE_DIRECTORIES }",
       "iso9660 { deep_directories: RELOCATE_DIRECTORIES relocation_directory {} }"},
      {"iso9660 { deep_directories: RELOCATE_DIRECTORIES }",
       "iso9660 { deep_directories: RELOCATE_DIRECTORIES "
       "  relocation_directory { name: 'rr_moved' } }"},
      {"iso9660 { rock_ridge {} }", "iso9660 { rock_ridge { version: RRIP_1_12 } }"},
      {"iso9660 { rock_ridge {} }", "iso9660 { rock_ridge { serial_numbers: true } }"},
      {"iso9660 { rock_ridge { version: RRIP_1_10 } }",
       "iso9660 { rock_ridge { version: RRIP_1_10 serial_numbers: false } }"},
      {"iso9660 { rock_ridge { zisofs {} } }",
       "iso9660 { rock_ridge { zisofs { level: 9 block_size: 32768 version: 1 minimum_size: 2049 "
       "elsewhere: REFUSE_COMPRESSED } } }"},
      {"iso9660 { rock_ridge { zisofs {} } }",
       "iso9660 { rock_ridge { zisofs { minimum_size: 7 } } }"},
      {"iso9660 { joliet {} }", "iso9660 { joliet { name_limit: 103 } }"},
      {"iso9660 { joliet {} }", "iso9660 { joliet { names: REFUSE_NAMES } }"},
      {"iso9660 { joliet {} }", "iso9660 { joliet { symlinks: REFUSE special: REFUSE } }"},
      {"iso9660 { joliet {} }",
       "iso9660 { joliet { level: 3 version_numbers: true beyond_bmp: EMIT_CHARACTERS } }"},
      {"volume { id: 'A' } iso9660 { joliet {} }",
       "volume { id: 'A' } iso9660 { joliet { volume_id: 'A' } }"},
      {"udf {}", "udf { revision: UDF_1_02 }"},
      {"udf {}", "udf { symlinks: EMIT special: EMIT }"},
      {"udf {}", "udf { bridge: FULL_BRIDGE }"},
      {"udf {}", "udf { anchors: AT_256_AND_END }"},
      {"udf {}", "udf { embed_below: 0 }"},
      {"udf {}", "udf { sparse: false }"},
      {"udf {}", "udf { embed_below: 1 }"},
      {"udf { embed_below: 1873 }", "udf { embed_below: 4000000000 }"},
      {"udf { blu_ray {} }", "udf { blu_ray {} anchors: AT_ALL } layout { file_alignment: 65536 }"},
      {"udf { revision: UDF_2_50 }",
       "udf { revision: UDF_2_50 metadata_mirror: DUPLICATE_METADATA }"},
      {"udf { bridge: STUB_BRIDGE }", "udf { bridge: STUB_BRIDGE stub { path: '/README.TXT' } }"},
      {"", "layout { padding_blocks: 150 }"},
      {"", "layout { size_multiple: 2048 }"},
      {"", "layout { file_alignment: 2048 }"},
      {"", "layout { minimum_size: 0 }"},
      {"", "layout { sort_file: '' order_file: '' boot_first: false media: MEDIA_NONE }"},
      {"boot { entry { image: '/i' } }", "boot { entry { image: '/i' platform: BIOS } }"},
  };
  for (const auto& c : kCases) {
    EXPECT_TRUE(MessageDifferencer::Equals(WithDefaults(c.left_out), WithDefaults(c.written)))
        << "\"" << c.left_out << "\" and \"" << c.written << "\" make\n"
        << WithDefaults(c.left_out).DebugString() << "and\n"
        << WithDefaults(c.written).DebugString();
  }
}

TEST(OptionsTest, AnythingElseIsNotTheDefault) {
  for (const char* text : {"volume { time: '1980-01-01T00:00:01Z' }",
                           "iso9660 { level: 1 }",
                           "iso9660 { names: MANGLE_NAMES }",
                           "iso9660 { special: OMIT }",
                           "iso9660 { rock_ridge {} }",
                           "iso9660 { relax: LOWERCASE }",
                           "iso9660 { level: 4 }",
                           "iso9660 { profile: STRICT }",
                           "iso9660 { optional_path_tables: true }",
                           "iso9660 { xa: true }",
                           "iso9660 { relax: OMIT_PERIOD }",
                           "iso9660 { joliet {} }",
                           "iso9660 { joliet { level: 2 } }",
                           "iso9660 { joliet { volume_id: 'A' } }",
                           "iso9660 { joliet { version_numbers: false } }",
                           "iso9660 { joliet { long_paths: EMIT } }",
                           "udf {}",
                           "udf { bridge: NO_BRIDGE }",
                           "udf { anchors: AT_ALL }",
                           "udf { embed_below: 2 }",
                           "udf { sparse: true }",
                           "udf { embed_below: 1872 }",
                           "udf { embed_below: 1873 }",
                           "udf { revision: UDF_2_60 }",
                           "udf { bridge: STUB_BRIDGE }",
                           "udf { bridge: STUB_BRIDGE stub { text: '' } }",
                           "layout { padding_blocks: 0 }",
                           "layout { size_multiple: 4096 }",
                           "layout { file_alignment: 4096 }",
                           "layout { minimum_size: 1 }",
                           "boot { entry { image: '/i' platform: UEFI } }"}) {
    EXPECT_FALSE(MessageDifferencer::Equals(WithDefaults(""), WithDefaults(text))) << text;
  }
}

TEST(OptionsTest, AVersionOfRockRidgeIsNotTheOther) {
  const manifest::Manifest plain = WithDefaults("iso9660 { rock_ridge {} }");
  for (const char* text : {"version: RRIP_1_10", "version: RRIP_1_10 serial_numbers: true"}) {
    EXPECT_FALSE(MessageDifferencer::Equals(
        plain, WithDefaults(std::string("iso9660 { rock_ridge { ") + text + " } }")))
        << text;
  }
}

TEST(OptionsTest, NoOrderIsTheDefault) {
  for (const char* text :
       {"layout { boot_first: true }", "layout { order: 'a' }", "layout { sort { match: 'a' } }",
        "layout { align { match: 'a' alignment: 2048 } }", "layout { media: CD_650 }",
        "layout { pin { path: '/a' block: 20 } }", "layout { slack_blocks: 1 }",
        "layout { lock: 'l' }", "layout { directory_order: DEPTH_FIRST }",
        "layout { lock_moves: REFUSE_MOVES }"}) {
    EXPECT_FALSE(MessageDifferencer::Equals(WithDefaults(""), WithDefaults(text))) << text;
  }
}

TEST(OptionsTest, DefaultsOfDefaultsChangeNothing) {
  for (const char* text :
       {"", "iso9660 { rock_ridge {} joliet {} } udf {} boot { entry { image: '/i' } }"}) {
    const manifest::Manifest once = WithDefaults(text);
    EXPECT_TRUE(MessageDifferencer::Equals(once, isomason::WithDefaults(once)))
        << once.DebugString();
  }
}

TEST(OptionsTest, NoViewIsAddedAndNoEntryTouched) {
  const manifest::Manifest bare = WithDefaults("");
  EXPECT_FALSE(bare.iso9660().has_rock_ridge());
  EXPECT_FALSE(bare.iso9660().has_joliet());
  EXPECT_FALSE(bare.has_udf());
  EXPECT_FALSE(bare.has_boot());

  const std::string said =
      "image_version: 1 include: 'a' variable { name: 'v' } attributes { owner: 1 }"
      "attribute_rule { match: '*' } entry { path: '/a' text: 'x' }"
      "volume { id: 'ID' publisher: 'P' time: '@5' creation_time: '@6' }";
  manifest::Manifest m = WithDefaults(said);
  m.clear_iso9660();
  m.clear_layout();
  EXPECT_TRUE(MessageDifferencer::Equals(m, Parse(said))) << m.DebugString();
}

TEST(OptionsTest, Iso9660IsToldWhatTheManifestSays) {
  using Names = Iso9660Options::Names;
  using Special = Iso9660Options::Special;
  const struct {
    const char* text;
    int level;
    bool rock_ridge;
    Names names;
    Special special;
  } kCases[] = {
      {"", 3, false, Names::kRefuse, Special::kRefuse},
      {"iso9660 { level: 1 }", 1, false, Names::kRefuse, Special::kRefuse},
      {"iso9660 { level: 2 names: MANGLE_NAMES }", 2, false, Names::kMangle, Special::kRefuse},
      {"iso9660 { special: OMIT }", 3, false, Names::kRefuse, Special::kOmit},
      {"iso9660 { rock_ridge {} }", 3, true, Names::kMangle, Special::kRefuse},
      {"iso9660 { rock_ridge {} names: REFUSE_NAMES }", 3, true, Names::kRefuse, Special::kRefuse},
  };
  for (const auto& c : kCases) {
    const Iso9660Options options = Iso9660OptionsOf(WithDefaults(c.text));
    EXPECT_EQ(options.level, c.level) << c.text;
    EXPECT_EQ(options.rock_ridge, c.rock_ridge) << c.text;
    EXPECT_EQ(options.names, c.names) << c.text;
    EXPECT_EQ(options.special, c.special) << c.text;
  }
}

TEST(OptionsTest, RockRidgeIsToldWhatTheManifestSays) {
  const struct {
    const char* text;
    bool version_1_10, serial_numbers;
  } kCases[] = {
      {"", false, true},
      {"version: RRIP_1_12", false, true},
      {"version: RRIP_1_10", true, false},
      {"version: RRIP_1_10 serial_numbers: true", true, true},
  };
  for (const auto& c : kCases) {
    const RockRidgeForm form =
        Iso9660OptionsOf(WithDefaults(std::string("iso9660 { rock_ridge { ") + c.text + " } }"))
            .rock_ridge_form;
    EXPECT_EQ(form.version_1_10, c.version_1_10) << c.text;
    EXPECT_EQ(form.serial_numbers, c.serial_numbers) << c.text;
  }
}

TEST(OptionsTest, Iso9660IsToldOfItsExtras) {
  const Iso9660Options none = Iso9660OptionsOf(WithDefaults(""));
  EXPECT_FALSE(none.optional_path_tables || none.xa || none.strict);
  const manifest::Manifest all =
      WithDefaults("iso9660 { profile: STRICT optional_path_tables: true xa: true joliet {} }");
  const Iso9660Options options = Iso9660OptionsOf(all);
  EXPECT_TRUE(options.optional_path_tables && options.xa && options.strict);
  EXPECT_TRUE(JolietOptionsOf(all).optional_path_tables);
  EXPECT_EQ(options.level, 1);
  EXPECT_FALSE(HasEnhanced(all));
  // The primary hierarchy of level 4 is that of level 3.
  EXPECT_TRUE(HasEnhanced(WithDefaults("iso9660 { level: 4 }")));
  EXPECT_EQ(Iso9660OptionsOf(WithDefaults("iso9660 { level: 4 }")).level, 3);
}

TEST(OptionsTest, EveryRelaxationReachesNames) {
  const struct {
    const char* name;
    bool Relaxations::*member;
  } kCases[] = {
      {"LOWERCASE", &Relaxations::lowercase},         {"ASCII", &Relaxations::ascii},
      {"OMIT_VERSION", &Relaxations::omit_version},   {"OMIT_PERIOD", &Relaxations::omit_period},
      {"LONG_NAMES_31", &Relaxations::long_31},       {"LONG_NAMES_37", &Relaxations::long_37},
      {"SEVERAL_DOTS", &Relaxations::several_dots},   {"LEADING_DOT", &Relaxations::leading_dot},
      {"DIRECTORY_DOT", &Relaxations::directory_dot},
  };
  EXPECT_EQ(std::size(kCases) + 1,
            static_cast<size_t>(manifest::Relaxation_descriptor()->value_count()));
  for (const auto& c : kCases) {
    const std::string text = std::string("iso9660 { level: 1 relax: ") + c.name + " }";
    const Relaxations got = Iso9660OptionsOf(WithDefaults(text)).relaxations;
    for (const auto& other : kCases) EXPECT_EQ(got.*other.member, &c == &other) << text;
  }
}

TEST(OptionsTest, RelocationIsToldWhatTheManifestSays) {
  using Deep = Iso9660Options::DeepDirectories;
  const struct {
    const char* text;
    Deep deep;
    const char* name;
    bool shown;
  } kCases[] = {
      {"", Deep::kKeep, "rr_moved", false},
      {"deep_directories: KEEP_DIRECTORIES", Deep::kKeep, "rr_moved", false},
      {"deep_directories: REFUSE_DIRECTORIES", Deep::kRefuse, "rr_moved", false},
      {"deep_directories: RELOCATE_DIRECTORIES", Deep::kRelocate, "rr_moved", false},
      {"deep_directories: RELOCATE_DIRECTORIES relocation_directory { name: 'x' shown: true }",
       Deep::kRelocate, "x", true},
  };
  for (const auto& c : kCases) {
    const Iso9660Options options =
        Iso9660OptionsOf(WithDefaults(std::string("iso9660 { ") + c.text + " }"));
    EXPECT_EQ(options.deep_directories, c.deep) << c.text;
    EXPECT_EQ(options.relocation_directory, c.name) << c.text;
    EXPECT_EQ(options.shows_relocation_directory, c.shown) << c.text;
  }
}

TEST(OptionsTest, JolietIsToldWhatTheManifestSays) {
  using Names = JolietOptions::Names;
  using Symlinks = JolietOptions::Symlinks;
  using Special = JolietOptions::Special;
  const struct {
    const char* text;
    int name_limit;
    Names names;
    Symlinks symlinks;
    Special special;
  } kCases[] = {
      {"", 103, Names::kRefuse, Symlinks::kRefuse, Special::kRefuse},
      {"name_limit: 64", 64, Names::kRefuse, Symlinks::kRefuse, Special::kRefuse},
      {"names: MANGLE_NAMES", 103, Names::kMangle, Symlinks::kRefuse, Special::kRefuse},
      {"symlinks: OMIT", 103, Names::kRefuse, Symlinks::kOmit, Special::kRefuse},
      {"symlinks: FOLLOW", 103, Names::kRefuse, Symlinks::kFollow, Special::kRefuse},
      {"special: OMIT", 103, Names::kRefuse, Symlinks::kRefuse, Special::kOmit},
  };
  for (const auto& c : kCases) {
    const JolietOptions options =
        JolietOptionsOf(WithDefaults(std::string("iso9660 { joliet { ") + c.text + " } }"));
    EXPECT_EQ(options.naming.limit, c.name_limit) << c.text;
    EXPECT_EQ(options.names, c.names) << c.text;
    EXPECT_EQ(options.symlinks, c.symlinks) << c.text;
    EXPECT_EQ(options.special, c.special) << c.text;
  }
}

TEST(OptionsTest, JolietIsToldHowToSpell) {
  using BeyondBmp = JolietNaming::BeyondBmp;
  using LongPaths = JolietOptions::LongPaths;
  const struct {
    const char* text;
    int level;
    const char* volume_id;
    bool version_numbers;
    BeyondBmp beyond_bmp;
    LongPaths long_paths;
  } kCases[] = {
      {"", 3, "", true, BeyondBmp::kEmit, LongPaths::kReadable},
      {"level: 1 volume_id: 'L'", 1, "L", true, BeyondBmp::kEmit, LongPaths::kReadable},
      {"version_numbers: false", 3, "", false, BeyondBmp::kEmit, LongPaths::kReadable},
      {"beyond_bmp: MANGLE_CHARACTERS long_paths: OMIT", 3, "", true, BeyondBmp::kMangle,
       LongPaths::kOmit},
      {"beyond_bmp: REFUSE_CHARACTERS long_paths: REFUSE", 3, "", true, BeyondBmp::kRefuse,
       LongPaths::kRefuse},
      {"long_paths: EMIT", 3, "", true, BeyondBmp::kEmit, LongPaths::kEmit},
  };
  for (const auto& c : kCases) {
    const JolietOptions options =
        JolietOptionsOf(WithDefaults(std::string("iso9660 { joliet { ") + c.text + " } }"));
    EXPECT_EQ(options.level, c.level) << c.text;
    EXPECT_EQ(options.volume_id, c.volume_id) << c.text;
    EXPECT_EQ(options.naming.version_numbers, c.version_numbers) << c.text;
    EXPECT_EQ(options.naming.beyond_bmp, c.beyond_bmp) << c.text;
    EXPECT_EQ(options.long_paths, c.long_paths) << c.text;
    EXPECT_FALSE(options.rock_ridge);
  }
  EXPECT_TRUE(JolietOptionsOf(WithDefaults("iso9660 { rock_ridge {} joliet {} }")).rock_ridge);
}

TEST(OptionsTest, UdfIsToldHowFilesAreStored) {
  EXPECT_EQ(UdfOptionsOf(WithDefaults("udf {}")).embed_below, 0u);
  EXPECT_EQ(UdfOptionsOf(WithDefaults("udf { embed_below: 100 }")).embed_below, 100u);
}

TEST(OptionsTest, UdfIsToldWhatTheManifestSays) {
  using Special = UdfOptions::Special;
  const struct {
    const char* text;
    Special symlinks, devices;
  } kCases[] = {
      {"", Special::kEmit, Special::kEmit},
      {"symlinks: OMIT", Special::kOmit, Special::kEmit},
      {"symlinks: REFUSE", Special::kRefuse, Special::kEmit},
      {"special: OMIT", Special::kEmit, Special::kOmit},
      {"special: REFUSE", Special::kEmit, Special::kRefuse},
  };
  for (const auto& c : kCases) {
    const UdfOptions options = UdfOptionsOf(WithDefaults(std::string("udf { ") + c.text + " }"));
    EXPECT_EQ(options.symlinks, c.symlinks) << c.text;
    EXPECT_EQ(options.devices, c.devices) << c.text;
  }
}

TEST(OptionsTest, TheShapeOfTheImageIsWhatTheManifestAndTheViewsAskFor) {
  const struct {
    const char* text;
    uint64_t padding, minimum, multiple;
  } kCases[] = {
      {"", 150 * 2048, 65536, 2048},
      {"layout { padding_blocks: 0 }", 0, 65536, 2048},
      {"layout { minimum_size: 100000 }", 150 * 2048, 100000, 2048},
      {"layout { minimum_size: 5 }", 150 * 2048, 65536, 2048},
      {"layout { size_multiple: 1048576 }", 150 * 2048, 65536, 1048576},
      {"udf {}", 150 * 2048, 1048576, 2048},
      {"udf {} layout { minimum_size: 2000000 }", 150 * 2048, 2000000, 2048},
  };
  for (const auto& c : kCases) {
    const Shape shape = ShapeOf(WithDefaults(c.text));
    EXPECT_EQ(shape.flow_start, ByteCount(32768)) << c.text;
    EXPECT_EQ(shape.padding, ByteCount(c.padding)) << c.text;
    EXPECT_EQ(shape.minimum, ByteCount(c.minimum)) << c.text;
    EXPECT_EQ(shape.multiple, ByteCount(c.multiple)) << c.text;
  }
  EXPECT_EQ(FileAlignmentOf(WithDefaults("")), ByteCount(2048));
  EXPECT_EQ(FileAlignmentOf(WithDefaults("layout { file_alignment: 65536 }")), ByteCount(65536));
}

TEST(OptionsTest, TheVolumesTimeIs1980UnlessItIsGiven) {
  EXPECT_EQ(FormatTimestamp(VolumeTimeOf(WithDefaults(""))), "1980-01-01T00:00:00Z");
  EXPECT_EQ(VolumeTimeOf(WithDefaults("volume { time: '@77' }")), (Timestamp{77, 0}));
}

}  // namespace
}  // namespace isomason

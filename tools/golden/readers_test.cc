// Foreign readers on every golden image: they list and extract it, and see what its
// manifest says.

#include "tools/oracle/readers.h"

#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tools/golden/expected_extras.h"
#include "tools/golden/golden.h"
#include "tools/oracle/kernel_reader.h"
#include "tools/oracle/listing.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"
#include "tools/oracle/udf_extras.h"
#include "tools/oracle/xorriso.h"

namespace isomason {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class ReadersTest : public testing::TestWithParam<std::string> {};

TEST_P(ReadersTest, SeeWhatTheManifestSays) {
  const auto golden = AuthorGolden(GetParam());
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  const auto differences = ForeignDifferences(*golden, *image, golden->Views());
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_EQ(*differences, "");
}

INSTANTIATE_TEST_SUITE_P(All, ReadersTest, testing::ValuesIn(GoldenNames()),
                         [](const auto& param) { return param.param; });

// No foreign reader shows them, so a parser of this project's own does, which shares nothing
// with what writes images. It reads every golden image that has UDF.
TEST(UdfExtrasTest, AreWhatTheManifestSays) {
  int found = 0;
  for (const std::string& name : GoldenNames()) {
    SCOPED_TRACE(name);
    const auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    if (!golden->loaded.manifest.has_udf()) continue;
    const auto image = WriteGolden(*golden);
    ASSERT_TRUE(image.ok()) << image.status();
    const auto seen = ReadUdfExtras(*image);
    ASSERT_TRUE(seen.ok()) << seen.status();
    const auto want = ExpectedExtras(golden->loaded.manifest, golden->loaded.directory);
    ASSERT_TRUE(want.ok()) << want.status();
    EXPECT_EQ(WithoutEmpty(*seen), *want);
    for (const auto& [path, extra] : *want) found += static_cast<int>(extra.streams.size());
  }
  EXPECT_GE(found, 14);
}

// Of Rock Ridge libarchive does, and of extended entries of UDF 7-Zip.
TEST(CreationTest, IsShownByWhoLooksAtIt) {
  const auto image_of = [](const std::string& name) {
    const auto golden = AuthorGolden(name);
    EXPECT_TRUE(golden.ok()) << golden.status();
    const auto image = WriteGolden(*golden);
    EXPECT_TRUE(image.ok()) << image.status();
    return *image;
  };
  const auto pax =
      RunProcess({"bsdtar", "-cf", "-", "--format", "pax", absl::StrCat("@", image_of("created"))});
  ASSERT_TRUE(pax.ok()) << pax.status();
  std::map<std::string, int> times;
  const std::string key = "LIBARCHIVE.creationtime=";
  for (size_t at = pax->out.find(key); at != std::string::npos; at = pax->out.find(key, at + 1)) {
    const size_t begin = at + key.size();
    ++times[pax->out.substr(begin, pax->out.find('\n', begin) - begin)];
  }
  // It says nothing of one that is later than the modification.
  EXPECT_THAT(times,
              ElementsAre(Pair("1009839600", 1), Pair("1072915200", 2), Pair("1104537600", 1),
                          Pair("946684799", 1), Pair("981173106", 4)));

  const auto list = RunProcess({"7z", "l", "-slt", image_of("created_2_01")});
  ASSERT_TRUE(list.ok()) << list.status();
  const std::pair<const char*, const char*> kShown[] = {{"file", "2001-02-03 04:05:06.789012"},
                                                        {"directory", "2002-01-01 00:00:00.000000"},
                                                        {"plain", ""}};
  for (const auto& [path, created] : kShown) {
    const size_t begin = list->out.find(absl::StrCat("\nPath = ", path, "\n"));
    ASSERT_NE(begin, std::string::npos) << path;
    EXPECT_THAT(list->out.substr(begin, list->out.find("\n\n", begin) - begin),
                HasSubstr(absl::StrCat("\nCreated = ", created)));
  }
}

const char* XorrisosName(manifest::Platform platform) {
  switch (platform) {
    case manifest::UEFI:
      return "UEFI";
    case manifest::POWERPC:
      return "PPC";
    case manifest::MAC:
      return "Mac";
    default:
      return "BIOS";
  }
}

// The path of a boot entry's image; "" when that is a partition which no file is.
std::string ImageOf(const manifest::Boot& boot, const manifest::BootEntry& entry) {
  if (entry.partition() == 0) return entry.image();
  return boot.partition(static_cast<int>(entry.partition()) - 2).image();
}

// How many bytes of selection criteria an entry has room for itself (El Torito 2.4).
constexpr size_t kEntryCriteria = 20;

// How many entries xorriso sees: it takes the record that continues an entry (El Torito 2.5) for
// the end of the catalog, so the entry is the last of its section in golden manifests.
int EntriesBeforeContinuation(const manifest::Boot& boot) {
  for (int i = 0; i < boot.entry_size(); ++i) {
    if (boot.entry(i).selection_criteria().size() > kEntryCriteria) return i + 1;
  }
  return boot.entry_size();
}

// Golden images whose ISO 9660 can be mounted from a partition, too.
std::vector<std::string> WithPartitionOffset() {
  std::vector<std::string> names;
  for (const std::string& name : GoldenNames()) {
    const auto golden = AuthorGolden(name);
    if (!golden.ok()) continue;  // other tests say why
    if (golden->loaded.manifest.boot().system_area().partition_offset() != 0) names.push_back(name);
  }
  return names;
}

constexpr uint64_t kPartitionStart = 16 * 2048;

std::set<View> ViewsOfPartition(const GoldenImage& golden) {
  std::set<View> views = golden.Views();
  views.erase(View::kUdf);
  return views;
}

class PartitionOffsetTest : public testing::TestWithParam<std::string> {};

// The partition cut out of the image, as far as its table says, is an image.
TEST_P(PartitionOffsetTest, MakesAnImageOfThePartition) {
  const auto golden = AuthorGolden(GetParam());
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  const auto report = XorrisoReportOf(*image);
  ASSERT_TRUE(report.ok()) << report.status();
  const XorrisoSystemArea& area = report->system_area;
  const bool gpt = !area.gpt.empty();
  ASSERT_TRUE(gpt || !area.mbr.empty());
  EXPECT_EQ(gpt ? area.gpt[0].start : area.mbr[0].start, kPartitionStart / 512);
  if (!gpt) {
    EXPECT_EQ(area.partition_offset, 16u);
  }
  const uint64_t size = (gpt ? area.gpt[0].blocks : area.mbr[0].blocks) * uint64_t{512};
  auto bytes = ReadHostFile(*image);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  ASSERT_LE(kPartitionStart + size, bytes->size());
  const std::string partition = *image + ".partition";
  ASSERT_TRUE(WriteHostFile(partition, bytes->substr(kPartitionStart, size)).ok());
  const auto differences = ForeignDifferences(*golden, partition, ViewsOfPartition(*golden));
  ASSERT_TRUE(differences.ok()) << differences.status();
  EXPECT_EQ(*differences, "");
}

INSTANTIATE_TEST_SUITE_P(All, PartitionOffsetTest, testing::ValuesIn(WithPartitionOffset()),
                         [](const auto& param) { return param.param; });

// Of a disk, Linux mounts both.
TEST(LinuxTest, MountsThePartitionAndTheWholeDisk) {
  std::vector<GoldenImage> goldens;
  std::vector<std::string> images;
  for (const std::string& name : WithPartitionOffset()) {
    auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    const auto image = WriteGolden(*golden);
    ASSERT_TRUE(image.ok()) << image.status();
    images.push_back(*image);
    goldens.push_back(*std::move(golden));
  }
  for (const uint32_t partition : {0, 1}) {
    LinuxOptions options;
    options.drive_block_size = 512;
    options.partition = partition;
    const auto views =
        ReadWithLinux(images, {View::kRockRidge, View::kJoliet, View::kIso9660}, options);
    ASSERT_TRUE(views.ok()) << views.status();
    for (size_t i = 0; i < goldens.size(); ++i) {
      for (const View view : ViewsOfPartition(goldens[i])) {
        SCOPED_TRACE(absl::StrCat(goldens[i].name, ", ", ViewName(view), ", ", partition));
        const LinuxView& seen = views->at({i, view});
        ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
        auto want = goldens[i].Expected(view);
        ASSERT_TRUE(want.ok()) << want.status();
        EXPECT_EQ(absl::StrJoin(Differences(AsLinuxShows(*want, view), *seen.listing), "\n"), "");
        EXPECT_THAT(seen.warnings, IsEmpty());
      }
    }
  }
  EXPECT_GE(goldens.size(), 2u);
}

// xorriso finds the file of a boot entry by its address.
TEST(XorrisoTest, SeesTheBootEntriesThatTheManifestNames) {
  int entries = 0;
  for (const std::string& name : GoldenNames()) {
    SCOPED_TRACE(name);
    const auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    if (golden->Traits().count(Trait::kNoIso9660) > 0) continue;
    const auto image = WriteGolden(*golden);
    ASSERT_TRUE(image.ok()) << image.status();
    const auto report = XorrisoReportOf(*image);
    ASSERT_TRUE(report.ok()) << report.status();
    const manifest::Boot& boot = golden->loaded.manifest.boot();
    EXPECT_EQ(report->el_torito.catalog_lba.has_value(), boot.entry_size() > 0);
    // What ISO 9660 does not show has no name there, but is at its place.
    const auto shown = [&](const std::string& path) {
      const NodeId node = golden->disc->tree().Find(path);
      return node == kNoNode || golden->disc->iso9660()->NameOf(node).empty() ? "" : path;
    };
    EXPECT_EQ(report->el_torito.catalog_path, shown(boot.catalog()));
    const int seen_entries = EntriesBeforeContinuation(boot);
    ASSERT_EQ(report->el_torito.entries.size(), static_cast<size_t>(seen_entries));
    for (int i = 0; i < seen_entries; ++i, ++entries) {
      SCOPED_TRACE(boot.entry(i).image());
      const manifest::BootEntry& want = boot.entry(i);
      const XorrisoBootEntry& seen = report->el_torito.entries[static_cast<size_t>(i)];
      EXPECT_EQ(seen.platform, XorrisosName(want.platform()));
      EXPECT_EQ(seen.bootable, !want.not_bootable());
      // Its word for the flag that says that a record follows.
      const bool continued = want.selection_criteria().size() > kEntryCriteria;
      EXPECT_EQ(seen.emulation, continued ? "0x20" : "none");
      EXPECT_EQ(seen.path, shown(ImageOf(boot, want)));
      EXPECT_EQ(seen.load_segment, want.load_segment());
      if (want.has_load_sectors()) {
        EXPECT_EQ(seen.load_size, want.load_sectors());
      }
      std::vector<std::string> options;
      if (want.boot_info_table()) options.push_back("boot-info-table");
      if (want.grub2_boot_info()) options.push_back("grub2-boot-info");
      EXPECT_EQ(seen.options, options);
    }
  }
  EXPECT_GE(entries, 7);
}

// 7-Zip shows the image of every entry of the catalog, named for its number and whether it boots.
TEST(SevenZipTest, SeesTheBootEntriesThatTheManifestNames) {
  int entries = 0;
  for (const std::string& name : GoldenNames()) {
    SCOPED_TRACE(name);
    const auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    const manifest::Boot& boot = golden->loaded.manifest.boot();
    if (boot.entry_size() < 2) continue;
    const auto image = WriteGolden(*golden);
    ASSERT_TRUE(image.ok()) << image.status();
    const auto shown = RunProcess({"7z", "l", "-slt", "-tiso", *image});
    ASSERT_TRUE(shown.ok()) << shown.status();
    ASSERT_TRUE(shown->Succeeded()) << shown->Summary();
    std::vector<std::string> seen, want;
    for (absl::string_view line : absl::StrSplit(shown->out, '\n')) {
      if (!absl::ConsumePrefix(&line, "Path = [BOOT]/")) continue;
      // 1-Boot-NoEmul.img
      const std::vector<std::string> parts = absl::StrSplit(line, '-');
      ASSERT_GE(parts.size(), 3u) << line;
      seen.push_back(absl::StrCat(parts[0], "-", parts[1]));
    }
    for (int i = 0; i < boot.entry_size(); ++i, ++entries) {
      want.push_back(absl::StrCat(i + 1, boot.entry(i).not_bootable() ? "-NotBoot" : "-Boot"));
    }
    EXPECT_EQ(seen, want);
  }
  EXPECT_GE(entries, 12);
}

// The mirror of a metadata partition is a copy that readers find and can do with: without
// the metadata file's entry, and without all that it leads to.
TEST(MirrorTest, IsReadInPlaceOfMetadataThatIsLost) {
  const auto golden = AuthorGolden("udf_2_50");
  ASSERT_TRUE(golden.ok()) << golden.status();
  const auto image = WriteGolden(*golden);
  ASSERT_TRUE(image.ok()) << image.status();
  uint64_t lost = 0;
  {
    std::fstream file(*image, std::ios::binary | std::ios::in | std::ios::out);
    golden->disc->image().Map([](ContentId) { return std::string(); },
                              [&](const MapLine& line) {
                                if (line.owner != "udf" || line.offset / 2048 <= 256) return;
                                if (absl::StartsWith(line.what, "copy of ") ||
                                    line.what == "metadata mirror file entry" ||
                                    line.what == "anchor volume descriptor pointer" ||
                                    line.what == "reserve volume descriptor sequence") {
                                  return;
                                }
                                file.seekp(static_cast<std::streamoff>(line.offset));
                                file << std::string(line.size, '\0');
                                lost += line.size;
                              });
  }
  EXPECT_GE(lost, 64u * 2048);  // the entry, and two units of 32 blocks
  const auto want = golden->Expected(View::kUdf);
  ASSERT_TRUE(want.ok()) << want.status();
  ReaderOptions options;
  options.views = {View::kUdf};
  options.traits = golden->Traits();
  options.readers = {Reader::kUdfread};
  options.scratch_dir = testing::TempDir();
  EXPECT_THAT(CheckWithForeignReaders(*image, *want, options), IsEmpty());
  const auto views = ReadWithLinux({*image}, {View::kUdf});
  ASSERT_TRUE(views.ok()) << views.status();
  const LinuxView& seen = views->at({0, View::kUdf});
  ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
  EXPECT_THAT(Differences(AsLinuxShows(*want, View::kUdf), *seen.listing), IsEmpty());
}

// A directory's links as Linux counts them: its name, its own ".", and the ".." of each
// directory in it.
Listing WithDirectoryLinks(Listing want) {
  std::map<std::string, uint32_t> links;
  for (const auto& [path, entry] : want) {
    if (entry.type != Listed::Type::kDirectory) continue;
    links[path] += 2;
    const size_t slash = path.rfind('/');
    if (path != "/") ++links[slash == 0 ? "/" : path.substr(0, slash)];
  }
  for (auto& [path, entry] : want) {
    if (entry.type == Listed::Type::kDirectory) entry.links = links[path];
  }
  return want;
}

// One guest mounts all of them. UDF is held to all that Rock Ridge is held to (modes, owners,
// times, links, targets, devices), because desktops mount a bridge as UDF; and to microseconds.
TEST(LinuxTest, MountsEveryGoldenImageInEveryView) {
  std::vector<GoldenImage> goldens;
  std::vector<std::string> images;
  for (const std::string& name : GoldenNames()) {
    auto golden = AuthorGolden(name);
    ASSERT_TRUE(golden.ok()) << golden.status();
    const auto image = WriteGolden(*golden);
    ASSERT_TRUE(image.ok()) << image.status();
    images.push_back(*image);
    goldens.push_back(*std::move(golden));
  }
  const auto views =
      ReadWithLinux(images, {View::kRockRidge, View::kJoliet, View::kIso9660, View::kUdf});
  ASSERT_TRUE(views.ok()) << views.status();
  for (size_t i = 0; i < goldens.size(); ++i) {
    for (const View view : goldens[i].Views()) {
      SCOPED_TRACE(absl::StrCat(goldens[i].name, ", ", ViewName(view)));
      const LinuxView& seen = views->at({i, view});
      ASSERT_TRUE(seen.listing.ok()) << seen.listing.status();
      auto want = goldens[i].Expected(view);
      ASSERT_TRUE(want.ok()) << want.status();
      // It has no word for version 2, and its log says so.
      const bool zisofs2 = view == View::kRockRidge && goldens[i].Traits().count(Trait::kZisofs2);
      if (zisofs2) ShowStored(*want);
      const bool links = view == View::kRockRidge || view == View::kUdf;
      EXPECT_EQ(absl::StrJoin(Differences(WithDirectoryLinks(AsLinuxShows(*want, view)),
                                          *seen.listing, {.directory_links = links}),
                              "\n"),
                "");
      if (zisofs2) {
        EXPECT_THAT(seen.warnings,
                    AllOf(Not(IsEmpty()), Each(HasSubstr("Unknown ZF compression algorithm: PZ"))));
      } else {
        EXPECT_THAT(seen.warnings, IsEmpty());
      }
    }
  }
  // UDF, which desktops mount, against Rock Ridge, both as Linux shows them.
  CompareOptions all;
  all.directory_links = true;
  int compared = 0;
  for (size_t i = 0; i < goldens.size(); ++i) {
    const manifest::Manifest& manifest = goldens[i].loaded.manifest;
    const std::set<View> has = goldens[i].Views();
    const bool same = manifest.hide_size() == 0 && manifest.udf().symlinks() != manifest::OMIT &&
                      manifest.udf().symlinks() != manifest::FOLLOW &&
                      manifest.udf().special() != manifest::OMIT &&
                      manifest.udf().bridge() != manifest::STUB_BRIDGE &&
                      !manifest.iso9660().rock_ridge().has_zisofs() &&
                      goldens[i].Traits().count(Trait::kRelocation) == 0;
    if (!same || has.count(View::kRockRidge) == 0 || has.count(View::kUdf) == 0) continue;
    SCOPED_TRACE(goldens[i].name);
    const LinuxView& rock_ridge = views->at({i, View::kRockRidge});
    const LinuxView& udf = views->at({i, View::kUdf});
    EXPECT_EQ(absl::StrJoin(Differences(*rock_ridge.listing, *udf.listing, all), "\n"), "");
    ++compared;
  }
  EXPECT_GE(compared, 12);
}

// rootdir_empty() in fs/isofs/inode.c: with less than three records in the root, Rock Ridge
// counts for nothing where there is Joliet.
TEST(LinuxTest, MountsJolietInPlaceOfAnEmptyRoot) {
  constexpr char kRemark[] = "nothing is shown in ISO 9660, so Linux mounts Joliet in its place";
  std::vector<std::string> images;
  for (const char* shown : {"", "entry { path: '/shown in both' text: 'x' }"}) {
    manifest::Manifest m;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'EMPTY' } "
                     "iso9660 { names: MANGLE_NAMES rock_ridge {} joliet {} } "
                     "entry { path: '/Hidden there' text: 'x' } "
                     "hide { match: 'Hidden*' from: ISO9660 } ",
                     shown),
        &m));
    const auto golden = AuthorMessage(absl::StrCat("empty_root", images.size()), m, ".");
    ASSERT_TRUE(golden.ok()) << golden.status();
    int said = 0;
    for (const Remark& remark : golden->disc->remarks()) said += remark.detail == kRemark ? 1 : 0;
    EXPECT_EQ(said, images.empty() ? 1 : 0);
    const auto image = WriteGolden(*golden);
    ASSERT_TRUE(image.ok()) << image.status();
    images.push_back(*image);
  }
  for (const bool may_choose_joliet : {true, false}) {
    SCOPED_TRACE(may_choose_joliet);
    LinuxOptions options;
    options.may_choose_joliet = may_choose_joliet;
    const auto views = ReadWithLinux(images, {View::kRockRidge}, options);
    ASSERT_TRUE(views.ok()) << views.status();
    const auto shows = [&](size_t i, const std::string& path) {
      const LinuxView& seen = views->at({i, View::kRockRidge});
      EXPECT_TRUE(seen.listing.ok()) << seen.listing.status();
      return seen.listing.ok() && seen.listing->Find(path) != nullptr;
    };
    EXPECT_EQ(shows(0, "/Hidden there"), may_choose_joliet);
    EXPECT_FALSE(shows(1, "/Hidden there"));
    EXPECT_TRUE(shows(1, "/shown in both"));
  }
}

}  // namespace
}  // namespace isomason

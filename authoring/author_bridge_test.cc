// What ISO 9660 holds beside UDF, through the front door.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "authoring/map.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/units.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class AuthorBridgeTest : public testing::Test {
 protected:
  bool Make(const std::string& text) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrCat("image_version: 1 volume { id: 'T' } ", text), &m));
    loaded_ = LoadedManifest::FromMessage(std::move(m), "m", ".");
    diagnostics_ = Diagnostics();
    auto disc = Author(loaded_, ".", &diagnostics_);
    if (!disc.ok()) return false;
    disc_ = *std::move(disc);
    return true;
  }

  std::string Bytes(uint64_t offset, size_t size) const {
    std::string bytes(size, '\0');
    EXPECT_TRUE(disc_->image()
                    .Read(offset, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), size))
                    .ok());
    return bytes;
  }

  // The identifiers of the volume structure descriptors from block 16 on.
  std::vector<std::string> Recognition() const {
    std::vector<std::string> identifiers;
    for (uint64_t block = 16;; ++block) {
      std::string identifier = Bytes(block * kBlockSize + 1, 5);
      if (!absl::ascii_isupper(identifier[0])) return identifiers;
      identifiers.push_back(std::move(identifier));
    }
  }

  // Every name in every namespace, a line each.
  std::string Names() const {
    std::string text;
    FormatNames(*disc_, NameColumns(loaded_.manifest),
                [&text](absl::string_view line) { absl::StrAppend(&text, line); });
    return text;
  }

  std::string Remarks() const {
    std::vector<std::string> lines;
    for (const Remark& remark : disc_->remarks()) {
      lines.push_back(absl::StrCat(remark.where, ": ", remark.path, " ", remark.detail));
    }
    return absl::StrJoin(lines, "\n");
  }

  LoadedManifest loaded_;
  Diagnostics diagnostics_;
  std::unique_ptr<Disc> disc_;
};

TEST_F(AuthorBridgeTest, HasBothByDefault) {
  ASSERT_TRUE(Make("udf {} entry { path: '/A' text: 'a' }")) << diagnostics_.Format();
  EXPECT_THAT(Recognition(), ElementsAre("CD001", "CD001", "BEA01", "NSR02", "TEA01"));
}

TEST_F(AuthorBridgeTest, LeavesIso9660Out) {
  ASSERT_TRUE(
      Make("udf { bridge: NO_BRIDGE } entry { path: '/a b' text: 'a' } "
           "entry { path: '/l' symlink: 'a b' }"))
      << diagnostics_.Format();
  EXPECT_EQ(disc_->iso9660(), nullptr);
  EXPECT_THAT(Recognition(), ElementsAre("BEA01", "NSR02", "TEA01"));
  EXPECT_EQ(Names(),
            "# udf  path\n"
            "  a b  /a b\n"
            "  l    /l\n");
  EXPECT_EQ(NamespacesOf(loaded_.manifest), "UDF 1.02");
  ASSERT_EQ(disc_->findings().size(), 1u);
  EXPECT_EQ(disc_->findings()[0].rule->id, "udf-special-7zip");
  EXPECT_EQ(disc_->findings()[0].message, "UDF holds symlinks: there is no other view");
  int changes = 0;
  VisitNameChanges(*disc_, [&](const NameChange&) { ++changes; });
  EXPECT_EQ(changes, 0);
}

TEST_F(AuthorBridgeTest, WithoutIso9660HasNoRulesOfIt) {
  // Nine levels, names that level 1 does not have, and a file that needs two sections.
  ASSERT_TRUE(
      Make("udf { bridge: NO_BRIDGE } entry { path: '/1/2/3/4/5/6/7/8/9/a:b' text: 'a' } "
           "entry { path: '/large' zeros: 5000000000 }"))
      << diagnostics_.Format();
}

TEST_F(AuthorBridgeTest, WhatUdfHidesIsNowhereWithoutIso9660) {
  ASSERT_TRUE(Make("udf { bridge: NO_BRIDGE } hide { match: 'a' } entry { path: '/a' text: 'a' }"))
      << diagnostics_.Format();
  EXPECT_EQ(Remarks(), "hide: /a no namespace shows it; its data stays in the image");
}

constexpr char kSetup[] =
    "udf { bridge: STUB_BRIDGE stub { keep: 'boot/etfsboot.com' keep: 'd*' } } "
    "iso9660 { names: MANGLE_NAMES } "
    "boot { catalog: '/boot/boot.cat' entry { image: '/boot/etfsboot.com' } "
    "       entry { platform: UEFI image: '/efi/efisys.bin' } } "
    "entry { path: '/boot/etfsboot.com' text: 'bios' } entry { path: '/boot/bcd' text: 'bcd' } "
    "entry { path: '/efi/efisys.bin' text: 'efi' } entry { path: '/docs/deep/a.txt' text: 'a' } "
    "entry { path: '/a name that ISO 9660 does not have' text: 's' } ";

TEST_F(AuthorBridgeTest, AStubShowsItsTextAndWhatItKeeps) {
  ASSERT_TRUE(Make(kSetup)) << diagnostics_.Format();
  EXPECT_EQ(Names(),
            "# iso9660       udf                               path\n"
            "  README.TXT    -                                 /README.TXT\n"
            "  -             a name that ISO 9660 does not have  /a name that ISO 9660 does not "
            "have\n"
            "  BOOT          boot                              /boot\n"
            "  DOCS          docs                              /docs\n"
            "  -             efi                               /efi\n"
            "  -             bcd                               /boot/bcd\n"
            "  -             boot.cat                          /boot/boot.cat\n"
            "  ETFSBOOT.COM  etfsboot.com                      /boot/etfsboot.com\n"
            "  DEEP          deep                              /docs/deep\n"
            "  -             efisys.bin                        /efi/efisys.bin\n"
            "  A.TXT         a.txt                             /docs/deep/a.txt\n");
  EXPECT_THAT(Recognition(), ElementsAre("CD001", "CD001", "CD001", "BEA01", "NSR02", "TEA01"));
  EXPECT_EQ(NamespacesOf(loaded_.manifest), "a stub of ISO 9660 + UDF 1.02");
}

TEST_F(AuthorBridgeTest, ThePlanDoesNotNameWhatAStubIsWithout) {
  ASSERT_TRUE(
      Make("udf { bridge: STUB_BRIDGE } hide { match: 'b' from: UDF } "
           "iso9660 { rock_ridge {} } "
           "entry { path: '/a' text: 'a' } entry { path: '/b' text: 'b' }"));
  std::vector<std::string> changes;
  VisitNameChanges(*disc_, [&](const NameChange& change) {
    changes.push_back(absl::StrCat(change.where, " ", disc_->tree().Path(change.node)));
  });
  EXPECT_THAT(changes, ElementsAre("udf /b"));
}

TEST_F(AuthorBridgeTest, TheTextOfAStubIsWhatTheManifestSays) {
  const auto text = [this] {
    const Tree& tree = disc_->tree();
    const ContentId content = tree.inode(disc_->stub_text()).content;
    return Bytes(disc_->image().addresses()[content].value(),
                 static_cast<size_t>(disc_->contents().size(content)));
  };
  ASSERT_TRUE(Make("udf { bridge: STUB_BRIDGE }"));
  const std::string normal = text();
  EXPECT_THAT(normal, HasSubstr("in a UDF file system"));
  EXPECT_THAT(normal, EndsWith("\r\n"));
  const std::string id = disc_->volume().image_id.Hex();
  ASSERT_TRUE(Make("udf { bridge: STUB_BRIDGE stub { text: 'Use UDF.' path: '/LIESMICH' } }"));
  EXPECT_EQ(text(), "Use UDF.");
  EXPECT_EQ(disc_->tree().Path(disc_->stub_text()), "/LIESMICH");
  EXPECT_NE(disc_->volume().image_id.Hex(), id);
  ASSERT_TRUE(Make("udf { bridge: STUB_BRIDGE stub { text: '' } }"));
  EXPECT_EQ(disc_->stub_text(), kNoNode);
  EXPECT_EQ(disc_->tree().node_count(), 1u);
}

TEST_F(AuthorBridgeTest, AStubSaysWhatIsWrongWithIt) {
  EXPECT_FALSE(Make("udf { bridge: STUB_BRIDGE } entry { path: '/README.TXT' text: 'a' }"));
  EXPECT_EQ(
      diagnostics_.Format(),
      "m: udf.bridge: the stub's text would stand in the place of \"/README.TXT\", which is in "
      "the image already\n"
      "  give the text another `path` in `udf.stub`, or show the file itself there: stub { "
      "text: \"\" keep: \"README.TXT\" }\n");
  EXPECT_TRUE(
      Make("udf { bridge: STUB_BRIDGE stub { text: '' keep: 'README.TXT' } } "
           "entry { path: '/README.TXT' text: 'a' }"))
      << diagnostics_.Format();
  EXPECT_FALSE(Make("udf { bridge: STUB_BRIDGE stub { keep: 'x' } }"));
  EXPECT_EQ(diagnostics_.Format(),
            "m: udf.stub.keep: \"x\" matches nothing in the image\n"
            "  correct the glob, or leave it out\n");
  // A name that ISO 9660 cannot hold, in what it keeps and in the text's.
  EXPECT_FALSE(Make("udf { bridge: STUB_BRIDGE stub { path: '/read me' } }"));
  EXPECT_THAT(diagnostics_.Format(), HasSubstr("m: udf.bridge: \"/read me\" "));
}

TEST_F(AuthorBridgeTest, AnImageIsAnotherOneWithoutIso9660) {
  ASSERT_TRUE(Make("udf {}"));
  const std::string both = disc_->volume().image_id.Hex();
  ASSERT_TRUE(Make("udf { bridge: FULL_BRIDGE }"));
  EXPECT_EQ(disc_->volume().image_id.Hex(), both);
  ASSERT_TRUE(Make("udf { bridge: NO_BRIDGE }"));
  EXPECT_NE(disc_->volume().image_id.Hex(), both);
}

}  // namespace
}  // namespace isomason

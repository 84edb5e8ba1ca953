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
  EXPECT_THAT(Remarks(), HasSubstr("7-Zip refuses a UDF volume that holds symlinks or devices, and "
                                   "there is no other view"));
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

#include "authoring/media.h"

#include <cstdint>
#include <string>

#include "authoring/options.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

// What is wrong with an image of a number of blocks: "message / remedy".
std::string Problem(const std::string& layout, uint64_t blocks) {
  manifest::Manifest m;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString("layout { " + layout + " }", &m));
  Problems problems;
  CheckMedium(WithDefaults(m), ToBytes(Block(blocks)), &problems);
  if (problems.empty()) return "";
  EXPECT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].field, "layout.media");
  return problems[0].message + " / " + problems[0].remedy;
}

TEST(MediaTest, WhatFitsIsNoProblem) {
  EXPECT_EQ(Problem("", 0xFFFFFFFF), "");
  EXPECT_EQ(Problem("media: MEDIA_NONE", 0xFFFFFFFF), "");
  const struct {
    const char* layout;
    uint64_t blocks;
  } kCases[] = {{"media: CD_650", 332850},  {"media: CD_700", 359849},  {"media: DVD_5", 2295104},
                {"media: DVD_9", 4171712},  {"media: BD_25", 12219392}, {"media: BD_50", 24438784},
                {"media: BD_100", 48878592}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Problem(c.layout, c.blocks), "") << c.layout;
    EXPECT_NE(Problem(c.layout, c.blocks + 1), "") << c.layout;
  }
}

TEST(MediaTest, WhatDoesNotFitIsToldWithTheRemediesThatWouldDo) {
  EXPECT_EQ(Problem("media: CD_700", 359850),
            "the image has 736972800 bytes, 2048 more than the 736970752 of a CD of 80 minutes / "
            "leave out 2048 bytes, or set `layout.padding_blocks: 149`, or use `layout.media: "
            "DVD_5`");
  EXPECT_EQ(Problem("media: CD_650", 332850 + 150),
            "the image has 681984000 bytes, 307200 more than the 681676800 of a CD of 74 minutes "
            "/ leave out 307200 bytes, or set `layout.padding_blocks: 0`, or use `layout.media: "
            "CD_700`");
  EXPECT_EQ(Problem("media: CD_650", 332850 + 151),
            "the image has 681986048 bytes, 309248 more than the 681676800 of a CD of 74 minutes "
            "/ leave out 309248 bytes, or use `layout.media: CD_700`");
  EXPECT_EQ(Problem("media: CD_650 padding_blocks: 0", 3000000),
            "the image has 6144000000 bytes, 5462323200 more than the 681676800 of a CD of 74 "
            "minutes / leave out 5462323200 bytes, or use `layout.media: DVD_9`");
  EXPECT_EQ(Problem("media: CD_700 size_multiple: 4096", 359850),
            "the image has 736972800 bytes, 2048 more than the 736970752 of a CD of 80 minutes / "
            "leave out 2048 bytes, or use `layout.media: DVD_5`");
  EXPECT_EQ(Problem("media: BD_100", 48878593),
            "the image has 100103358464 bytes, 2048 more than the 100103356416 of a Blu-ray disc "
            "of three layers / leave out 2048 bytes, or set `layout.padding_blocks: 149`");
}

}  // namespace
}  // namespace isomason

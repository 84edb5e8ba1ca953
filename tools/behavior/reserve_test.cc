// Writes to reserved areas of a finished image, at the offsets that its maps say, and
// reads them back through xorriso.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tools/behavior/command.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

using Json = nlohmann::json;

constexpr char kManifest[] = R"(
image_version: 1
volume { id: "RESERVED" time: "2026-11-01T00:00:00Z" }
iso9660 { rock_ridge {} joliet {} }
udf {}
entry { path: "/grub.cfg" text: "linux /vmlinuz @ARGS@initrd /initrd\n"
        reserve { name: "args" size: 64 fill: "#" marker: "@ARGS@" text: "quiet\n" } }
entry { path: "/answers" file { source: "answers" } reserve { name: "answers" size: 4096 } }
entry { path: "/other" file { source: "answers" } }
entry { path: "/maps/all.json" reserve_map {} }
entry { path: "/md5sum.txt" checksums { algorithm: MD5 } }
)";

TEST(ReserveTest, WhatIsWrittenToAnAreaIsRead) {
  Workshop shop;
  shop.Write("answers", "none yet\n");
  shop.Write("m.textproto", kManifest);
  const ProcessResult built = shop.Isomason(
      {"build", "--quiet", "m.textproto", "-o", "x.iso", "--write-reserved-map", "map.json"});
  ASSERT_TRUE(built.Succeeded()) << built.Summary();
  const ProcessResult plan = shop.Isomason({"plan", "--format", "json", "m.textproto"});
  ASSERT_TRUE(plan.Succeeded()) << plan.Summary();

  std::string image = shop.Read("x.iso");
  const Json map = Json::parse(shop.Read("map.json"));
  const Json planned = Json::parse(plan.out)["reserved"];
  ASSERT_EQ(map["areas"].size(), 2u);
  ASSERT_EQ(planned.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    for (const char* field : {"name", "path", "offset", "length"}) {
      EXPECT_EQ(map["areas"][i][field], planned[i][field]);
    }
  }
  const auto patch = [&](size_t i, std::string bytes) {
    const Json& area = map["areas"][i];
    bytes.resize(area["length"], area["fill"].get<std::string>()[0]);
    image.replace(area["offset"], area["length"], bytes);
  };
  patch(0, "quiet console=ttyS0\n");
  patch(1, "all of them\n");
  shop.Write("x.iso", image);

  Command extract;
  extract.argv = {"xorriso", "-osirrox", "on", "-indev", "x.iso", "-extract", "/", "out"};
  extract.directory = shop.dir();
  const auto extracted = RunProcess(extract);
  ASSERT_TRUE(extracted.ok() && extracted->Succeeded());
  EXPECT_EQ(shop.Read("out/grub.cfg"),
            "linux /vmlinuz quiet console=ttyS0\n" + std::string(44, '#') + "initrd /initrd\n");
  std::string answers = "all of them\n";
  answers.resize(4096, '\0');
  EXPECT_EQ(shop.Read("out/answers"), answers);
  EXPECT_EQ(shop.Read("out/other"), "none yet\n");
  EXPECT_EQ(shop.Read("out/maps/all.json"), shop.Read("map.json"));
  Command check;
  check.argv = {"md5sum", "--check", "--strict", "md5sum.txt"};
  check.directory = shop.Path("out");
  const auto checked = RunProcess(check);
  ASSERT_TRUE(checked.ok());
  EXPECT_TRUE(checked->Succeeded()) << checked->Summary();
}

TEST(ReserveTest, OutputsStayApart) {
  Workshop shop;
  shop.Write("answers", "none yet\n");
  shop.Write("m.textproto", kManifest);
  const ProcessResult result =
      shop.Isomason({"build", "m.textproto", "-o", "x.iso", "--write-reserved-map", "x.iso"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, testing::HasSubstr("x.iso cannot be the reserved map and the image"));
}

}  // namespace
}  // namespace isomason

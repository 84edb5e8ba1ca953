// The check of the medium against independent readings of what checkisomd5 and checkmedia
// do. The programs themselves: tools/behavior/media_check_test.cc for the first; for the
// second, see docs/quirks.md.

#include "authoring/media_check.h"

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "authoring/author.h"
#include "authoring/manifest/load.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

using ::testing::HasSubstr;

constexpr size_t kField = 0x8373;

std::string Hex(const EVP_MD* function, absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, function, nullptr);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(digest), size));
}

// "KEY = value" and "KEY=value", apart by semicolons.
std::map<std::string, std::string> Tags(const std::string& image) {
  std::map<std::string, std::string> tags;
  for (const std::string& tag :
       std::vector<std::string>(absl::StrSplit(image.substr(kField, 512), ';'))) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(tag, absl::MaxSplits('=', 1));
    tags[std::string(absl::StripAsciiWhitespace(pair.first))] =
        std::string(absl::StripAsciiWhitespace(pair.second));
  }
  return tags;
}

std::string Blanked(std::string image) { return image.replace(kField, 512, 512, ' '); }

// What checkisomd5 does, from the end: the digest of every prefix anew.
void ExpectIsoMd5(const std::string& image) {
  const auto tags = Tags(image);
  uint64_t skip = 0;
  ASSERT_TRUE(absl::SimpleAtoi(tags.at("SKIPSECTORS"), &skip));
  const std::string covered = Blanked(image).substr(0, image.size() - skip * 2048);
  EXPECT_EQ(tags.at("ISO MD5SUM"), Hex(EVP_md5(), covered));
  if (tags.at("FRAGMENT COUNT") == "0") return;
  EXPECT_EQ(tags.at("FRAGMENT COUNT"), "20");
  std::string sums;
  const uint64_t part = covered.size() / 21;
  for (uint64_t read = 0, last = 0; read < covered.size(); read += 32768) {
    if (read / part == last) continue;
    last = read / part;
    const std::string digest = Hex(EVP_md5(), covered.substr(0, read + 32768));
    for (const size_t i : {0, 2, 4}) sums += digest[i] == '0' ? digest[i + 1] : digest[i];
  }
  EXPECT_GE(sums.size(), 57u);
  EXPECT_EQ(tags.at("FRAGMENT SUMS"), sums);
}

// What checkmedia does.
void ExpectTagMedia(const std::string& image, const std::string& tag, const EVP_MD* function) {
  const auto tags = Tags(image);
  std::string normal = Blanked(image).replace(0, 512, 512, '\0');
  const auto partition = tags.find("partition");
  if (partition != tags.end()) {
    const std::vector<std::string> said = absl::StrSplit(partition->second, ',');
    ASSERT_EQ(said.size(), 3u);
    EXPECT_EQ(said[2],
              Hex(function, normal.substr(std::stoul(said[0]) * 512, std::stoul(said[1]) * 512)));
  }
  const auto pad = tags.find("pad");
  if (pad != tags.end()) {
    const size_t bytes = std::stoul(pad->second) * 2048;
    normal.replace(normal.size() - bytes, bytes, bytes, '\0');
  }
  EXPECT_EQ(tags.at(tag), Hex(function, normal));
}

class MediaCheckTest : public testing::Test {
 protected:
  MediaCheckTest() { directory_.Write("f", TestBytes(1'234'567, 1)); }

  std::string Problems(const std::string& manifest) {
    EXPECT_FALSE(TryMake(manifest).ok());
    return diagnostics_.Format();
  }

  absl::StatusOr<std::unique_ptr<Disc>> TryMake(const std::string& manifest) {
    manifest::Manifest m;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "image_version: 1 volume { id: 'TEST' } iso9660 { rock_ridge {} } " + manifest, &m));
    loaded_ = LoadedManifest::FromMessage(std::move(m), "test", ".");
    diagnostics_ = Diagnostics();
    return Author(loaded_, directory_.path(), &diagnostics_);
  }

  std::string Make(const std::string& manifest, bool prepare = true, int jobs = 2) {
    auto disc = TryMake(manifest);
    EXPECT_EQ(disc.status(), absl::OkStatus()) << diagnostics_.Format();
    if (!disc.ok()) return "";
    if (prepare) {
      EXPECT_EQ((*disc)->image().Prepare(jobs), absl::OkStatus());
    }
    std::string image((*disc)->image().size(), '?');
    const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(image.data()), image.size());
    EXPECT_EQ((*disc)->image().Read(0, out), absl::OkStatus());
    id_ = (*disc)->volume().image_id.Hex();
    return image;
  }

  const std::string entry_ = "entry { path: '/f' file { source: 'f' } } ";
  TestDirectory directory_;
  LoadedManifest loaded_;
  Diagnostics diagnostics_;
  std::string id_;
};

TEST_F(MediaCheckTest, IsoMd5IsWhatCheckIsoMd5Computes) {
  ExpectIsoMd5(Make(entry_ + "media_check { isomd5 {} }"));
  ExpectIsoMd5(Make(entry_ + "udf {} media_check { isomd5 { skip_blocks: 0 supported: true } }"));
  EXPECT_THAT(Make(entry_ + "media_check { isomd5 { supported: true skip_blocks: 1 } }"),
              HasSubstr(";SKIPSECTORS = 1;RHLISOSTATUS=1;FRAGMENT SUMS = "));
}

TEST_F(MediaCheckTest, TagMediaIsWhatCheckMediaComputes) {
  ExpectTagMedia(Make(entry_ + "media_check { tagmedia {} }"), "sha256sum", EVP_sha256());
  ExpectTagMedia(Make(entry_ + "udf {} media_check { tagmedia { algorithm: MD5 } }"), "md5sum",
                 EVP_md5());
  ExpectTagMedia(Make(entry_ + "media_check { tagmedia { algorithm: SHA1 } }"), "sha1sum",
                 EVP_sha1());
  const std::string padded =
      Make(entry_ + "udf {} media_check { tagmedia { check: true padding_blocks: 20 } }");
  EXPECT_THAT(padded, HasSubstr("check=1;pad=20;sha256sum="));
  ExpectTagMedia(padded, "sha256sum", EVP_sha256());
}

TEST_F(MediaCheckTest, BothStandSideBySide) {
  const std::string image =
      Make(entry_ + "media_check { isomd5 {} tagmedia { algorithm: SHA512 } }");
  ExpectIsoMd5(image);
  ExpectTagMedia(image, "sha512sum", EVP_sha512());
  // checkmedia takes the last digest that it finds.
  EXPECT_LT(image.find("ISO MD5SUM"), image.find("sha512sum"));
}

std::string WithMbr(const std::vector<std::string>& entries) {
  std::string area(1024, '\0');
  for (size_t i = 0; i < entries.size(); ++i) area.replace(446 + 16 * i, 16, entries[i]);
  return area.replace(510, 2, "\x55\xAA");
}

std::string MbrEntry(uint8_t type, uint32_t start, uint32_t sectors) {
  std::string entry(16, '\0');
  entry[4] = static_cast<char>(type);
  for (size_t i = 0; i < 4; ++i) {
    entry[8 + i] = static_cast<char>(start >> (8 * i));
    entry[12 + i] = static_cast<char>(sectors >> (8 * i));
  }
  return entry;
}

TEST_F(MediaCheckTest, APartitionHasADigestOfItsOwn) {
  const auto make = [&](const std::string& area) {
    directory_.Write("area", area);
    return Make(entry_ + "boot { system_area { source: 'area' } } media_check { tagmedia {} }");
  };
  // The last that is no EFI system partition.
  std::string image =
      make(WithMbr({MbrEntry(0x83, 64, 100), MbrEntry(0x17, 200, 301), MbrEntry(0xEF, 900, 10)}));
  EXPECT_THAT(image, HasSubstr(";partition=200,301,"));
  ExpectTagMedia(image, "sha256sum", EVP_sha256());
  // One that begins at 0 is the image itself, as isohybrid writes it.
  EXPECT_EQ(
      Tags(make(WithMbr({MbrEntry(0x17, 0, 301), MbrEntry(0x83, 64, 100)}))).count("partition"),
      0u);
  // One that leaves the image is not there to be read.
  EXPECT_EQ(Tags(make(WithMbr({MbrEntry(0x83, 64, 1 << 30)}))).count("partition"), 0u);

  // GPT: two entries of 128 bytes from sector 2 on, the second an EFI system partition.
  std::string gpt(512 * 3, '\0');
  gpt.replace(512, 8, "EFI PART");
  gpt[512 + 72] = 2;
  gpt[512 + 80] = 2;
  gpt[512 + 84] = static_cast<char>(128);
  gpt.replace(1024, 16, "some type of us ");
  gpt[1024 + 32] = 64;
  gpt[1024 + 40] = 99;
  gpt.replace(1152, 16,
              std::string("\x28\x73\x2A\xC1\x1F\xF8\xD2\x11\xBA\x4B\x00\xA0\xC9\x3E\xC9\x3B", 16));
  gpt[1152 + 32] = 120;
  gpt[1152 + 40] = 126;
  image = make(gpt);
  EXPECT_THAT(image, HasSubstr(";partition=64,36,"));
  ExpectTagMedia(image, "sha256sum", EVP_sha256());
}

TEST_F(MediaCheckTest, RefusesImagesThatCheckIsoMd5Fails) {
  EXPECT_THAT(Problems("media_check { isomd5 {} }"),
              HasSubstr("media_check.isomd5: the image has 352256 bytes; checkisomd5 fails images "
                        "of less than 686080, intact or not"));
  EXPECT_THAT(Problems("layout { minimum_size: 684032 } media_check { isomd5 {} }"),
              HasSubstr("the image has 684032 bytes"));
  ExpectIsoMd5(Make("layout { minimum_size: 686080 } media_check { isomd5 {} }"));
  for (uint64_t size = 686080; size < 800000; size += 2048) {
    EXPECT_EQ(CheckIsoMd5({}, ByteCount(size)), absl::OkStatus()) << size;
  }
  EXPECT_FALSE(CheckIsoMd5({.skip_blocks = 1048576}, ByteCount(1 << 20)).ok());
  EXPECT_EQ(CheckIsoMd5({}, ByteCount(uint64_t{8} << 40)), absl::OkStatus());
  EXPECT_THAT(Problems("media_check { tagmedia { padding_blocks: 1000 } }"),
              HasSubstr("media_check.tagmedia.padding_blocks: the image has"));
}

TEST_F(MediaCheckTest, TheFieldIsSpacesUntilThePassHasRun) {
  const std::string manifest = entry_ + "media_check { isomd5 {} }";
  const std::string before = Make(manifest, false);
  EXPECT_EQ(before.substr(kField, 512), std::string(512, ' '));
  const std::string one = Make(manifest, true, 1);
  EXPECT_EQ(Blanked(one), before);
  EXPECT_EQ(Make(manifest, true, 8), one);
}

TEST_F(MediaCheckTest, TheImageIdKnowsOptionsAndNoDefaults) {
  const auto id = [&](const std::string& check) {
    Make(entry_ + check);
    return id_;
  };
  std::vector<std::string> ids = {id("")};
  for (const char* check :
       {"media_check { isomd5 {} }", "media_check { isomd5 { skip_blocks: 0 } }",
        "media_check { isomd5 { supported: true } }", "media_check { tagmedia {} }",
        "media_check { tagmedia { padding_blocks: 0 } }",
        "media_check { tagmedia { check: true } }", "media_check { tagmedia { algorithm: MD5 } }",
        "media_check { isomd5 {} tagmedia {} }"}) {
    const std::string other = id(check);
    EXPECT_THAT(ids, testing::Not(testing::Contains(other))) << check;
    ids.push_back(other);
  }
  EXPECT_EQ(id("media_check { isomd5 { skip_blocks: 15 supported: false } }"), ids[1]);
  EXPECT_EQ(id("media_check { tagmedia { algorithm: SHA256 } }"), ids[4]);
}

}  // namespace
}  // namespace isomason

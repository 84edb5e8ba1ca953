// Lines against what coreutils 9.1 printed for files with these names.

#include "authoring/checksum_line.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

std::string EmptyDigest(DigestAlgorithm algorithm) {
  std::string digest(DigestSize(algorithm), '\0');
  EVP_Digest("", 0, reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             DigestFunction(algorithm), nullptr);
  return digest;
}

TEST(ChecksumLineTest, IsTheOneOfCoreutils) {
  const std::string md5 = "d41d8cd98f00b204e9800998ecf8427e";
  const std::string sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
  const std::string b2 =
      "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
      "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce";
  const struct {
    DigestAlgorithm algorithm;
    bool tag;
    std::string name, want;
  } cases[] = {
      {DigestAlgorithm::kMd5, false, "./a", md5 + "  ./a\n"},
      {DigestAlgorithm::kMd5, false, " lead", md5 + "   lead\n"},
      {DigestAlgorithm::kMd5, false, "-x", md5 + "  -x\n"},
      {DigestAlgorithm::kMd5, false, "a\nb", "\\" + md5 + "  a\\nb\n"},
      {DigestAlgorithm::kMd5, false, "a\rb", "\\" + md5 + "  a\\rb\n"},
      {DigestAlgorithm::kMd5, false, "a\\b", "\\" + md5 + "  a\\\\b\n"},
      {DigestAlgorithm::kMd5, true, " lead", "MD5 ( lead) = " + md5 + "\n"},
      {DigestAlgorithm::kMd5, true, "a\nb", "\\MD5 (a\\nb) = " + md5 + "\n"},
      {DigestAlgorithm::kSha1, true, "-x", "SHA1 (-x) = " + sha1 + "\n"},
      {DigestAlgorithm::kBlake2b, true, "a\\b", "\\BLAKE2b (a\\\\b) = " + b2 + "\n"},
  };
  for (const auto& c : cases) {
    std::string line;
    AppendChecksumLine({c.algorithm, c.tag}, c.name, EmptyDigest(c.algorithm), &line);
    EXPECT_EQ(line, c.want);
    EXPECT_EQ(ChecksumLineSize({c.algorithm, c.tag}, c.name), line.size()) << c.name;
  }
}

TEST(ChecksumLineTest, HasASizeThatTheNameDecides) {
  for (int a = 0; a < kDigestAlgorithms; ++a) {
    for (const bool tag : {false, true}) {
      const ChecksumStyle style{static_cast<DigestAlgorithm>(a), tag};
      for (const char* name : {"x", "\\", "\\\n\r", "\xC3\xBC", ""}) {
        std::string line = "before";
        AppendChecksumLine(style, name, EmptyDigest(style.algorithm), &line);
        EXPECT_EQ(line.size() - 6, ChecksumLineSize(style, name));
      }
    }
  }
}

}  // namespace
}  // namespace isomason

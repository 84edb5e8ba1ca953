#include "tools/oracle/digest.h"

#include "gtest/gtest.h"

namespace isomason {
namespace {

// The examples of FIPS 180, and the digest of nothing.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kEmpty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(DigestTest, AgreesWithFips180) {
  EXPECT_EQ(Sha256("abc"), kAbc);
  EXPECT_EQ(Sha256(""), kEmpty);
}

TEST(DigestTest, CountsBytesThatArriveInPieces) {
  Digest digest;
  digest.Update("a");
  digest.Update("");
  digest.Update("bc");
  EXPECT_EQ(digest.size(), 3u);
  EXPECT_EQ(digest.Finish(), kAbc);
}

TEST(DigestTest, RefusesAFileThatIsNotThere) {
  EXPECT_EQ(Sha256OfFile(testing::TempDir() + "no such file").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace isomason

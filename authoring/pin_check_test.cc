#include "authoring/pin_check.h"

#include <openssl/evp.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"

namespace isomason {
namespace {

// At one stroke, unlike what is tested.
std::string Sha256(const std::string& bytes) {
  std::string digest(32, '\0');
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return absl::BytesToHexString(digest);
}

constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kMillionA[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
constexpr char kWhere[] = "rescue.textproto:12:5: entry[4].file.sha256";

absl::Status Check(const ContentTable& contents, ContentId content, const std::string& sha256) {
  const Pieces pieces;
  return PinCheck(content, sha256, kWhere).Run(Image(pieces, contents, Addresses()), {});
}

TEST(PinCheckTest, AcceptsTheDigestOfTheContent) {
  // The examples of FIPS 180, and sizes around what is read at once.
  EXPECT_EQ(Sha256("abc"), kAbc);
  EXPECT_EQ(Sha256(std::string(1'000'000, 'a')), kMillionA);
  const TestDirectory directory;
  for (const size_t size : {1, 3, 65536, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3'000'000}) {
    const std::string bytes = TestBytes(size, 1);
    ContentTable contents;
    const ContentId content = *contents.AddFile(directory.Write("source", bytes));
    EXPECT_EQ(Check(contents, content, Sha256(bytes)), absl::OkStatus()) << size;
  }
}

TEST(PinCheckTest, ShowsBothDigestsWhenTheyDiffer) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", "abc");
  ContentTable contents;
  const ContentId content = *contents.AddFile(path);
  EXPECT_EQ(Check(contents, content, kAbc), absl::OkStatus());
  EXPECT_EQ(Check(contents, content, kMillionA),
            absl::FailedPreconditionError(absl::StrCat(kWhere, ": ", path, " has the SHA-256 ",
                                                       kAbc, ", the manifest pins ", kMillionA)));
}

TEST(PinCheckTest, SaysOfWhichBytesTheDigestIs) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", "xabcx");
  ContentTable contents;
  const ContentId file = *contents.AddFile(path);
  const ContentId range = contents.AddParts({{file, 1, 3}});
  const ContentId parts = contents.AddParts({{file, 1, 2}, {file, 0, 1}});
  EXPECT_EQ(Check(contents, range, kAbc), absl::OkStatus());
  EXPECT_EQ(Check(contents, range, kMillionA),
            absl::FailedPreconditionError(absl::StrCat(kWhere, ": bytes 1 to 3 of ", path,
                                                       " has the SHA-256 ", kAbc,
                                                       ", the manifest pins ", kMillionA)));
  EXPECT_EQ(Check(contents, parts, Sha256("abx")), absl::OkStatus());
  EXPECT_EQ(Check(contents, parts, kAbc), absl::FailedPreconditionError(absl::StrCat(
                                              kWhere, ": the content has the SHA-256 ",
                                              Sha256("abx"), ", the manifest pins ", kAbc)));
}

TEST(PinCheckTest, AByteAnywhereMatters) {
  const TestDirectory directory;
  std::string bytes = TestBytes(2'500'000, 1);
  const std::string digest = Sha256(bytes);
  for (const size_t at : {0, 1 << 20, 2'499'999}) {
    std::string changed = bytes;
    ++changed[at];
    ContentTable contents;
    const ContentId content = *contents.AddFile(directory.Write("source", changed));
    EXPECT_EQ(Check(contents, content, digest).code(), absl::StatusCode::kFailedPrecondition) << at;
  }
}

TEST(PinCheckTest, AFileThatChangedIsThatAndNotAWrongDigest) {
  const TestDirectory directory;
  const std::string path = directory.Write("source", "abc");
  ContentTable contents;
  const ContentId content = *contents.AddFile(path);
  WriteHostFile(path, "abcd");
  EXPECT_EQ(Check(contents, content, kAbc),
            absl::FailedPreconditionError(absl::StrCat(
                path, " changed while the image was made: it had 3 bytes, now it has 4")));
}

TEST(PinCheckTest, TakesPartsOfFilesAsWhatTheyMakeTogether) {
  const TestDirectory directory;
  ContentTable contents;
  const ContentId a = *contents.AddFile(directory.Write("a", "xxabxx"));
  const ContentId c = contents.AddBytes("c");
  const ContentId abc = contents.AddParts({{a, 2, 2}, {c, 0, 1}});
  EXPECT_EQ(Check(contents, abc, kAbc), absl::OkStatus());
  EXPECT_EQ(Check(contents, abc, kMillionA).message(),
            absl::StrCat(kWhere, ": the content has the SHA-256 ", kAbc, ", the manifest pins ",
                         kMillionA));
}

}  // namespace
}  // namespace isomason

#include "authoring/lock.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

const std::string kDigest(64, 'a');

TEST(LockTest, ReadsWhatItWrites) {
  Lock lock;
  lock.set_start(291);
  EXPECT_TRUE(lock.Add({291, 54, "", "/boot/loader"}));
  EXPECT_TRUE(lock.Add({292, 8796093020160, kDigest, "/with blank\n\\ and \xC3\xBC"}));
  EXPECT_FALSE(lock.Add({300, 1, "", "/boot/loader"}));
  const std::string text = lock.Format();
  EXPECT_EQ(text, absl::StrCat("isomason lock 1\nstart 291\n291 54 - /boot/loader\n"
                               "292 8796093020160 ",
                               kDigest, " /with blank\\x0a\\x5c and \xC3\xBC\n"));
  Lock again;
  int64_t line = 0;
  EXPECT_EQ(again.Parse(text, &line), "");
  EXPECT_EQ(again.Format(), text);
  EXPECT_EQ(again.start(), 291u);
  ASSERT_NE(again.Find("/with blank\n\\ and \xC3\xBC"), nullptr);
  EXPECT_EQ(again.Find("/with blank\n\\ and \xC3\xBC"), again.FindDigest(kDigest));
  EXPECT_EQ(again.Find("/boot/loader")->block, 291u);
  EXPECT_EQ(again.Find("/boot"), nullptr);
  EXPECT_EQ(again.FindDigest(std::string(64, 'b')), nullptr);
}

TEST(LockTest, TheDigestIsOfWhatIsSaid) {
  Lock one, two, three;
  int64_t line = 0;
  EXPECT_EQ(one.Parse("isomason lock 1\nstart 5\n5 1 - /a\n", &line), "");
  EXPECT_EQ(two.Parse("# a comment\n\nisomason lock 1\r\nstart 5\r\n5 1 - /a", &line), "");
  EXPECT_EQ(three.Parse("isomason lock 1\nstart 6\n5 1 - /a\n", &line), "");
  EXPECT_EQ(one.Digest(), two.Digest());
  EXPECT_NE(one.Digest(), three.Digest());
  // printf 'isomason lock 1\nstart 5\n5 1 - /a\n' | sha256sum
  EXPECT_EQ(one.Digest(), "15dfbab416aa7dd9b88f95f4dd91252ae4e5155df62874c043237df577f4fab0");
}

TEST(LockTest, AnEmptyTextIsAnEmptyLock) {
  Lock lock;
  int64_t line = 0;
  EXPECT_EQ(lock.Parse("\n# nothing yet\n", &line), "");
  EXPECT_TRUE(lock.empty());
  EXPECT_EQ(lock.start(), 0u);
}

TEST(LockTest, SaysWhatIsWrongInWhichLine) {
  const struct {
    std::string text;
    const char* problem;
    int64_t line;
  } kCases[] = {
      {"{\"lock\": 1}", "does not begin with \"isomason lock 1\"", 1},
      {"isomason lock 2", "does not begin with \"isomason lock 1\"", 1},
      {"isomason lock 1\nstart x", "needs a block behind `start`", 2},
      {"isomason lock 1\n\n5 1 /a", "is not a block, a size, a digest or -, and a path", 3},
      {"isomason lock 1\n-5 1 - /a", "does not begin with a block", 2},
      {"isomason lock 1\n4294967296 1 - /a", "does not begin with a block", 2},
      {"isomason lock 1\n5 0 - /a", "has no size behind its block", 2},
      {"isomason lock 1\n5 1 abc /a", "has neither 64 hexadecimal digits nor - behind its size", 2},
      {"isomason lock 1\n5 1 - a", "does not end with a path of the image", 2},
      {"isomason lock 1\n5 1 - /a\\n", "does not end with a path of the image", 2},
      {"isomason lock 1\n5 1 - /a\n6 1 - /a", "names a path for a second time", 3},
  };
  for (const auto& c : kCases) {
    Lock lock;
    int64_t line = 0;
    EXPECT_EQ(lock.Parse(c.text, &line), c.problem) << c.text;
    EXPECT_EQ(line, c.line) << c.text;
  }
}

}  // namespace
}  // namespace isomason

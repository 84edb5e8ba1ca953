#include "layout/image.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "layout/layout_testing.h"
#include "layout/placement.h"

namespace isomason {
namespace {

using ::testing::ElementsAre;

// Replaces bytes with a text that ends with the address of the patched content.
class AddressPatch : public Patch {
 public:
  AddressPatch(ContentId self, uint64_t offset, uint64_t size)
      : self_(self), offset_(offset), size_(size) {}
  uint64_t offset() const override { return offset_; }
  uint64_t size() const override { return size_; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    const std::string text = absl::StrCat(std::string(size_, '.'), at[self_].value());
    std::copy_n(text.end() - static_cast<ptrdiff_t>(size_), size_, out.begin());
    return absl::OkStatus();
  }

 private:
  ContentId self_;
  uint64_t offset_, size_;
};

ContentId AddWithPatches(ContentTable& contents, ContentId base,
                         const std::vector<std::pair<uint64_t, uint64_t>>& ranges) {
  const auto self = static_cast<ContentId>(contents.count());
  std::vector<std::unique_ptr<Patch>> patches;
  for (const auto& [offset, size] : ranges) {
    patches.push_back(std::make_unique<AddressPatch>(self, offset, size));
  }
  return contents.AddPatched(base, std::move(patches));
}

// An image with a piece of every sort, and the bytes that it has to have.
class ImageTest : public testing::Test {
 protected:
  ImageTest() {
    const std::string file = TestBytes(5000, 3);
    const ContentId plain = *contents_.AddFile(directory_.Write("plain", file));
    const ContentId zeros = contents_.AddZeros(3000);
    const ContentId text = contents_.AddBytes("a text");
    const ContentId patched_file = AddWithPatches(contents_, plain, {{0, 8}, {4990, 10}});
    const ContentId patched_zeros = AddWithPatches(contents_, zeros, {{106, 6}, {100, 6}});

    Put(8192, TestBytes(2048, 1), owner_.Add(pieces_, TestBytes(2048, 1)), true);
    Put(0, TestBytes(100, 2), owner_.Add(pieces_, TestBytes(100, 2)), true);
    Put(2048, file, pieces_.AddContent(plain, ByteCount(5000)));
    Put(10240, std::string(3000, '\0'), pieces_.AddContent(zeros, ByteCount(3000)));
    owner_.Add(pieces_, "");
    Put(14336, "a text", pieces_.AddContent(text, ByteCount(6)));
    std::string want = file;
    want.replace(0, 8, "...16384").replace(4990, 10, ".....16384");
    Put(16384, want, pieces_.AddContent(patched_file, ByteCount(5000)));
    want = std::string(3000, '\0');
    want.replace(100, 12, ".22528.22528");
    Put(22528, want, pieces_.AddContent(patched_zeros, ByteCount(3000)));
    Put(26624, "26624", owner_.Add(pieces_, 5, [](const Addresses& at, std::string& out) {
      absl::StrAppend(&out, at[PieceId{8}].value());
      return absl::OkStatus();
    }));
    want_.resize(26624 + 2048 + 4096, '\0');  // padding
    Shape shape;
    shape.padding = ByteCount(4096);
    auto at = Place(pieces_, shape);
    EXPECT_EQ(at.status(), absl::OkStatus());
    image_ = std::make_unique<Image>(pieces_, contents_, *std::move(at));
    EXPECT_EQ(image_->size(), want_.size());
  }

  void Put(size_t at, const std::string& bytes, PieceId piece, bool fixed = false) {
    want_.resize(std::max(want_.size(), at + bytes.size()), '\0');
    want_.replace(at, bytes.size(), bytes);
    if (fixed) pieces_.Fix(piece, ByteCount(at));
  }

  std::string Read(uint64_t offset, size_t size) const {
    std::string bytes(size, '?');
    EXPECT_EQ(image_->Read(offset,
                           absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size())),
              absl::OkStatus());
    return bytes;
  }

  TestDirectory directory_;
  TestOwner owner_;
  Pieces pieces_;
  ContentTable contents_;
  std::string want_;
  std::unique_ptr<Image> image_;
};

TEST_F(ImageTest, ReadsAsAWhole) { EXPECT_TRUE(Read(0, want_.size()) == want_); }

TEST_F(ImageTest, AnyRangeIsThatRangeOfTheWhole) {
  // Every edge of a piece and of a patch, and its neighbours.
  std::vector<uint64_t> edges;
  for (const uint64_t edge :
       {0,     100,   2048,  7048,  8192,  10240, 13240, 14336, 14342, 16384, 16392,
        21374, 21384, 22528, 22628, 22634, 22640, 25528, 26624, 26629, 28672, 32768}) {
    for (const int by : {-1, 0, 1}) {
      const uint64_t at = edge + static_cast<uint64_t>(by);
      if (at <= want_.size()) edges.push_back(at);
    }
  }
  for (const uint64_t from : edges) {
    for (const uint64_t to : edges) {
      if (from > to) continue;
      ASSERT_TRUE(Read(from, to - from) == want_.substr(from, to - from)) << from << " to " << to;
    }
  }
}

TEST_F(ImageTest, ThreadsReadAtTheSameTime) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t from = t; from + 3000 < want_.size(); from += 1001) {
        std::vector<uint8_t> bytes(3000);
        const bool ok = image_->Read(from, absl::MakeSpan(bytes)).ok() &&
                        std::equal(bytes.begin(), bytes.end(), want_.begin() + from,
                                   [](uint8_t a, char b) { return a == static_cast<uint8_t>(b); });
        if (!ok) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(ImageTest, ExtentsHaveNoGapsAndNothingTwice) {
  // From the start, from inside a piece, from where one ends, and nothing at all.
  for (const auto& [from, to] : std::vector<std::pair<uint64_t, uint64_t>>{{0, 32768},
                                                                           {50, 16390},
                                                                           {22630, 26626},
                                                                           {100, 2050},
                                                                           {10240, 10241},
                                                                           {26629, 32768},
                                                                           {9000, 9000},
                                                                           {3000, 3000}}) {
    uint64_t next = from;
    EXPECT_EQ(image_->Extents(from, to - from,
                              [&](const Extent& extent) {
                                EXPECT_EQ(extent.offset, next);
                                EXPECT_GT(extent.size, 0u);
                                if (extent.kind == Extent::Kind::kData) {
                                  EXPECT_EQ(extent.data.size(), extent.size);
                                }
                                next += extent.size;
                                return absl::OkStatus();
                              }),
              absl::OkStatus());
    EXPECT_EQ(next, to);
  }
}

TEST_F(ImageTest, ExtentsSayWhatIsAFileAndWhatIsZeros) {
  std::vector<std::string> seen;
  const absl::Status status = image_->Extents(2000, 25000, [&](const Extent& e) {
    const char* const kKinds[] = {"data", "zeros", "file"};
    seen.push_back(absl::StrCat(e.offset, " ", e.size, " ", kKinds[static_cast<int>(e.kind)]));
    if (e.kind == Extent::Kind::kFile) {
      absl::StrAppend(&seen.back(), " ", static_cast<uint32_t>(e.content), " from ",
                      e.content_offset);
    }
    return absl::OkStatus();
  });
  EXPECT_EQ(status, absl::OkStatus());
  EXPECT_THAT(
      seen,
      ElementsAre("2000 48 zeros", "2048 5000 file 0 from 0", "7048 1144 zeros", "8192 2048 data",
                  "10240 3000 zeros", "13240 1096 zeros", "14336 6 data", "14342 2042 zeros",
                  "16384 8 data", "16392 4982 file 3 from 8", "21374 10 data", "21384 1144 zeros",
                  "22528 100 zeros", "22628 6 data", "22634 6 data", "22640 2888 zeros",
                  "25528 1096 zeros", "26624 5 data", "26629 371 zeros"));
}

TEST_F(ImageTest, AVisitThatFailsIsTheLast) {
  int visits = 0;
  EXPECT_EQ(image_->Extents(0, 32768,
                            [&](const Extent&) -> absl::Status {
                              return ++visits == 3 ? absl::AbortedError("enough")
                                                   : absl::OkStatus();
                            }),
            absl::AbortedError("enough"));
  EXPECT_EQ(visits, 3);
}

TEST_F(ImageTest, NothingIsReadPastTheEnd) {
  std::vector<uint8_t> bytes(2);
  EXPECT_EQ(image_->Read(32767, absl::MakeSpan(bytes)),
            absl::OutOfRangeError("bytes 32767 to 32769 reach past the end of the image, 32768"));
  EXPECT_EQ(image_->Read(32766, absl::MakeSpan(bytes)), absl::OkStatus());
  EXPECT_EQ(image_->Read(~uint64_t{0}, absl::MakeSpan(bytes)).code(), absl::StatusCode::kOutOfRange)
      << "an end that wraps around";
  EXPECT_EQ(Read(32768, 0), "");
}

TEST_F(ImageTest, IsNeverCutInsideAPieceThatWouldBeRenderedTwice) {
  const struct {
    uint64_t offset, want;
  } kCases[] = {
      {0, 0},         {1, 100},       {99, 100},       {100, 100},     {2000, 2000},
      {5000, 5000},   {8192, 8192},   {8193, 10240},   {16385, 16385}, {26625, 26629},
      {32767, 32767}, {32768, 32768}, {100000, 32768},
  };
  for (const auto& c : kCases) EXPECT_EQ(image_->CutAtOrAfter(c.offset), c.want) << c.offset;
}

TEST_F(ImageTest, TheMapNamesEveryPieceInOrderOfAddress) {
  std::vector<std::string> lines;
  image_->Map(
      [](ContentId id) { return absl::StrCat("content ", static_cast<uint32_t>(id)); },
      [&](const MapLine& line) {
        lines.push_back(absl::StrCat(line.offset, " ", line.size, " ", line.owner, " ", line.what));
      });
  EXPECT_THAT(lines, ElementsAre("0 100 test piece 1", "2048 5000 content content 0",
                                 "8192 2048 test piece 0", "10240 3000 content content 1",
                                 "14336 6 content content 2", "16384 5000 content content 3",
                                 "22528 3000 content content 4", "26624 5 test piece 3"));
}

TEST(ImageErrorTest, APieceThatIsNotAsLongAsItWasMeasuredIsOurBug) {
  for (const size_t size : {9, 11, 0}) {
    TestOwner owner("iso9660");
    Pieces pieces;
    owner.Add(pieces, 10, [&](const Addresses&, std::string& out) {
      out.append(size, 'x');
      return absl::OkStatus();
    });
    const ContentTable contents;
    const Image image(pieces, contents, *Place(pieces, {}));
    std::vector<uint8_t> bytes(1);
    EXPECT_EQ(image.Read(0, absl::MakeSpan(bytes)),
              absl::InternalError(absl::StrCat(
                  "piece 0 (iso9660) was measured with 10 bytes and rendered with ", size)));
  }
}

TEST(ImageErrorTest, ErrorsOfOwnersAndSourcesComeThrough) {
  const TestDirectory directory;
  const std::string path = directory.Write("a", "x");
  TestOwner owner;
  Pieces pieces;
  ContentTable contents;
  owner.Add(pieces, 1,
            [](const Addresses&, std::string&) { return absl::OutOfRangeError("too far"); });
  pieces.AddContent(*contents.AddFile(path), ByteCount(1));
  const Image image(pieces, contents, *Place(pieces, {}));
  WriteHostFile(path, "xy");
  std::vector<uint8_t> bytes(1);
  EXPECT_EQ(image.Read(0, absl::MakeSpan(bytes)), absl::OutOfRangeError("too far"));
  EXPECT_EQ(image.Read(2048, absl::MakeSpan(bytes)).code(), absl::StatusCode::kFailedPrecondition);
}

class CountedPass : public Preparation {
 public:
  CountedPass(std::atomic<int>& runs, absl::Status status)
      : runs_(runs), status_(std::move(status)) {}
  absl::Status Run(const Image& image, const Stop&) override {
    runs_ += image.contents().count() == 1 ? 1 : 100;
    return status_;
  }

 private:
  std::atomic<int>& runs_;
  absl::Status status_;
};

TEST(ImagePrepareTest, RunsEveryPreparationAndReturnsTheFirstError) {
  const Pieces pieces;
  ContentTable contents;
  contents.AddBytes("x");
  for (const int jobs : {1, 2, 8}) {
    std::atomic<int> runs{0};
    Image good(pieces, contents, *Place(pieces, {}));
    EXPECT_EQ(good.Prepare(jobs), absl::OkStatus()) << "nothing to do";
    for (int i = 0; i < 5; ++i) {
      good.AddPreparation(std::make_unique<CountedPass>(runs, absl::OkStatus()));
    }
    EXPECT_EQ(good.Prepare(jobs), absl::OkStatus());
    EXPECT_EQ(runs, 5);

    Image bad(pieces, contents, *Place(pieces, {}));
    bad.AddPreparation(std::make_unique<CountedPass>(runs, absl::OkStatus()));
    bad.AddPreparation(std::make_unique<CountedPass>(runs, absl::DataLossError("second")));
    bad.AddPreparation(std::make_unique<CountedPass>(runs, absl::DataLossError("third")));
    EXPECT_EQ(bad.Prepare(jobs), absl::DataLossError("second"));
  }
}

TEST(ImageContentTest, PartsAndGeneratedBytesAreExtentsOfTheirOwn) {
  const TestDirectory directory;
  const std::string file = TestBytes(5000, 3);
  const std::string made = TestBytes(600'000, 4);
  ContentTable contents;
  const ContentId source = *contents.AddFile(directory.Write("plain", file));
  const ContentId generated = contents.AddGenerated(made.size(), GenerateBytes(made));
  const ContentId zeros = contents.AddZeros(10);
  const ContentId patched = AddWithPatches(
      contents, contents.AddParts({{source, 100, 3000}, {zeros, 5, 5}, {generated, 1000, 599'000}}),
      {{10, 8}, {2998, 4}});
  Pieces pieces;
  pieces.AddContent(patched, ByteCount(602'005));
  const Image image(pieces, contents, *Place(pieces, {}));

  std::string want = file.substr(100, 3000) + std::string(5, '\0') + made.substr(1000);
  want.replace(10, 8, ".......0").replace(2998, 4, "...0");
  std::string got(602'005, '?');
  std::vector<std::string> seen;
  const auto check = [&](uint64_t from, uint64_t size) {
    seen.clear();
    return image.Extents(from, size, [&](const Extent& e) {
      const char* const kKinds[] = {"data", "zeros", "file"};
      seen.push_back(absl::StrCat(e.offset, " ", e.size, " ", kKinds[static_cast<int>(e.kind)]));
      if (e.kind == Extent::Kind::kFile) absl::StrAppend(&seen.back(), " ", e.content_offset);
      return image.Read(e.offset,
                        absl::MakeSpan(reinterpret_cast<uint8_t*>(&got[e.offset]), e.size));
    });
  };
  EXPECT_EQ(check(0, 602'005), absl::OkStatus());
  EXPECT_TRUE(got == want);
  EXPECT_THAT(seen, ElementsAre("0 10 file 100", "10 8 data", "18 2980 file 118", "2998 4 data",
                                "3002 3 zeros", "3005 262144 data", "265149 262144 data",
                                "527293 74712 data"));
  EXPECT_EQ(check(2990, 20), absl::OkStatus());
  EXPECT_THAT(seen, ElementsAre("2990 8 file 3090", "2998 4 data", "3002 3 zeros", "3005 5 data"));
}

// Notes how many passes of other stages have run before it.
class StagedPass : public Preparation {
 public:
  StagedPass(Stage stage, std::array<std::atomic<int>, 3>& runs) : stage_(stage), runs_(runs) {}
  Stage stage() const override { return stage_; }
  absl::Status Run(const Image&, const Stop&) override {
    const auto self = static_cast<size_t>(stage_);
    for (size_t i = 0; i < runs_.size(); ++i) {
      if (i < self && runs_[i] != 4) return absl::InternalError("a stage before has not run");
      if (i > self && runs_[i] != 0) return absl::InternalError("a stage behind has run");
    }
    ++runs_[self];
    return absl::OkStatus();
  }

 private:
  Stage stage_;
  std::array<std::atomic<int>, 3>& runs_;
};

TEST(ImagePrepareTest, RunsStagesOneBehindAnother) {
  const Pieces pieces;
  const ContentTable contents;
  for (const int jobs : {1, 3}) {
    std::array<std::atomic<int>, 3> runs{};
    Image image(pieces, contents, *Place(pieces, {}));
    for (int i = 0; i < 4; ++i) {
      for (const auto stage :
           {Preparation::Stage::kImage, Preparation::Stage::kSources, Preparation::Stage::kFiles}) {
        image.AddPreparation(std::make_unique<StagedPass>(stage, runs));
      }
    }
    EXPECT_EQ(image.Prepare(jobs), absl::OkStatus());
    for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 4);
  }
}

// Patches that begin and end on either side of where reading pauses, and across it.
TEST(ImageContentTest, IsReadThroughWithItsPatches) {
  TestDirectory directory;
  std::string want = TestBytes(2'500'000, 6);
  ContentTable contents;
  Pieces pieces;
  const ContentId plain = *contents.AddFile(directory.Write("plain", want));
  const ContentId patched = AddWithPatches(
      contents, plain, {{0, 6}, {1048570, 6}, {1048576, 7}, {2097140, 30}, {2499990, 10}});
  pieces.AddContent(patched, ByteCount(want.size()));
  auto at = Place(pieces, {});
  ASSERT_TRUE(at.ok());
  const Image image(pieces, contents, *std::move(at));
  std::string got;
  const auto take = [&got](absl::Span<const uint8_t> bytes) {
    got.append(bytes.begin(), bytes.end());
    return absl::OkStatus();
  };
  ASSERT_EQ(image.ReadContent(plain, {}, take), absl::OkStatus());
  EXPECT_TRUE(got == want);

  std::string whole(image.size(), '\0');
  ASSERT_TRUE(
      image.Read(0, absl::MakeSpan(reinterpret_cast<uint8_t*>(whole.data()), whole.size())).ok());
  got.clear();
  ASSERT_EQ(image.ReadContent(patched, {}, take), absl::OkStatus());
  EXPECT_TRUE(got == whole.substr(image.addresses()[patched].value(), want.size()));
  EXPECT_FALSE(got == want);
}

TEST(ImageContentTest, AnAliasIsReadFromTheImage) {
  ContentTable contents;
  Pieces pieces;
  const ContentId plain = contents.AddBytes(TestBytes(3000, 1));
  const ContentId patched = AddWithPatches(contents, plain, {{0, 6}});
  const ContentId behind = contents.AddBytes(TestBytes(2'000'000, 2));
  pieces.AddContent(contents.AddBytes("before"), ByteCount(6));
  const PieceId leader = pieces.AddContent(patched, ByteCount(3000));
  pieces.Attach(pieces.AddContent(behind, ByteCount(2'000'000)), leader, ByteCount(4096));
  const ContentId alias = contents.AddZeros(4096 + 2'000'000);
  pieces.Alias(alias, leader);
  auto at = Place(pieces, {});
  ASSERT_TRUE(at.ok());
  const Image image(pieces, contents, *std::move(at));
  EXPECT_EQ(image.addresses()[alias], image.addresses()[leader]);
  std::string want(4096 + 2'000'000, '\0');
  ASSERT_TRUE(image
                  .Read(image.addresses()[leader].value(),
                        absl::MakeSpan(reinterpret_cast<uint8_t*>(want.data()), want.size()))
                  .ok());
  std::string got;
  const auto take = [&got](absl::Span<const uint8_t> bytes) {
    got.append(bytes.begin(), bytes.end());
    return absl::OkStatus();
  };
  ASSERT_EQ(image.ReadContent(alias, {}, take), absl::OkStatus());
  EXPECT_TRUE(got == want);
  EXPECT_TRUE(got.substr(4096) == TestBytes(2'000'000, 2));
  const std::atomic<bool> stop = true;
  EXPECT_EQ(image.ReadContent(alias, &stop, take).code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace isomason

#include "layout/sink/sink_testing.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "layout/placement.h"

namespace isomason {
namespace {

class MarkPatch : public Patch {
 public:
  explicit MarkPatch(uint64_t offset) : offset_(offset) {}
  uint64_t offset() const override { return offset_; }
  uint64_t size() const override { return 100; }
  absl::Status Render(const Addresses&, absl::Span<uint8_t> out) const override {
    std::fill(out.begin(), out.end(), uint8_t{'!'});
    return absl::OkStatus();
  }

 private:
  uint64_t offset_;
};

}  // namespace

PieceId TestImage::AddFile(const std::string& path) {
  const auto content = contents_.AddFile(path);
  EXPECT_EQ(content.status(), absl::OkStatus());
  return pieces_.AddContent(*content, ByteCount(contents_.size(*content)));
}

PieceId TestImage::AddZeros(uint64_t size) {
  return pieces_.AddContent(contents_.AddZeros(size), ByteCount(size));
}

const Image& TestImage::Place(uint64_t padding) {
  Shape shape;
  shape.padding = ByteCount(padding);
  auto at = isomason::Place(pieces_, shape);
  EXPECT_EQ(at.status(), absl::OkStatus());
  image_ = std::make_unique<Image>(pieces_, contents_, *std::move(at));
  return *image_;
}

std::string TestImage::Bytes() const {
  std::string bytes(image_->size(), '\0');
  const auto out = absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size());
  EXPECT_EQ(image_->Read(0, out), absl::OkStatus());
  return bytes;
}

FullImage::FullImage(const TestDirectory& sources) {
  constexpr uint64_t kChunk = 8 << 20;
  auto piece = [&](size_t size) {
    ++piece_count_;
    return owner().Add(pieces(), TestBytes(size, static_cast<uint32_t>(piece_count_)));
  };
  pieces().Fix(piece(2048), ByteCount(32768));
  pieces().Fix(piece(900'000), ByteCount(kChunk - 500'000));
  for (size_t i = 0; i < 60; ++i) piece(1 + i * 97);
  for (uint32_t i = 0; i < 40; ++i) {
    const std::string name = absl::StrCat("small", i);
    AddFile(sources.Write(name, TestBytes(1 + i * i * 60, i + 100)));
  }
  AddZeros(100'000);
  AddFile(sources.Write("large", TestBytes(18'000'001, 200)));
  // One size on each side of what sinks treat differently, and the size itself.
  for (const size_t size : {256 << 10, 32 << 10}) {
    for (const size_t by : {0, 1, 2}) {
      const std::string name = absl::StrCat("edge", size, "-", by);
      AddFile(sources.Write(name, TestBytes(size + by - 1, static_cast<uint32_t>(size + by))));
      AddZeros(size + by - 1);
    }
  }
  AddFile(WriteSparse(sources, "sparse", 5'000'000, 2'500'000, TestBytes(70'000, 201)));
  AddFile(WriteSparse(sources, "hole at the end", 1'000'000, 0, TestBytes(5000, 202)));
  AddZeros(9'000'000);
  const ContentId base = *contents().AddFile(sources.Write("patched", TestBytes(700'000, 203)));
  std::vector<std::unique_ptr<Patch>> patches;
  patches.push_back(std::make_unique<MarkPatch>(8));
  patches.push_back(std::make_unique<MarkPatch>(400'000));
  pieces().AddContent(contents().AddPatched(base, std::move(patches)), ByteCount(700'000));
  const ContentId bytes = contents().AddBytes(TestBytes(50'000, 204));
  pieces().AddContent(bytes, ByteCount(50'000));
  const ContentId made = contents().AddGenerated(900'000, GenerateBytes(TestBytes(900'000, 205)));
  pieces().AddContent(made, ByteCount(900'000));
  const ContentId parts = contents().AddParts({{base, 1, 699'999},
                                               {bytes, 10, 40'000},
                                               {contents().AddZeros(70'000), 0, 70'000},
                                               {made, 300'001, 500'000},
                                               {base, 100, 1}});
  pieces().AddContent(parts, ByteCount(1'310'000));
  Place(/*padding=*/300 << 10);
}

std::string WriteSparse(const TestDirectory& directory, const std::string& name, uint64_t size,
                        uint64_t offset, const std::string& data) {
  const std::string path = directory.Write(name, "");
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(ftruncate(fd, static_cast<off_t>(size)), 0);
  EXPECT_EQ(pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset)),
            static_cast<ssize_t>(data.size()));
  close(fd);
  return path;
}

std::vector<SourceChange> SourceChanges(size_t size) {
  return {
      {"vanishes", [](const std::string& path) { std::filesystem::remove(path); },
       "it is not there any more"},
      {"grows", [=](const std::string& path) { WriteHostFile(path, TestBytes(size + 1, 1)); },
       absl::StrCat("it had ", size, " bytes, now it has ", size + 1)},
      {"shrinks", [=](const std::string& path) { WriteHostFile(path, TestBytes(size - 1, 1)); },
       absl::StrCat("it had ", size, " bytes, now it has ", size - 1)},
      {"is replaced",
       [=](const std::string& path) {
         struct stat was;
         ASSERT_EQ(stat(path.c_str(), &was), 0);
         WriteHostFile(path + ".new", TestBytes(size, 2));
         SetModified(path + ".new", was.st_mtim.tv_sec, static_cast<uint32_t>(was.st_mtim.tv_nsec));
         std::filesystem::rename(path + ".new", path);
       },
       "another file stands in its place"},
      {"is written to",
       [=](const std::string& path) {
         WriteHostFile(path, TestBytes(size, 3));
         SetModified(path, 1'000'000'000);
       },
       "it was written to"},
  };
}

}  // namespace isomason

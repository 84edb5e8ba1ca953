#include "tools/behavior/fat_sample.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "layout/status.h"
#include "tools/oracle/digest.h"

namespace isomason {
namespace {

absl::Status WriteAt(int fd, uint64_t offset, const void* bytes, size_t size) {
  if (pwrite(fd, bytes, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size)) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, "cannot write the volume");
}

// What names are made of: letters of both cases, signs of short names, signs of long names
// only, other scripts without case, a character outside of the basic plane.
const char* const kLetters[] = {"A",
                                "B",
                                "X",
                                "a",
                                "b",
                                "x",
                                "1",
                                "~",
                                "_",
                                "-",
                                "$",
                                "(",
                                "'",
                                "+",
                                ",",
                                ";",
                                "=",
                                "[",
                                "]",
                                " ",
                                ".",
                                "%",
                                "@",
                                "!",
                                "日",
                                "本",
                                "ש",
                                "ก",
                                "ё",
                                "é",
                                "\xF0\x9F\x92\xBF"};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  FatSample Make() {
    FatSample sample;
    sample.options.serial = static_cast<uint32_t>(random_());
    sample.options.time = sample.time;
    if (OneIn(3)) sample.options.label = "RANDOM 123";
    FatShape& shape = sample.options.shape;
    if (OneIn(3)) shape.alignment = 2048u << Below(5);
    if (OneIn(3)) shape.cluster_size = 2048u << Below(4);
    if (OneIn(4)) shape.slack = Below(300000);
    if (OneIn(12)) shape.type = FatType::kFat16;
    if (OneIn(25)) shape.type = FatType::kFat32;
    const uint64_t cluster = shape.cluster_size != 0 ? shape.cluster_size : 2048;

    std::vector<std::string> directories = {""};
    const uint64_t count = OneIn(10) ? Below(500) : Below(40);
    for (uint64_t i = 0; i < count; ++i) {
      const bool crowd = OneIn(4);
      const std::string parent =
          crowd ? directories.front() : directories[Below(directories.size())];
      const std::string path = absl::StrCat(parent, parent.empty() ? "" : "/", Name());
      // An own reading of case: the alphabet has letters of ASCII in both, and no others.
      if (path.size() > 240 || !known_.insert(absl::AsciiStrToLower(path)).second) continue;
      sample.time += 1 + static_cast<int64_t>(Below(100000));
      if (OneIn(4)) {
        directories.push_back(path);
        if (!OneIn(3)) sample.AddDirectory(path);
        if (OneIn(2)) std::swap(directories.front(), directories.back());
      } else {
        static constexpr uint64_t kAround[] = {0, 0, 1, 2};
        uint64_t size = cluster * kAround[Below(4)] + Below(3);
        if (OneIn(10)) size = Below(100000);
        sample.AddFile(path, size - (size > 2 && OneIn(2) ? 2 : 0));
      }
    }
    // A directory that has no entry of its own is there when something lies in it.
    std::shuffle(sample.entries.begin(), sample.entries.end(), random_);
    return sample;
  }

 private:
  uint64_t Below(uint64_t n) { return random_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

  std::string Name() {
    std::string name;
    switch (Below(5)) {
      case 0:  // 8.3 in one case or two
        for (uint64_t n = 1 + Below(8); n > 0; --n) name += kLetters[Below(13)];
        if (OneIn(2)) {
          name += ".";
          for (uint64_t n = 1 + Below(3); n > 0; --n) name += kLetters[Below(13)];
        }
        break;
      case 1:  // names that are made up into the same short one
        name = absl::StrCat("Long name ", Below(200), OneIn(2) ? ".text" : "");
        break;
      case 2:  // what the others are made up into
        name = absl::StrCat("LONGN", OneIn(2) ? "A" : "", "~", 1 + Below(20));
        break;
      case 3:  // as long as can be, or around the borders of records
        name = std::string(OneIn(2) ? 200 + Below(40) : 13 * (1 + Below(3)) + Below(3) - 1, 'n');
        break;
      default:
        for (uint64_t n = 1 + Below(30); n > 0; --n) name += kLetters[Below(std::size(kLetters))];
        break;
    }
    while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
    if (name.empty()) name = "x";
    return name;
  }

  std::mt19937_64 random_;
  std::set<std::string> known_;
};

int64_t EvenSecond(int64_t time) { return time - time % 2; }

}  // namespace

void FatSample::AddFile(std::string path, uint64_t size, uint8_t attributes) {
  FatEntry entry;
  entry.path = std::move(path);
  entry.size = size;
  entry.time = time++;
  entry.attributes = attributes;
  entries.push_back(std::move(entry));
}

void FatSample::AddDirectory(std::string path, uint8_t attributes) {
  FatEntry entry;
  entry.path = std::move(path);
  entry.directory = true;
  entry.time = time++;
  entry.attributes = attributes;
  entries.push_back(std::move(entry));
}

FatSample RandomFatSample(uint64_t seed) { return Maker(seed).Make(); }

std::string FatSampleBytes(uint64_t entry, uint64_t size) {
  std::string bytes(size, '\0');
  std::mt19937 random(static_cast<uint32_t>(entry));
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

absl::StatusOr<FatVolume> WriteFatSample(const FatSample& sample, const std::string& path,
                                         uint64_t step) {
  ASSIGN_OR_RETURN(FatVolume volume, FatVolume::Plan(sample.options, sample.entries));
  const int fd = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (fd < 0) return absl::ErrnoToStatus(errno, path);
  absl::Status status;
  std::vector<uint8_t> buffer;
  for (uint64_t at = 0; at < volume.metadata_size() && status.ok(); at += step) {
    buffer.assign(std::min(step, volume.metadata_size() - at), 0xFF);
    status.Update(volume.Read(at, absl::MakeSpan(buffer)));
    if (status.ok()) status = WriteAt(fd, at, buffer.data(), buffer.size());
  }
  for (const FatVolume::File& file : volume.files()) {
    const std::string bytes = FatSampleBytes(file.entry, file.size);
    status.Update(WriteAt(fd, file.offset, bytes.data(), bytes.size()));
  }
  if (ftruncate(fd, static_cast<off_t>(volume.size())) != 0) {
    status.Update(absl::ErrnoToStatus(errno, path));
  }
  close(fd);
  if (!status.ok()) return status;
  return volume;
}

Listing WantOfFatSample(const FatSample& sample) {
  Listing want;
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  want.Add(root).IgnoreError();
  for (size_t i = 0; i < sample.entries.size(); ++i) {
    const FatEntry& entry = sample.entries[i];
    Listed listed;
    listed.path = absl::StrCat("/", entry.path);
    listed.time = EvenSecond(entry.time);
    if (entry.directory) {
      listed.type = Listed::Type::kDirectory;
    } else {
      listed.size = entry.size;
      listed.sha256 = Sha256(FatSampleBytes(i, entry.size));
    }
    want.Add(listed).IgnoreError();
  }
  // Directories that are not listed.
  for (const FatEntry& entry : sample.entries) {
    for (size_t slash = entry.path.find('/'); slash != std::string::npos;
         slash = entry.path.find('/', slash + 1)) {
      Listed listed;
      listed.path = absl::StrCat("/", entry.path.substr(0, slash));
      listed.type = Listed::Type::kDirectory;
      listed.time = EvenSecond(sample.options.time);
      want.Add(listed).IgnoreError();
    }
  }
  return want;
}

}  // namespace isomason

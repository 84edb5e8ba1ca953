#include "layout/layout_testing.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace isomason {

TestDirectory::TestDirectory(const std::string& parent)
    : path_((parent.empty() ? testing::TempDir() : parent) + "/isomason-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr) {
    ADD_FAILURE() << "cannot make " << path_ << ": " << std::strerror(errno);
  }
}

TestDirectory::~TestDirectory() {
  // A test may have left folders that nobody may enter.
  std::error_code ignored;
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::recursive_directory_iterator it(path_, ignored), end;
  for (; !ignored && it != end; it.increment(ignored)) {
    if (it->symlink_status(ignored).type() == std::filesystem::file_type::directory) {
      std::filesystem::permissions(it->path(), std::filesystem::perms::owner_all, ignored);
    }
  }
  std::filesystem::remove_all(path_, ignored);
}

std::string TestDirectory::path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

std::string TestDirectory::Write(absl::string_view name, absl::string_view bytes) const {
  const std::string file = path(name);
  std::filesystem::create_directories(std::filesystem::path(file).parent_path());
  WriteHostFile(file, bytes);
  return file;
}

std::string TestDirectory::MakeDirectory(absl::string_view name) const {
  std::filesystem::create_directories(path(name));
  return path(name);
}

std::string TestDirectory::MakeSymlink(absl::string_view name, const std::string& target) const {
  const std::string link = path(name);
  std::filesystem::create_directories(std::filesystem::path(link).parent_path());
  std::filesystem::create_symlink(target, link);
  return link;
}

std::vector<std::string> TestDirectory::List() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
    names.push_back(entry.path().string().substr(path_.size() + 1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

void WriteHostFile(const std::string& path, absl::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  EXPECT_TRUE(file.good()) << "cannot write " << path;
}

std::string ReadHostFile(const std::string& path) {
  std::string bytes;
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    ADD_FAILURE() << "cannot open " << path << ": " << std::strerror(errno);
    return bytes;
  }
  std::vector<char> buffer(1 << 16);
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), file)) {
    bytes.append(buffer.data(), n);
  }
  EXPECT_EQ(std::ferror(file), 0) << "cannot read " << path;
  std::fclose(file);
  return bytes;
}

void SetModified(const std::string& path, int64_t seconds, uint32_t nanos) {
  timespec times[2];
  times[0] = {0, UTIME_OMIT};
  times[1] = {static_cast<time_t>(seconds), static_cast<long>(nanos)};
  EXPECT_EQ(utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0) << path;
}

std::string TestBytes(size_t size, uint32_t seed) {
  // A random block again and again, each time with its number at the start.
  constexpr size_t kBlock = 16 << 10;
  std::string block(std::min(size, kBlock), '\0');
  uint32_t state = seed * 2654435761u + 1;
  for (char& byte : block) {
    state = state * 1664525u + 1013904223u;
    byte = static_cast<char>((state >> 24) % 255 + 1);
  }
  std::string bytes;
  bytes.reserve(size + kBlock);
  while (bytes.size() < size) {
    const size_t at = bytes.size();
    bytes += block;
    const std::string number = absl::StrCat(at / kBlock);
    if (at > 0) bytes.replace(at, number.size(), number);
  }
  bytes.resize(size);
  return bytes;
}

std::unique_ptr<Generator> GenerateBytes(std::string bytes) {
  class Bytes : public Generator {
   public:
    explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
    absl::Status Read(const ContentTable&, uint64_t offset,
                      absl::Span<uint8_t> out) const override {
      std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(offset), out.size(), out.begin());
      return absl::OkStatus();
    }

   private:
    std::string bytes_;
  };
  return std::make_unique<Bytes>(std::move(bytes));
}

PieceId TestOwner::Add(Pieces& pieces, std::string bytes) {
  const uint64_t size = bytes.size();
  return Add(pieces, size, [bytes = std::move(bytes)](const Addresses&, std::string& out) {
    out += bytes;
    return absl::OkStatus();
  });
}

PieceId TestOwner::Add(Pieces& pieces, uint64_t size, Maker make) {
  makers_.push_back(std::move(make));
  return pieces.Add(*this, static_cast<uint32_t>(makers_.size() - 1), ByteCount(size));
}

std::string TestOwner::Describe(uint32_t index) const { return absl::StrCat("piece ", index); }

absl::Status TestOwner::Render(uint32_t index, const Addresses& at, std::string& out) const {
  ++renders_;
  return makers_[index](at, out);
}

void WithFailingCall(const FailingCall& call, const std::function<void()>& body) {
  // A filter cannot be taken off again, but it holds for one thread and its children.
  std::thread thread([&] {
    const auto argument = static_cast<uint32_t>(offsetof(seccomp_data, args) + 8 * call.argument);
    const uint32_t fail = SECCOMP_RET_ERRNO | static_cast<uint32_t>(call.error);
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(call.number), 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument),  // its low half, on a little-endian machine
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, call.bits),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.bits, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, fail),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{std::size(program), program};
    ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0) << std::strerror(errno);
    ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0) << std::strerror(errno);
    body();
  });
  thread.join();
}

void WithoutPrivilege(const std::function<void()>& body) {
  // Capabilities belong to a thread.
  std::thread thread([&] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2] = {};
    ASSERT_EQ(syscall(SYS_capget, &header, sets), 0) << std::strerror(errno);
    sets[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
    ASSERT_EQ(syscall(SYS_capset, &header, sets), 0) << std::strerror(errno);
    body();
  });
  thread.join();
}

}  // namespace isomason

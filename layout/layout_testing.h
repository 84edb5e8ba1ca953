// -----------------------------------------------------------------------------
// File: layout/layout_testing.h
// -----------------------------------------------------------------------------
//
// What tests need of the host and of an image: folders that clean up after
// themselves, bytes that are easy to tell apart, pieces with given bytes, and system
// calls that fail when a test wants them to.
//
//   TestDirectory directory;
//   const std::string path = directory.Write("boot/vmlinuz", TestBytes(5000, 1));
//   WithFailingCall({SYS_fsync, EIO}, [&] { status = WriteToFile(image, path, {}); });
//
#ifndef ISOMASON_LAYOUT_LAYOUT_TESTING_H_
#define ISOMASON_LAYOUT_LAYOUT_TESTING_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "layout/piece.h"

namespace isomason {

// A new, empty folder of the host, removed with all it holds when this goes.
class TestDirectory {
 public:
  // Makes one in `parent`, by default the folder that Bazel gives to a test.
  explicit TestDirectory(const std::string& parent = "");
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory();

  const std::string& path() const { return path_; }
  std::string path(absl::string_view name) const;

  // Each returns the path of what it made, with the folders above it.
  std::string Write(absl::string_view name, absl::string_view bytes) const;
  std::string MakeDirectory(absl::string_view name) const;
  std::string MakeSymlink(absl::string_view name, const std::string& target) const;

  // Everything below, hidden or not, in byte order: "boot", "boot/vmlinuz".
  std::vector<std::string> List() const;

 private:
  std::string path_;
};

// Writes a host file anew, or reads one; a failure fails the test.
void WriteHostFile(const std::string& path, absl::string_view bytes);
std::string ReadHostFile(const std::string& path);
// Sets the modification time of a host file.
void SetModified(const std::string& path, int64_t seconds, uint32_t nanos = 0);

// `size` bytes without zeros, others for another `seed`.
std::string TestBytes(size_t size, uint32_t seed);

// What makes these bytes.
std::unique_ptr<Generator> GenerateBytes(std::string bytes);

// Pieces with given bytes, described as "piece 0", "piece 1" and so on.
class TestOwner : public PieceOwner {
 public:
  using Maker = std::function<absl::Status(const Addresses& at, std::string& out)>;

  explicit TestOwner(std::string name = "test") : name_(std::move(name)) {}

  PieceId Add(Pieces& pieces, std::string bytes);
  // The same with bytes that depend on addresses, added with `size`.
  PieceId Add(Pieces& pieces, uint64_t size, Maker make);

  absl::string_view owner_name() const override { return name_; }
  std::string Describe(uint32_t index) const override;
  absl::Status Render(uint32_t index, const Addresses& at, std::string& out) const override;

  // How often Render() was called.
  int renders() const { return renders_; }

 private:
  std::string name_;
  std::vector<Maker> makers_;
  mutable std::atomic<int> renders_{0};
};

// A system call that is to fail with an error number: all calls with this number, or
// those whose argument `argument` has all bits of `bits`.
struct FailingCall {
  long number;
  int error;
  unsigned argument = 0;
  uint32_t bits = 0;
};

// Runs `body`, and the threads that it starts, while a system call fails.
void WithFailingCall(const FailingCall& call, const std::function<void()>& body);

// Runs `body` without root's right to read and write what nobody else may.
void WithoutPrivilege(const std::function<void()>& body);

}  // namespace isomason

#endif  // ISOMASON_LAYOUT_LAYOUT_TESTING_H_

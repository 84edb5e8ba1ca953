#include "tools/behavior/command.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tools/oracle/qemu.h"

namespace isomason {
namespace {

ScratchDir MakeScratch(const std::string& parent) {
  auto scratch = ScratchDir::Make(parent.empty() ? testing::TempDir() : parent);
  EXPECT_TRUE(scratch.ok()) << scratch.status();
  return *std::move(scratch);
}

}  // namespace

std::string IsomasonPath() { return std::filesystem::absolute(Runfile("tools/isomason/isomason")); }

Workshop::Workshop(const std::string& parent) : scratch_(MakeScratch(parent)) {}

std::string Workshop::Path(absl::string_view name) const { return absl::StrCat(dir(), "/", name); }

void Workshop::Write(absl::string_view name, absl::string_view bytes) {
  const std::string path = Path(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  const absl::Status status = WriteHostFile(path, bytes);
  ASSERT_TRUE(status.ok()) << status;
}

void Workshop::WriteHole(absl::string_view name, uint64_t size) {
  Write(name, "");
  std::filesystem::resize_file(Path(name), size);
}

std::string Workshop::Read(absl::string_view name) const {
  auto bytes = ReadHostFile(Path(name));
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? *bytes : "";
}

std::vector<std::string> Workshop::Names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(dir())) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

ProcessResult Workshop::Isomason(const std::vector<std::string>& arguments,
                                 const std::function<void(Command&)>& adjust) const {
  Command command;
  command.argv = {IsomasonPath()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.directory = dir();
  if (adjust) adjust(command);
  auto result = RunProcess(command);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *result : ProcessResult();
}

}  // namespace isomason

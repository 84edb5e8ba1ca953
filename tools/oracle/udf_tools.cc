#include "tools/oracle/udf_tools.h"

#include <udfread/udfread.h>

#include <cstring>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"

namespace isomason {
namespace {

// A tree deeper than this is a loop.
constexpr int kMaxDepth = 300;

absl::Status Odd(absl::string_view what, absl::string_view where) {
  return absl::DataLossError(absl::StrCat("libudfread: ", what, ": ", EscapeName(where)));
}

struct CloseVolume {
  void operator()(udfread* v) const { udfread_close(v); }
};
struct CloseDirectory {
  void operator()(UDFDIR* d) const { udfread_closedir(d); }
};
struct CloseFile {
  void operator()(UDFFILE* f) const { udfread_file_close(f); }
};
using Volume = std::unique_ptr<udfread, CloseVolume>;
using Directory = std::unique_ptr<UDFDIR, CloseDirectory>;
using File = std::unique_ptr<UDFFILE, CloseFile>;

absl::Status ReadFile(UDFDIR* dir, const char* name, Listed& entry) {
  File file(udfread_file_openat(dir, name));
  if (file == nullptr) return Odd("cannot open the file", entry.path);
  const int64_t size = udfread_file_size(file.get());
  if (size < 0) return Odd("no size", entry.path);
  entry.size = static_cast<uint64_t>(size);
  Digest digest;
  std::vector<char> buffer(1 << 18);
  ssize_t n;
  while ((n = udfread_file_read(file.get(), buffer.data(), buffer.size())) > 0) {
    digest.Update(absl::string_view(buffer.data(), static_cast<size_t>(n)));
  }
  if (n < 0) return Odd("cannot read the file", entry.path);
  if (digest.size() != *entry.size) {
    return Odd(absl::StrCat("reads ", digest.size(), " bytes of ", *entry.size), entry.path);
  }
  entry.sha256 = digest.Finish();
  return absl::OkStatus();
}

absl::Status Walk(UDFDIR* dir, const std::string& path, int depth, Listing& out) {
  if (depth > kMaxDepth) return Odd("no end of directories", path);
  udfread_dirent found;
  while (udfread_readdir(dir, &found) != nullptr) {
    if (strcmp(found.d_name, ".") == 0 || strcmp(found.d_name, "..") == 0) continue;
    const std::string name = found.d_name;
    Listed entry;
    entry.path = absl::StrCat(path == "/" ? "" : path, "/", name);
    const std::string below = entry.path;
    if (found.d_type == UDF_DT_DIR) {
      entry.type = Listed::Type::kDirectory;
    } else if (found.d_type != UDF_DT_REG) {
      return Odd("neither a file nor a directory", entry.path);
    } else if (absl::Status s = ReadFile(dir, name.c_str(), entry); !s.ok()) {
      return s;
    }
    const bool descend = entry.type == Listed::Type::kDirectory;
    if (absl::Status s = out.Add(std::move(entry)); !s.ok()) return Odd(s.message(), path);
    if (!descend) continue;
    Directory child(udfread_opendir_at(dir, name.c_str()));
    if (child == nullptr) return Odd("cannot open the directory", below);
    if (absl::Status s = Walk(child.get(), below, depth + 1, out); !s.ok()) return s;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<UdfInfo> ParseUdfInfo(absl::string_view text) {
  UdfInfo out;
  auto number = [&](absl::string_view key, auto& value) {
    auto it = out.all.find(std::string(key));
    return it != out.all.end() && absl::SimpleAtoi(it->second, &value);
  };
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, "start=")) {
      UdfArea area;
      for (absl::string_view part : absl::StrSplit(line, ", ")) {
        const std::pair<std::string, std::string> word =
            absl::StrSplit(part, absl::MaxSplits('=', 1));
        bool good = word.first == "type";
        if (good) area.type = word.second;
        if (word.first == "start") good = absl::SimpleAtoi(word.second, &area.start);
        if (word.first == "blocks") good = absl::SimpleAtoi(word.second, &area.blocks);
        if (!good) return absl::DataLossError(absl::StrCat("udfinfo: an odd area: ", line));
      }
      out.areas.push_back(area);
      continue;
    }
    std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits('=', 1));
    out.all.insert(std::move(parts));
  }
  out.label = out.all["label"];
  out.uuid = out.all["uuid"];
  out.logical_volume_id = out.all["lvid"];
  out.volume_id = out.all["vid"];
  out.file_set_id = out.all["fsid"];
  out.full_volume_set_id = out.all["fullvsid"];
  out.application_id = out.all["appid"];
  out.implementation_id = out.all["impid"];
  out.revision = out.all["udfrev"];
  out.write_revision = out.all["udfwriterev"];
  out.integrity = out.all["integrity"];
  out.access_type = out.all["accesstype"];
  if (!number("blocksize", out.block_size) || !number("blocks", out.blocks) ||
      !number("usedblocks", out.used_blocks) || !number("freeblocks", out.free_blocks) ||
      !number("behindblocks", out.behind_blocks) || !number("numfiles", out.files) ||
      !number("numdirs", out.directories)) {
    return absl::DataLossError(absl::StrCat("udfinfo: a number is missing in: ", text));
  }
  return out;
}

absl::StatusOr<UdfInfo> UdfInfoOf(const std::string& image) {
  absl::StatusOr<ProcessResult> result = RunProcess({"udfinfo", "--utf8", image});
  if (!result.ok()) return result.status();
  if (!result->Succeeded() || !result->err.empty()) return absl::DataLossError(result->Summary());
  return ParseUdfInfo(result->out);
}

absl::StatusOr<Listing> UdfreadListing(const std::string& image, std::string* volume_id) {
  Volume volume(udfread_init());
  if (volume == nullptr) return absl::InternalError("libudfread does not start");
  if (udfread_open(volume.get(), image.c_str()) < 0) return Odd("no UDF volume", image);
  if (volume_id != nullptr) {
    const char* id = udfread_get_volume_id(volume.get());
    *volume_id = id == nullptr ? "" : id;
  }
  Directory root(udfread_opendir(volume.get(), "/"));
  if (root == nullptr) return Odd("cannot open the directory", "/");
  Listing out;
  Listed entry;
  entry.path = "/";
  entry.type = Listed::Type::kDirectory;
  if (absl::Status s = out.Add(entry); !s.ok()) return s;
  if (absl::Status s = Walk(root.get(), "/", 0, out); !s.ok()) return s;
  return out;
}

}  // namespace isomason

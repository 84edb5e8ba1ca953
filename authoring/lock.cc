#include "authoring/lock.h"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "authoring/manifest/check_paths.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr absl::string_view kHeading = "isomason lock 1";

std::string Escaped(absl::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '\\' || absl::ascii_iscntrl(c)) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// False when a backslash does not begin \xNN.
bool Unescape(absl::string_view text, std::string* path) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      path->push_back(text[i]);
      continue;
    }
    const absl::string_view digits = text.substr(i + 1, 3);
    if (digits.size() != 3 || digits[0] != 'x' || !absl::ascii_isxdigit(digits[1]) ||
        !absl::ascii_isxdigit(digits[2])) {
      return false;
    }
    path->append(absl::HexStringToBytes(digits.substr(1)));
    i += 3;
  }
  return true;
}

}  // namespace

std::string Lock::Parse(absl::string_view text, int64_t* line) {
  bool heading = false;
  *line = 0;
  for (absl::string_view rest : absl::StrSplit(text, '\n')) {
    ++*line;
    absl::ConsumeSuffix(&rest, "\r");
    if (rest.empty() || rest[0] == '#') continue;
    if (!heading) {
      if (rest != kHeading) return absl::StrCat("does not begin with \"", kHeading, "\"");
      heading = true;
      continue;
    }
    std::string problem = ParseLine(rest);
    if (!problem.empty()) return problem;
  }
  return "";
}

std::string Lock::ParseLine(absl::string_view line) {
  if (absl::ConsumePrefix(&line, "start ")) {
    if (absl::SimpleAtoi(line, &start_) && start_ <= kMostBlocks) return "";
    return "needs a block behind `start`";
  }
  const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::MaxSplits(' ', 3));
  if (fields.size() != 4) return "is not a block, a size, a digest or -, and a path";
  Entry entry{0, 0, "", ""};
  if (!absl::SimpleAtoi(fields[0], &entry.block) || entry.block > kMostBlocks) {
    return "does not begin with a block";
  }
  if (!absl::SimpleAtoi(fields[1], &entry.size) || entry.size == 0 ||
      entry.size > kMostBlocks * kBlockSize) {
    return "has no size behind its block";
  }
  if (fields[2] != "-") {
    entry.sha256 = absl::AsciiStrToLower(fields[2]);
    bool good = entry.sha256.size() == 64;
    for (const char c : entry.sha256) good = good && absl::ascii_isxdigit(c);
    if (!good) return "has neither 64 hexadecimal digits nor - behind its size";
  }
  if (!Unescape(fields[3], &entry.path) || !ImagePathProblem(entry.path, nullptr).empty()) {
    return "does not end with a path of the image";
  }
  return Add(std::move(entry)) ? "" : "names a path for a second time";
}

bool Lock::Add(Entry entry) {
  const auto number = static_cast<uint32_t>(entries_.size());
  if (!paths_.try_emplace(entry.path, number).second) return false;
  if (!entry.sha256.empty()) digests_.try_emplace(entry.sha256, number);
  entries_.push_back(std::move(entry));
  return true;
}

const Lock::Entry* Lock::Find(absl::string_view path) const {
  const auto it = paths_.find(path);
  return it == paths_.end() ? nullptr : &entries_[it->second];
}

const Lock::Entry* Lock::FindDigest(absl::string_view sha256) const {
  const auto it = digests_.find(sha256);
  return it == digests_.end() ? nullptr : &entries_[it->second];
}

std::string Lock::Format() const {
  std::string text = absl::StrCat(kHeading, "\nstart ", start_, "\n");
  for (const Entry& entry : entries_) {
    absl::StrAppend(&text, entry.block, " ", entry.size, " ",
                    entry.sha256.empty() ? "-" : entry.sha256, " ", Escaped(entry.path), "\n");
  }
  return text;
}

std::string Lock::Digest() const {
  const std::string text = Format();
  std::array<uint8_t, 32> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace isomason

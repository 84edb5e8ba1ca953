#include "authoring/manifest/check_layout.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "authoring/manifest/check_paths.h"
#include "authoring/unicode/unicode.h"
#include "layout/units.h"

namespace isomason {
namespace {

constexpr uint64_t kBlock = kBlockSize;
constexpr uint64_t kLargestImage = kMostBlocks * kBlockSize;
constexpr uint32_t kFirstBlock = 16;
constexpr uint64_t kLargestAlignment = 1 << 20;

class LayoutChecker {
 public:
  LayoutChecker(const LoadedManifest& loaded, Diagnostics* diagnostics)
      : loaded_(loaded), layout_(loaded.manifest.layout()), diagnostics_(*diagnostics) {}

  void Check() {
    CheckSizes();
    if (layout_.file_alignment() != 0) {
      CheckAlignment("layout.file_alignment", layout_.file_alignment(),
                     "write 2048, or 4096 to share data with file systems");
    }
    for (int i = 0; i < layout_.sort_size(); ++i) {
      const std::string rule = absl::StrCat("layout.sort[", i, "]");
      CheckMatch(rule, layout_.sort(i).match());
    }
    for (int i = 0; i < layout_.order_size(); ++i) {
      CheckGlob(absl::StrCat("layout.order[", i, "]"), layout_.order(i));
    }
    CheckSource("layout.sort_file", layout_.sort_file());
    CheckSource("layout.order_file", layout_.order_file());
    CheckSource("layout.lock", layout_.lock());
    for (int i = 0; i < layout_.align_size(); ++i) {
      const std::string rule = absl::StrCat("layout.align[", i, "]");
      CheckMatch(rule, layout_.align(i).match());
      if (layout_.align(i).alignment() != 0) {
        CheckAlignment(rule + ".alignment", layout_.align(i).alignment(),
                       "write 2048, 4096 or a larger power of two");
      } else if (!loaded_.Damaged(rule)) {
        Add(rule + ".alignment", "is missing", "write alignment: 4096, for instance");
      }
    }
    for (int i = 0; i < layout_.pin_size(); ++i) CheckPin(i);
  }

 private:
  void Add(absl::string_view field, absl::string_view message, absl::string_view remedy) {
    diagnostics_.Add(loaded_.Locate(field), field, message, remedy);
  }

  void CheckSizes() {
    const uint64_t multiple = layout_.size_multiple();
    if (multiple % kBlock != 0) {
      Add("layout.size_multiple", absl::StrCat(multiple, " is not a multiple of 2048"),
          absl::StrCat("write ", multiple / kBlock * kBlock + kBlock));
    } else if (multiple > kLargestImage) {
      TooLarge("layout.size_multiple", multiple);
    }
    if (layout_.minimum_size() > kLargestImage) {
      TooLarge("layout.minimum_size", layout_.minimum_size());
    }
  }

  void TooLarge(absl::string_view field, uint64_t bytes) {
    Add(field,
        absl::StrCat(bytes, " bytes are more than an image can have, ", kLargestImage,
                     " (ECMA-119 7.3)"),
        "the number is in bytes");
  }

  void CheckAlignment(absl::string_view field, uint64_t alignment, absl::string_view remedy) {
    const bool power_of_two = (alignment & (alignment - 1)) == 0;
    if (power_of_two && alignment >= kBlock && alignment <= kLargestAlignment) return;
    Add(field, absl::StrCat(alignment, " is not a power of two from 2048 to ", kLargestAlignment),
        remedy);
  }

  void CheckPin(int i) {
    const manifest::PinnedFile& pin = layout_.pin(i);
    const std::string field = absl::StrCat("layout.pin[", i, "]");
    if (!pin.path().empty()) {
      std::string remedy;
      const std::string problem = ImagePathProblem(pin.path(), &remedy);
      if (!problem.empty()) Add(field + ".path", problem, remedy);
    } else if (!loaded_.Damaged(field)) {
      Add(field + ".path", "is missing", "say which file of the image it is: path: \"/...\"");
    }
    if (pin.block() < kFirstBlock && !loaded_.Damaged(field)) {
      Add(field + ".block",
          absl::StrCat(pin.block(), " is in the system area, blocks 0 to 15 (ECMA-119 6.2.1)"),
          "contents may start behind the descriptors, as `isomason plan` shows them");
    }
  }

  // The glob of a rule, which has to be there.
  void CheckMatch(const std::string& rule, const std::string& pattern) {
    if (!pattern.empty()) {
      CheckGlob(rule + ".match", pattern);
    } else if (!loaded_.Damaged(rule)) {
      Add(rule + ".match", "is missing", "write match: \"**\" for everything");
    }
  }

  void CheckGlob(absl::string_view field, const std::string& pattern) {
    if (FindNotUtf8(pattern) != absl::string_view::npos) return;  // has been said
    std::string remedy;
    const std::string problem = GlobProblem(pattern, &remedy);
    if (!problem.empty()) Add(field, problem, remedy);
  }

  void CheckSource(absl::string_view field, const std::string& source) {
    if (source.find('\0') == std::string::npos) return;
    Add(field, absl::StrCat(Quote(source), " has a NUL in it"), "no file has such a name");
  }

  const LoadedManifest& loaded_;
  const manifest::Layout& layout_;
  Diagnostics& diagnostics_;
};

}  // namespace

void CheckLayout(const LoadedManifest& loaded, Diagnostics* diagnostics) {
  LayoutChecker(loaded, diagnostics).Check();
}

}  // namespace isomason

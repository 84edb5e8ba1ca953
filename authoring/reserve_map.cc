#include "authoring/reserve_map.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace isomason {
namespace {

constexpr size_t kNumberWidth = 14;  // 8 TiB has 13 digits

// A string of JSON. Text of the manifest is UTF-8.
std::string Json(absl::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Number(uint64_t number) {
  const std::string digits = absl::StrCat(number);
  return std::string(kNumberWidth - std::min(kNumberWidth, digits.size()), ' ') + digits;
}

// A number of the map: where an area starts in the image, or, without one, how large the
// image is.
struct Slot {
  size_t offset;  // in the map
  NodeId node;    // kNoNode: the size of the image
  uint64_t in_file;
};

uint64_t ValueOf(const Slot& slot, const Tree& tree, const Addresses& at) {
  // The content is asked for late: a boot image gets its patched one after the map is made.
  return slot.node == kNoNode ? at.image_size().value()
                              : at[tree.inode(slot.node).content].value() + slot.in_file;
}

// The map with blanks in its slots.
std::string Blank(const std::vector<const ReservedArea*>& areas, const Tree& tree,
                  std::vector<Slot>* slots) {
  const std::string blank(kNumberWidth, ' ');
  std::string text = "{\n  \"image_size\": ";
  slots->push_back({text.size(), kNoNode, 0});
  absl::StrAppend(&text, blank, ",\n  \"areas\": [");
  bool first = true;
  for (const ReservedArea* area : areas) {
    absl::StrAppend(&text, first ? "\n" : ",\n", "    {\"name\": ", Json(area->name),
                    ", \"path\": ", Json(tree.Path(area->node)), ", \"offset\": ");
    first = false;
    slots->push_back({text.size(), area->node, area->offset});
    absl::StrAppend(&text, blank, ", \"length\": ", area->size, ", \"file_offset\": ", area->offset,
                    ", \"fill\": ", Json(absl::string_view(&area->fill, 1)), "}");
  }
  return text + (first ? "]\n}\n" : "\n  ]\n}\n");
}

class SlotPatch : public Patch {
 public:
  SlotPatch(const Slot& slot, const Tree& tree) : slot_(slot), tree_(tree) {}
  uint64_t offset() const override { return slot_.offset; }
  uint64_t size() const override { return kNumberWidth; }
  absl::Status Render(const Addresses& at, absl::Span<uint8_t> out) const override {
    const std::string number = Number(ValueOf(slot_, tree_, at));
    std::copy(number.begin(), number.end(), out.begin());
    return absl::OkStatus();
  }

 private:
  Slot slot_;
  const Tree& tree_;
};

// coreos-installer: {default, files: [{path, offset, end, pad}], size}, where all areas
// hold the same arguments, then `end`, then nothing but `pad`.
absl::StatusOr<std::string> KargsMap(const std::vector<const ReservedArea*>& areas,
                                     const Tree& tree) {
  constexpr uint64_t kMostOfCoreos = 2048;
  const ReservedArea& first = *areas.front();
  std::vector<std::string> files;
  for (const ReservedArea* area : areas) {
    if (area->size != first.size || area->text != first.text) {
      return absl::InvalidArgumentError(
          absl::StrCat("the areas \"", first.name, "\" and \"", area->name,
                       "\" differ in size or text; coreos-installer wants them equal"));
    }
    absl::string_view end = "\n";
    if (!absl::EndsWith(area->text, "\n")) {
      if (area->fill != ' ') {
        return absl::InvalidArgumentError(
            absl::StrCat("the text of the area \"", area->name,
                         "\" does not end with a line feed, and its fill is not a space"));
      }
      end = " ";
    }
    files.push_back(absl::StrCat("    {\"path\": ", Json(tree.Path(area->node).substr(1)),
                                 ", \"offset\": ", area->offset, ", \"end\": ", Json(end),
                                 ", \"pad\": ", Json(absl::string_view(&area->fill, 1)), "}"));
  }
  if (first.size > kMostOfCoreos) {
    return absl::InvalidArgumentError(absl::StrCat("the area \"", first.name, "\" has ", first.size,
                                                   " bytes; coreos-installer takes up to 2048"));
  }
  return absl::StrCat("{\n  \"default\": ", Json(absl::StripAsciiWhitespace(first.text)),
                      ",\n  \"files\": [\n", absl::StrJoin(files, ",\n"),
                      "\n  ],\n  \"size\": ", first.size, "\n}\n");
}

// coreos-installer: {file, offset, length}, where the last two are left out for a file as a
// whole. It takes zeros for an area that holds nothing.
absl::StatusOr<std::string> IgninfoMap(const ReservedArea& area, const Tree& tree) {
  if (area.fill != '\0' || !area.text.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the area \"", area.name, "\" is not empty; coreos-installer wants zeros"));
  }
  std::string range;
  if (!area.whole) range = absl::StrCat(", \"offset\": ", area.offset, ", \"length\": ", area.size);
  return absl::StrCat("{\"file\": ", Json(tree.Path(area.node).substr(1)), range, "}\n");
}

}  // namespace

std::string FormatReserveMap(const std::vector<const ReservedArea*>& areas, const Tree& tree,
                             const Addresses& at) {
  std::vector<Slot> slots;
  std::string text = Blank(areas, tree, &slots);
  for (const Slot& slot : slots) {
    text.replace(slot.offset, kNumberWidth, Number(ValueOf(slot, tree, at)));
  }
  return text;
}

absl::StatusOr<ContentId> AddReserveMap(manifest::ReserveMapForm form,
                                        const std::vector<const ReservedArea*>& areas,
                                        const Tree& tree, ContentTable& contents) {
  if (form == manifest::COREOS_KARGS || form == manifest::COREOS_IGNINFO) {
    absl::StatusOr<std::string> text =
        form == manifest::COREOS_KARGS ? KargsMap(areas, tree) : IgninfoMap(*areas.front(), tree);
    if (!text.ok()) return text.status();
    return contents.AddBytes(*std::move(text));
  }
  std::vector<Slot> slots;
  const ContentId blank = contents.AddBytes(Blank(areas, tree, &slots));
  std::vector<std::unique_ptr<Patch>> patches;
  for (const Slot& slot : slots) patches.push_back(std::make_unique<SlotPatch>(slot, tree));
  return contents.AddPatched(blank, std::move(patches));
}

}  // namespace isomason

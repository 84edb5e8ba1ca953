#include "authoring/iso9660/rock_ridge.h"

#include <algorithm>
#include <limits>

namespace isomason {
namespace {

// The length of an entry is one byte.
constexpr size_t kLongestEntry = 255;
constexpr size_t kHeader = 5;           // of NM, SL and TF
constexpr size_t kComponentHeader = 2;  // RRIP 4.1.3.1
constexpr size_t kContinuation = 28;    // CE
constexpr size_t kTimes = kHeader + 3 * sizeof(RecordingDate);
constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();

// An SL entry of fewer bytes than this is not begun unless it ends the target.
constexpr size_t kWorthwhileSymlinkEntry = 16;

const ExtensionTexts& Texts(RockRidgeForm form) {
  return form.version_1_10 ? kRockRidge110 : kRockRidge112;
}

size_t ExtensionSize(RockRidgeForm form) {
  const ExtensionTexts& texts = Texts(form);
  return kExtensionEntry.kBytes + texts.identifier.size() + texts.descriptor.size() +
         texts.source.size();
}

// The components of a target that are not written yet.
//
// Where an SL entry is not the last, it ends inside a component: libarchive puts no
// slash between the last component of an entry and the first of the next one, and
// readers differ on whether one belongs behind the root. A long row of `.` and `..`
// is the exception, for these cannot be divided.
class TargetCursor {
 public:
  explicit TargetCursor(absl::string_view target) : rest_(target) {
    root_ = !target.empty() && target[0] == '/';
    SkipSlashes();
  }

  bool done() const { return !root_ && rest_.empty(); }

  // Appends one SL entry of at most `room` bytes to `out`. Appends nothing and
  // returns false when it is better to begin in another place, which has room for
  // the longest entry.
  bool AppendEntry(size_t room, std::string& out) {
    room = std::min(room, kLongestEntry);
    if (room < kHeader + kComponentHeader) return false;
    TargetCursor next = *this;
    std::string components;
    next.TakeComponents(room - kHeader, components);
    const bool worthwhile =
        next.done() || room == kLongestEntry || (next.divided_ && room >= kWorthwhileSymlinkEntry);
    if (!worthwhile) return false;
    Append(kSymlinkEntry,
           FlaggedEntry{static_cast<uint8_t>(kHeader + components.size()),
                        next.done() ? uint8_t{0} : kContinues},
           out);
    out.append(components);
    *this = next;
    return true;
  }

 private:
  void SkipSlashes() { rest_.remove_prefix(std::min(rest_.find_first_not_of('/'), rest_.size())); }

  // Takes `size` bytes of the next component, all of it or a part.
  void TakeText(absl::string_view text, size_t size, std::string& out) {
    divided_ = size < text.size();
    Append(kSymlinkComponent,
           SymlinkComponent{divided_ ? kContinues : uint8_t{0}, static_cast<uint8_t>(size)}, out);
    out.append(text.data(), size);
    rest_.remove_prefix(size);
    if (!divided_) SkipSlashes();
  }

  void TakeComponents(size_t room, std::string& out) {
    if (root_) {
      Append(kSymlinkComponent, SymlinkComponent{kRootComponent, 0}, out);
      root_ = false;
    }
    // The last component that was taken and can be divided, and all as it was before.
    absl::string_view divisible, rest_before;
    size_t out_before = 0;
    while (!rest_.empty()) {
      const absl::string_view text = rest_.substr(0, rest_.find('/'));
      const size_t used = out.size() + kComponentHeader;
      const bool special = !divided_ && (text == "." || text == "..");
      if (special && used <= room) {
        const uint8_t flag = text == "." ? kCurrentComponent : kParentComponent;
        Append(kSymlinkComponent, SymlinkComponent{flag, 0}, out);
        rest_.remove_prefix(text.size());
        SkipSlashes();
      } else if (!special && used + text.size() <= room) {
        if (text.size() > 1) {
          divisible = text;
          rest_before = rest_;
          out_before = out.size();
        }
        TakeText(text, text.size(), out);
      } else if (!special && used < room) {
        return TakeText(text, room - used, out);
      } else if (!divisible.empty()) {
        out.resize(out_before);
        rest_ = rest_before;
        return TakeText(divisible, divisible.size() - 1, out);
      } else {
        return;
      }
    }
  }

  absl::string_view rest_;
  bool root_ = false;
  bool divided_ = false;  // rest_ starts inside a component
};

// The entries of a record that are not written yet, in their order: SP, PX, TF, PN or ZF,
// one of CL, PL and RE, ER, NM, SL, and those of others.
class Entries {
 public:
  explicit Entries(const PosixRecord& r)
      : record_(r), extension_(r.is_root), name_(r.name), target_(r.target), others_(r.others) {}

  bool done() const {
    return attributes_done_ && !extension_ && name_.empty() && target_.done() && others_.empty();
  }

  // Appends the next entries, as many as go into `room`.
  void AppendTo(size_t room, std::string& out) {
    const size_t start = out.size();
    const auto left = [&] { return room == kUnlimited ? room : room - (out.size() - start); };
    if (!attributes_done_) AppendAttributes(out);
    if (extension_) {
      if (left() < ExtensionSize(record_.form)) return;
      AppendExtension(out);
    }
    while (!name_.empty()) {
      if (left() <= kHeader) return;
      const size_t size = std::min({name_.size(), left() - kHeader, kLongestEntry - kHeader});
      Append(kNameEntry,
             FlaggedEntry{static_cast<uint8_t>(kHeader + size),
                          size < name_.size() ? kContinues : uint8_t{0}},
             out);
      out.append(name_.data(), size);
      name_.remove_prefix(size);
    }
    while (!target_.done()) {
      if (!target_.AppendEntry(left(), out)) return;
    }
    while (!others_.empty()) {
      const size_t size = static_cast<uint8_t>(others_[2]);
      if (left() < size) return;
      out.append(others_.data(), size);
      others_.remove_prefix(size);
    }
  }

  // How many bytes AppendTo() would append.
  size_t Measure(size_t room) const {
    Entries copy = *this;
    std::string out;
    copy.AppendTo(room, out);
    return out.size();
  }

  // The same without a limit, for the usual record that is not divided.
  size_t MeasureAll() const {
    if (!target_.done() || name_.size() > kLongestEntry - kHeader) return Measure(kUnlimited);
    return (attributes_done_ ? 0 : AttributesSize()) +
           (extension_ ? ExtensionSize(record_.form) : 0) +
           (name_.empty() ? 0 : kHeader + name_.size()) + others_.size();
  }

 private:
  size_t AttributesSize() const {
    return (record_.is_root ? kSharingEntry.kBytes : 0) +
           (record_.form.serial_numbers ? kPosixEntry.kBytes : kShortPosixEntry.kBytes) +
           TimesSize() + (record_.is_device ? kDeviceEntry.kBytes : 0) +
           (record_.zisofs_version != 0 ? kZisofsEntry.kBytes : 0) + RelocationSize();
  }

  size_t TimesSize() const { return kTimes + (record_.created ? sizeof(RecordingDate) : 0); }

  size_t RelocationSize() const {
    switch (record_.relocation) {
      case PosixRecord::Relocation::kChildLink:
        return kChildLinkEntry.kBytes;
      case PosixRecord::Relocation::kParentLink:
        return kParentLinkEntry.kBytes;
      case PosixRecord::Relocation::kRelocated:
        return kRelocatedEntry.kBytes;
      case PosixRecord::Relocation::kNone:
        break;
    }
    return 0;
  }

  void AppendAttributes(std::string& out) {
    attributes_done_ = true;
    if (record_.is_root) Append(kSharingEntry, SharingEntry{}, out);
    if (record_.form.serial_numbers) {
      Append(kPosixEntry, record_.attributes, out);
    } else {
      Append(kShortPosixEntry, record_.attributes, out);
    }
    // Short form: Linux reads the long one as if it were short. It takes a time of creation
    // for that of attribute change unless that is there, too.
    uint8_t which = kModifyTime | kAccessTime | kAttributesTime;
    if (record_.created) which |= kCreationTime;
    Append(kTimeEntry, FlaggedEntry{static_cast<uint8_t>(TimesSize()), which}, out);
    if (record_.created) out.append(record_.created->begin(), record_.created->end());
    for (int i = 0; i < 3; ++i) out.append(record_.time.begin(), record_.time.end());
    if (record_.is_device) Append(kDeviceEntry, record_.device, out);
    if (record_.zisofs_version != 0) AppendZisofs(out);
    switch (record_.relocation) {
      case PosixRecord::Relocation::kChildLink:
        Append(kChildLinkEntry, LinkEntry{record_.link}, out);
        break;
      case PosixRecord::Relocation::kParentLink:
        Append(kParentLinkEntry, LinkEntry{record_.link}, out);
        break;
      case PosixRecord::Relocation::kRelocated:
        Append(kRelocatedEntry, RelocatedEntry{}, out);
        break;
      case PosixRecord::Relocation::kNone:
        break;
    }
  }

  void AppendZisofs(std::string& out) const {
    const Zisofs2Entry& zf = record_.zisofs;
    if (record_.zisofs_version == 2) {
      Append(kZisofs2Entry, zf, out);
    } else {
      Append(kZisofsEntry, ZisofsEntry{zf.block_shift, static_cast<uint32_t>(zf.size)}, out);
    }
  }

  void AppendExtension(std::string& out) {
    extension_ = false;
    const ExtensionTexts& texts = Texts(record_.form);
    ExtensionEntry er;
    er.length = static_cast<uint8_t>(ExtensionSize(record_.form));
    er.identifier_length = static_cast<uint8_t>(texts.identifier.size());
    er.descriptor_length = static_cast<uint8_t>(texts.descriptor.size());
    er.source_length = static_cast<uint8_t>(texts.source.size());
    Append(kExtensionEntry, er, out);
    for (absl::string_view text : {texts.identifier, texts.descriptor, texts.source}) {
      out.append(text.data(), text.size());
    }
  }

  const PosixRecord& record_;
  bool attributes_done_ = false;
  bool extension_;
  absl::string_view name_;
  TargetCursor target_;
  absl::string_view others_;
};

// Takes the run for the next entries: for all that are left when a block holds
// them, else a block full, which leaves room for the way to the next.
ContinuationArea::Run TakeRun(const Entries& entries, ContinuationArea& area, bool* last) {
  const size_t rest = entries.MeasureAll();
  *last = rest <= kBlockSize;
  if (*last) return area.Take(rest);
  return area.Take(entries.Measure(kBlockSize - kContinuation) + kContinuation);
}

}  // namespace

ContinuationArea::Run ContinuationArea::Take(size_t length) {
  if (length > left()) used_ = RoundUp(used_, kBlockSize);
  const Run run{used_, static_cast<uint32_t>(length)};
  used_ += length;
  return run;
}

void AppendSystemUse(const PosixRecord& record, size_t room, Block first_block,
                     ContinuationArea& area, std::string& out) {
  Entries entries(record);
  if (entries.MeasureAll() <= room) {
    entries.AppendTo(room, out);
    return;
  }
  std::string* place = &out;
  size_t place_room = room - kContinuation;
  bool last = false;
  while (!last) {
    entries.AppendTo(place_room, *place);
    const ContinuationArea::Run run = TakeRun(entries, area, &last);
    ContinuationEntry ce;
    ce.block = static_cast<uint32_t>(first_block.value() + run.offset / kBlockSize);
    ce.offset = static_cast<uint32_t>(run.offset % kBlockSize);
    ce.length = run.length;
    Append(kContinuationEntry, ce, *place);
    place = &area.Begin(run);
    place_room = kBlockSize - kContinuation;
  }
  entries.AppendTo(kUnlimited, *place);
}

size_t SystemUseSize(const PosixRecord& record) { return Entries(record).MeasureAll(); }

}  // namespace isomason

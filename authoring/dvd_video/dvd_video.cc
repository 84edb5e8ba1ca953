#include "authoring/dvd_video/dvd_video.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "authoring/dvd_video/ifo.h"
#include "layout/status.h"

namespace isomason {
namespace {

constexpr absl::string_view kVideo = "/VIDEO_TS";
constexpr absl::string_view kAudio = "/AUDIO_TS";

// The most bytes of a file: one extent of whole blocks (OSTA UDF 6.9.1).
constexpr uint64_t kFileLimit = 0x3FFFF800;

constexpr uint64_t kErrorCorrectionBlock = kDvdBlock.value() / kBlockSize;

constexpr absl::string_view kReauthor =
    "write the files anew with the program that authored the DVD (dvdauthor), all of one run";

// The names of a set's files: of the manager, number 0, or of title set 1 to 99.
std::string NameInSet(int set, absl::string_view suffix) {
  return set == 0 ? absl::StrCat("VIDEO_TS.", suffix)
                  : absl::StrFormat("VTS_%02d_0.%s", set, suffix);
}
std::string TitleName(int set, int part) { return absl::StrFormat("VTS_%02d_%d.VOB", set, part); }

class Planner {
 public:
  Planner(const ContentTable& contents, const Resolved& resolved, Remarks* remarks,
          Problems* problems)
      : contents_(contents),
        tree_(resolved.tree),
        hiding_(resolved.hiding),
        remarks_(*remarks),
        problems_(*problems) {}

  DvdVideo Plan() {
    video_ = tree_.Find(kVideo);
    if (video_ == kNoNode || !tree_.is_directory(video_)) {
      problems_.push_back({.field = "dvd_video",
                           .where = "dvd_video",
                           .message = absl::StrCat("there is no directory ", kVideo),
                           .remedy = "add the files of the DVD, or leave out `dvd_video`"});
      return {};
    }
    PlanManager();
    for (const auto& [set, start] : starts_) PlanTitleSet(set, start);
    // What is wrong with one file makes others look lost.
    if (problems_.empty()) CheckNames();
    CheckOverlaps();
    PlanAudio();
    if (problems_.empty()) {
      for (const Placed& p : placed_) {
        plan_.files.push_back({tree_.inode(p.node).content, Block(p.start)});
      }
    }
    return std::move(plan_);
  }

 private:
  struct Placed {
    uint64_t start, end;  // sectors from the start of VIDEO_TS.IFO; `end` is behind the last
    NodeId node;
    std::string said;  // what gives it that place
  };

  // --- Problems ---

  void Refuse(NodeId node, std::string message, absl::string_view remedy = kReauthor) {
    problems_.push_back({.node = node,
                         .where = "dvd_video",
                         .message = std::move(message),
                         .remedy = std::string(remedy)});
  }
  void RefuseAll(std::string message, absl::string_view remedy = kReauthor) {
    problems_.push_back({.node = video_,
                         .where = "dvd_video",
                         .message = std::move(message),
                         .remedy = std::string(remedy)});
  }

  // --- Files ---

  uint64_t SizeOf(NodeId n) const {
    const ContentId content = tree_.inode(n).content;
    return content == kNoContent ? 0 : contents_.size(content);
  }
  uint64_t SectorsOf(NodeId n) const { return BlocksFor(ByteCount(SizeOf(n))).value(); }

  // A file that a player reads, or kNoNode when it is not there.
  NodeId Find(const std::string& name) {
    const NodeId n = tree_.Child(video_, name);
    if (n == kNoNode) return n;
    known_.insert(n);
    if (tree_.inode(n).type != NodeType::kFile) {
      Refuse(n,
             absl::StrCat("is ", DescribeType(tree_.inode(n).type),
                          "; players follow no links (OSTA UDF 6.9.1)"),
             "put the file itself there");
    } else if (hiding_.Hides(n, Namespace::kUdf)) {
      Refuse(n, "is hidden from UDF, which is what players read", "hide it from other namespaces");
    } else if (SizeOf(n) == 0 || SizeOf(n) % kBlockSize != 0) {
      Refuse(n, absl::StrCat("has ", SizeOf(n), " bytes; files of DVD-Video are whole sectors of ",
                             kBlockSize));
    } else if (SizeOf(n) > kFileLimit) {
      Refuse(n, absl::StrCat("has ", SizeOf(n), " bytes; players read one extent of at most ",
                             kFileLimit, " (OSTA UDF 6.9.1)"));
    } else if (!used_.insert(tree_.inode(n).content).second) {
      Refuse(n, "has the contents of another file of the DVD, which are stored once",
             "set `hard_links: SPLIT_HARD_LINKS` for the source tree, or give every file a source "
             "of its own");
    } else {
      return n;
    }
    return kNoNode;
  }

  NodeId Need(const std::string& name, absl::string_view why) {
    if (tree_.Child(video_, name) == kNoNode) {
      RefuseAll(absl::StrCat("has no ", name, ", ", why));
      return kNoNode;
    }
    return Find(name);
  }

  void Place(NodeId n, uint64_t start, std::string said) {
    if (n != kNoNode) placed_.push_back({start, start + SectorsOf(n), n, std::move(said)});
  }

  absl::StatusOr<Ifo> ReadIfo(NodeId n, absl::string_view identifier) const {
    std::array<uint8_t, kIfo.kBytes> bytes;
    RETURN_IF_ERROR(contents_.ReadUnpatched(tree_.inode(n).content, 0, absl::MakeSpan(bytes)));
    ASSIGN_OR_RETURN(const Ifo ifo, Decode(kIfo, bytes));
    const std::string found(ifo.identifier.begin(), ifo.identifier.end());
    if (found != identifier) {
      return absl::InvalidArgumentError(
          absl::StrCat("does not begin with ", identifier, ", as an IFO file does"));
    }
    if (ifo.last_of_set < 2 * uint64_t{ifo.last_of_ifo} + 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("says that it ends in sector ", ifo.last_of_ifo, ", and its set in sector ",
                       ifo.last_of_set, ", where it has no room for its copy"));
    }
    return ifo;
  }

  // --- Sets ---

  // The IFO file of a set at `start`, its BUP file and the VOB file of its menu.
  bool PlanSet(int set, uint64_t start, Ifo* ifo) {
    const NodeId info = Need(NameInSet(set, "IFO"), "which players read first");
    const NodeId backup = Need(NameInSet(set, "BUP"), "the copy of the IFO file for bad sectors");
    const NodeId menu = Find(NameInSet(set, "VOB"));
    if (info == kNoNode) return false;
    const auto read = ReadIfo(info, set == 0 ? "DVDVIDEO-VMG" : "DVDVIDEO-VTS");
    if (!read.ok()) {
      Refuse(info, std::string(read.status().message()));
      return false;
    }
    *ifo = *read;
    const std::string by = absl::StrCat(" (", NameInSet(set, "IFO"), ")");
    const uint64_t sectors = uint64_t{ifo->last_of_ifo} + 1;
    for (const NodeId n : {info, backup}) {
      if (n == kNoNode || SectorsOf(n) == sectors) continue;
      Refuse(n, absl::StrCat("has ", SectorsOf(n), " sectors, and should have ", sectors, by));
    }
    if ((menu != kNoNode) != (ifo->menu_vobs != 0)) {
      Refuse(info, ifo->menu_vobs != 0
                       ? absl::StrCat("has a menu at sector ", ifo->menu_vobs, ", but there is no ",
                                      NameInSet(set, "VOB"))
                       : absl::StrCat("knows of no menu, but there is ", NameInSet(set, "VOB")));
    }
    Place(info, start, set == 0 ? "where the DVD starts" : "VIDEO_TS.IFO");
    Place(menu, start + ifo->menu_vobs, NameInSet(set, "IFO"));
    const uint64_t copy = start + ifo->last_of_set - ifo->last_of_ifo;
    Place(backup, copy, NameInSet(set, "IFO"));
    // The group starts at a block of error correction, and so the blocks are known.
    if ((start + ifo->last_of_ifo) / kErrorCorrectionBlock == copy / kErrorCorrectionBlock) {
      remarks_.push_back(
          {Remark::Kind::kReader, "dvd_video", absl::StrCat(kVideo, "/", NameInSet(set, "BUP")),
           absl::StrCat("begins in the block of error correction (", kErrorCorrectionBlock,
                        " sectors) in which the IFO file ends: one scratch may take "
                        "both")});
    }
    return true;
  }

  void PlanManager() {
    Ifo ifo;
    if (!PlanSet(0, 0, &ifo)) return;
    absl::Status titles = ReadTitles(ifo);
    if (!titles.ok()) {
      Refuse(tree_.Child(video_, "VIDEO_TS.IFO"), std::string(titles.message()));
      return;
    }
    // A set that no title of the manager leads to is nowhere in its numbers.
    for (int set = 1; set <= ifo.title_sets; ++set) {
      if (starts_.contains(set)) continue;
      RefuseAll(absl::StrCat("has ", ifo.title_sets,
                             " title sets (VIDEO_TS.IFO), but no title of "
                             "the DVD is in set ",
                             set));
    }
    title_sets_ = ifo.title_sets;
  }

  absl::Status ReadTitles(const Ifo& ifo) {
    const ContentId content = tree_.inode(tree_.Child(video_, "VIDEO_TS.IFO")).content;
    const auto read = [&](uint64_t offset, absl::Span<uint8_t> out) {
      if (offset + out.size() > contents_.size(content)) {
        return absl::InvalidArgumentError("has a table of titles that reaches past its end");
      }
      return contents_.ReadUnpatched(content, offset, out);
    };
    uint64_t at = ifo.titles * kBlockSize;
    std::array<uint8_t, kTitleTable.kBytes> head;
    RETURN_IF_ERROR(read(at, absl::MakeSpan(head)));
    ASSIGN_OR_RETURN(const TitleTable table, Decode(kTitleTable, head));
    at += kTitleTable.kBytes;
    for (int i = 0; i < table.titles; ++i, at += kTitle.kBytes) {
      std::array<uint8_t, kTitle.kBytes> line;
      RETURN_IF_ERROR(read(at, absl::MakeSpan(line)));
      ASSIGN_OR_RETURN(const Title title, Decode(kTitle, line));
      if (title.title_set < 1 || title.title_set > 99) {
        return absl::InvalidArgumentError(absl::StrCat("has title ", i + 1, " in title set ",
                                                       title.title_set, "; there are 1 to 99"));
      }
      const auto [it, inserted] = starts_.try_emplace(title.title_set, title.start_of_set);
      if (!inserted && it->second != title.start_of_set) {
        return absl::InvalidArgumentError(absl::StrCat("lets title set ", title.title_set,
                                                       " start at sector ", it->second,
                                                       " and at sector ", title.start_of_set));
      }
    }
    return absl::OkStatus();
  }

  void PlanTitleSet(int set, uint64_t start) {
    if (set > title_sets_) {
      RefuseAll(absl::StrCat("has a title in set ", set, ", but ", title_sets_,
                             " title sets (VIDEO_TS.IFO)"));
      return;
    }
    Ifo ifo;
    if (!PlanSet(set, start, &ifo)) return;
    uint64_t at = start + ifo.titles;
    if (ifo.titles == 0 || Need(TitleName(set, 1), "the first of its title set") == kNoNode) {
      if (ifo.titles == 0) {
        Refuse(tree_.Child(video_, NameInSet(set, "IFO")), "says nowhere that its titles begin");
      }
      return;
    }
    for (int part = 1; part <= 9; ++part) {
      const NodeId n =
          part == 1 ? tree_.Child(video_, TitleName(set, 1)) : Find(TitleName(set, part));
      if (n == kNoNode) break;
      Place(n, at, NameInSet(set, "IFO"));
      at += SectorsOf(n);
    }
  }

  // --- The whole ---

  void CheckNames() {
    for (const NodeId n : tree_.children(video_)) {
      if (known_.contains(n)) continue;
      const std::string name(tree_.name(n));
      const std::string upper = absl::AsciiStrToUpper(name);
      const bool of_dvd = absl::EndsWith(upper, ".IFO") || absl::EndsWith(upper, ".BUP") ||
                          absl::EndsWith(upper, ".VOB");
      if (of_dvd && upper != name) {
        Refuse(n, absl::StrCat("is not found by players, which look for ", upper),
               "write its name in capital letters");
      } else if (of_dvd) {
        Refuse(n, "belongs to no title set that VIDEO_TS.IFO knows, or to a gap in its numbers");
      } else {
        remarks_.push_back({Remark::Kind::kReader, "dvd_video", tree_.Path(n),
                            "is no file of DVD-Video; players pass it over"});
      }
    }
  }

  void CheckOverlaps() {
    std::stable_sort(placed_.begin(), placed_.end(),
                     [](const Placed& a, const Placed& b) { return a.start < b.start; });
    for (size_t i = 1; i < placed_.size(); ++i) {
      const Placed& before = placed_[i - 1];
      const Placed& p = placed_[i];
      if (p.start >= before.end) continue;
      Refuse(p.node, absl::StrCat("would start in sector ", p.start, " of the DVD (", p.said,
                                  "), but ", tree_.name(before.node), " has sectors ", before.start,
                                  " to ", before.end - 1, " (", before.said, ")"));
    }
    if (placed_.empty() || placed_[0].start == 0) return;
    RefuseAll("has a file before VIDEO_TS.IFO");
  }

  void PlanAudio() {
    const NodeId audio = tree_.Find(kAudio);
    if (audio == kNoNode) {
      remarks_.push_back({Remark::Kind::kReader, "dvd_video", "",
                          "there is no directory /AUDIO_TS, empty or not; some players want one"});
      return;
    }
    if (!tree_.is_directory(audio)) return;
    for (const NodeId n : tree_.children(audio)) {
      const ContentId content = tree_.inode(n).content;
      if (content != kNoContent && used_.insert(content).second) plan_.audio.push_back(content);
    }
  }

  const ContentTable& contents_;
  const Tree& tree_;
  const Hiding& hiding_;
  Remarks& remarks_;
  Problems& problems_;
  NodeId video_ = kNoNode;
  int title_sets_ = 0;
  std::map<int, uint64_t> starts_;  // of title sets, by the manager's titles
  absl::flat_hash_set<NodeId> known_;
  absl::flat_hash_set<ContentId> used_;
  std::vector<Placed> placed_;
  DvdVideo plan_;
};

}  // namespace

DvdVideo PlanDvdVideo(const ContentTable& contents, const Resolved& resolved, Remarks* remarks,
                      Problems* problems) {
  Problems found;
  DvdVideo plan = Planner(contents, resolved, remarks, &found).Plan();
  problems->insert(problems->end(), found.begin(), found.end());
  return plan;
}

bool IsDvdVideoFile(const Tree& tree, NodeId node) {
  const NodeId directory = tree.parent(node);
  return tree.parent(directory) == tree.root() && tree.name(directory) == kVideo.substr(1);
}

}  // namespace isomason

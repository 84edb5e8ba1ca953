#include "authoring/blu_ray/blu_ray.h"

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"

namespace isomason {
namespace {

constexpr absl::string_view kBackup = "/BDMV/BACKUP";

class Checker {
 public:
  Checker(const ContentTable& contents, const Resolved& resolved, Remarks* remarks,
          Problems* problems)
      : contents_(contents), tree_(resolved.tree), remarks_(*remarks), problems_(*problems) {}

  void Check() {
    CheckFile("/BDMV/index.bdmv", "INDX");
    CheckFile("/BDMV/MovieObject.bdmv", "MOBJ");
    CheckFiles("/BDMV/PLAYLIST", ".mpls", "MPLS");
    CheckFiles("/BDMV/CLIPINF", ".clpi", "HDMV");
    CheckPairs("/BDMV/CLIPINF", ".clpi", "/BDMV/STREAM", ".m2ts");
    CheckPairs("/BDMV/STREAM", ".m2ts", "/BDMV/CLIPINF", ".clpi");
  }

 private:
  void Missing(absl::string_view what) {
    problems_.push_back({.field = "udf.blu_ray",
                         .where = "blu_ray",
                         .message = absl::StrCat(what, ", without which no player starts"),
                         .remedy = "add it, or leave out `blu_ray`"});
  }
  void Refuse(NodeId node, absl::string_view message, absl::string_view remedy) {
    problems_.push_back({.node = node,
                         .where = "blu_ray",
                         .message = std::string(message),
                         .remedy = std::string(remedy)});
  }

  NodeId FindFile(const std::string& path) const {
    const NodeId node = tree_.Find(path);
    return node != kNoNode && tree_.inode(node).type == NodeType::kFile ? node : kNoNode;
  }

  void CheckFile(const std::string& path, absl::string_view identifier) {
    const NodeId node = FindFile(path);
    if (node == kNoNode) return Missing(absl::StrCat("there is no file ", path));
    CheckNode(node, identifier);
  }

  // Files of a directory: one at least.
  void CheckFiles(const std::string& directory, absl::string_view extension,
                  absl::string_view identifier) {
    bool any = false;
    const NodeId parent = tree_.Find(directory);
    if (parent != kNoNode && tree_.is_directory(parent)) {
      for (const NodeId node : tree_.children(parent)) {
        if (!absl::EndsWith(tree_.name(node), extension)) continue;
        any = true;
        CheckNode(node, identifier);
      }
    }
    if (!any) Missing(absl::StrCat("there is no file ", directory, "/*", extension));
  }

  void CheckNode(NodeId node, absl::string_view identifier) {
    const Inode& inode = tree_.inode(node);
    std::array<uint8_t, 4> bytes{};
    const bool has_bytes = inode.type == NodeType::kFile && inode.content != kNoContent &&
                           contents_.size(inode.content) >= bytes.size();
    if (has_bytes) {
      const absl::Status read = contents_.ReadUnpatched(inode.content, 0, absl::MakeSpan(bytes));
      if (!read.ok()) return Refuse(node, absl::StrCat("cannot be read: ", read.message()), "");
    }
    if (absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) !=
        identifier) {
      return Refuse(node, absl::StrCat("does not begin with ", identifier, ", as players want it"),
                    "use a file that an authoring system has made");
    }
    CheckBackup(node);
  }

  void CheckBackup(NodeId node) {
    const std::string path = tree_.Path(node);
    const std::string copy = absl::StrCat(kBackup, path.substr(std::string("/BDMV").size()));
    const NodeId other = FindFile(copy);
    if (other == kNoNode) {
      remarks_.push_back({Remark::Kind::kReader, "blu_ray", path,
                          absl::StrCat("has no copy in ", kBackup,
                                       ", which players take when it cannot be read")});
      return;
    }
    const ContentId content = tree_.inode(other).content;
    const uint64_t size = content == kNoContent ? 0 : contents_.size(content);
    if (size != contents_.size(tree_.inode(node).content)) {
      Refuse(other, absl::StrCat("is a copy of ", path, " with another size"),
             "copy that file there again");
    }
  }

  // Each file of the one directory has another of its name in the other.
  void CheckPairs(const std::string& directory, absl::string_view extension,
                  absl::string_view other, absl::string_view other_extension) {
    const NodeId parent = tree_.Find(directory);
    if (parent == kNoNode || !tree_.is_directory(parent)) return;
    for (const NodeId node : tree_.children(parent)) {
      absl::string_view name = tree_.name(node);
      if (!absl::ConsumeSuffix(&name, extension)) continue;
      const std::string wanted = absl::StrCat(other, "/", name, other_extension);
      if (FindFile(wanted) == kNoNode) {
        Refuse(node, absl::StrCat("belongs to ", wanted, ", which there is not"),
               "add that file, or leave out this one");
      }
    }
  }

  const ContentTable& contents_;
  const Tree& tree_;
  Remarks& remarks_;
  Problems& problems_;
};

}  // namespace

void CheckBluRay(const ContentTable& contents, const Resolved& resolved, Remarks* remarks,
                 Problems* problems) {
  Checker(contents, resolved, remarks, problems).Check();
}

}  // namespace isomason

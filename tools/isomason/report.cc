#include "tools/isomason/report.h"

#include <cerrno>
#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "authoring/map.h"
#include "authoring/media.h"
#include "layout/status.h"
#include "nlohmann/json.hpp"

namespace isomason {
namespace {

using Json = nlohmann::ordered_json;

absl::string_view KindName(Remark::Kind kind) {
  switch (kind) {
    case Remark::Kind::kChangedName:
      return "changed name";
    case Remark::Kind::kChangedTarget:
      return "changed target";
    case Remark::Kind::kOmitted:
      return "omitted";
    case Remark::Kind::kFollowed:
      return "followed";
    case Remark::Kind::kReader:
      return "reader";
    case Remark::Kind::kPlace:
      return "place";
  }
  return "";
}

const char* TypeName(NodeType type) {
  switch (type) {
    case NodeType::kDirectory:
      return "directory";
    case NodeType::kFile:
      return "file";
    case NodeType::kSymlink:
      return "symlink";
    case NodeType::kBlockDevice:
      return "block device";
    case NodeType::kCharacterDevice:
      return "character device";
    case NodeType::kFifo:
      return "fifo";
    case NodeType::kSocket:
      return "socket";
  }
  return "";
}

struct EntryCounts {
  uint64_t files = 0, directories = 0, symlinks = 0, special = 0, hard_links = 0;
};

EntryCounts CountEntries(const Tree& tree) {
  EntryCounts counts;
  for (InodeId i = 0; i < tree.inode_count(); ++i) {
    const Inode& inode = tree.inode_at(i);
    counts.hard_links += inode.links - 1;
    switch (inode.type) {
      case NodeType::kFile:
        ++counts.files;
        break;
      case NodeType::kDirectory:
        ++counts.directories;
        break;
      case NodeType::kSymlink:
        ++counts.symlinks;
        break;
      default:
        ++counts.special;
    }
  }
  return counts;
}

std::string Count(uint64_t n, absl::string_view one, absl::string_view many) {
  return absl::StrCat(n, " ", n == 1 ? one : many);
}

// JSON strings are Unicode: bytes that are not come out as U+FFFD.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Writes an array, one element a line, without holding all of it.
void WriteArray(FILE* out, const char* key,
                const std::function<void(const std::function<void(const Json&)>&)>& produce) {
  std::fprintf(out, ",\n  \"%s\": [", key);
  bool first = true;
  produce([&](const Json& element) {
    std::fprintf(out, "%s\n    %s", first ? "" : ",", Dump(element).c_str());
    first = false;
  });
  std::fputs(first ? "]" : "\n  ]", out);
}

std::string Platforms(const manifest::Boot& boot) {
  std::vector<std::string> names;
  for (const manifest::BootEntry& entry : boot.entry()) {
    names.push_back(entry.platform() == manifest::PLATFORM_DEFAULT
                        ? "BIOS"
                        : manifest::Platform_Name(entry.platform()));
  }
  return names.empty() ? "none" : absl::StrJoin(names, ", ");
}

}  // namespace

std::string FormatRemark(const Remark& remark) {
  std::string line = absl::StrCat(remark.where, ": ");
  if (!remark.path.empty()) absl::StrAppend(&line, Printable(remark.path), " ");
  switch (remark.kind) {
    case Remark::Kind::kChangedName:  // of the image as a whole: a sentence of its own
      return absl::StrCat(line, remark.path.empty() ? "" : "is called ", Printable(remark.detail));
    case Remark::Kind::kChangedTarget:
      return absl::StrCat(line, "is written with the target ", Printable(remark.detail));
    case Remark::Kind::kOmitted:
      return absl::StrCat(line, "is left out: ", Printable(remark.detail));
    case Remark::Kind::kFollowed:
      return absl::StrCat(line, "stands there as ", Printable(remark.detail));
    case Remark::Kind::kReader:
    case Remark::Kind::kPlace:
      return absl::StrCat(line, Printable(remark.detail));
  }
  return line;
}

std::string Summary(const Authored& authored, absl::string_view name) {
  const Disc& disc = *authored.disc;
  const EntryCounts counts = CountEntries(disc.tree());
  std::vector<std::string> entries = {Count(counts.files, "file", "files"),
                                      Count(counts.directories, "directory", "directories")};
  if (counts.symlinks > 0) entries.push_back(Count(counts.symlinks, "symlink", "symlinks"));
  if (counts.special > 0) entries.push_back(Count(counts.special, "device", "devices"));
  if (counts.hard_links > 0) {
    entries.push_back(Count(counts.hard_links, "more hard link", "more hard links"));
  }
  const Saved& saved = disc.saved();
  std::string shared;
  if (saved.files > 0) {
    shared = absl::StrCat("\n  ", Count(saved.files, "file shares", "files share"),
                          " the contents of another: ", FormatSize(saved.bytes), " saved");
  }
  const Compression& zisofs = disc.compression();
  std::string compressed;
  if (zisofs.contents > 0 || zisofs.as_they_are > 0) {
    compressed = absl::StrCat(
        "\n  zisofs: ", Count(zisofs.contents, "file", "files"), " compressed, ",
        FormatSize(zisofs.plain_bytes), " to ", FormatSize(zisofs.stored_bytes),
        zisofs.as_they_are > 0 ? absl::StrCat("; ", zisofs.as_they_are, " would not get smaller")
                               : "");
  }
  const uint64_t size = disc.image().size();
  std::string room;
  if (const Medium* medium = MediumOf(authored.loaded.manifest)) {
    const uint64_t left = ToBytes(medium->capacity).value() - size;
    room = absl::StrCat("  ", FormatSize(left), " (", left / kBlockSize, " blocks) are left on ",
                        medium->what, "\n");
  }
  return absl::StrCat(name, ": ", FormatSize(size), " (", size / kBlockSize, " blocks), label ",
                      disc.volume().id, "\n  ", NamespacesOf(authored.loaded.manifest),
                      "; boot: ", Platforms(authored.loaded.manifest.boot()), "\n  ",
                      absl::StrJoin(entries, ", "), shared, compressed, "\n", room, "  image id ",
                      disc.volume().image_id.Hex(), "\n");
}

void WriteJson(const Authored& authored, JsonParts parts, FILE* out) {
  const Disc& disc = *authored.disc;
  const EntryCounts counts = CountEntries(disc.tree());
  std::vector<std::pair<const char*, Json>> fields = {
      {"size", disc.image().size()},
      {"blocks", disc.image().size() / kBlockSize},
      {"volume_id", disc.volume().id},
      {"image_id", disc.volume().image_id.Hex()},
      {"namespaces", NamespacesOf(authored.loaded.manifest)},
      {"boot", Platforms(authored.loaded.manifest.boot())},
      {"entries",
       {{"files", counts.files},
        {"directories", counts.directories},
        {"symlinks", counts.symlinks},
        {"special", counts.special},
        {"hard_links", counts.hard_links}}},
      {"deduplicated", {{"files", disc.saved().files}, {"bytes", disc.saved().bytes}}},
      {"compressed",
       {{"files", disc.compression().contents},
        {"bytes", disc.compression().plain_bytes},
        {"stored_bytes", disc.compression().stored_bytes},
        {"not_smaller", disc.compression().as_they_are}}}};
  if (const Medium* medium = MediumOf(authored.loaded.manifest)) {
    fields.emplace_back("media", Json{{"name", manifest::Media_Name(medium->media)},
                                      {"blocks", medium->capacity.value()},
                                      {"blocks_left", medium->capacity.value() -
                                                          disc.image().size() / kBlockSize}});
  }
  if (!authored.preset.empty()) {
    fields.emplace_back("preset",
                        Json{{"name", authored.preset}, {"filled_in", authored.filled_in}});
  }
  const char* separator = "{\n";
  for (const auto& [key, value] : fields) {
    std::fprintf(out, "%s  \"%s\": %s", separator, key, Dump(value).c_str());
    separator = ",\n";
  }
  WriteArray(out, "remarks", [&](const auto& write) {
    for (const Remark& remark : disc.remarks()) {
      write({{"kind", std::string(KindName(remark.kind))},
             {"where", remark.where},
             {"path", remark.path},
             {"detail", remark.detail}});
    }
  });
  WriteArray(out, "lint", [&](const auto& write) {
    for (const Finding& finding : authored.findings) {
      const FirmwareRule& rule = *finding.rule;
      write({{"rule", std::string(rule.id)},
             {"severity", std::string(NameOf(rule.severity))},
             {"field", finding.field},
             {"detail", finding.message},
             {"what", std::string(rule.what)},
             {"breaks", std::string(rule.breaks)},
             {"change", std::string(rule.change)},
             {"source", std::string(rule.source)}});
    }
  });
  WriteArray(out, "changed_names", [&](const auto& write) {
    VisitNameChanges(disc, [&](const NameChange& change) {
      write({{"path", disc.tree().Path(change.node)},
             {"where", std::string(change.where)},
             {"name", change.name}});
    });
  });
  WriteArray(out, "reserved", [&](const auto& write) {
    for (const ReservedArea& area : disc.reserved()) {
      const ContentId content = disc.tree().inode(area.node).content;
      write({{"name", area.name},
             {"path", disc.tree().Path(area.node)},
             {"offset", disc.image().addresses()[content].value() + area.offset},
             {"length", area.size}});
    }
  });
  if (parts.names) {
    const std::vector<NameColumn> columns = NameColumns(authored.loaded.manifest);
    WriteArray(out, "names", [&](const auto& write) {
      VisitNames(disc, columns, [&](const NodeNames& row) {
        Json json = {{"path", disc.tree().Path(row.node)},
                     {"type", TypeName(disc.tree().inode(row.node).type)}};
        Json hidden = Json::array();
        for (size_t i = 0; i < columns.size(); ++i) {
          const std::string column(NameOfColumn(columns[i]));
          json[column] = row.names[i].empty() ? Json() : Json(row.names[i]);
          if (row.hidden[i]) hidden.push_back(column);
        }
        if (!hidden.empty()) json["hidden"] = hidden;
        write(json);
      });
    });
  }
  if (parts.map) {
    WriteArray(out, "map", [&](const auto& write) {
      VisitMap(disc, [&](const MapRun& run) {
        write(
            {{"block", run.block}, {"count", run.count}, {"what", run.what}, {"owner", run.owner}});
      });
    });
  }
  std::fputs("\n}\n", out);
}

absl::Status WriteWhole(const std::string& path, const std::function<void(FILE*)>& write) {
  const std::string partial = absl::StrCat(path, ".partial");
  FILE* const file = std::fopen(partial.c_str(), "we");
  if (file == nullptr) return SystemError(errno, absl::StrCat("cannot write ", path));
  write(file);
  const bool failed = std::ferror(file) != 0;
  if (std::fclose(file) != 0 || failed || std::rename(partial.c_str(), path.c_str()) != 0) {
    const absl::Status status = SystemError(errno, absl::StrCat("cannot write ", path));
    std::remove(partial.c_str());
    return status;
  }
  return absl::OkStatus();
}

absl::Status WriteLock(const Disc& disc, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  return WriteWhole(path, [&](FILE* file) {
    const std::string text = disc.MakeLock().Format();
    std::fwrite(text.data(), 1, text.size(), file);
  });
}

}  // namespace isomason

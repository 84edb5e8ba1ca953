#include "authoring/map.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "authoring/options.h"
#include "authoring/unicode/unicode.h"

namespace isomason {

void VisitMap(const Disc& disc, absl::FunctionRef<void(const MapRun&)> visit) {
  uint64_t next = 0;  // the first block that nothing has been said of
  MapRun run{0, 0, "", ""};
  auto finish = [&] {
    if (run.count > 0) visit(run);
    run.count = 0;
  };
  auto zeros = [&](uint64_t until) {
    if (until > next) visit({next, until - next, "zeros", ""});
  };
  disc.image().Map([&](ContentId content) { return disc.ContentName(content); },
                   [&](const MapLine& line) {
                     const uint64_t first = line.offset / kBlockSize;
                     const uint64_t end = BlocksFor(ByteCount(line.offset + line.size)).value();
                     if (run.count > 0 && first < next) {
                       absl::StrAppend(&run.what, " and ", line.what);
                       run.count = std::max(run.count, end - run.block);
                     } else {
                       finish();
                       zeros(first);
                       run = {first, end - first, line.what, std::string(line.owner)};
                     }
                     next = std::max(next, end);
                   });
  finish();
  zeros(disc.image().size() / kBlockSize);
}

std::string FormatMapHeading() { return "#   block   count\n"; }

std::string FormatMapRun(const MapRun& run) {
  std::string line = absl::StrFormat("%9d %7d  %s", run.block, run.count, Printable(run.what));
  if (!run.owner.empty()) {
    constexpr size_t kOwnerColumn = 60;
    const size_t width = CountCodePoints(line);
    line.append(width < kOwnerColumn ? kOwnerColumn - width : 1, ' ');
    line += run.owner;
  }
  return line + "\n";
}

void VisitNameChanges(const Disc& disc, absl::FunctionRef<void(const NameChange&)> visit) {
  const Tree& tree = disc.tree();
  for (NodeId n = 1; n < tree.node_count(); ++n) {
    auto compare = [&](absl::string_view where, std::string name) {
      // That it holds little is what a stub is about.
      if (name.empty() && disc.stub() && (where == "iso9660" || n == disc.stub_text())) return;
      if (name != tree.name(n)) visit({where, n, std::move(name)});
    };
    if (disc.iso9660() != nullptr) compare("iso9660", disc.iso9660()->NameOf(n));
    if (disc.joliet() != nullptr) compare("joliet", disc.joliet()->NameOf(n));
    if (disc.enhanced() != nullptr) {
      compare(disc.enhanced()->owner_name(), disc.enhanced()->NameOf(n));
    }
    if (disc.udf() != nullptr) compare("udf", disc.udf()->NameOf(n));
  }
}

absl::string_view NameOfColumn(NameColumn column) {
  switch (column) {
    case NameColumn::kIso9660:
      return "iso9660";
    case NameColumn::kRockRidge:
      return "rock_ridge";
    case NameColumn::kJoliet:
      return "joliet";
    case NameColumn::kUdf:
      return "udf";
  }
  return "";
}

std::vector<NameColumn> NameColumns(const manifest::Manifest& manifest) {
  std::vector<NameColumn> columns;
  if (HasIso9660(manifest)) columns.push_back(NameColumn::kIso9660);
  if (manifest.iso9660().has_rock_ridge()) columns.push_back(NameColumn::kRockRidge);
  if (manifest.iso9660().has_joliet()) columns.push_back(NameColumn::kJoliet);
  if (manifest.has_udf()) columns.push_back(NameColumn::kUdf);
  return columns;
}

void VisitNames(const Disc& disc, const std::vector<NameColumn>& columns,
                absl::FunctionRef<void(const NodeNames&)> visit) {
  const Tree& tree = disc.tree();
  NodeNames row{0, std::vector<std::string>(columns.size()), std::vector<bool>(columns.size())};
  for (row.node = 1; row.node < tree.node_count(); ++row.node) {
    const std::string iso9660 = disc.iso9660() == nullptr ? "" : disc.iso9660()->NameOf(row.node);
    for (size_t i = 0; i < columns.size(); ++i) {
      Namespace where = Namespace::kIso9660;
      switch (columns[i]) {
        case NameColumn::kIso9660:
          row.names[i] = iso9660;
          break;
        case NameColumn::kRockRidge:
          row.names[i] = iso9660.empty() ? "" : std::string(tree.name(row.node));
          break;
        case NameColumn::kJoliet:
          where = Namespace::kJoliet;
          row.names[i] = disc.joliet()->NameOf(row.node);
          break;
        case NameColumn::kUdf:
          where = Namespace::kUdf;
          row.names[i] = disc.udf()->NameOf(row.node);
          break;
      }
      row.hidden[i] = !row.names[i].empty() && disc.hiding().Marks(row.node, where);
    }
    visit(row);
  }
}

void FormatNames(const Disc& disc, const std::vector<NameColumn>& columns,
                 absl::FunctionRef<void(absl::string_view line)> write) {
  const auto cell = [](const NodeNames& row, size_t i) {
    if (row.names[i].empty()) return std::string("-");
    return absl::StrCat(Printable(row.names[i]), row.hidden[i] ? " (hidden)" : "");
  };
  // A name that is longer than most moves the rest of its own line, not of all.
  constexpr size_t kWidest = 32;
  std::vector<size_t> widths;
  for (const NameColumn column : columns) widths.push_back(NameOfColumn(column).size());
  VisitNames(disc, columns, [&](const NodeNames& row) {
    for (size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == kWidest) continue;
      widths[i] = std::max(widths[i], std::min(kWidest, CountCodePoints(cell(row, i))));
    }
  });

  std::string line;
  const auto add = [&line](absl::string_view text, size_t width) {
    const size_t size = CountCodePoints(text);
    absl::StrAppend(&line, text, std::string(size < width ? width - size : 0, ' '), "  ");
  };
  line = "# ";
  for (size_t i = 0; i < columns.size(); ++i) {
    add(columns[i] == NameColumn::kRockRidge ? "rock ridge" : NameOfColumn(columns[i]), widths[i]);
  }
  write(absl::StrCat(line, "path\n"));
  VisitNames(disc, columns, [&](const NodeNames& row) {
    line = "  ";
    for (size_t i = 0; i < columns.size(); ++i) add(cell(row, i), widths[i]);
    write(absl::StrCat(line, Printable(disc.tree().Path(row.node)), "\n"));
  });
}

std::string NamespacesOf(const manifest::Manifest& manifest) {
  const int revision =
      manifest.udf().revision() == 0 ? manifest::UDF_1_02 : manifest.udf().revision();
  const std::string udf = absl::StrFormat("UDF %d.%02d", revision / 100, revision % 100);
  if (!HasIso9660(manifest)) return udf;
  std::string names =
      manifest.udf().bridge() == manifest::STUB_BRIDGE ? "a stub of ISO 9660" : "ISO 9660";
  if (manifest.iso9660().has_rock_ridge()) names += " + Rock Ridge";
  if (manifest.iso9660().has_joliet()) names += " + Joliet";
  if (manifest.iso9660().level() == 4) names += " + ISO 9660:1999";
  if (manifest.has_udf()) absl::StrAppend(&names, " + ", udf);
  return names;
}

std::string Printable(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const char32_t c = NextCodePoint(text, &i);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c >= kNotUtf8) {
      for (size_t j = start; j < i; ++j) {
        absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(text[j]));
      }
    } else {
      out.append(text.data() + start, i - start);
    }
  }
  return out;
}

}  // namespace isomason

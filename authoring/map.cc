#include "authoring/map.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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
      if (name != tree.name(n)) visit({where, n, std::move(name)});
    };
    compare("iso9660", disc.iso9660()->NameOf(n));
    if (disc.joliet() != nullptr) compare("joliet", disc.joliet()->NameOf(n));
    if (disc.udf() != nullptr) compare("udf", disc.udf()->NameOf(n));
  }
}

std::string NamespacesOf(const manifest::Manifest& manifest) {
  std::string names = "ISO 9660";
  if (manifest.iso9660().has_rock_ridge()) names += " + Rock Ridge";
  if (manifest.iso9660().has_joliet()) names += " + Joliet";
  if (manifest.has_udf()) names += " + UDF 1.02";
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

#include "authoring/iso9660/path_table.h"

#include "authoring/iso9660/directory.h"
#include "authoring/iso9660/records.h"

namespace isomason {

void AppendPathTable(const Hierarchy& hierarchy, PathTableType type,
                     absl::FunctionRef<uint32_t(uint32_t)> extent, std::string& out) {
  std::string identifier;
  for (uint32_t i = 0; i < hierarchy.directories().size(); ++i) {
    const Hierarchy::Directory& d = hierarchy.directories()[i];
    identifier.clear();
    if (i == 0) {
      identifier.assign(kSelfIdentifier.data(), kSelfIdentifier.size());
    } else {
      hierarchy.AppendRecorded(d.name, identifier);
    }
    PathTableRecord r;
    r.identifier_length = static_cast<uint8_t>(identifier.size());
    r.extent = extent(i);
    r.parent = static_cast<uint16_t>(d.parent + 1);  // numbers start from 1
    if (type == PathTableType::kL) {
      Append(kPathTableRecord<Little>, r, out);
    } else {
      Append(kPathTableRecord<Big>, r, out);
    }
    out.append(identifier);
    if (identifier.size() % 2 != 0) out.push_back('\0');
  }
}

}  // namespace isomason

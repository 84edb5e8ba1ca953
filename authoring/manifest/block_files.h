// -----------------------------------------------------------------------------
// File: authoring/manifest/block_files.h
// -----------------------------------------------------------------------------
//
// Boot blocks of machines that are no PCs, as the manifest has them: which there are, and which
// files of the image they name.
//
#ifndef ISOMASON_AUTHORING_MANIFEST_BLOCK_FILES_H_
#define ISOMASON_AUTHORING_MANIFEST_BLOCK_FILES_H_

#include <string>
#include <vector>

#include "authoring/manifest/manifest.pb.h"

namespace isomason {

// The names of the blocks that the manifest asks for: "mips", "sun".
std::vector<std::string> BlocksOf(const manifest::SystemArea& area);

// A path of the image that a block names.
struct BlockFile {
  std::string field;  // "boot.system_area.alpha.image"
  std::string path;   // "" when the manifest leaves it out
};

// Always in the order of the fields.
std::vector<BlockFile> BlockFilesOf(const manifest::SystemArea& area);

// What the firmware calls a file of a volume header.
std::string MipsNameOf(const manifest::MipsBootFile& file);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_MANIFEST_BLOCK_FILES_H_

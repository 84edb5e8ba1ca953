// -----------------------------------------------------------------------------
// File: authoring/dvd_video/dvd_video.h
// -----------------------------------------------------------------------------
//
// DVD-Video: where the files of /VIDEO_TS have to lie so that the sector numbers in their
// IFO files are true. Players find menus and titles by these numbers, not by names. The
// files are planned as one group that is placed as a whole; what does not fit its numbers
// is an error that names both.
//
//   const DvdVideo dvd = PlanDvdVideo(contents, resolved, &remarks, &problems);
//   for (const DvdVideo::File& file : dvd.files) ...         // in the order of the disc
//
#ifndef ISOMASON_AUTHORING_DVD_VIDEO_DVD_VIDEO_H_
#define ISOMASON_AUTHORING_DVD_VIDEO_DVD_VIDEO_H_

#include <vector>

#include "authoring/problem.h"
#include "authoring/remark.h"
#include "authoring/tree/node.h"
#include "authoring/tree/resolve.h"
#include "layout/content.h"
#include "layout/units.h"

namespace isomason {

// Where the group starts: at a block of error correction of a DVD, 16 sectors.
inline constexpr ByteCount kDvdBlock{32768};

struct DvdVideo {
  struct File {
    ContentId content;
    Block distance;  // from the start of the first file, VIDEO_TS.IFO
  };
  std::vector<File> files;       // of /VIDEO_TS, in the order of the disc
  std::vector<ContentId> audio;  // of /AUDIO_TS, which follow, in the order of their names
};

// Reads the IFO files of a whole tree: a few blocks of each. What a player would not find or
// not play goes to `problems`, and then the result is of no use.
DvdVideo PlanDvdVideo(const ContentTable& contents, const Resolved& resolved, Remarks* remarks,
                      Problems* problems);

// Whether the node is a file of /VIDEO_TS: it shares its bytes with no other file, as IFO and
// BUP, which are equal, have to lie apart.
bool IsDvdVideoFile(const Tree& tree, NodeId node);

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_DVD_VIDEO_DVD_VIDEO_H_

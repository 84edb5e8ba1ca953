// -----------------------------------------------------------------------------
// File: authoring/dvd_video/ifo.h
// -----------------------------------------------------------------------------
//
// What the IFO files of DVD-Video say about where the files of their set lie: numbers of
// 2048-byte sectors, big-endian, counted from the start of the IFO file. The DVD
// Specifications for Read-Only Disc are not public; field names and positions are those
// that libdvdread documents (VMGI_MAT, VTSI_MAT, TT_SRPT).
//
//   ASSIGN_OR_RETURN(const Ifo ifo, Decode(kIfo, first_bytes));
//   ifo.title_vobs                          // where VTS_01_1.VOB starts
//
#ifndef ISOMASON_AUTHORING_DVD_VIDEO_IFO_H_
#define ISOMASON_AUTHORING_DVD_VIDEO_IFO_H_

#include <array>
#include <cstdint>

#include "layout/record/encoding.h"
#include "layout/record/record.h"

namespace isomason {

// The start of VIDEO_TS.IFO ("DVDVIDEO-VMG") and of each VTS_nn_0.IFO ("DVDVIDEO-VTS").
struct Ifo {
  std::array<uint8_t, 12> identifier{};
  uint32_t last_of_set = 0;  // the last sector of the BUP file
  std::array<uint8_t, 12> unused{};
  uint32_t last_of_ifo = 0;  // of the IFO file, and, from its own start, of the BUP file
  std::array<uint8_t, 30> facts{};
  uint16_t title_sets = 0;  // VIDEO_TS.IFO only
  std::array<uint8_t, 128> more_facts{};
  uint32_t menu_vobs = 0;  // the first sector of the menu's VOB file; 0: there is none
  // Of the title sets' VOB files; in VIDEO_TS.IFO, of the table of titles.
  uint32_t titles = 0;
};
inline constexpr auto kIfo = MakeTable<Ifo, 200>(
    "IFO file", "DVD-Video, VMGI_MAT and VTSI_MAT", Counts::kFromZero,
    Field<Raw<12>>("identifier", 0, 11, &Ifo::identifier),
    Field<Big<uint32_t>>("last sector of the set", 12, 15, &Ifo::last_of_set),
    Field<Raw<12>>("reserved", 16, 27, &Ifo::unused),
    Field<Big<uint32_t>>("last sector of the IFO file", 28, 31, &Ifo::last_of_ifo),
    Field<Raw<30>>("version, category, volume set, side", 32, 61, &Ifo::facts),
    Field<Big<uint16_t>>("number of title sets", 62, 63, &Ifo::title_sets),
    Field<Raw<128>>("provider, position code, end of the table", 64, 191, &Ifo::more_facts),
    Field<Big<uint32_t>>("first sector of the menu", 192, 195, &Ifo::menu_vobs),
    Field<Big<uint32_t>>("first sector of the titles", 196, 199, &Ifo::titles));
static_assert(kIfo.Tiles());

// The table of titles in VIDEO_TS.IFO (TT_SRPT): its head, and one line for each title.
struct TitleTable {
  uint16_t titles = 0;
  uint16_t unused = 0;
  uint32_t last_byte = 0;  // of the table, from its start
};
inline constexpr auto kTitleTable =
    MakeTable<TitleTable, 8>("table of titles", "DVD-Video, TT_SRPT", Counts::kFromZero,
                             Field<Big<uint16_t>>("number of titles", 0, 1, &TitleTable::titles),
                             Field<Big<uint16_t>>("reserved", 2, 3, &TitleTable::unused),
                             Field<Big<uint32_t>>("last byte", 4, 7, &TitleTable::last_byte));
static_assert(kTitleTable.Tiles());

struct Title {
  std::array<uint8_t, 6> facts{};  // how it is played, angles, chapters, parental levels
  uint8_t title_set = 0;
  uint8_t title = 0;          // in its set
  uint32_t start_of_set = 0;  // the first sector of VTS_nn_0.IFO, from that of VIDEO_TS.IFO
};
inline constexpr auto kTitle = MakeTable<Title, 12>(
    "title", "DVD-Video, TT_SRPT", Counts::kFromZero,
    Field<Raw<6>>("playback", 0, 5, &Title::facts),
    Field<Big<uint8_t>>("title set", 6, 6, &Title::title_set),
    Field<Big<uint8_t>>("title in its set", 7, 7, &Title::title),
    Field<Big<uint32_t>>("first sector of the set", 8, 11, &Title::start_of_set));
static_assert(kTitle.Tiles());

}  // namespace isomason

#endif  // ISOMASON_AUTHORING_DVD_VIDEO_IFO_H_

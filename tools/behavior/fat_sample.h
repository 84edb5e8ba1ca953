// -----------------------------------------------------------------------------
// File: tools/behavior/fat_sample.h
// -----------------------------------------------------------------------------
//
// Volumes of FAT with all they hold, for tests: made by hand or from a seed, written to
// the host, and as a listing of what readers have to show.
//
#ifndef ISOMASON_TOOLS_BEHAVIOR_FAT_SAMPLE_H_
#define ISOMASON_TOOLS_BEHAVIOR_FAT_SAMPLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "boot/fat/volume.h"
#include "tools/oracle/listing.h"

namespace isomason {

struct FatSample {
  FatOptions options;
  std::vector<FatEntry> entries;

  void AddFile(std::string path, uint64_t size, uint8_t attributes = kFatArchive);
  void AddDirectory(std::string path, uint8_t attributes = 0);
  int64_t time = 1793491200;  // of what is added next: 2026-11-01T00:00:00Z; each has another
};

// A tree of a seed: names of all shapes that FAT allows, sizes around borders of clusters,
// directories of hundreds of entries and deep ones, every type and several cluster sizes and
// alignments.
FatSample RandomFatSample(uint64_t seed);

// The bytes of entry number `entry`.
std::string FatSampleBytes(uint64_t entry, uint64_t size);

// Plans the volume and writes it to a new host file, the metadata in pieces of `step` bytes.
absl::StatusOr<FatVolume> WriteFatSample(const FatSample& sample, const std::string& path,
                                         uint64_t step = 1 << 20);

// What readers show of it, with times in steps of two seconds.
Listing WantOfFatSample(const FatSample& sample);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BEHAVIOR_FAT_SAMPLE_H_

#include "authoring/firmware/boot_program.h"

#include <cstring>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace isomason {
namespace {

BootImageLook Look(const std::string& image) {
  return LookAtBootImage(image.size(), [&](uint64_t offset, absl::Span<uint8_t> out) {
    if (offset + out.size() > image.size()) return absl::InternalError("read past the end");
    std::memcpy(out.data(), image.data() + offset, out.size());
    return absl::OkStatus();
  });
}

void Put(std::string& image, size_t at, absl::string_view bytes) {
  image.replace(at, bytes.size(), bytes.data(), bytes.size());
}

// A floppy disk of 1440 KiB, as mkfs.fat lays it out: 1 reserved sector, two tables of 9, 224
// entries in the root.
std::string Fat12(absl::string_view label) {
  std::string image(1474560, '\0');
  Put(image, 0, "\xEB\x3C\x90mkfs.fat");
  Put(image, 11, absl::string_view("\x00\x02\x01\x01\x00\x02\xE0\x00\x40\x0B\xF0\x09\x00", 13));
  if (!label.empty()) {
    Put(image, 19 * 512, "BOOT       \x10");  // a directory
    Put(image, 19 * 512 + 32, "\xE5LD        \x08");
    Put(image, 19 * 512 + 64, label);
    image[19 * 512 + 64 + 11] = 0x08;
  }
  return image;
}

TEST(BootProgramTest, KnowsIsolinuxByTheSignatureForHybrids) {
  std::string image(24576, 'i');
  Put(image, 64, "\xFB\xC0\x78\x70");
  EXPECT_EQ(Look(image).program, BootProgram::kIsolinux);
  image[64] = 'x';
  EXPECT_EQ(Look(image).program, BootProgram::kUnknown);
}

TEST(BootProgramTest, KnowsGrubByItsMessages) {
  std::string image(4096, 'g');
  Put(image, 400, absl::string_view("no boot info\0cdrom read fails\0", 30));
  EXPECT_EQ(Look(image).program, BootProgram::kGrub);
}

TEST(BootProgramTest, KnowsFatAndItsLabel) {
  EXPECT_EQ(Look(Fat12("")).program, BootProgram::kFat);
  EXPECT_EQ(Look(Fat12("")).label, "");
  EXPECT_EQ(Look(Fat12("MY ESP     ")).label, "MY ESP");
}

TEST(BootProgramTest, FindsTheRootOfFat32ByItsCluster) {
  std::string image(1 << 20, '\0');
  Put(image, 0, "\xEB\x58\x90mkfs.fat");
  Put(image, 11, absl::string_view("\x00\x02\x04\x20\x00\x02\x00\x00\x00\x00\xF8\x00\x00", 13));
  Put(image, 36, absl::string_view("\x08\0\0\0", 4));  // sectors of a table
  Put(image, 44, absl::string_view("\x03\0\0\0", 4));  // the root's cluster
  // 32 + 2 * 8 sectors, and one cluster of 4 before it.
  Put(image, (32 + 16 + 4) * 512, "LABEL32    \x08");
  EXPECT_EQ(Look(image).program, BootProgram::kFat);
  EXPECT_EQ(Look(image).label, "LABEL32");
}

TEST(BootProgramTest, DoesNotReadBehindTheImage) {
  std::string image = Fat12("CUT        ");
  image.resize(4096);
  EXPECT_EQ(Look(image).program, BootProgram::kFat);
  EXPECT_EQ(Look(image).label, "");
  EXPECT_EQ(Look("short").program, BootProgram::kUnknown);
  EXPECT_EQ(Look(std::string(4096, '\0')).program, BootProgram::kUnknown);
}

}  // namespace
}  // namespace isomason

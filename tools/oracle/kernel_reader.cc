#include "tools/oracle/kernel_reader.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/digest.h"
#include "tools/oracle/process.h"
#include "tools/oracle/qemu.h"
#include "tools/oracle/qemu_initramfs.h"
#include "tools/oracle/samples.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

// A machine of the kind "pc" has 32 slots; four are taken by itself and the virtio port. A slot
// holds eight functions.
constexpr size_t kFirstSlot = 5, kFunctionsInSlot = 8;
constexpr size_t kImagesInOneGuest = 100;
// The kernel's levels: 4 is a warning, smaller is worse.
constexpr int kWarningLevel = 4;

// How Linux is asked for a view.
struct Mount {
  View view;
  const char* name;     // in plan and report
  const char* type;     // of file system
  const char* options;  // without these, isofs prefers Rock Ridge, and folds case
  const char* sign;     // what its log says when it found the view; null: nothing
};
constexpr Mount kMounts[] = {
    {View::kRockRidge, "rock-ridge", "iso9660", "nojoliet,iocharset=utf8", "ISO 9660 Extensions: "},
    {View::kJoliet, "joliet", "iso9660", "norock,check=strict,iocharset=utf8", "Joliet"},
    {View::kIso9660, "plain", "iso9660", "norock,nojoliet,map=off,check=strict", nullptr},
    {View::kUdf, "udf", "udf", "iocharset=utf8", nullptr},
    {View::kFat, "fat", "vfat", "utf8,iocharset=iso8859-1,codepage=437,tz=UTC,errors=continue",
     nullptr},
};

constexpr char kChooseByYourself[] = "iocharset=utf8";

std::string Serial(size_t image) { return absl::StrCat("image", image); }

// A host path as the value of a QEMU option, in which commas are doubled.
std::string QemuPath(const std::string& path) {
  return absl::StrReplaceAll(std::filesystem::absolute(path).string(), {{",", ",,"}});
}

absl::Status CheckImage(const std::string& image) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(image, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat(image, ": ", error.message()));
  if (size == 0 || size % 2048 != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(image, ": ", size, " bytes are not a multiple of 2048: no drive holds them"));
  }
  return absl::OkStatus();
}

// The archive with the agent, its plan and the modules that it loads.
absl::StatusOr<std::string> MakeInitramfs(const std::string& payload, size_t images,
                                          const std::vector<View>& views,
                                          const LinuxOptions& options) {
  absl::StatusOr<std::string> agent = ReadHostFile(Runfile("tools/oracle/guest_agent"));
  if (!agent.ok()) return agent.status();
  absl::StatusOr<std::vector<std::string>> modules = ModulesFor(
      payload + "/root/modules", {"virtio_pci", "virtio_blk", "virtio_console", "nls_utf8",
                                  "nls_iso8859-1", "nls_cp437", "isofs", "udf", "vfat"});
  if (!modules.ok()) return modules.status();

  Initramfs files;
  files.AddDirectory("dev");
  files.AddCharacterDevice("dev/console", 5, 1);
  files.AddFile("init", 0755, *agent);
  std::string plan;
  for (const std::string& module : *modules) {
    absl::StatusOr<std::string> bytes = ReadHostFile(module);
    if (!bytes.ok()) return bytes.status();
    const std::string name = std::filesystem::path(module).filename().string();
    files.AddFile(name, 0644, *bytes);
    absl::StrAppend(&plan, "module\t/", name, "\n");
  }
  for (size_t image = 0; image < images; ++image) {
    for (const View view : views) {
      for (const Mount& mount : kMounts) {
        if (mount.view != view) continue;
        absl::StrAppend(&plan, "read\t", Serial(image), "\t", mount.name, "\t", mount.type, "\t",
                        view == View::kRockRidge && options.may_choose_joliet ? kChooseByYourself
                                                                              : mount.options,
                        "\t", options.partition, "\n");
      }
    }
  }
  files.AddFile("plan", 0644, plan);
  return files.Finish();
}

// Starts one guest for `images`, up to kImagesInOneGuest; returns what its agent told.
absl::StatusOr<std::string> RunGuest(const std::string& payload,
                                     const std::vector<std::string>& images,
                                     const std::vector<View>& views, const LinuxOptions& options) {
  absl::StatusOr<std::string> initramfs = MakeInitramfs(payload, images.size(), views, options);
  if (!initramfs.ok()) return initramfs.status();
  const char* scratch_parent = std::getenv("TEST_TMPDIR");
  absl::StatusOr<ScratchDir> scratch =
      ScratchDir::Make(scratch_parent == nullptr ? "/tmp" : scratch_parent);
  if (!scratch.ok()) return scratch.status();
  const std::string report = scratch->path() + "/report";
  if (absl::Status s = WriteHostFile(scratch->path() + "/initrd", *initramfs); !s.ok()) return s;
  if (absl::Status s = WriteHostFile(report, ""); !s.ok()) return s;

  Command command;
  // Never KVM: where /dev/kvm exists in a guest without nested virtualisation, it hangs.
  command.argv = {"qemu-system-x86_64", "-M", "pc", "-accel", "tcg,thread=single", "-nodefaults",
                  "-no-reboot", "-display", "none", "-m", "256", "-kernel",
                  payload + "/root/vmlinuz", "-initrd", "initrd", "-append",
                  // On a busy host its look at the timer fails by chance.
                  "console=ttyS0 quiet panic=-1 no_timer_check", "-serial", "stdio", "-device",
                  "virtio-serial-pci", "-chardev", "file,id=listing,path=report", "-device",
                  "virtserialport,chardev=listing,name=listing"};
  for (size_t i = 0; i < images.size(); ++i) {
    command.argv.push_back("-drive");
    command.argv.push_back(
        absl::StrCat("if=none,format=raw,readonly=on,id=d", i, ",file=", QemuPath(images[i])));
    command.argv.push_back("-device");
    command.argv.push_back(absl::StrCat("virtio-blk-pci,drive=d", i, ",serial=", Serial(i),
                                        ",addr=", absl::Hex(kFirstSlot + i / kFunctionsInSlot), ".",
                                        i % kFunctionsInSlot, ",multifunction=on",
                                        ",logical_block_size=", options.drive_block_size,
                                        ",physical_block_size=", options.drive_block_size));
  }
  command.directory = scratch->path();
  command.timeout_seconds = options.timeout_seconds;
  std::string console;  // kept apart from the result: it matters most when there is none
  command.on_output = [&console](absl::string_view bytes) { absl::StrAppend(&console, bytes); };
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  const std::string said =
      absl::StrCat("; the guest's console ends with:\n",
                   console.substr(console.size() - std::min<size_t>(console.size(), 3000)));
  if (!result.ok()) {
    return absl::Status(result.status().code(), absl::StrCat(result.status().message(), said));
  }
  if (!result->Succeeded()) return absl::InternalError(absl::StrCat(result->Summary(), said));
  absl::StatusOr<std::string> told = ReadHostFile(report);
  if (told.ok() && !absl::EndsWith(*told, "DONE\n")) {
    return absl::DataLossError(absl::StrCat("the guest died", said));
  }
  return told;
}

// A plain name without its version (";1") and without the dot of a name that has no extension.
std::string PlainName(const std::string& path) {
  const size_t version = path.rfind(';');
  if (version == std::string::npos || version < path.rfind('/')) return path;
  std::string name = path.substr(0, version);
  if (absl::EndsWith(name, ".") && !absl::EndsWith(name, "/.")) name.pop_back();
  return name;
}

// Unsets what the kernel made up where `view` does not know it.
absl::StatusOr<Listing> AsViewKnowsIt(const Listing& told, View view) {
  Listing known;
  for (const auto& [path, told_entry] : told) {
    Listed entry = told_entry;
    // ISO 9660 has no fractions of seconds that Linux reads.
    if (view != View::kUdf) entry.inode = 0, entry.nanoseconds = std::nullopt;
    if (view == View::kJoliet || view == View::kIso9660 || view == View::kFat) {
      entry.mode = entry.owner = entry.group = entry.links = std::nullopt;
    }
    if (view == View::kIso9660 && entry.type != Listed::Type::kDirectory) {
      entry.path = PlainName(path);
    }
    if (absl::Status s = known.Add(std::move(entry)); !s.ok()) return s;
  }
  return known;
}

// What the guest told between one BEGIN and its END.
struct Frame {
  std::string entries;  // in the text form
  std::vector<std::string> problems;
  std::vector<std::string> log;
  bool signed_as_view = false;
  LinuxView view;
};

absl::StatusOr<Listing> ListingOf(const Frame& frame, const Mount& mount) {
  const std::string log =
      frame.log.empty() ? "" : absl::StrCat("; kernel: ", absl::StrJoin(frame.log, " | "));
  if (!frame.problems.empty()) {
    return absl::DataLossError(absl::StrCat("Linux, ", ViewName(mount.view), ": ",
                                            absl::StrJoin(frame.problems, "; "), log));
  }
  if (mount.sign != nullptr && !frame.signed_as_view) {
    return absl::DataLossError(absl::StrCat("Linux, ", ViewName(mount.view),
                                            ": mounts, but does not find that view", log));
  }
  absl::StatusOr<Listing> told = FromText(frame.entries);
  if (told.ok()) told = AsViewKnowsIt(*told, mount.view);
  if (told.ok()) return told;
  return absl::DataLossError(
      absl::StrCat("Linux, ", ViewName(mount.view), ": ", told.status().message(), log));
}

// The checksum of ITU-T V.41, as crc_itu_t() of the kernel.
uint16_t Crc(absl::string_view bytes) {
  uint32_t crc = 0;
  for (const char byte : bytes) {
    crc ^= static_cast<uint32_t>(static_cast<unsigned char>(byte)) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
  }
  return static_cast<uint16_t>(crc);
}

// udf_name_from_CS0() takes off an extension of up to five characters, takes what is left for
// "." or "..", and puts a checksum there. Only names of ASCII are known here.
std::string AsUdfShows(const std::string& name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot < 1 || dot > 2 || name.compare(0, dot, "..", dot) != 0) {
    return name;
  }
  const size_t extension = name.size() - dot - 1;
  if (extension < 1 || extension > 5) return name;
  return absl::StrFormat("%s#%04X%s", name.substr(0, dot), Crc(name), name.substr(dot));
}

// The same of every name of a path or target.
std::string AsUdfShowsAll(const std::string& path) {
  std::vector<std::string> names = absl::StrSplit(path, '/');
  for (std::string& name : names) name = AsUdfShows(name);
  return absl::StrJoin(names, "/");
}

absl::Status BadReport(absl::string_view line) {
  return absl::DataLossError(absl::StrCat("the guest's report makes no sense at: ", line));
}

}  // namespace

absl::StatusOr<std::string> Sha256OfSamples(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  Digest digest;
  std::string bytes;
  for (const auto& [begin, end] : SampledRanges(static_cast<uint64_t>(file.tellg()))) {
    bytes.resize(end - begin);
    file.seekg(static_cast<std::streamoff>(begin));
    if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
      return absl::InternalError(
          absl::StrCat(path, ": cannot read the bytes ", begin, " to ", end));
    }
    digest.Update(bytes);
  }
  return digest.Finish();
}

Listing AsLinuxShows(Listing want, View view) {
  if (view == View::kUdf) {
    Listing shown;
    for (const auto& [path, entry] : want) {
      Listed renamed = entry;
      renamed.path = AsUdfShowsAll(path);
      renamed.target = AsUdfShowsAll(entry.target);
      shown.Add(std::move(renamed)).IgnoreError();  // a name with a checksum is nobody else's
    }
    return shown;
  }
  for (auto& [path, entry] : want) {
    if (entry.time.has_value()) entry.time = static_cast<int32_t>(*entry.time);
  }
  return want;
}

absl::Status ParseGuestReport(absl::string_view report, size_t first_image, LinuxViews* views) {
  if (!absl::EndsWith(report, "DONE\n")) return BadReport("its end, where DONE is missing");
  std::optional<Frame> frame;
  const Mount* mount = nullptr;
  size_t image = 0;
  for (absl::string_view line : absl::StrSplit(report, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    if (columns[0] == "DONE") {
      if (frame.has_value()) return BadReport(line);
    } else if (columns[0] == "BEGIN" && columns.size() == 3) {
      absl::string_view serial = columns[1];
      mount = std::find_if(std::begin(kMounts), std::end(kMounts),
                           [&](const Mount& known) { return known.name == columns[2]; });
      if (frame.has_value() || !absl::ConsumePrefix(&serial, "image") ||
          !absl::SimpleAtoi(serial, &image) || mount == std::end(kMounts)) {
        return BadReport(line);
      }
      frame.emplace();
    } else if (!frame.has_value()) {
      return BadReport(line);
    } else if (columns[0] == "END" && columns.size() == 3) {
      frame->view.listing = ListingOf(*frame, *mount);
      (*views)[{first_image + image, mount->view}] = std::move(frame->view);
      frame.reset();
    } else if (columns[0] == "PROBLEM" && columns.size() == 2) {
      frame->problems.push_back(columns[1]);
    } else if (columns[0] == "KERNEL" && columns.size() == 3) {
      int level = 0;
      if (!absl::SimpleAtoi(columns[1], &level)) return BadReport(line);
      frame->log.push_back(columns[2]);
      if (level <= kWarningLevel) frame->view.warnings.push_back(columns[2]);
      if (mount->sign != nullptr && absl::StrContains(columns[2], mount->sign)) {
        frame->signed_as_view = true;
      }
    } else if (columns[0] == "SAMPLES" && columns.size() == 3) {
      absl::StatusOr<std::string> path = UnescapeName(columns[1]);
      if (!path.ok()) return BadReport(line);
      if (mount->view == View::kIso9660) *path = PlainName(*path);
      frame->view.samples[*path] = columns[2];
    } else if (absl::StartsWith(columns[0], "/")) {
      absl::StrAppend(&frame->entries, line, "\n");
    } else {
      return BadReport(line);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<LinuxViews> ReadWithLinux(const std::vector<std::string>& images,
                                         const std::vector<View>& views,
                                         const LinuxOptions& options) {
  for (const std::string& image : images) {
    if (absl::Status s = CheckImage(image); !s.ok()) return s;
  }
  absl::StatusOr<std::string> payload = PayloadFolder();
  if (!payload.ok()) return payload.status();
  LinuxViews result;
  for (size_t first = 0; first < images.size(); first += kImagesInOneGuest) {
    const size_t end = std::min(images.size(), first + kImagesInOneGuest);
    absl::StatusOr<std::string> report = RunGuest(*payload,
                                                  {images.begin() + static_cast<ptrdiff_t>(first),
                                                   images.begin() + static_cast<ptrdiff_t>(end)},
                                                  views, options);
    if (!report.ok()) return report.status();
    if (absl::Status s = ParseGuestReport(*report, first, &result); !s.ok()) return s;
  }
  if (result.size() != images.size() * views.size()) {
    return absl::DataLossError(absl::StrCat("the guest told of ", result.size(),
                                            " views instead of ", images.size() * views.size()));
  }
  return result;
}

}  // namespace isomason

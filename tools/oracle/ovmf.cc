#include "tools/oracle/ovmf.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

constexpr char kCode[] = "/usr/share/OVMF/OVMF_CODE_4M.fd";
constexpr char kVariables[] = "/usr/share/OVMF/OVMF_VARS_4M.fd";
// The device path that UdfDxe's volumes have below their drive (EDK2, UdfDxe.c).
constexpr char kUdfNode[] = "/VenMedia(C5BD4D42-1A76-4996-8956-73CDA326CD0A)";
constexpr size_t kMaxImages = 24;
constexpr size_t kFirstSlot = 4;  // of the PCI bus; the machine has devices of its own before

absl::Status Odd(absl::string_view what, absl::string_view where) {
  return absl::DataLossError(absl::StrCat("OVMF: ", what, ": ", EscapeName(where)));
}

// --- The program ------------------------------------------------------------------

class Bytes {
 public:
  template <typename T>
  Bytes& Add(T value) {
    for (size_t i = 0; i < sizeof(T); ++i) {
      out_ += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xff);
    }
    return *this;
  }
  Bytes& Text(absl::string_view text) {
    out_.append(text.data(), text.size());
    return *this;
  }
  Bytes& Zeros(size_t count) {
    out_.append(count, '\0');
    return *this;
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

size_t RoundedUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

// --- The shell --------------------------------------------------------------------

// What the shell does: all volumes that there may be, by number.
std::string Script(size_t images) {
  std::string script = "@echo -off\nconnect -r\nmap -r\n";
  // One more than there are images, for the disk with this script.
  for (size_t i = 0; i <= images; ++i) {
    const std::string volume = absl::StrCat("fs", i, ":");
    absl::StrAppend(&script, "if exist ", volume, "\\ then\necho \"volume ", volume, "\"\nvol ",
                    volume, "\nls -r -a ", volume, "\\\necho \"listed ", volume, "\"\nif exist ",
                    volume, absl::StrReplaceAll(kOvmfProgram, {{"/", "\\"}}), " then\n", volume,
                    absl::StrReplaceAll(kOvmfProgram, {{"/", "\\"}}), "\nendif\necho \"end ",
                    volume, "\"\nendif\n");
  }
  absl::StrAppend(&script, "reset -s\n");
  return absl::StrReplaceAll(script, {{"\n", "\r\n"}});
}

// A disk of one FAT file system with `script` as what the shell runs by itself.
absl::Status MakeShellDisk(const std::string& path, const std::string& script) {
  if (absl::Status s = WriteHostFile(path + ".nsh", script); !s.ok()) return s;
  if (absl::Status s = WriteHostFile(path, std::string(2880 * 512, '\0')); !s.ok()) return s;
  for (std::vector<std::string> argv :
       {std::vector<std::string>{"mformat", "-i", path, "-f", "1440", "::"},
        std::vector<std::string>{"mcopy", "-i", path, path + ".nsh", "::/startup.nsh"}}) {
    absl::StatusOr<ProcessResult> made = RunProcess(std::move(argv));
    if (!made.ok()) return made.status();
    if (!made->Succeeded()) return absl::InternalError(made->Summary());
  }
  return absl::OkStatus();
}

// A file name as QEMU's options take it.
std::string QemuPath(const std::string& path) {
  return absl::StrReplaceAll(std::filesystem::absolute(path).string(), {{",", ",,"}});
}

// Without the sequences with which a terminal is painted.
std::string WithoutEscapes(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') continue;
    if (text[i] != '\x1b') {
      out += text[i];
      continue;
    }
    while (i + 1 < text.size() && !absl::ascii_isalpha(static_cast<unsigned char>(text[i + 1]))) {
      ++i;
    }
    ++i;
  }
  return out;
}

// "11/01/2026  12:34 <DIR> r         132  bin"; nothing when the line is no entry.
std::optional<Listed> ParseEntry(absl::string_view line) {
  int month, day, year, hour, minute;
  if (line.size() < 18 || line[2] != '/' || line[5] != '/' || line[14] != ':' ||
      !absl::SimpleAtoi(line.substr(0, 2), &month) || !absl::SimpleAtoi(line.substr(3, 2), &day) ||
      !absl::SimpleAtoi(line.substr(6, 4), &year) || !absl::SimpleAtoi(line.substr(12, 2), &hour) ||
      !absl::SimpleAtoi(line.substr(15, 2), &minute)) {
    return std::nullopt;
  }
  Listed entry;
  entry.time = absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), absl::UTCTimeZone()));
  absl::string_view rest = line.substr(17);
  rest = absl::StripLeadingAsciiWhitespace(rest);
  entry.type = absl::ConsumePrefix(&rest, "<DIR>") ? Listed::Type::kDirectory : Listed::Type::kFile;
  rest = absl::StripLeadingAsciiWhitespace(rest);
  if (absl::ConsumePrefix(&rest, "r")) rest = absl::StripLeadingAsciiWhitespace(rest);
  // Sizes have commas in some versions of the shell.
  const size_t end = rest.find("  ");
  if (end == absl::string_view::npos) return std::nullopt;
  uint64_t size;
  if (!absl::SimpleAtoi(absl::StrReplaceAll(rest.substr(0, end), {{",", ""}}), &size)) {
    return std::nullopt;
  }
  if (entry.type == Listed::Type::kFile) entry.size = size;
  entry.path = std::string(rest.substr(end + 2));
  return entry;
}

// The part of the shell's words on one volume, up to "listed".
absl::StatusOr<Listing> ParseVolume(absl::string_view text) {
  Listing out;
  Listed root;
  root.path = "/";
  root.type = Listed::Type::kDirectory;
  if (absl::Status s = out.Add(root); !s.ok()) return s;
  std::string directory;
  bool any = false;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripTrailingAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, "Directory of: ")) {
      const size_t colon = line.find(':');
      if (colon == absl::string_view::npos) return Odd("no directory", line);
      directory = absl::StrReplaceAll(line.substr(colon + 1), {{"\\", "/"}});
      if (!absl::EndsWith(directory, "/")) directory += '/';
      any = true;
      continue;
    }
    std::optional<Listed> entry = ParseEntry(line);
    if (!entry.has_value()) continue;
    if (entry->path == "." || entry->path == "..") continue;
    entry->path = absl::StrCat(directory, entry->path);
    if (absl::Status s = out.Add(*std::move(entry)); !s.ok()) return Odd(s.message(), directory);
  }
  if (!any) return Odd("lists nothing", text.substr(0, 200));
  return out;
}

std::string Between(absl::string_view text, absl::string_view from, absl::string_view to) {
  const size_t begin = text.rfind(from);
  if (begin == absl::string_view::npos) return "";
  const size_t end = text.find(to, begin + from.size());
  if (end == absl::string_view::npos) return "";
  return std::string(text.substr(begin + from.size(), end - begin - from.size()));
}

}  // namespace

std::string TalkingProgram(absl::string_view words, size_t size) {
  // The same at any address, so that nothing is to be relocated.
  std::string code(
      "\x56"               // push rsi
      "\x48\x8d\x35????"   // lea rsi, [rip + words]
      "\x66\xba\xf8\x03"   // mov dx, 0x3f8
      "\xac\x84\xc0"       // again: lodsb; test al, al
      "\x74\x03\xee"       // jz stop; out dx, al
      "\xeb\xf8"           // jmp again
      "\x5e\x31\xc0\xc3",  // stop: pop rsi; xor eax, eax; ret
      24);
  const size_t at = size - words.size() - 1;
  code.replace(4, 4, Bytes().Add(static_cast<uint32_t>(at - 8)).Take());
  std::string section = code;
  section.resize(at);
  section.append(words.data(), words.size());
  section.resize(RoundedUp(size, 512));

  const auto raw = static_cast<uint32_t>(section.size());
  const auto in_memory = static_cast<uint32_t>(0x1000 + RoundedUp(size, 0x1000));
  Bytes out;
  out.Text("MZ").Zeros(58).Add(uint32_t{64});
  // COFF's header: x86-64, one section, 240 bytes of optional header, executable.
  out.Text("PE").Zeros(2).Add(uint16_t{0x8664}).Add(uint16_t{1}).Zeros(12);
  out.Add(uint16_t{240}).Add(uint16_t{0x22});
  // The optional one of PE32+: the sizes and the places of code, alignments, subsystem 10 (a
  // UEFI application), sixteen empty directories.
  out.Add(uint16_t{0x20b}).Zeros(2).Add(raw).Zeros(8).Add(uint32_t{0x1000}).Add(uint32_t{0x1000});
  out.Add(uint64_t{0}).Add(uint32_t{0x1000}).Add(uint32_t{0x200}).Zeros(16);
  out.Add(in_memory).Add(uint32_t{0x200}).Zeros(4).Add(uint16_t{10}).Zeros(2);
  out.Zeros(36).Add(uint32_t{16}).Zeros(128);
  out.Text(".text").Zeros(3).Add(static_cast<uint32_t>(size)).Add(uint32_t{0x1000});
  out.Add(raw).Add(uint32_t{0x200}).Zeros(12).Add(uint32_t{0x60000020});
  std::string program = out.Take();
  program.resize(512);
  return program + section;
}

absl::StatusOr<std::vector<OvmfView>> ParseOvmfShell(absl::string_view text, size_t images) {
  if (!absl::StrContains(text, "Reset with ")) {
    return absl::DataLossError(
        absl::StrCat("OVMF: the shell did not come to its end; it said last:\n",
                     text.substr(text.size() - std::min<size_t>(text.size(), 2000))));
  }
  // "FS1: Alias(s):F1a0:;BLK3:", and on the next line a path such as
  // "PciRoot(0x0)/Pci(0x4,0x0)/Scsi(0x0,0x0)/VenMedia(...)". The shell gives volumes their
  // numbers anew with `map -r`, so that the last table counts.
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  std::map<size_t, std::string> volumes;
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    absl::string_view line = absl::StripAsciiWhitespace(lines[i]);
    const absl::string_view path = absl::StripAsciiWhitespace(lines[i + 1]);
    const size_t colon = line.find(':');
    if (!absl::StartsWith(line, "FS") || colon == absl::string_view::npos) continue;
    if (!absl::EndsWith(path, kUdfNode)) continue;
    const std::string volume = absl::AsciiStrToLower(line.substr(0, colon + 1));
    for (size_t image = 0; image < images; ++image) {
      const std::string drive = absl::StrFormat("PciRoot(0x0)/Pci(0x%X,0x0)/", kFirstSlot + image);
      if (absl::StartsWith(path, drive)) volumes[image] = volume;
    }
  }
  std::vector<OvmfView> views(images);
  for (size_t image = 0; image < images; ++image) {
    OvmfView& view = views[image];
    if (volumes.count(image) == 0) {
      view.listing = absl::NotFoundError("OVMF: no UDF file system on the drive");
      continue;
    }
    const std::string volume = volumes[image];
    const std::string part =
        Between(text, absl::StrCat("volume ", volume, "\n"), absl::StrCat("listed ", volume));
    view.listing = ParseVolume(part);
    view.label = Between(part, "Volume ", " ");
    view.said = std::string(absl::StripAsciiWhitespace(
        Between(text, absl::StrCat("listed ", volume, "\n"), absl::StrCat("end ", volume))));
  }
  return views;
}

absl::StatusOr<std::vector<OvmfView>> ReadWithOvmf(const std::vector<std::string>& images) {
  if (images.size() > kMaxImages) {
    return absl::InvalidArgumentError(absl::StrCat("more than ", kMaxImages, " images"));
  }
  for (const char* file : {kCode, kVariables}) {
    if (access(file, R_OK) != 0) {
      return absl::FailedPreconditionError(absl::StrCat("no ", file, ": install ovmf"));
    }
  }
  const char* scratch_parent = std::getenv("TEST_TMPDIR");
  absl::StatusOr<ScratchDir> scratch =
      ScratchDir::Make(scratch_parent == nullptr ? "/tmp" : scratch_parent);
  if (!scratch.ok()) return scratch.status();
  absl::Status s = MakeShellDisk(scratch->path() + "/shell", Script(images.size()));
  if (!s.ok()) return s;
  std::error_code error;
  std::filesystem::copy_file(kVariables, scratch->path() + "/variables", error);
  if (error) return absl::InternalError("cannot copy OVMF's variables");

  Command command;
  // TCG, as in kernel_reader.cc.
  command.argv = {"qemu-system-x86_64", "-M", "q35,smm=off", "-accel", "tcg,thread=single",
                  "-nodefaults", "-no-reboot", "-display", "none", "-m", "256", "-serial", "stdio",
                  "-drive", absl::StrCat("if=pflash,format=raw,readonly=on,file=", kCode), "-drive",
                  "if=pflash,format=raw,file=variables",
                  // The only one that the firmware may start from is its shell.
                  "-drive", "if=none,format=raw,readonly=on,id=shell,file=shell", "-device",
                  "virtio-blk-pci,drive=shell,addr=0x2"};
  for (size_t i = 0; i < images.size(); ++i) {
    // A controller each: the firmware looks at the first target of one only, here.
    command.argv.insert(
        command.argv.end(),
        {"-device", absl::StrFormat("virtio-scsi-pci,id=s%d,addr=0x%x", i, kFirstSlot + i),
         "-drive",
         absl::StrFormat("if=none,format=raw,readonly=on,id=d%d,file=%s", i, QemuPath(images[i])),
         "-device", absl::StrFormat("scsi-cd,drive=d%d,bus=s%d.0", i, i)});
  }
  command.directory = scratch->path();
  command.timeout_seconds = 400;
  std::string console;
  command.on_output = [&console](absl::string_view bytes) { absl::StrAppend(&console, bytes); };
  absl::StatusOr<ProcessResult> result = RunProcess(command);
  if (!result.ok()) {
    return absl::Status(
        result.status().code(),
        absl::StrCat(result.status().message(), "; it said last:\n",
                     console.substr(console.size() - std::min<size_t>(console.size(), 2000))));
  }
  if (!result->Succeeded()) return absl::InternalError(result->Summary());
  return ParseOvmfShell(WithoutEscapes(console), images.size());
}

}  // namespace isomason

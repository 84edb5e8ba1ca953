#include "tools/oracle/xorriso.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/oracle/device.h"
#include "tools/oracle/process.h"
#include "tools/oracle/scratch.h"

namespace isomason {
namespace {

// --- Running it ----------------------------------------------------------------------------------

// What every run starts with. xorriso goes on after a problem, so that its words are complete,
// and exits with 33 when there was one of severity WARNING or above.
std::vector<std::string> Base() {
  return {"xorriso",      "-no_rc",       "-report_about", "WARNING", "-abort_on",
          "FATAL",        "-return_with", "WARNING",       "33",      "-backslash_codes",
          "encode_output"};
}

// Whether all that xorriso warns of is what it says of its own images, too: that Joliet names
// are UTF-16 rather than UCS-2, of every name beyond U+FFFF (-compliance joliet_utf16); and that
// a boot image has more than one name, of every one with a hard link.
bool OnlySaysWhatItSaysOfItsOwn(absl::string_view err) {
  for (absl::string_view line : absl::StrSplit(err, '\n', absl::SkipWhitespace())) {
    if (absl::StartsWith(line, "xorriso 1.") || absl::StrContains(line, "UTF-16 : ") ||
        absl::StrContains(line, "not suitable for Joliet character set UCS-2") ||
        absl::StrContains(line, "More than one ISO node has been found for the same boot image")) {
      continue;
    }
    return false;
  }
  return true;
}

absl::StatusOr<std::string> Xorriso(const std::string& image, std::vector<std::string> before,
                                    std::vector<std::string> after) {
  std::vector<std::string> argv = Base();
  argv.insert(argv.end(), before.begin(), before.end());
  argv.insert(argv.end(), {"-indev", absl::StrCat("stdio:", image)});
  argv.insert(argv.end(), after.begin(), after.end());
  absl::StatusOr<ProcessResult> result = RunProcess(std::move(argv));
  if (!result.ok()) return result.status();
  if (result->exit_status == 33 && OnlySaysWhatItSaysOfItsOwn(result->err))
    return std::move(result->out);
  if (!result->Succeeded()) return absl::DataLossError(result->Summary());
  return std::move(result->out);
}

// Without Joliet, `-read_fs norock` shows the plain tree and says nothing of it.
absl::StatusOr<bool> HasJoliet(const std::string& image) {
  std::ifstream in(image, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot open ", image));
  std::string block(2048, '\0');
  for (int lba = 16; lba < 256; ++lba) {
    in.seekg(lba * 2048);
    if (!in.read(block.data(), 2048) || block.substr(1, 5) != "CD001" || block[0] == '\xff') {
      return false;
    }
    const std::string escape = block.substr(88, 3);
    if (block[0] == 2 && (escape == "%/@" || escape == "%/C" || escape == "%/E")) return true;
  }
  return false;
}

// What -read_fs is told so that xorriso shows that view.
absl::StatusOr<std::string> TreeSwitch(const std::string& image, View view) {
  switch (view) {
    case View::kRockRidge:
      return "nojoliet";
    case View::kJoliet: {
      absl::StatusOr<bool> joliet = HasJoliet(image);
      if (!joliet.ok()) return joliet.status();
      if (!*joliet) return absl::NotFoundError(absl::StrCat(image, " has no Joliet tree"));
      return "norock";
    }
    case View::kIso9660:
      return "ecma119";
    case View::kUdf:
    case View::kFat:
      break;
  }
  return absl::InvalidArgumentError("xorriso does not read UDF");
}

// xorriso passes over a GPT whose header has a wrong checksum without a word.
absl::StatusOr<bool> HasGptSignature(const std::string& image) {
  std::ifstream in(image, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot open ", image));
  std::string signature(8, '\0');
  in.seekg(512);
  return in.read(signature.data(), 8) && signature == "EFI PART";
}

// --- Its listing ---------------------------------------------------------------------------------

absl::Status Odd(absl::string_view what, absl::string_view line) {
  return absl::DataLossError(absl::StrCat("xorriso: ", what, " in: ", line));
}

// Takes one quoted name off the front of `text`: pieces in '...' and "..." side by side, with
// backslash codes inside.
absl::StatusOr<std::string> TakeQuoted(absl::string_view& text) {
  const absl::string_view all = text;
  std::string out;
  char quote = '\0';
  while (!text.empty()) {
    const char c = text[0];
    if (quote == '\0' && c != '\'' && c != '"') break;
    text.remove_prefix(1);
    if (quote == '\0') {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    } else if (c != '\\') {
      out += c;
    } else if (text.size() >= 3 && text[0] >= '0' && text[0] <= '3') {
      out += static_cast<char>((text[0] - '0') * 64 + (text[1] - '0') * 8 + (text[2] - '0'));
      text.remove_prefix(3);
    } else if (!text.empty()) {
      static constexpr char kLetters[] = "abefnrtv\\";
      static constexpr char kBytes[] = "\a\b\x1b\f\n\r\t\v\\";
      const size_t at = absl::string_view(kLetters).find(text[0]);
      if (at == absl::string_view::npos) return Odd("an unknown backslash code", all);
      out += kBytes[at];
      text.remove_prefix(1);
    }
  }
  if (quote != '\0') return Odd("an open quote", all);
  return out;
}

bool ParseType(char c, Listed::Type& out) {
  const auto type = TypeOfLsLetter(c == 'e' ? '-' : c);  // e: the boot catalog
  if (type.has_value()) out = *type;
  return type.has_value();
}

// "rwsr-xr-t" as a number. False when it is not of that form.
bool ParseModeLetters(absl::string_view letters, uint32_t& out) {
  if (letters.size() != 9) return false;
  out = 0;
  for (size_t i = 0; i < 9; ++i) {
    const uint32_t bit = 0400u >> i;
    const uint32_t special = i == 2 ? 04000 : i == 5 ? 02000 : i == 8 ? 01000 : 0;
    switch (letters[i]) {
      case '-':
        break;
      case 'r':
        if (i % 3 != 0) return false;
        out |= bit;
        break;
      case 'w':
        if (i % 3 != 1) return false;
        out |= bit;
        break;
      case 'x':
        if (i % 3 != 2) return false;
        out |= bit;
        break;
      case 's':
      case 't':
        if (special == 0) return false;
        out |= bit | special;
        break;
      case 'S':
      case 'T':
        if (special == 0) return false;
        out |= special;
        break;
      default:
        return false;
    }
  }
  return true;
}

// Takes the next word off `text`.
absl::string_view TakeWord(absl::string_view& text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  const size_t end = std::min(text.find(' '), text.size());
  absl::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

// -rw-r--r--    1 0        0            5000 Nov 22 12:46 '/sub/deep/r'
absl::StatusOr<Listed> ParseLsdlLine(absl::string_view line) {
  absl::string_view rest = line;
  Listed entry;
  absl::string_view letters = TakeWord(rest);
  uint32_t mode = 0;
  // A further letter says that there is an ACL.
  if (letters.size() < 10 || letters.size() > 11 || !ParseType(letters[0], entry.type) ||
      !ParseModeLetters(letters.substr(1, 9), mode)) {
    return Odd("no mode", line);
  }
  entry.mode = mode;
  uint32_t links = 0, owner = 0, group = 0;
  if (!absl::SimpleAtoi(TakeWord(rest), &links) || !absl::SimpleAtoi(TakeWord(rest), &owner) ||
      !absl::SimpleAtoi(TakeWord(rest), &group)) {
    return Odd("no link count, owner and group", line);
  }
  entry.owner = owner;
  entry.group = group;
  if (entry.type == Listed::Type::kFile) entry.links = links;
  absl::string_view size = TakeWord(rest);
  if (entry.type == Listed::Type::kBlock || entry.type == Listed::Type::kCharacter) {
    std::vector<absl::string_view> numbers = absl::StrSplit(size, ',');
    uint32_t major_number = 0, minor_number = 0;
    if (numbers.size() != 2 || !absl::SimpleAtoi(numbers[0], &major_number) ||
        !absl::SimpleAtoi(numbers[1], &minor_number)) {
      return Odd("no device number", line);
    }
    const DeviceNumber device = DeviceOfJoinedPn(major_number, minor_number);
    entry.major = device.major;
    entry.minor = device.minor;
  } else if (entry.type == Listed::Type::kFile) {
    uint64_t bytes = 0;
    if (!absl::SimpleAtoi(size, &bytes)) return Odd("no size", line);
    entry.size = bytes;
  }
  for (int i = 0; i < 3; ++i) TakeWord(rest);  // the date, which lacks its year or its time
  rest = absl::StripLeadingAsciiWhitespace(rest);
  absl::StatusOr<std::string> path = TakeQuoted(rest);
  if (!path.ok()) return path.status();
  entry.path = *std::move(path);
  if (entry.path.empty() || entry.path[0] != '/') return Odd("no path", line);
  if (entry.type == Listed::Type::kSymlink) {
    if (!absl::ConsumePrefix(&rest, " -> ")) return Odd("no target", line);
    absl::StatusOr<std::string> target = TakeQuoted(rest);
    if (!target.ok()) return target.status();
    entry.target = *std::move(target);
  }
  if (!absl::StripAsciiWhitespace(rest).empty()) return Odd("more than a name", line);
  return entry;
}

// --- Its reports ---------------------------------------------------------------------------------

std::vector<std::string> Words(absl::string_view text) {
  return absl::StrSplit(text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
}

template <typename T>
bool Number(absl::string_view word, T& out) {
  uint64_t value = 0;
  if (absl::StartsWith(word, "0x")) {
    if (!absl::SimpleHexAtoi(word, &value)) return false;
  } else if (!absl::SimpleAtoi(word, &value)) {
    return false;
  }
  out = static_cast<T>(value);
  return static_cast<uint64_t>(out) == value;
}

// The item of that number, made when it is not there yet.
template <typename T>
T& ItemOf(std::vector<T>& items, int number) {
  for (T& item : items) {
    if (item.number == number) return item;
  }
  items.emplace_back();
  items.back().number = number;
  return items.back();
}

// Splits "  2  /boot/efi.img" into the number and what follows.
bool Numbered(absl::string_view value, int& number, std::string& rest) {
  absl::string_view word = TakeWord(value);
  if (!absl::SimpleAtoi(word, &number)) return false;
  rest = std::string(absl::StripAsciiWhitespace(value));
  return true;
}

// Reads one line of a report. False when it is of a known kind and not of its form.
bool ParseReportLine(absl::string_view key, absl::string_view value, XorrisoReport& out) {
  XorrisoElTorito& et = out.el_torito;
  XorrisoSystemArea& sa = out.system_area;
  const std::vector<std::string> words = Words(value);
  int number = 0;
  std::string rest;

  if (key == "El Torito catalog") {
    uint32_t lba = 0, blocks = 0;
    if (words.size() != 2 || !Number(words[0], lba) || !Number(words[1], blocks)) return false;
    et.catalog_lba = lba;
    et.catalog_blocks = blocks;
  } else if (key == "El Torito cat path") {
    et.catalog_path = std::string(value);
  } else if (key == "El Torito boot img") {
    if (words.size() != 8 || !Number(words[0], number)) return false;
    XorrisoBootEntry& e = ItemOf(et.entries, number);
    e.platform = words[1];
    e.bootable = words[2] == "y";
    e.emulation = words[3];
    return (words[2] == "y" || words[2] == "n") && Number(words[4], e.load_segment) &&
           Number(words[5], e.system_type) && Number(words[6], e.load_size) &&
           Number(words[7], e.lba);
  } else if (key == "El Torito img path") {
    if (!Numbered(value, number, rest)) return false;
    ItemOf(et.entries, number).path = rest;
  } else if (key == "El Torito img opts") {
    if (!Numbered(value, number, rest)) return false;
    ItemOf(et.entries, number).options = Words(rest);
  } else if (key == "El Torito id string") {
    if (!Numbered(value, number, rest)) return false;
    ItemOf(et.entries, number).id = rest;
  } else if (key == "El Torito sel crit") {
    if (!Numbered(value, number, rest)) return false;
    ItemOf(et.entries, number).selection_criterion = rest;
  } else if (key == "System area options") {
    sa.present = true;
  } else if (key == "System area summary") {
    sa.summary = words;
  } else if (key == "ISO image size/512") {
    return Number(value, sa.image_blocks);
  } else if (key == "Partition offset") {
    return Number(value, sa.partition_offset);
  } else if (key == "MBR partition") {
    if (words.size() != 5 || !Number(words[0], number)) return false;
    XorrisoMbrPartition& p = ItemOf(sa.mbr, number);
    return Number(words[1], p.status) && Number(words[2], p.type) && Number(words[3], p.start) &&
           Number(words[4], p.blocks);
  } else if (key == "MBR partition path") {
    if (!Numbered(value, number, rest)) return false;
    ItemOf(sa.mbr, number).path = rest;
  } else if (key == "GPT disk GUID") {
    sa.gpt_disk_guid = std::string(value);
  } else if (key == "GPT entry array") {
    if (words.size() != 3) return false;
    sa.gpt_array_state = words[2];
  } else if (key == "GPT lba range") {
    return words.size() == 3 && Number(words[0], sa.gpt_first_usable) &&
           Number(words[1], sa.gpt_last_usable) && Number(words[2], sa.gpt_backup_header);
  } else if (absl::StartsWith(key, "GPT CRC") || key == "GPT array CRC wrong" ||
             key == "GPT backup problems") {
    sa.gpt_problems.push_back(absl::StrCat(key, ": ", value));
  } else if (absl::StartsWith(key, "GPT part") || key == "GPT type GUID" ||
             key == "GPT start and size") {
    if (!Numbered(value, number, rest)) return false;
    XorrisoGptPartition& p = ItemOf(sa.gpt, number);
    if (key == "GPT partname local") p.name = rest;
    if (key == "GPT partition GUID") p.guid = rest;
    if (key == "GPT type GUID") p.type_guid = rest;
    if (key == "GPT partition path") p.path = rest;
    if (key == "GPT partition flags") return Number(rest, p.flags);
    if (key == "GPT start and size") {
      const std::vector<std::string> two = Words(rest);
      return two.size() == 2 && Number(two[0], p.start) && Number(two[1], p.blocks);
    }
  } else if (key == "APM block size") {
    return Number(value, sa.apm_block_size);
  } else if (absl::StartsWith(key, "APM partition") || key == "APM start and size") {
    if (!Numbered(value, number, rest)) return false;
    XorrisoApmPartition& p = ItemOf(sa.apm, number);
    if (key == "APM partition name") p.name = rest;
    if (key == "APM partition type") p.type = rest;
    if (key == "APM partition path") p.path = rest;
    if (key == "APM start and size") {
      const std::vector<std::string> two = Words(rest);
      return two.size() == 2 && Number(two[0], p.start) && Number(two[1], p.blocks);
    }
  }
  return true;
}

// It wants the backup's entries right before their header, and where they are not says so among
// what is wrong with the backup, which it reads all the same. The header says where they are; they
// have only to end before it (UEFI 5.3.1), and sgdisk, EDK2 and Linux want no more.
std::vector<std::string> WithoutTastes(const std::vector<std::string>& problems) {
  constexpr absl::string_view kBackup = "GPT backup problems: ";
  std::vector<std::string> out;
  for (const std::string& problem : problems) {
    absl::string_view said = problem;
    if (!absl::ConsumePrefix(&said, kBackup)) {
      out.push_back(problem);
      continue;
    }
    std::vector<std::string> left;
    for (absl::string_view part : absl::StrSplit(said, ", ", absl::SkipWhitespace())) {
      if (!absl::StartsWith(part, "Implausible array LBA ")) left.emplace_back(part);
    }
    if (!left.empty()) out.push_back(absl::StrCat(kBackup, absl::StrJoin(left, ", ")));
  }
  return out;
}

}  // namespace

absl::StatusOr<Listing> ParseXorrisoLsdl(absl::string_view text) {
  Listing out;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    absl::StatusOr<Listed> entry = ParseLsdlLine(line);
    if (!entry.ok()) return entry.status();
    if (absl::Status s = out.Add(*std::move(entry)); !s.ok()) return s;
  }
  return out;
}

absl::StatusOr<XorrisoReport> ParseXorrisoReport(absl::string_view text) {
  XorrisoReport out;
  bool volume = false;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    const absl::string_view key = absl::StripAsciiWhitespace(parts.first);
    const absl::string_view value = absl::StripAsciiWhitespace(parts.second);
    // -pvd_info begins so; the reports before it know no such line.
    if (key == "Drive current" || key == "PVD address") volume = true;
    if (volume) {
      if (key != "Drive current") out.volume[std::string(key)] = std::string(value);
      continue;
    }
    absl::StrAppend(&out.text, line, "\n");
    if (!ParseReportLine(key, value, out)) return Odd("an odd report line", line);
  }
  return out;
}

absl::StatusOr<Listing> XorrisoTree(const std::string& image, View view) {
  absl::StatusOr<std::string> tree = TreeSwitch(image, view);
  if (!tree.ok()) return tree.status();
  absl::StatusOr<std::string> text =
      Xorriso(image, {"-hardlinks", "on:lsl_count", "-read_fs", *tree},
              {"-find", "/", "-exec", "lsdl", "--"});
  if (!text.ok()) return text.status();
  absl::StatusOr<Listing> listing = ParseXorrisoLsdl(*text);
  if (!listing.ok() || view == View::kRockRidge) return listing;
  for (auto& [path, entry] : *listing) {
    entry.mode = entry.owner = entry.group = entry.links = std::nullopt;
  }
  return listing;
}

absl::StatusOr<Listing> XorrisoListing(const std::string& image, View view,
                                       const std::string& scratch_dir) {
  absl::StatusOr<std::string> tree = TreeSwitch(image, view);
  if (!tree.ok()) return tree.status();
  absl::StatusOr<ScratchDir> scratch = ScratchDir::Make(scratch_dir);
  if (!scratch.ok()) return scratch.status();
  const std::string dir = absl::StrCat(scratch->path(), "/tree");
  absl::StatusOr<std::string> text =
      Xorriso(image,
              {"-hardlinks", "on:lsl_count", "-osirrox", "on:concat_split_off:auto_chmod_on",
               "-read_fs", *tree},
              {"-extract", "/", dir, "-find", "/", "-exec", "lsdl", "--"});
  if (!text.ok()) return text.status();
  absl::StatusOr<Listing> listing = ParseXorrisoLsdl(*text);
  if (!listing.ok()) return listing.status();
  MakeReadable(dir);
  absl::StatusOr<Listing> walked = WalkDirectory(dir);
  if (!walked.ok()) return walked.status();

  for (auto& [path, entry] : *listing) {
    const Listed* file = walked->Find(path);
    const bool node = entry.type == Listed::Type::kFile || entry.type == Listed::Type::kDirectory ||
                      entry.type == Listed::Type::kSymlink;
    if (node && (file == nullptr || file->type != entry.type)) {
      return absl::DataLossError(
          absl::StrCat("xorriso lists ", EscapeName(path), " but does not extract it"));
    }
    if (view != View::kRockRidge) {
      entry.mode = entry.owner = entry.group = entry.links = std::nullopt;
    }
    if (file == nullptr) continue;
    // Devices and sockets are not extracted; what stands there instead tells nothing.
    if (entry.type == file->type && entry.type != Listed::Type::kSymlink) entry.time = file->time;
    if (entry.type != Listed::Type::kFile) continue;
    if (entry.size != file->size) {
      return absl::DataLossError(absl::StrCat("xorriso lists ", EscapeName(path), " with ",
                                              *entry.size, " bytes and extracts ", *file->size));
    }
    entry.sha256 = file->sha256;
    if (view == View::kRockRidge) entry.inode = file->inode;
  }
  for (const auto& [path, file] : *walked) {
    if (listing->Find(path) == nullptr) {
      return absl::DataLossError(
          absl::StrCat("xorriso extracts ", EscapeName(path), " but does not list it"));
    }
  }
  return listing;
}

absl::StatusOr<XorrisoReport> XorrisoReportOf(const std::string& image) {
  absl::StatusOr<std::string> text = Xorriso(
      image, {}, {"-report_el_torito", "plain", "-report_system_area", "plain", "-pvd_info"});
  if (!text.ok()) return text.status();
  return ParseXorrisoReport(*text);
}

absl::Status XorrisoChecks(const std::string& image) {
  absl::StatusOr<XorrisoReport> report = XorrisoReportOf(image);
  if (!report.ok()) return report.status();
  const std::vector<std::string> problems = WithoutTastes(report->system_area.gpt_problems);
  if (!problems.empty()) {
    return absl::DataLossError(absl::StrCat("xorriso: ", absl::StrJoin(problems, "; ")));
  }
  absl::StatusOr<bool> gpt = HasGptSignature(image);
  if (!gpt.ok()) return gpt.status();
  if (*gpt && report->system_area.gpt_disk_guid.empty()) {
    return absl::DataLossError("xorriso does not accept the GPT header");
  }
  absl::StatusOr<std::string> media =
      Xorriso(image, {}, {"-check_media", "what=disc", "use=indev", "--"});
  if (!media.ok()) return media.status();
  int good = 0;
  for (absl::string_view line : absl::StrSplit(*media, '\n')) {
    if (!absl::StartsWith(line, "Media region")) continue;
    if (!absl::EndsWith(absl::StripAsciiWhitespace(line), "+ good")) {
      return absl::DataLossError(absl::StrCat("xorriso: ", line));
    }
    ++good;
  }
  if (good == 0) return absl::DataLossError(absl::StrCat("xorriso checked no block: ", *media));
  return absl::OkStatus();
}

}  // namespace isomason

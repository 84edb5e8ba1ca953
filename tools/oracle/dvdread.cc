#include "tools/oracle/dvdread.h"

#include <dvdread/dvd_reader.h>
#include <dvdread/dvd_udf.h>
#include <dvdread/ifo_read.h>

#include <cstdarg>
#include <cstdio>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/oracle/digest.h"

namespace isomason {
namespace {

struct CloseDvd {
  void operator()(dvd_reader_t* d) const { DVDClose(d); }
};
struct CloseFile {
  void operator()(dvd_file_t* f) const { DVDCloseFile(f); }
};
struct CloseIfo {
  void operator()(ifo_handle_t* i) const { ifoClose(i); }
};
using Reader = std::unique_ptr<dvd_reader_t, CloseDvd>;
using File = std::unique_ptr<dvd_file_t, CloseFile>;
using Ifo = std::unique_ptr<ifo_handle_t, CloseIfo>;

void Log(void* dvd, dvd_logger_level_t level, const char* format, va_list arguments) {
  if (level > DVD_LOGGER_LEVEL_WARN) return;
  char line[500];
  vsnprintf(line, sizeof line, format, arguments);
  // Every image that is not encrypted gets this one when libdvdcss is not there.
  if (absl::StartsWith(line, "Encrypted DVD support unavailable")) return;
  static_cast<Dvd*>(dvd)->complaints.push_back(line);
}

absl::Status Odd(int set, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("libdvdread: set ", set, ": ", what));
}

// The digest of all that a domain of a set has, or empty when there is nothing.
absl::StatusOr<std::string> DigestOf(dvd_reader_t* dvd, int set, dvd_read_domain_t domain) {
  File file(DVDOpenFile(dvd, set, domain));
  if (file == nullptr) return std::string();
  const ssize_t blocks = DVDFileSize(file.get());
  if (blocks < 0) return Odd(set, "a file has no size");
  Digest digest;
  std::vector<unsigned char> bytes(DVD_VIDEO_LB_LEN);
  const bool info = domain == DVD_READ_INFO_FILE || domain == DVD_READ_INFO_BACKUP_FILE;
  for (ssize_t block = 0; block < blocks; ++block) {
    // IFO files are read as bytes, VOB files as blocks.
    const ssize_t read =
        info ? DVDReadBytes(file.get(), bytes.data(), bytes.size()) / DVD_VIDEO_LB_LEN
             : DVDReadBlocks(file.get(), static_cast<int>(block), 1, bytes.data());
    if (read != 1) return Odd(set, absl::StrCat("block ", block, " cannot be read"));
    digest.Update(absl::string_view(reinterpret_cast<char*>(bytes.data()), bytes.size()));
  }
  return digest.Finish();
}

}  // namespace

absl::StatusOr<Dvd> ReadDvd(const std::string& image) {
  Dvd out;
  const dvd_logger_cb log{Log};
  Reader dvd(DVDOpen2(&out, &log, image.c_str()));
  if (dvd == nullptr) return Odd(0, "the image does not open");
  Ifo manager(ifoOpen(dvd.get(), 0));
  if (manager == nullptr) return Odd(0, "VIDEO_TS.IFO is not understood");
  out.titles = manager->tt_srpt->nr_of_srpts;

  const int count = manager->vmgi_mat->vmg_nr_of_title_sets;
  for (int set = 0; set <= count; ++set) {
    DvdSet s;
    const auto find = [&](const std::string& name) {
      uint32_t size = 0;
      return UDFFindFile(dvd.get(), absl::StrCat("/VIDEO_TS/", name).c_str(), &size);
    };
    const std::string stem = set == 0 ? "VIDEO_TS" : absl::StrFormat("VTS_%02d_0", set);
    s.ifo = find(stem + ".IFO");
    s.backup = find(stem + ".BUP");
    s.menu = find(stem + ".VOB");
    if (set == 0) {
      const vmgi_mat_t& m = *manager->vmgi_mat;
      s.backup_after_ifo = m.vmg_last_sector - m.vmgi_last_sector;
      s.menu_after_ifo = m.vmgm_vobs;
    } else {
      s.titles = find(absl::StrFormat("VTS_%02d_1.VOB", set));
      Ifo ifo(ifoOpen(dvd.get(), set));
      if (ifo == nullptr) return Odd(set, "the IFO file is not understood");
      const vtsi_mat_t& m = *ifo->vtsi_mat;
      s.backup_after_ifo = m.vts_last_sector - m.vtsi_last_sector;
      s.menu_after_ifo = m.vtsm_vobs;
      s.titles_after_ifo = m.vtstt_vobs;
      for (int t = 0; t < out.titles; ++t) {
        const title_info_t& title = manager->tt_srpt->title[t];
        if (title.title_set_nr == set) s.set_after_manager = title.title_set_sector;
      }
    }
    const auto digest = [&](dvd_read_domain_t domain, std::string& to) {
      auto made = DigestOf(dvd.get(), set, domain);
      if (made.ok()) to = *made;
      return made.status();
    };
    absl::Status status = digest(DVD_READ_INFO_FILE, s.ifo_digest);
    status.Update(digest(DVD_READ_INFO_BACKUP_FILE, s.backup_digest));
    status.Update(digest(DVD_READ_MENU_VOBS, s.menu_digest));
    if (set > 0) status.Update(digest(DVD_READ_TITLE_VOBS, s.titles_digest));
    if (!status.ok()) return status;
    out.sets.push_back(s);
  }
  return out;
}

}  // namespace isomason

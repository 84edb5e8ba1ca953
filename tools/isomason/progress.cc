#include "tools/isomason/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/isomason/verb.h"

namespace isomason {
namespace {

constexpr auto kTerminalStep = std::chrono::milliseconds(100);
constexpr auto kPlainStep = std::chrono::seconds(10);

}  // namespace

Progress::Progress(std::string name, uint64_t total, bool quiet)
    : name_(std::move(name)),
      total_(total),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      next_(start_ + (terminal_ ? Clock::duration(kTerminalStep) : Clock::duration(kPlainStep))) {}

std::string Progress::Line(uint64_t done, double seconds) const {
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string left;
  if (rate > 0) {
    left = absl::StrFormat(", %.0f s left", static_cast<double>(total_ - done) / rate);
  }
  return absl::StrFormat("%s: %s of %s, %s/s%s", name_, FormatSize(done), FormatSize(total_),
                         FormatSize(static_cast<uint64_t>(rate)), left);
}

void Progress::Update(uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (quiet_ || now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(kTerminalStep) : Clock::duration(kPlainStep));
  const std::string line = Line(done, std::chrono::duration<double>(now - start_).count());
  if (terminal_) {
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
  } else {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::fflush(stderr);
  shown_ = true;
}

void Progress::Finish() {
  if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

}  // namespace isomason

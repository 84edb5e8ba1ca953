#include "tools/bench/contest.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace isomason {
namespace {

template <typename Get>
double MedianOf(const std::vector<Measured>& rounds, const Get& get) {
  if (rounds.empty()) return 0;
  std::vector<double> values;
  for (const Measured& m : rounds) values.push_back(static_cast<double>(get(m)));
  return Median(std::move(values));
}

double Mebibytes(uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

const Contest* FindContest(const std::vector<Contest>& contests, const std::string& name) {
  for (const Contest& c : contests) {
    if (c.name() == name) return &c;
  }
  return nullptr;
}

std::string Escape(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

}  // namespace

double Contender::seconds() const {
  return MedianOf(rounds, [](const Measured& m) { return m.seconds; });
}
double Contender::cpu_seconds() const {
  return MedianOf(rounds, [](const Measured& m) { return m.cpu_seconds; });
}
uint64_t Contender::peak_bytes() const {
  uint64_t most = 0;
  for (const Measured& m : rounds) most = std::max(most, m.peak_bytes);
  return most;
}
uint64_t Contender::written_bytes() const {
  return static_cast<uint64_t>(MedianOf(rounds, [](const Measured& m) { return m.written_bytes; }));
}

void Contest::Run(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (Contender& c : contenders_) {
      if (!c.failure.empty() || round >= c.most_rounds) continue;
      std::fprintf(stderr, "%s, round %d of %d: %s\n", name_.c_str(), round + 1, rounds,
                   c.name.c_str());
      if (!c.output.empty()) unlink(c.output.c_str());
      double seconds = 0;
      const auto measured = isomason::Run(c.argv, {.limit_seconds = c.limit_seconds}, &seconds);
      if (measured.ok()) {
        c.rounds.push_back(*measured);
      } else {
        c.failure = absl::StrFormat(
            "%s after %.0f s", absl::IsDeadlineExceeded(measured.status()) ? "stopped" : "failed",
            seconds);
      }
      if (!c.output.empty() && !c.keep_output) unlink(c.output.c_str());
    }
  }
}

const Contender* Contest::Find(const std::string& name) const {
  for (const Contender& c : contenders_) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

std::string Contest::Table() const {
  std::string out = absl::StrCat("### ", name_, ": ", what_, "\n\n",
                                 "| program | seconds | beside the first | processor seconds | "
                                 "memory, MiB | written, MiB |\n",
                                 "| --- | --- | --- | --- | --- | --- |\n");
  const double first = contenders_.empty() ? 0 : contenders_.front().seconds();
  for (const Contender& c : contenders_) {
    if (!c.failure.empty()) {
      absl::StrAppend(&out, "| ", c.name, " | ", c.failure, " | | | | |\n");
      continue;
    }
    absl::StrAppendFormat(&out, "| %s | %.2f | %.2f | %.2f | %.0f | %.0f |\n", c.name, c.seconds(),
                          first == 0 ? 0 : c.seconds() / first, c.cpu_seconds(),
                          Mebibytes(c.peak_bytes()), Mebibytes(c.written_bytes()));
  }
  return out + "\n";
}

std::string TargetTable(const std::vector<Target>& targets, const std::vector<Contest>& contests) {
  std::string out = "| workload | what | wanted | measured | |\n| --- | --- | --- | --- | --- |\n";
  for (const Target& t : targets) {
    const Contest* const contest = FindContest(contests, t.workload);
    if (contest == nullptr) continue;
    const Contender* const c = contest->Find(t.name);
    const Contender* const other = t.beside.empty() ? nullptr : contest->Find(t.beside);
    const bool peak = t.measure == Target::Measure::kPeak;
    const std::string what = t.beside.empty() ? absl::StrCat(t.name, peak ? ", MiB" : ", seconds")
                             : t.at_least     ? absl::StrCat(t.beside, " / ", t.name)
                                              : absl::StrCat(t.name, " / ", t.beside);
    const std::string wanted = absl::StrFormat("at %s %g", t.at_least ? "least" : "most", t.bound);
    absl::StrAppend(&out, "| ", t.workload, " | ", what, " | ", wanted, " | ");
    const auto missing = [&](const Contender* who) {
      return who == nullptr || (who->rounds.empty() && who->failure.empty());
    };
    if (missing(c) || (!t.beside.empty() && missing(other))) {
      absl::StrAppend(&out, "not run | |\n");
      continue;
    }
    if (!c->failure.empty() || (other != nullptr && !other->failure.empty())) {
      absl::StrAppend(&out, c->failure.empty() ? other->failure : c->failure, " | |\n");
      continue;
    }
    const auto value = [&](const Contender& who) {
      return peak ? Mebibytes(who.peak_bytes()) : who.seconds();
    };
    double measured = value(*c);
    if (other != nullptr) {
      measured = t.at_least ? value(*other) / measured : measured / value(*other);
    }
    const bool met = t.at_least ? measured >= t.bound : measured <= t.bound;
    absl::StrAppendFormat(&out, "%.2f | %s |\n", measured, met ? "met" : "**missed**");
  }
  return out + "\n";
}

std::string Picture(const std::vector<Contest>& contests) {
  constexpr int kWidth = 900, kLeft = 260, kBar = 16, kStep = 20, kHead = 34;
  int height = 20;
  for (const Contest& c : contests) {
    height += kHead + kStep * static_cast<int>(c.contenders().size());
  }
  std::string out = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      kWidth, height);
  int y = 10;
  for (const Contest& contest : contests) {
    absl::StrAppendFormat(&out, "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y + 18,
                          Escape(absl::StrCat(contest.name(), ": ", contest.what())));
    y += kHead - 6;
    double longest = 0;
    for (const Contender& c : contest.contenders()) longest = std::max(longest, c.seconds());
    for (const Contender& c : contest.contenders()) {
      const bool ours = c.name.rfind("isomason", 0) == 0;
      const double width = longest == 0 ? 0 : c.seconds() / longest * (kWidth - kLeft - 130);
      absl::StrAppendFormat(&out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
                            kLeft - 8, y + 13, Escape(c.name));
      absl::StrAppendFormat(&out,
                            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                            kLeft, y, std::max(width, 1.0), kBar, ours ? "#2b6cb0" : "#a0aec0");
      absl::StrAppendFormat(
          &out, "<text x=\"%.1f\" y=\"%d\">%s</text>\n", kLeft + std::max(width, 1.0) + 6, y + 13,
          c.failure.empty() ? absl::StrFormat("%.2f s", c.seconds()) : Escape(c.failure));
      y += kStep;
    }
    y += 6;
  }
  return out + "</svg>\n";
}

}  // namespace isomason

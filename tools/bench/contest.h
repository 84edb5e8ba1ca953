// -----------------------------------------------------------------------------
// File: tools/bench/contest.h
// -----------------------------------------------------------------------------
//
// Programs that do the same work in turns, and what is made of their times: a table, a
// picture, and ratios beside what they should be.
//
//   Contest contest("W3", "70,000 files");
//   contest.Add({.name = kTar, .argv = {"tar", "cf", out, "-C", tree, "."}, .output = out});
//   contest.Run(/*rounds=*/3);
//   std::fputs(contest.Table().c_str(), stdout);
//
#ifndef ISOMASON_TOOLS_BENCH_CONTEST_H_
#define ISOMASON_TOOLS_BENCH_CONTEST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/bench/run.h"

namespace isomason {

struct Contender {
  std::string name;
  std::vector<std::string> argv{};
  std::string output{};        // a file that it makes, which is removed before and after
  bool keep_output = false;    // not after
  double limit_seconds = 600;  // it is stopped then, and not run again
  int most_rounds = 100;       // for one that takes minutes

  // What came out: of each round, or why not.
  std::vector<Measured> rounds{};
  std::string failure{};  // "stopped after 600 s", "failed after 3 s"

  // Medians; 0 without a round.
  double seconds() const;
  double cpu_seconds() const;
  uint64_t peak_bytes() const;  // the most of all rounds
  uint64_t written_bytes() const;
};

class Contest {
 public:
  Contest(std::string name, std::string what) : name_(std::move(name)), what_(std::move(what)) {}

  const std::string& name() const { return name_; }
  const std::string& what() const { return what_; }
  const std::vector<Contender>& contenders() const { return contenders_; }

  void Add(Contender contender) { contenders_.push_back(std::move(contender)); }

  // All of them in turns; says on standard error where it is. One that fails does not stop the
  // others.
  void Run(int rounds);

  const Contender* Find(const std::string& name) const;

  // Markdown: medians, and how long each takes beside the first.
  std::string Table() const;

 private:
  std::string name_, what_;
  std::vector<Contender> contenders_;
};

// "isomason takes at most 1.05 times what cp takes".
struct Target {
  std::string workload;
  std::string name;    // of a contender
  std::string beside;  // of another one, or empty: `bound` is of `measure` itself
  enum class Measure { kSeconds, kPeak } measure = Measure::kSeconds;  // MiB for kPeak
  double bound = 1;
  bool at_least = false;  // `beside` takes that many times as long, or longer
};

// Markdown: what was wanted, what came out, and whether that is enough. Targets of workloads
// that were not run, or whose contenders failed, say so.
std::string TargetTable(const std::vector<Target>& targets, const std::vector<Contest>& contests);

// A picture of all contests, SVG: seconds as bars, on a scale of its own for each.
std::string Picture(const std::vector<Contest>& contests);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_BENCH_CONTEST_H_

// -----------------------------------------------------------------------------
// File: tools/oracle/process.h
// -----------------------------------------------------------------------------
//
// Runs a foreign program and hands back what it said. No shell takes part, both
// output pipes are drained while input is fed, and a clock on the wall ends what
// does not end by itself. The child sees a small, fixed environment (PATH, UTC,
// C.UTF-8) and no terminal, so that what it prints does not depend on the user.
//
//   Command command;
//   command.argv = {"blkid", "-p", "-o", "export", image};
//   absl::StatusOr<ProcessResult> result = RunProcess(command);
//   if (!result.ok()) return result.status();       // not installed, or took too long
//   if (!result->Succeeded()) return absl::DataLossError(result->Summary());
#ifndef ISOMASON_TOOLS_ORACLE_PROCESS_H_
#define ISOMASON_TOOLS_ORACLE_PROCESS_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace isomason {

// What to run, and with what.
struct Command {
  // The program (looked up in PATH, then in the system's folders for programs of the
  // administrator) and its arguments.
  std::vector<std::string> argv;

  // Bytes for standard input. Empty, and no `input_file`: /dev/null.
  std::string input;

  // A host file whose bytes go to standard input, through a pipe: the child cannot seek.
  std::string input_file;

  // Variables to set besides the fixed ones, or in their place.
  std::map<std::string, std::string> environment;

  // The child's current directory; empty: the caller's.
  std::string directory;

  // Takes standard output bit by bit instead of `ProcessResult::out`, for big files.
  std::function<void(absl::string_view)> on_output;

  // Seconds of wall clock after which the child and its children are killed.
  int timeout_seconds = 120;
};

// How a child ended.
struct ProcessResult {
  std::string program;   // as in argv[0]
  int exit_status = -1;  // -1 when a signal ended it
  int signal = 0;        // 0 when it exited
  std::string out, err;

  bool Succeeded() const { return exit_status == 0; }

  // "7z: exit status 2: ERROR: ..." with the last lines of standard error, or of standard
  // output when that is empty.
  std::string Summary() const;
};

// Runs `command` and waits for its end; an exit status other than 0 is no error here.
// NotFound, naming the Debian package, when the program is not installed (or `input_file`
// is not there); DeadlineExceeded when it ran out of time; Internal when the host refuses.
absl::StatusOr<ProcessResult> RunProcess(const Command& command);

// RunProcess() of a program and its arguments with all else as it is by default.
absl::StatusOr<ProcessResult> RunProcess(std::vector<std::string> argv);

// The Debian package that brings `program`, or "" when this library does not use it.
std::string DebianPackageOf(const std::string& program);

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ORACLE_PROCESS_H_

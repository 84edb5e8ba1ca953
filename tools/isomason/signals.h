// -----------------------------------------------------------------------------
// File: tools/isomason/signals.h
// -----------------------------------------------------------------------------
//
// Signals end what writes in order: nothing is left behind that was not there before.
//
//   sink.stop = StopOnSignals();
//
#ifndef ISOMASON_TOOLS_ISOMASON_SIGNALS_H_
#define ISOMASON_TOOLS_ISOMASON_SIGNALS_H_

#include <atomic>

namespace isomason {

// From here on SIGINT, SIGTERM and SIGHUP set the flag that is returned, and system calls of
// the thread that called this come back when they do. A reader that goes away and a file that
// may not grow are errors of write(). Once in a program, before it starts other threads.
const std::atomic<bool>* StopOnSignals();

}  // namespace isomason

#endif  // ISOMASON_TOOLS_ISOMASON_SIGNALS_H_

#include "tools/isomason/signals.h"

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace isomason {
namespace {

std::atomic<bool> stop_requested{false};

}  // namespace

// The sink sees the flag between chunks and whenever a write is interrupted, and cleans up on
// its way out. One thread waits for the signals, as one that went to any other thread would
// not interrupt the one that writes; it goes on nudging that one, for a write that began just
// after the flag was looked at.
const std::atomic<bool>* StopOnSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // also in all threads to come
  struct sigaction nudge = {};
  nudge.sa_handler = [](int) {};
  sigaction(SIGUSR1, &nudge, nullptr);  // without SA_RESTART: system calls come back
  std::thread([signals, writer = pthread_self()] {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
    stop_requested = true;
    while (true) {
      pthread_kill(writer, SIGUSR1);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }).detach();
  // A reader that goes away and a file that may not grow are errors of write().
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return &stop_requested;
}

}  // namespace isomason

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "layout/sink/chunks.h"
#include "layout/sink/sink.h"
#include "layout/status.h"

namespace isomason {
namespace {

// Threads make chunks ahead of the one thread that writes them in order.
class Pipeline {
 public:
  Pipeline(const Image& image, Chunks& chunks, int jobs)
      : image_(image), chunks_(chunks), ahead_(static_cast<size_t>(jobs) + 1) {
    std::lock_guard<std::mutex> lock(mutex_);  // nobody is done before all have begun
    try {
      for (; working_ < jobs; ++working_) threads_.emplace_back([this] { Make(); });
    } catch (const std::system_error&) {
      if (working_ == 0) throw;  // the host has no thread at all
    }
  }

  ~Pipeline() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& t : threads_) t.join();
  }

  struct Made {
    Chunk chunk;
    std::string bytes;
    absl::Status status;
  };

  // The next chunk in order, or nothing at the end.
  std::optional<Made> Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return ready_.count(taken_) > 0 || working_ == 0; });
    const auto it = ready_.find(taken_);
    if (it == ready_.end()) return std::nullopt;
    Made made = std::move(it->second);
    ready_.erase(it);
    ++taken_;
    changed_.notify_all();
    return made;
  }

  // Gives a buffer back for the next chunk.
  void Recycle(std::string bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(bytes));
  }

 private:
  void Make() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      // A chunk's number is drawn while holding the lock, so the lowest one that is
      // not ready is always being made.
      changed_.wait(lock, [&] { return closed_ || drawn_ < taken_ + ahead_; });
      const auto chunk = closed_ ? std::nullopt : chunks_.Next();
      if (!chunk) break;
      ++drawn_;
      std::string bytes;
      if (!free_.empty()) {
        bytes = std::move(free_.back());
        free_.pop_back();
      }
      lock.unlock();
      bytes.resize(chunk->size);
      absl::Status status = image_.Read(
          chunk->offset, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
      lock.lock();
      ready_.emplace(chunk->number, Made{*chunk, std::move(bytes), std::move(status)});
      changed_.notify_all();
    }
    --working_;
    changed_.notify_all();
  }

  const Image& image_;
  Chunks& chunks_;
  const size_t ahead_;  // how many chunks may be made before they are taken
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<size_t, Made> ready_;
  std::vector<std::string> free_;
  size_t drawn_ = 0;
  size_t taken_ = 0;
  bool closed_ = false;
  int working_ = 0;  // threads that make chunks
  std::vector<std::thread> threads_;
};

}  // namespace

absl::Status WriteToStream(const Image& image, int fd, const std::string& name,
                           const SinkOptions& options) {
  Chunks chunks(image, options);
  Pipeline pipeline(image, chunks, std::max(options.jobs, 1));
  while (std::optional<Pipeline::Made> made = pipeline.Take()) {
    RETURN_IF_ERROR(chunks.CheckStop());
    RETURN_IF_ERROR(made->status);
    RETURN_IF_ERROR(WriteAll(fd, kNoOffset, made->bytes, name, chunks));
    chunks.Done(made->chunk);
    pipeline.Recycle(std::move(made->bytes));
  }
  return absl::OkStatus();
}

}  // namespace isomason

#include "cache/single_flight.h"

#include <future>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "cache/key_lock.h"

namespace topobathy {

struct SingleFlight::State {
  std::string lock_directory;
  std::mutex mutex;
  std::unordered_map<std::string, std::shared_future<CellPointer>> flights;

  CellPointer look_or_make(const std::string& key, const std::function<CellPointer()>& look,
                           const std::function<CellPointer()>& make) const {
    if (CellPointer cell = look()) return cell;
    if (lock_directory.empty()) return make();
    const KeyLock lock(lock_directory, key);
    // Another process may have finished between the first look and the lock.
    if (CellPointer cell = look()) return cell;
    return make();
  }

  void land(const std::string& key) {
    const std::lock_guard<std::mutex> guard(mutex);
    flights.erase(key);
  }
};

SingleFlight::SingleFlight(std::string lock_directory) : state_(std::make_unique<State>()) {
  state_->lock_directory = std::move(lock_directory);
}

SingleFlight::~SingleFlight() = default;

CellPointer SingleFlight::run(const std::string& key, const std::function<CellPointer()>& look,
                              const std::function<CellPointer()>& make) {
  std::promise<CellPointer> promise;
  std::shared_future<CellPointer> flight;
  {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    auto [entry, first] = state_->flights.try_emplace(key);
    if (first)
      entry->second = promise.get_future().share();
    else
      flight = entry->second;
  }
  if (flight.valid()) return flight.get();
  // The flight lands before its result is known: who comes later looks for himself.
  try {
    CellPointer cell = state_->look_or_make(key, look, make);
    state_->land(key);
    promise.set_value(cell);
    return cell;
  } catch (...) {
    state_->land(key);
    promise.set_exception(std::current_exception());
    throw;
  }
}

}  // namespace topobathy

#include "cache/turns.h"

#include <iterator>
#include <map>

namespace topobathy {

std::shared_ptr<std::mutex> turn_of(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<std::mutex>> turns;
  const std::lock_guard<std::mutex> lock(mutex);
  for (auto turn = turns.begin(); turn != turns.end();)
    turn = turn->second.expired() ? turns.erase(turn) : std::next(turn);
  std::weak_ptr<std::mutex>& known = turns[name];
  std::shared_ptr<std::mutex> turn = known.lock();
  if (!turn) known = turn = std::make_shared<std::mutex>();
  return turn;
}

}  // namespace topobathy

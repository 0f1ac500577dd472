#include <chrono>
#include <thread>

#include "providers/http/clock.h"

namespace topobathy {
namespace {

class SystemClock final : public Clock {
 public:
  std::int64_t now() const override {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  void sleep(double seconds) override {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }
};

}  // namespace

Clock& system_clock() {
  // Never destroyed: threads may still look at it while the process ends.
  static Clock& clock = *new SystemClock;
  return clock;
}

}  // namespace topobathy

#include "utils/serve/cache/remembered_text.h"

#include <algorithm>

namespace topobathy {
namespace {

/// However often it is asked, making it takes at most a tenth (anew: half) of one thread.
constexpr int kTimesItTook = 10, kTimesItTookAnew = 2;
constexpr std::chrono::milliseconds kAnewWithin{1000};

}  // namespace

std::string RememberedText::text(bool anew) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto age = Clock::now() - made_;
  const auto usual = std::max<Clock::duration>(kept_, took_ * kTimesItTook);
  const auto least = std::max<Clock::duration>(kAnewWithin, took_ * kTimesItTookAnew);
  if (known_ && age < (anew ? least : usual)) return text_;
  const auto begun = Clock::now();
  text_ = make_();
  made_ = Clock::now();
  took_ = made_ - begun;
  known_ = true;
  return text_;
}

void RememberedText::forget() {
  const std::lock_guard<std::mutex> lock(mutex_);
  known_ = false;
}

}  // namespace topobathy

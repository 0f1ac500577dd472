#include "utils/hydrate/hydration_progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include <nlohmann/json.hpp>

#include "utils/exit_status.h"
#include "utils/standard_output.h"

namespace topobathy {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBarEvery{200};
constexpr std::chrono::seconds kJsonEvery{1};
constexpr std::chrono::seconds kLinesEvery{10};
/// Failures told one by one; a source that is gone fails every unit of it.
constexpr int kFailuresTold = 20;

std::string time_text(double seconds) {
  if (seconds < 0) return "?";
  const auto whole = static_cast<long long>(std::ceil(seconds));
  char text[48];
  if (whole < 60)
    std::snprintf(text, sizeof text, "%llds", whole);
  else if (whole < 3600)
    std::snprintf(text, sizeof text, "%lldm%02llds", whole / 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%lldh%02lldm", whole / 3600, whole / 60 % 60);
  return text;
}

std::string counts_text(const JobCounts& counts, const std::string& units) {
  return std::to_string(counts.done()) + " of " + std::to_string(counts.total) + " " + units +
         ": " + std::to_string(counts.processed) + " made" +
         (counts.empty > 0 ? " (" + std::to_string(counts.empty) + " empty)" : "") + ", " +
         std::to_string(counts.cached) + " cached, " + std::to_string(counts.failed) + " failed";
}

/// Lets something through once a period.
class Every {
 public:
  explicit Every(SteadyClock::duration period) : period_(period) {}
  bool now() {
    const auto at = SteadyClock::now();
    if (at < next_) return false;
    next_ = at + period_;
    return true;
  }

 private:
  SteadyClock::duration period_;
  SteadyClock::time_point next_{};
};

class TextProgress : public HydrationProgress {
 public:
  TextProgress(std::string units, SteadyClock::duration period)
      : units_(std::move(units)), every_(period) {}

  void tell(const HydrationJob& job) override {
    if (every_.now()) show(job);
  }
  void tell_failure(const std::string&, const std::string& where,
                    const UnitResult& result) override {
    ++failures_;
    if (failures_ > kFailuresTold) return;
    clear();
    std::cerr << "failed: " << where << ": " << result.reason << '\n';
    if (failures_ == kFailuresTold)
      std::cerr << "further failures are counted only; --progress=json tells all\n";
  }
  void end(const HydrationJob& job) override {
    clear();
    std::cerr << to_text(job.status) << ": " << counts_text(job.cells, units_);
    if (!job.error.empty()) std::cerr << " (" << job.error << ")";
    std::cerr << '\n';
  }

 protected:
  virtual void show(const HydrationJob& job) {
    std::cerr << counts_text(job.cells, units_) << "; " << pace_text(job) << '\n';
  }
  virtual void clear() {}
  std::string pace_text(const HydrationJob& job) {
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.1f/s, ", pace_.rate(job.cells));
    return rate + time_text(pace_.seconds_left(job.cells)) + " left";
  }
  const std::string& units() const noexcept { return units_; }

 private:
  std::string units_;
  Every every_;
  Pace pace_;
  int failures_ = 0;
};

class BarProgress final : public TextProgress {
 public:
  explicit BarProgress(const std::string& units) : TextProgress(units, kBarEvery) {}

 private:
  void show(const HydrationJob& job) override {
    constexpr int kWidth = 30;
    const JobCounts& cells = job.cells;
    const double share =
        cells.total > 0 ? static_cast<double>(cells.done()) / static_cast<double>(cells.total) : 0;
    const int full = static_cast<int>(std::lround(share * kWidth));
    std::cerr << "\r\x1b[K[" << std::string(static_cast<std::size_t>(full), '#')
              << std::string(static_cast<std::size_t>(kWidth - full), '.') << "] "
              << counts_text(cells, units()) << "; " << pace_text(job) << std::flush;
    shown_ = true;
  }
  void clear() override {
    if (shown_) std::cerr << "\r\x1b[K";
    shown_ = false;
  }

  bool shown_ = false;
};

class JsonProgress final : public HydrationProgress {
 public:
  void tell(const HydrationJob& job) override {
    if (every_.now()) say(job);
  }
  void tell_failure(const std::string& unit, const std::string& where,
                    const UnitResult& result) override {
    line({{"event", "failure"},
          {"unit", nlohmann::json::parse(unit, nullptr, false)},
          {"where", where},
          {"step", result.step},
          {"error", result.reason}});
  }
  void end(const HydrationJob& job) override { say(job); }

 private:
  void say(const HydrationJob& job) {
    auto object = nlohmann::json::parse(to_json_text(job));
    object["event"] = "state";
    object["rate"] = pace_.rate(job.cells);
    const double left = pace_.seconds_left(job.cells);
    object["seconds_left"] = left < 0 ? nlohmann::json() : nlohmann::json(left);
    line(object);
  }
  static void line(const nlohmann::json& object) {
    write_standard_output(
        object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n', kExitOk);
  }

  Every every_{kJsonEvery};
  Pace pace_;
};

class QuietProgress final : public TextProgress {
 public:
  explicit QuietProgress(const std::string& units)
      : TextProgress(units, SteadyClock::duration{0}) {}

 private:
  void show(const HydrationJob&) override {}
};

}  // namespace

double Pace::rate(const JobCounts& counts) {
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begun_).count();
  return seconds > 0 ? static_cast<double>(counts.done()) / seconds : 0.0;
}

double Pace::seconds_left(const JobCounts& counts) {
  const double pace = rate(counts);
  return pace > 0 ? static_cast<double>(counts.total - counts.done()) / pace : -1.0;
}

std::unique_ptr<HydrationProgress> make_progress(ProgressKind kind, const std::string& units) {
  switch (kind) {
    case ProgressKind::kBar:
      return std::make_unique<BarProgress>(units);
    case ProgressKind::kJson:
      return std::make_unique<JsonProgress>();
    case ProgressKind::kNone:
      return std::make_unique<QuietProgress>(units);
    case ProgressKind::kLines:
      break;
  }
  return std::make_unique<TextProgress>(units, kLinesEvery);
}

}  // namespace topobathy

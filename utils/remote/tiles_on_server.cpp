#include "utils/remote/tiles_on_server.h"

#include <chrono>
#include <cstdio>
#include <mutex>
#include <numeric>
#include <thread>

#include <nlohmann/json.hpp>

#include "fusion/error.h"
#include "utils/exit_status.h"
#include "utils/hydrate/stop_signals.h"
#include "utils/hydrate/tile_hydration.h"
#include "utils/hydrate/unit_result.h"
#include "utils/json_values.h"

namespace topobathy {
namespace {

using Clock = std::chrono::steady_clock;
using Outcome = UnitResult::Outcome;

constexpr std::chrono::milliseconds kTellEvery{100};

/// Threads that ask, and what came of it. Everything below is guarded by the mutex.
class TileFetcher {
 public:
  TileFetcher(ServerClient& server, const TileArguments& arguments, const TileFetching& how)
      : server_(server),
        arguments_(arguments),
        how_(how),
        plan_(arguments.plan()),
        progress_(make_progress(how.progress, "tiles")) {
    const auto counts = plan_.count_by_zoom();
    job_.cells.total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    job_.status = JobStatus::kRunning;
    job_.zoom = arguments.zooms().last;
    job_.request = R"({"kind":"tiles"})";
  }

  HydrationJob run();
  double mean_seconds() const {
    return answers_ > 0 ? seconds_ / static_cast<double>(answers_) : 0.0;
  }

 private:
  void work();
  std::optional<PlannedTile> take();
  UnitResult fetch(const PlannedTile& tile, bool& answered);
  void count(const PlannedTile& tile, const UnitResult& result, double seconds, bool answered);
  void settle();

  ServerClient& server_;
  const TileArguments& arguments_;
  const TileFetching& how_;
  std::mutex mutex_;
  TilePlan plan_;
  std::unique_ptr<HydrationProgress> progress_;
  HydrationJob job_;
  std::size_t working_ = 0;
  std::size_t unanswered_ = 0;  ///< in a row
  std::int64_t answers_ = 0;
  double seconds_ = 0.0;  ///< of all answers
  bool stopped_ = false;  ///< by the user
};

std::optional<PlannedTile> TileFetcher::take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stopped_ = stopped_ || StopSignals::count() > 0;
  if (stopped_ || !job_.error.empty()) return std::nullopt;
  try {
    return plan_.next();
  } catch (const Error& error) {
    job_.error = error.what();  // a list of tiles that has been changed meanwhile
    return std::nullopt;
  }
}

UnitResult TileFetcher::fetch(const PlannedTile& tile, bool& answered) {
  try {
    const ServerAnswer answer =
        server_.ask(HttpRequest::Method::kGet, tile_path(arguments_.request(tile)));
    answered = true;
    if (answer.status == 204) return {Outcome::kEmpty, "", ""};
    if (answer.status == 200 && !answer.body.empty()) return {Outcome::kMade, "", ""};
    return {Outcome::kFailed, "", refusal_text(answer)};
  } catch (const Error& error) {
    // Without an answer, unless it was too long.
    answered = answered || error.code() == ErrorCode::kCancelled;
    return {Outcome::kFailed, "", error.message()};
  }
}

void TileFetcher::count(const PlannedTile& tile, const UnitResult& result, double seconds,
                        bool answered) {
  const std::lock_guard<std::mutex> lock(mutex_);
  JobCounts& cells = job_.cells;
  unanswered_ = answered ? 0 : unanswered_ + 1;
  if (result.outcome == Outcome::kFailed) {
    ++cells.failed;
    progress_->tell_failure(unit_line(tile), text_of(tile), result);
  } else {
    ++cells.processed;
    cells.empty += result.outcome == Outcome::kEmpty ? 1 : 0;
    ++answers_;
    seconds_ += seconds;
  }
  if (!job_.error.empty()) return;
  if (unanswered_ > how_.parallel)
    job_.error = result.reason;
  else if (how_.max_failures && cells.failed > *how_.max_failures)
    job_.error = "more than " + std::to_string(*how_.max_failures) + " failed (--max-failures)";
}

void TileFetcher::work() {
  while (const auto tile = take()) {
    const auto begun = Clock::now();
    bool answered = false;
    const UnitResult result = fetch(*tile, answered);
    if (StopSignals::count() > 1) break;  // given up, not failed
    count(*tile, result, std::chrono::duration<double>(Clock::now() - begun).count(), answered);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  --working_;
}

void TileFetcher::settle() {
  job_.finished_at = job_time();
  const JobCounts& cells = job_.cells;
  if (stopped_ && cells.done() < cells.total) {
    job_.status = JobStatus::kCancelled;
    job_.error = "Interrupted";
  } else if (!job_.error.empty() || (cells.failed > 0 && cells.failed == cells.total)) {
    job_.status = JobStatus::kFailed;
    if (job_.error.empty()) job_.error = "all failed";
  } else {
    job_.status = JobStatus::kCompleted;
  }
}

HydrationJob TileFetcher::run() {
  std::vector<std::thread> threads;
  working_ = how_.parallel;
  for (std::size_t k = 0; k < how_.parallel; ++k)
    threads.emplace_back([this] { work(); });
  for (bool busy = true; busy; std::this_thread::sleep_for(kTellEvery)) {
    const std::lock_guard<std::mutex> lock(mutex_);
    busy = working_ > 0;
    progress_->tell(job_);
  }
  for (std::thread& thread : threads)
    thread.join();
  settle();
  progress_->end(job_);
  return job_;
}

void add_query(std::string& path, const char* name, const std::string& value) {
  path += (path.find('?') == std::string::npos ? '?' : '&');
  path += std::string(name) + '=' + value;
}

void print_end(std::ostream& out, const JobCounts& cells, double mean, bool json) {
  if (json) {
    out << nlohmann::json{{"event", "tiles"},
                          {"ok", cells.processed},
                          {"total", cells.total},
                          {"mean_seconds", mean}}
               .dump()
        << '\n';
    return;
  }
  char text[64];
  std::snprintf(text, sizeof text, " OK, mean %.3f s a tile\n", mean);
  out << cells.processed << '/' << cells.total << text;
}

}  // namespace

std::string tile_path(const TileRequest& request) {
  const TileAddress& at = request.address;
  std::string path = "/tiles/" + std::to_string(at.z) + '/' + std::to_string(at.x) + '/' +
                     std::to_string(at.y) + '.' + extension(request.format);
  if (request.format == TileFormat::kTerrarium || request.format == TileFormat::kTerrainRgb)
    add_query(path, "format", to_text(request.format));
  if (request.is_picture() && request.style != TileStyle::kChart)
    add_query(path, "style", to_text(request.style));
  if (request.tile_size != TileRequest().tile_size)
    add_query(path, "tile_size", std::to_string(request.tile_size));
  if (request.vmin) add_query(path, "vmin", shown_number(*request.vmin));
  if (request.vmax) add_query(path, "vmax", shown_number(*request.vmax));
  return path;
}

int tiles_on_server(const ServerArguments& server, const TileArguments& arguments,
                    const TileFetching& how, std::ostream& out) {
  const StopSignals signals;
  // The tile in hand is waited for; who stops twice does not want to.
  ServerClient client(
      server.setup(static_cast<int>(how.parallel), [] { return StopSignals::count() > 1; }));
  TileFetcher fetcher(client, arguments, how);
  const HydrationJob end = fetcher.run();
  print_end(out, end.cells, fetcher.mean_seconds(), how.progress == ProgressKind::kJson);
  if (end.status == JobStatus::kCancelled) return kExitInterrupted;
  return end.status == JobStatus::kCompleted && end.cells.failed == 0 ? kExitOk : kExitFailure;
}

}  // namespace topobathy

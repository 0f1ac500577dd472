#include "utils/serve/server/metrics_text.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "utils/serve/server/router.h"

namespace topobathy {
namespace {

constexpr char kPrefix[] = "topobathy_";

/// Lines of one metric.
class MetricLines {
 public:
  MetricLines(std::ostringstream& out, const std::string& name, const char* type, const char* help)
      : out_(out), name_(kPrefix + name) {
    out_ << "# HELP " << name_ << ' ' << help << "\n# TYPE " << name_ << ' ' << type << '\n';
  }
  template <class Value>
  void add(const std::string& labels, Value value, const char* ending = "") {
    out_ << name_ << ending;
    if (!labels.empty()) out_ << '{' << labels << '}';
    out_ << ' ' << value << '\n';
  }

 private:
  std::ostringstream& out_;
  std::string name_;
};

/// Patterns are ours: nothing in them needs to be escaped.
std::string route_labels(const Routes& routes, std::size_t index) {
  if (index >= routes.size()) return R"(method="",route="")";
  return std::string("method=\"") + method_name(routes[index].method) + "\",route=\"" +
         routes[index].pattern + '"';
}

/// Calls `tell(counts, labels)` for every route that was asked for.
template <class Tell>
void each_asked_route(const SharedState& state, const Routes& routes, const Tell& tell) {
  for (std::size_t i = 0; i < state.routes.size(); ++i) {
    std::uint64_t sum = 0;
    for (const SharedCount& count : state.routes[i].answers)
      sum += count;
    if (sum > 0) tell(state.routes[i], route_labels(routes, i));
  }
}

void write_answers(std::ostringstream& out, const SharedState& state, const Routes& routes) {
  MetricLines answers(out, "http_requests_total", "counter", "Requests that were answered");
  each_asked_route(state, routes, [&](const RouteCounts& counts, const std::string& labels) {
    for (std::size_t i = 0; i < kCountedStatuses.size(); ++i)
      if (counts.answers.at(i) > 0)
        answers.add(labels + ",status=\"" + std::to_string(kCountedStatuses.at(i)) + '"',
                    counts.answers.at(i).load());
  });
  MetricLines bytes(out, "http_sent_bytes_total", "counter", "Bytes of bodies that were sent");
  each_asked_route(state, routes, [&](const RouteCounts& counts, const std::string& labels) {
    bytes.add(labels, counts.bytes.load());
  });
}

void write_durations(std::ostringstream& out, const SharedState& state, const Routes& routes) {
  MetricLines seconds(out, "http_request_duration_seconds", "histogram",
                      "From the request's head to the end of its answer");
  each_asked_route(state, routes, [&](const RouteCounts& counts, const std::string& labels) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kDurationEnds.size(); ++i) {
      sum += counts.durations.at(i);
      std::ostringstream end;
      end << kDurationEnds.at(i);
      seconds.add(labels + ",le=\"" + end.str() + '"', sum, "_bucket");
    }
    sum += counts.durations.back();
    seconds.add(labels + ",le=\"+Inf\"", sum, "_bucket");
    seconds.add(labels, static_cast<double>(counts.microseconds) / 1e6, "_sum");
    seconds.add(labels, sum, "_count");
  });
}

/// Bytes in RAM; 0 where nobody can tell.
std::uint64_t resident_bytes(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  std::uint64_t size = 0, resident = 0;
  if (!(file >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void write_workers(std::ostringstream& out, const SharedState& state) {
  const auto each = [&](const char* name, const char* help, auto value) {
    MetricLines lines(out, name, "gauge", help);
    for (std::size_t i = 0; i < state.workers.size(); ++i)
      if (state.workers.at(i).pid > 0)
        lines.add("worker=\"" + std::to_string(i + 1) + '"', value(state.workers.at(i)));
  };
  using Worker = const WorkerState&;
  each("worker_ready", "Whether the process answers", [](Worker w) { return w.ready ? 1 : 0; });
  each("connections", "Open connections", [](Worker w) { return w.connections.load(); });
  each("web_sockets", "Open WebSockets", [](Worker w) { return w.web_sockets.load(); });
  each("event_streams", "Open streams of events", [](Worker w) { return w.event_streams.load(); });
  each("heavy_running", "Heavy work in hand", [](Worker w) { return w.heavy_running.load(); });
  each("heavy_waiting", "Heavy work that waits", [](Worker w) { return w.heavy_waiting.load(); });
  each("worker_resident_bytes", "Memory of the process in RAM",
       [](Worker w) { return resident_bytes(w.pid); });
}

}  // namespace

std::string metrics_text(const SharedState& state, const Routes& routes) {
  std::ostringstream out;
  out.precision(17);
  write_answers(out, state, routes);
  out.precision(6);
  write_durations(out, state, routes);
  write_workers(out, state);
  MetricLines(out, "worker_crashes_total", "counter", "Worker processes that died")
      .add("", state.workers_crashed.load());
  MetricLines(out, "worker_recycles_total", "counter", "Worker processes that were due to end")
      .add("", state.workers_recycled.load());
  MetricLines(out, "start_time_seconds", "gauge", "When the service was started, Unix time")
      .add("", state.started);
  return out.str();
}

}  // namespace topobathy

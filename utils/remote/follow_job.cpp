#include "utils/remote/follow_job.h"

#include <chrono>
#include <iostream>
#include <thread>

#include "fusion/error.h"
#include "utils/exit_status.h"
#include "utils/hydrate/stop_signals.h"
#include "utils/json_values.h"
#include "utils/remote/web_socket.h"

namespace topobathy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPollEvery{2000};
constexpr milliseconds kSlice{100};
constexpr milliseconds kConnecting{10'000};
/// Answers in a row that are no state of the job: something else answers there.
constexpr int kMostNonsense = 5;
constexpr std::size_t kShown = 200;

class JobFollower {
 public:
  JobFollower(ServerClient& server, const Submitted& job, HydrationProgress& progress)
      : server_(server), job_(job), progress_(progress) {}

  /// By the WebSocket; false where that ends before the job does.
  bool listen();
  void poll();
  const HydrationJob& last() const noexcept { return last_; }

 private:
  WebSocket::Target target() const;
  bool hear(WebSocket& socket);
  bool take(const std::string& text);
  void pause() const;
  void require_running() const {
    if (StopSignals::count() > 0) throw Error(ErrorCode::kCancelled, "stopped");
  }

  ServerClient& server_;
  const Submitted& job_;
  HydrationProgress& progress_;
  HydrationJob last_;
};

WebSocket::Target JobFollower::target() const {
  const ServerAddress& address = server_.address();
  const std::string& origin = address.url.origin();
  WebSocket::Target target;
  target.host = address.url.host;
  target.port = origin.substr(origin.rfind(':') + 1);
  target.path = job_.web_socket.empty()
                    ? address.base.substr(origin.size()) + "/hydrate/" + job_.id + "/ws"
                    : job_.web_socket;
  target.authorization = address.authorization;
  target.secure = address.secure();
  return target;
}

/// Whether the text was a state of the job.
bool JobFollower::take(const std::string& text) {
  auto job = job_of_state(text, job_.id);
  if (!job) return false;
  last_ = *std::move(job);
  if (last_.has_ended())
    progress_.end(last_);
  else
    progress_.tell(last_);
  return true;
}

bool JobFollower::hear(WebSocket& socket) {
  while (!last_.has_ended()) {
    require_running();
    const WebSocket::Heard heard = socket.wait(kSlice);
    if (heard.event == WebSocket::Event::kClosed)
      throw Error(ErrorCode::kUnreadable, "the WebSocket is closed: " + heard.text);
    if (heard.event == WebSocket::Event::kMessage && !take(heard.text))
      throw Error(ErrorCode::kUnreadable,
                  "the WebSocket says '" + one_line(heard.text.substr(0, kShown)) + "'");
  }
  return true;
}

bool JobFollower::listen() {
  try {
    WebSocket socket(target(), kConnecting);
    return hear(socket);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled) throw;
    std::cerr << "no WebSocket (" << error.message() << "): asking every 2 s\n";
    return false;
  }
}

void JobFollower::pause() const {
  for (milliseconds left = kPollEvery; left.count() > 0; left -= kSlice) {
    require_running();
    std::this_thread::sleep_for(kSlice);
  }
}

void JobFollower::poll() {
  int nonsense = 0;
  for (;; pause()) {
    require_running();
    const ServerAnswer answer = server_.ask(HttpRequest::Method::kGet, "/hydrate/" + job_.id);
    if (answer.status == 404)
      throw Error(ErrorCode::kNotFound, "the server does not know job " + job_.id + " any more");
    if (!answer.ok())
      throw Error(ErrorCode::kUnreadable, "the server refuses to say how job " + job_.id +
                                              " goes: " + refusal_text(answer));
    if (take(answer.body)) {
      nonsense = 0;
      if (last_.has_ended()) return;
    } else if (++nonsense == kMostNonsense) {
      throw Error(ErrorCode::kUnreadable, "the server's answer is no state of job " + job_.id +
                                              ": '" + one_line(answer.body.substr(0, kShown)) +
                                              "'");
    }
  }
}

}  // namespace

int follow_job(ServerClient& server, const Submitted& job, bool listen,
               HydrationProgress& progress) {
  JobFollower follower(server, job, progress);
  if (!listen || !follower.listen()) follower.poll();
  const HydrationJob& end = follower.last();
  return end.status == JobStatus::kCompleted && end.cells.failed == 0 ? kExitOk : kExitFailure;
}

}  // namespace topobathy

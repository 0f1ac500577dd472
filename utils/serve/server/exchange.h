#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "utils/serve/server/front_door.h"
#include "utils/serve/server/shared_state.h"

namespace topobathy {

/// One request and its answer. Used by one thread at a time: its connection's, then the one that
/// runs its handler, then its connection's again; but for `gone`.
struct Exchange {
  std::string id;    ///< X-Request-Id
  std::string peer;  ///< address
  std::string method;
  bool is_old = false;      ///< HTTP/1.0
  bool keep_alive = false;  ///< the client may send another request on this connection
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  Admission admission;
  std::shared_ptr<std::atomic<bool>> gone = std::make_shared<std::atomic<bool>>(false);

  bool answered = false;
  ServiceAnswer answer;
  std::unique_ptr<Followed> followed;  ///< of a route that is followed, instead of an answer
  std::string reason;                  ///< of a failure, for the log

  void answer_with(ServiceAnswer given);
  /// What is quick: a quick route's handler, an answer that is at hand, what is to be followed.
  /// Throws nothing. After it there is an answer, or something to follow, or heavy work to do.
  void run_quick() noexcept;
  /// The handler. Throws nothing.
  void run_handler() noexcept;

  /// Counts and logs it.
  void note(SharedState& shared, std::uint64_t sent_bytes, bool broken) const;

 private:
  template <class Run>
  void catching(const Run& run) noexcept;
};

}  // namespace topobathy

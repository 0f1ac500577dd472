#include "utils/serve/server/exchange.h"

#include <exception>
#include <utility>

#include "utils/serve/server/failure_answer.h"
#include "utils/serve/server/service_log.h"

namespace topobathy {

void Exchange::answer_with(ServiceAnswer given) {
  answer = std::move(given);
  answered = true;
}

template <class Run>
void Exchange::catching(const Run& run) noexcept {
  try {
    run();
  } catch (...) {
    FailureAnswer failure = failure_answer(std::current_exception());
    reason = std::move(failure.reason);
    answer_with(std::move(failure.answer));
  }
}

void Exchange::run_quick() noexcept {
  catching([this] {
    const Route& route = *admission.route;
    if (route.follow)
      followed = route.follow(admission.request);
    else if (route.cost == Cost::kQuick)
      answer_with(route.handler(admission.request));
    else if (auto ready = route.at_hand(admission.request))
      answer_with(std::move(*ready));
  });
}

void Exchange::run_handler() noexcept {
  catching([this] { answer_with(admission.route->handler(admission.request)); });
}

void Exchange::note(SharedState& shared, std::uint64_t sent_bytes, bool broken) const {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
                        std::chrono::steady_clock::now() - begun)
                        .count();
  const std::size_t route =
      admission.route && admission.index < kMostRoutes ? admission.index : kNoRoute;
  shared.routes.at(route).note(answer.status, static_cast<std::uint64_t>(took), sent_bytes);
  nlohmann::ordered_json facts{{"id", id},
                               {"peer", peer},
                               {"method", method},
                               {"path", admission.request.path},
                               {"status", answer.status},
                               {"bytes", sent_bytes},
                               {"ms", static_cast<double>(took) / 1000.0}};
  if (!admission.request.query.empty()) facts["query"] = logged_query(admission.request.query);
  if (broken) facts["broken"] = true;
  if (!reason.empty()) facts["reason"] = reason;
  log_event(answer.status >= 500 ? LogLevel::kWarning : LogLevel::kInfo, "request", facts);
}

}  // namespace topobathy

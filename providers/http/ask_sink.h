#pragma once

#include <cstdint>
#include <string>

#include "providers/http/exchange.h"

namespace topobathy {

/// Gathers the answer to a request in memory, within its limits. \throws Error(kUnreadable) from
/// begin() and write() for what another try would not mend
class AskSink final : public AnswerSink {
 public:
  explicit AskSink(const HttpRequest& request) : request_(request) {}

  bool begin(const AnswerHead& head) override;
  bool write(const char* data, std::size_t size) override;

  /// Why the answer that came to its end is not whole ("" = it is).
  std::string lacking() const;
  /// \pre lacking() is empty
  HttpAnswer take();

 private:
  void begin_range(const AnswerHead& head);
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_length(const std::string& bytes) const;

  const HttpRequest& request_;
  HttpAnswer answer_;
  std::uint64_t limit_ = 0;     ///< of the body
  std::int64_t expected_ = -1;  ///< bytes of a 206's body
  bool is_refusal_ = false;
};

}  // namespace topobathy

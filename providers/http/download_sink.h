#pragma once

#include <cstdint>
#include <string>

#include "providers/http/exchange.h"
#include "providers/http/http_client.h"
#include "providers/http/part_file.h"

namespace topobathy {

/// Writes the answers to a download's tries into its part, each going on where the last one broke.
/// \throws Error(kUnreadable) from begin() and write() for what another try would not mend;
/// Error(kCache) for the disk
class DownloadSink final : public AnswerSink {
 public:
  DownloadSink(const Download& wanted, std::uint64_t max_bytes, PartFile& part)
      : wanted_(wanted), max_bytes_(max_bytes), part_(part) {}

  /// What the next try asks for.
  Exchange next() const;
  bool begin(const AnswerHead& head) override;
  bool write(const char* data, std::size_t size) override;
  /// Why the file is not whole after a try ("" = it is, or there is none).
  std::string lacking(const AnswerHead& head) const;
  /// The head's values, of the whole file.
  HttpAnswer answer() const { return answer_; }

 private:
  bool go_on(const AnswerHead& head);
  void require_size(std::int64_t total);
  [[noreturn]] void fail(const std::string& what);

  const Download& wanted_;
  const std::uint64_t max_bytes_;
  PartFile& part_;
  HttpAnswer answer_;
  std::int64_t total_ = -1;  ///< bytes of the file as the server says, -1 = it does not
  std::string stale_;        ///< why what was there had to be thrown away; "" = it had not
};

}  // namespace topobathy

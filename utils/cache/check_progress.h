#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "cache/audit/audit.h"

namespace topobathy {

/// A bar on standard error while an audit runs, where that is a terminal; else nothing. One thread
/// at a time.
class CheckProgress {
 public:
  /// Where there is a terminal, counts the files first.
  explicit CheckProgress(const std::string& root);
  ~CheckProgress();
  CheckProgress(const CheckProgress&) = delete;
  CheckProgress& operator=(const CheckProgress&) = delete;

  void show(const AuditProgress& progress);

  /// "[=====>    ]  42 %  12345 files  512 MB/s  3 found".
  static std::string line(const AuditProgress& progress, const AuditProgress& all, double seconds);

 private:
  const bool on_terminal_;
  AuditProgress all_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace topobathy

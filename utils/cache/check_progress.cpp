#include "utils/cache/check_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "cache/cache_walk.h"

namespace topobathy {
namespace {

constexpr int kBarWidth = 30;
constexpr std::chrono::milliseconds kPause{100};

AuditProgress count_files(const std::string& root) {
  AuditProgress all;
  walk_cache(root, {}, [&](const CacheEntry& entry, std::size_t) {
    if (!entry.is_file) return;
    ++all.files;
    all.bytes += entry.size;
  });
  return all;
}

/// By bytes, for these take the time; by files where there are none.
double done_part(const AuditProgress& progress, const AuditProgress& all) noexcept {
  const auto part = [](std::uint64_t some, std::uint64_t whole) {
    return static_cast<double>(some) / static_cast<double>(whole);
  };
  const double done = all.bytes > 0   ? part(progress.bytes, all.bytes)
                      : all.files > 0 ? part(progress.files, all.files)
                                      : 1.0;
  return std::min(done, 1.0);
}

}  // namespace

CheckProgress::CheckProgress(const std::string& root) : on_terminal_(::isatty(STDERR_FILENO) == 1) {
  if (on_terminal_) all_ = count_files(root);
}

CheckProgress::~CheckProgress() {
  if (on_terminal_) std::cerr << "\r\033[K" << std::flush;
}

std::string CheckProgress::line(const AuditProgress& progress, const AuditProgress& all,
                                double seconds) {
  const double done = done_part(progress, all);
  const int filled = static_cast<int>(done * kBarWidth);
  std::string bar(static_cast<std::size_t>(filled), '=');
  bar.resize(kBarWidth, ' ');
  const double rate = seconds > 0 ? static_cast<double>(progress.bytes) / 1e6 / seconds : 0.0;
  char text[128];
  std::snprintf(text, sizeof text, "[%s] %3d %%  %llu files  %.0f MB/s  %llu found", bar.c_str(),
                static_cast<int>(done * 100), static_cast<unsigned long long>(progress.files), rate,
                static_cast<unsigned long long>(progress.findings));
  return text;
}

void CheckProgress::show(const AuditProgress& progress) {
  if (!on_terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < kPause) return;
  shown_ = now;
  const std::chrono::duration<double> since = now - start_;
  std::cerr << "\r" << line(progress, all_, since.count()) << "\033[K" << std::flush;
}

}  // namespace topobathy

#pragma once

#include <cstdint>

#include "providers/http/tuning.h"

namespace topobathy {

/// How much patience and how much room fetching has.
struct HttpLimits {
  int attempts = http_tuning::kAttempts;
  double request_seconds = http_tuning::kRequestSeconds;
  double download_seconds = http_tuning::kDownloadSeconds;
  double connect_seconds = http_tuning::kConnectSeconds;
  long slow_seconds = http_tuning::kSlowSeconds;
  int parallel = http_tuning::kParallel;  ///< requests at once to one server
  std::uint64_t max_download = http_tuning::kMaxDownload;
  std::uint64_t sync_bytes = http_tuning::kSyncBytes;
};

/// The limits that GDAL's configuration options (or environment variables) change:
///   TOPOBATHY_HTTP_ATTEMPTS          1 to 20
///   TOPOBATHY_HTTP_TIMEOUT           seconds for one answer, 1 to 3600
///   TOPOBATHY_HTTP_DOWNLOAD_TIMEOUT  seconds for one file, 1 to 604800
///   TOPOBATHY_HTTP_CONNECT_TIMEOUT   seconds to connect, 1 to 300
///   TOPOBATHY_HTTP_PARALLEL          requests at once to one server, 1 to 64
///   TOPOBATHY_HTTP_MAX_DOWNLOAD      bytes of the largest file, 1 to 2^50
/// \throws Error(kUsage) naming the option
HttpLimits configured_http_limits();

}  // namespace topobathy

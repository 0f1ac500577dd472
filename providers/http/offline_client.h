#pragma once

#include <memory>

#include "providers/http/http_client.h"

namespace topobathy {

/// The client of OFFLINE: every call throws Error(kUnreadable) that names the URL, and nothing
/// leaves the machine. Thread-safe.
std::shared_ptr<HttpClient> make_offline_client();

}  // namespace topobathy

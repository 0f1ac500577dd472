#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace topobathy {

/// What POST /api/v1/cache/check and /orphans ask for.
struct AuditOrder {
  bool clean = false;
  bool leftovers_only = false;
  bool quick = true;             ///< headers of files, not all of their content
  double lock_timeout = 3600.0;  ///< seconds
};

/// How much of an audit one answer may take.
struct AuditBounds {
  std::chrono::milliseconds time{60'000};
  std::size_t findings = 500;  ///< told; all are counted
};

/// \throws HttpError(400, 422)
AuditOrder read_check_order(const std::string& body);
AuditOrder read_orphans_order(const std::string& body);
/// Whether the body asks to look only; false where it is no sound order. Never throws.
bool is_look_only(const std::string& body) noexcept;

/// Audits the cache until it is done, the time is over or nobody waits any more. \throws
/// Error(kCache)
nlohmann::json audit_as_ordered(const AuditOrder& order, const std::string& root,
                                const AuditBounds& bounds, const std::function<bool()>& gone);

}  // namespace topobathy

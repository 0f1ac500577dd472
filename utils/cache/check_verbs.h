#pragma once

#include <cstddef>
#include <ostream>
#include <string>

namespace topobathy {

/// What `topobathy cache --check`, `--clean`, `--orphans` and `--clean-orphans` are asked.
struct CheckRequest {
  std::string root;            ///< of the cache, absolute or relative; may not be there
  bool clean = false;          ///< deletes what is corrupt or stale; else nothing is changed
  bool orphans_only = false;   ///< locks and temporaries alone
  bool quick = false;          ///< headers only
  bool dry_run = false;        ///< with `clean`: says what would be deleted
  bool json = false;           ///< the answer is JSON (kJsonFormat)
  double lock_timeout = 3600;  ///< seconds; see --lock-timeout
  std::size_t threads = 1;
};

/// Audits the cache; the report goes to `out`, progress to std::cerr. \returns kExitOk nothing is
/// wrong, or `clean` has repaired all of it; kExitDamage something corrupt or stale was found and
/// is still there, as nobody asked to clean; kExitFailure a folder could not be listed, or `clean`
/// could not repair all  \throws Error(kCache)
int run_check(const CheckRequest& request, std::ostream& out);

}  // namespace topobathy

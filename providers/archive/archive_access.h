#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cache/cell_store.h"
#include "providers/archive/archive_context.h"

namespace topobathy {

/// How the archives of one opened policy are got at: one context a provider, shared by its steps.
/// Makes and asks nothing until a context is used. Thread-safe.
class ArchiveAccess {
 public:
  struct Setup {
    std::string root;  ///< of the cache, a folder; unused with kOff
    CacheMode mode = CacheMode::kReadWrite;
    bool offline = false;
    Endpoints endpoints;
    std::function<void(const std::string&)> warn;
    std::shared_ptr<ObjectStore> objects = nullptr;  ///< where cells lie, if not below the root
  };
  explicit ArchiveAccess(Setup setup);

  const Setup& setup() const noexcept { return setup_; }
  /// \throws Error(kUsage): an HTTP limit of the configuration is no number
  std::shared_ptr<ArchiveContext> context(const std::string& provider);

 private:
  std::shared_ptr<ArchiveContext> make(const std::string& provider);
  std::shared_ptr<HttpClient> client();

  const Setup setup_;
  std::mutex mutex_;
  std::shared_ptr<HttpClient> client_;
  std::map<std::string, std::shared_ptr<ArchiveContext>> contexts_;
};

/// What an open option says (a file or entries), else TOPOBATHY_ENDPOINTS of GDAL's configuration
/// or of the environment, else all true. \throws Error(kUsage)
Endpoints endpoints_of(const std::string& option);

}  // namespace topobathy

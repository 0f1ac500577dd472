#pragma once

#include <proj.h>
#include <proj_experimental.h>  // compound, 2D and 3D forms of CRSs; GDAL stands on the same calls

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace topobathy {

struct ProjDeleter {
  void operator()(PJ_CONTEXT* context) const noexcept { proj_context_destroy(context); }
  void operator()(PJ* object) const noexcept { proj_destroy(object); }
  void operator()(PJ_OBJ_LIST* list) const noexcept { proj_list_destroy(list); }
  void operator()(PJ_OPERATION_FACTORY_CONTEXT* factory) const noexcept {
    proj_operation_factory_context_destroy(factory);
  }
};
using ProjContext = std::unique_ptr<PJ_CONTEXT, ProjDeleter>;
using ProjObject = std::unique_ptr<PJ, ProjDeleter>;
using ProjList = std::unique_ptr<PJ_OBJ_LIST, ProjDeleter>;
using ProjFactory = std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, ProjDeleter>;

/// A context that writes nothing to stderr, never uses the network, and looks for its database and
/// grids where GDAL lets PROJ look (OSRSetPROJSearchPaths, else PROJ_DATA and PROJ's own
/// directories).
ProjContext make_proj_context();
/// The directories of make_proj_context(), as one text: what was chosen among the operations
/// depends on the grids found there.
std::string proj_search_path();

/// What an operation is, for messages and `explain`.
struct OperationInfo {
  std::string name;
  std::string definition;  ///< the PROJ pipeline
  double accuracy = -1.0;  ///< metres, as published; -1 = unknown
  bool ballpark =
      false;  ///< a datum shift is left out because none is known (or its grid is missing)
};

/// One coordinate operation that any number of threads may run at once. PROJ allows one thread a
/// context: each run borrows a context with its own copy of the operation. No thread owns anything,
/// so that the plugin can be unloaded.
class ProjOperation {
  struct Handle {
    ProjContext context;
    ProjObject operation;
  };

 public:
  /// Owns both; `operation` belongs to `context`. `name`: as PROJ's database has it.
  ProjOperation(ProjContext context, ProjObject operation, std::string name);

  /// A borrowed copy; goes back when it is destroyed. For one thread.
  class Lease {
   public:
    Lease(const ProjOperation& owner, std::unique_ptr<Handle> handle)
        : owner_(owner), handle_(std::move(handle)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { owner_.give_back(std::move(handle_)); }

    PJ* get() const noexcept { return handle_->operation.get(); }

   private:
    const ProjOperation& owner_;
    std::unique_ptr<Handle> handle_;
  };

  /// \throws Error(kInternal) when PROJ cannot copy the operation
  Lease borrow() const { return {*this, take()}; }
  const OperationInfo& info() const noexcept { return info_; }

 private:
  std::unique_ptr<Handle> take() const;
  void give_back(std::unique_ptr<Handle> handle) const noexcept;

  OperationInfo info_;
  mutable std::mutex mutex_;
  ProjContext context_;   ///< of prototype_; used under mutex_ only
  ProjObject prototype_;  ///< copied, never run
  mutable std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace topobathy

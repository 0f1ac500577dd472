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

/// Where PROJ looks for grids beside its usual places; equal for all contexts of an operation.
struct ProjSetup {
  std::vector<std::string> grid_directories;  ///< looked into after the usual ones
  std::string network;  ///< base URL that grids are read from piece by piece; "" = no network
};

/// A context that writes nothing to stderr, uses the network only where the setup says so, and
/// looks for its database and grids where GDAL lets PROJ look (OSRSetPROJSearchPaths, else
/// PROJ_DATA and PROJ's own directories), then in the setup's directories.
ProjContext make_proj_context(const ProjSetup& setup = {});
/// The places of make_proj_context(), as one text: whether an operation's grids are found depends
/// on them.
std::string proj_search_path(const ProjSetup& setup = {});

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
  /// `setup`: as the context was made with.
  ProjOperation(ProjContext context, ProjObject operation, std::string name, ProjSetup setup = {});

  /// A borrowed copy; goes back when it is destroyed. For one thread.
  class Lease {
   public:
    Lease(const ProjOperation& owner, std::unique_ptr<Handle> handle)
        : owner_(owner), handle_(std::move(handle)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (handle_) owner_.give_back(std::move(handle_));
    }

    PJ* get() const noexcept { return handle_->operation.get(); }
    /// Destroys the copy instead of giving it back: it is in a bad state.
    void discard() noexcept { handle_.reset(); }

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

  const ProjSetup setup_;
  OperationInfo info_;
  mutable std::mutex mutex_;
  ProjContext context_;   ///< of prototype_; used under mutex_ only
  ProjObject prototype_;  ///< copied, never run
  mutable std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace topobathy

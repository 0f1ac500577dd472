#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "providers/raster/open_dataset.h"

namespace topobathy {

/// An open dataset and files beside it, used by one thread at a time.
class RasterHandle {
 public:
  explicit RasterHandle(DatasetPointer dataset) noexcept : dataset_(std::move(dataset)) {}
  RasterHandle(const RasterHandle&) = delete;
  RasterHandle& operator=(const RasterHandle&) = delete;

  GDALDataset& dataset() noexcept { return *dataset_; }
  /// The band (1-based), or its overview (0-based; -1 is the band itself); null if there is none
  /// such.
  GDALRasterBand* band(int band, int overview) noexcept;
  /// The bytes of a file through VSI, opened on first use; null if that fails.
  VSILFILE* file(const std::string& path);

  /// GDAL keeps the blocks it decodes, up to a share of the machine's memory; ours are kept
  /// elsewhere. So a reader says which group of blocks it is going to touch (a row of large blocks
  /// that several of our tiles are cut from): those of an earlier group are freed.
  void enter_group(int overview, std::int64_t group);
  void free_blocks(int overview);

 private:
  struct CloseFile {
    void operator()(VSILFILE* file) const noexcept;
  };

  DatasetPointer dataset_;
  std::map<std::string, std::unique_ptr<VSILFILE, CloseFile>> files_;
  std::pair<int, std::int64_t> group_{-1, -1};
};

/// Idle handles of the process, the least recently used closed beyond a limit. A handle is lent to
/// one borrower at a time. Thread-safe.
class HandlePool {
 public:
  class Loan {
   public:
    Loan(HandlePool& pool, std::uint64_t id, std::unique_ptr<RasterHandle> handle) noexcept
        : pool_(&pool), id_(id), handle_(std::move(handle)) {}
    ~Loan();
    Loan(Loan&&) noexcept = default;
    Loan& operator=(Loan&&) = delete;
    RasterHandle* operator->() const noexcept { return handle_.get(); }
    RasterHandle& operator*() const noexcept { return *handle_; }
    /// Closes the handle instead of giving it back: it may be in a bad state.
    void discard() noexcept { handle_.reset(); }

   private:
    HandlePool* pool_;
    std::uint64_t id_;
    std::unique_ptr<RasterHandle> handle_;
  };

  /// An idle handle of this recipe, else a new one. \throws Error
  Loan borrow(const OpenRecipe& recipe);
  void give(std::uint64_t id, std::unique_ptr<RasterHandle> handle) noexcept;
  void close_idle() noexcept;
  /// Those of one recipe.
  void close_idle(std::uint64_t id) noexcept;

 private:
  std::unique_ptr<RasterHandle> take_idle(std::uint64_t id);

  std::mutex mutex_;
  std::list<std::pair<std::uint64_t, std::unique_ptr<RasterHandle>>> idle_;  ///< the latest first
};

/// The pool all readers share. Never destroyed: at process end GDAL may be gone first.
HandlePool& shared_handle_pool();

}  // namespace topobathy

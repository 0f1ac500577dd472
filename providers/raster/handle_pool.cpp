#include "providers/raster/handle_pool.h"

#include <algorithm>
#include <iterator>
#include <new>

#include "providers/http/signed_paths.h"
#include "providers/raster/tuning.h"

namespace topobathy {

GDALRasterBand* RasterHandle::band(int band, int overview) noexcept {
  GDALRasterBand* const base = dataset_->GetRasterBand(band);
  if (base == nullptr || overview < 0) return base;
  return overview < base->GetOverviewCount() ? base->GetOverview(overview) : nullptr;
}

VSILFILE* RasterHandle::file(const std::string& path) {
  auto& slot = files_[path];
  if (!slot) slot.reset(VSIFOpenL(signed_path(path).c_str(), "rb"));
  return slot.get();
}

void RasterHandle::CloseFile::operator()(VSILFILE* file) const noexcept {
  VSIFCloseL(file);
}

void RasterHandle::enter_group(int overview, std::int64_t group) {
  const std::pair<int, std::int64_t> entered(overview, group);
  if (group_ == entered) return;
  free_blocks(group_.first);
  group_ = entered;
}

void RasterHandle::free_blocks(int overview) {
  for (int b = 1; b <= dataset_->GetRasterCount(); ++b) {
    GDALRasterBand* const freed = band(b, overview);
    if (freed == nullptr) continue;
    freed->FlushCache(false);
    if ((freed->GetMaskFlags() & (GMF_ALL_VALID | GMF_NODATA)) == 0)
      freed->GetMaskBand()->FlushCache(false);
  }
}

namespace {

/// A handle goes on with the signature it was opened with, which expires.
bool is_signature_stale(const OpenRecipe& recipe, RasterHandle& handle) {
  const std::string opened = signed_path(recipe.path);
  return opened != recipe.path && opened != handle.dataset().GetDescription();
}

}  // namespace

HandlePool::Loan::~Loan() {
  if (handle_) pool_->give(id_, std::move(handle_));
}

HandlePool::Loan HandlePool::borrow(const OpenRecipe& recipe) {
  std::unique_ptr<RasterHandle> handle = take_idle(recipe.id);
  if (handle && is_signature_stale(recipe, *handle)) handle.reset();
  if (!handle) {
    require_unchanged(recipe);
    handle = std::make_unique<RasterHandle>(open_dataset(recipe));
  }
  return Loan(*this, recipe.id, std::move(handle));
}

std::unique_ptr<RasterHandle> HandlePool::take_idle(std::uint64_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found =
      std::find_if(idle_.begin(), idle_.end(), [&](const auto& idle) { return idle.first == id; });
  if (found == idle_.end()) return nullptr;
  std::unique_ptr<RasterHandle> handle = std::move(found->second);
  idle_.erase(found);
  return handle;
}

void HandlePool::give(std::uint64_t id, std::unique_ptr<RasterHandle> handle) noexcept {
  std::unique_ptr<RasterHandle>
      surplus;  // closed after the lock: closing takes time and other locks
  try {
    const std::lock_guard<std::mutex> lock(mutex_);
    idle_.emplace_front(id, std::move(handle));
    if (idle_.size() > tuning::kIdleHandles) {
      surplus = std::move(idle_.back().second);
      idle_.pop_back();
    }
  } catch (const std::bad_alloc&) {
    // The handle is closed instead of kept.
  }
}

void HandlePool::close_idle() noexcept {
  std::list<std::pair<std::uint64_t, std::unique_ptr<RasterHandle>>> closed;
  const std::lock_guard<std::mutex> lock(mutex_);
  closed.swap(idle_);
}

void HandlePool::close_idle(std::uint64_t id) noexcept {
  std::list<std::pair<std::uint64_t, std::unique_ptr<RasterHandle>>> closed;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto idle = idle_.begin(); idle != idle_.end();) {
    const auto next = std::next(idle);
    if (idle->first == id) closed.splice(closed.begin(), idle_, idle);
    idle = next;
  }
}

HandlePool& shared_handle_pool() {
  static HandlePool& pool = *new HandlePool;
  return pool;
}

}  // namespace topobathy

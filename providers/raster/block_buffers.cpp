#include "providers/raster/block_buffers.h"

#include <map>
#include <mutex>
#include <utility>

#include "fusion/plane.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

class SpareBlocks {
 public:
  std::unique_ptr<std::vector<float>> take(std::size_t pixels) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (std::size_t i = spare_.size(); i-- > 0;) {
        if (spare_[i]->size() != pixels) continue;
        std::unique_ptr<std::vector<float>> found = std::move(spare_[i]);
        spare_.erase(spare_.begin() + static_cast<std::ptrdiff_t>(i));
        bytes_ -= pixels * sizeof(float);
        return found;
      }
    }
    return std::make_unique<std::vector<float>>(pixels);
  }

  /// Keeps the buffer; the oldest ones go when there are too many. Runs in a deleter: never throws.
  void give_back(std::unique_ptr<std::vector<float>> buffer) noexcept {
    try {
      std::vector<std::unique_ptr<std::vector<float>>> dropped;
      const std::lock_guard<std::mutex> lock(mutex_);
      const std::size_t bytes = buffer->size() * sizeof(float);
      spare_.push_back(std::move(buffer));
      bytes_ += bytes;
      while (bytes_ > tuning::kSpareBlockBytes) {
        bytes_ -= spare_.front()->size() * sizeof(float);
        dropped.push_back(std::move(spare_.front()));
        spare_.erase(spare_.begin());
      }
    } catch (const std::bad_alloc&) {
      // The buffer is freed instead of kept.
    }
  }

  BlockPointer empty(std::size_t pixels) {
    const std::lock_guard<std::mutex> lock(mutex_);
    BlockPointer& block = empty_[pixels];
    if (!block) block = std::make_shared<const std::vector<float>>(pixels, kNoValue);
    return block;
  }

  void clear() noexcept {
    const std::lock_guard<std::mutex> lock(mutex_);
    spare_.clear();
    bytes_ = 0;
    empty_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<std::vector<float>>> spare_;
  std::size_t bytes_ = 0;
  std::map<std::size_t, BlockPointer> empty_;
};

/// Never destroyed: tiles may be let go while the process ends.
SpareBlocks& spare_blocks() {
  static SpareBlocks& blocks = *new SpareBlocks;
  return blocks;
}

}  // namespace

BlockBuffer new_block(std::size_t pixels) {
  std::unique_ptr<std::vector<float>> buffer = spare_blocks().take(pixels);
  return BlockBuffer(buffer.release(), [](std::vector<float>* owned) {
    spare_blocks().give_back(std::unique_ptr<std::vector<float>>(owned));
  });
}

BlockPointer empty_block(std::size_t pixels) {
  return spare_blocks().empty(pixels);
}

void drop_spare_blocks() noexcept {
  spare_blocks().clear();
}

}  // namespace topobathy

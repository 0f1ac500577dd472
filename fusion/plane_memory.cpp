#include "fusion/plane_memory.h"

#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

namespace topobathy {
namespace {

/// Below, the system's allocator is as good.
constexpr std::size_t kLarge = std::size_t{64} << 10;
/// What is kept for the next taker: the planes of one cell under way on a handful of threads.
constexpr std::size_t kKeptBytes = std::size_t{10} << 20;

/// Windows of cells differ by their halo and by what is asked of them: sizes are rounded up, by an
/// eighth at most, so that buffers fit each other's takers.
std::size_t rounded(std::size_t bytes) noexcept {
  std::size_t step = kLarge / 8;
  while (step * 16 <= bytes)
    step *= 2;
  return (bytes + step - 1) / step * step;
}

struct Kept {
  std::mutex mutex;
  std::map<std::size_t, std::vector<void*>> buffers;  ///< by size
  std::size_t bytes = 0;

  void clear() {
    for (auto& [size, of_size] : buffers)
      for (void* buffer : of_size)
        std::free(buffer);
    buffers.clear();
    bytes = 0;
  }
};

/// Never destroyed: planes that other statics hold are given back while the process ends.
/// drop_plane_memory() frees what it keeps.
Kept& kept() {
  static Kept& memory = *new Kept;
  return memory;
}

}  // namespace

void* take_plane_memory(std::size_t bytes) {
  if (bytes >= kLarge) {
    bytes = rounded(bytes);
    Kept& k = kept();
    const std::lock_guard<std::mutex> lock(k.mutex);
    const auto of_size = k.buffers.find(bytes);
    if (of_size != k.buffers.end() && !of_size->second.empty()) {
      void* buffer = of_size->second.back();
      of_size->second.pop_back();
      k.bytes -= bytes;
      return buffer;
    }
  }
  void* fresh = std::malloc(bytes > 0 ? bytes : 1);
  if (!fresh) throw std::bad_alloc();
  return fresh;
}

void give_plane_memory(void* memory, std::size_t bytes) noexcept {
  if (bytes >= kLarge) {
    bytes = rounded(bytes);
    Kept& k = kept();
    const std::lock_guard<std::mutex> lock(k.mutex);
    if (k.bytes + bytes <= kKeptBytes) {
      try {
        k.buffers[bytes].push_back(memory);
        k.bytes += bytes;
        return;
      } catch (const std::bad_alloc&) {
      }
    }
  }
  std::free(memory);
}

void drop_plane_memory() noexcept {
  Kept& k = kept();
  const std::lock_guard<std::mutex> lock(k.mutex);
  k.clear();
}

}  // namespace topobathy

#include "cache/cell_memory.h"

#include <algorithm>

namespace topobathy {
namespace {

/// List and map nodes, control block, vectors: what a cell costs beside its pixels, bytes.
constexpr std::size_t kEntryOverhead = 512;
constexpr std::size_t kRowOverhead = 256;

template <class T>
std::size_t plane_bytes(const Plane<T>& plane) {
  return plane.size() * sizeof(T);
}

std::size_t bytes_of(const std::vector<StepRevisions>& steps) {
  std::size_t bytes = steps.size() * sizeof(StepRevisions);
  for (const auto& revisions : steps)
    if (revisions)
      for (const auto& row : *revisions)
        bytes += sizeof row + row.source.size() + row.revision.size();
  return bytes;
}

std::size_t size_of(const std::string& key, const FusedCell& cell) {
  return kEntryOverhead + 2 * key.size() + plane_bytes(cell.elevation) +
         plane_bytes(cell.uncertainty) + plane_bytes(cell.source) +
         kRowOverhead * (cell.sources.size() + cell.outcomes.size()) + bytes_of(cell.revisions);
}

}  // namespace

CellPointer CellMemory::find(const std::string& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->cell;
}

void CellMemory::insert(const std::string& key, CellPointer cell) {
  std::list<Entry> dropped;  // freed after the lock: a cell is megabytes
  const std::size_t bytes = size_of(key, *cell);
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto drop = [&](std::list<Entry>::iterator entry) {
    bytes_ -= entry->bytes;
    index_.erase(entry->key);
    dropped.splice(dropped.end(), entries_, entry);
  };
  if (const auto old = index_.find(key); old != index_.end()) drop(old->second);
  if (bytes > limit_) return;
  while (bytes_ + bytes > limit_)
    drop(std::prev(entries_.end()));
  entries_.push_front({key, std::move(cell), bytes});
  index_[key] = entries_.begin();
  bytes_ += bytes;
}

void CellMemory::drop(const std::string& key) {
  std::list<Entry> dropped;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return;
  bytes_ -= found->second->bytes;
  dropped.splice(dropped.end(), entries_, found->second);
  index_.erase(found);
}

void CellMemory::reserve(std::size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  limit_ = std::max(limit_, std::min(bytes, kMostReserved));
}

void CellMemory::clear() {
  std::list<Entry> dropped;
  const std::lock_guard<std::mutex> lock(mutex_);
  limit_ = own_limit_;
  dropped.swap(entries_);
  index_.clear();
  bytes_ = 0;
}

std::size_t CellMemory::bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytes_;
}

}  // namespace topobathy

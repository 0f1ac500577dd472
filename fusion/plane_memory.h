#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace topobathy {

/// Large buffers given back and taken again. A fresh megabyte from the system costs 256 page faults
/// and a clearing, as much as sampling it. Thread-safe; keeps at most some tens of megabytes
/// (plane_memory.cpp).
void* take_plane_memory(std::size_t bytes);
void give_plane_memory(void* memory, std::size_t bytes) noexcept;
/// Frees what is kept.
void drop_plane_memory() noexcept;

/// Allocator of planes: recycles their memory and leaves new pixels unset where no value is given.
template <class T>
struct PlaneAllocator {
  using value_type = T;
  static_assert(std::is_trivially_copyable_v<T>, "planes hold plain numbers");

  PlaneAllocator() = default;
  template <class U>
  PlaneAllocator(const PlaneAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) { return static_cast<T*>(take_plane_memory(n * sizeof(T))); }
  void deallocate(T* memory, std::size_t n) noexcept { give_plane_memory(memory, n * sizeof(T)); }
  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
  }
  friend bool operator==(const PlaneAllocator&, const PlaneAllocator&) noexcept { return true; }
  friend bool operator!=(const PlaneAllocator&, const PlaneAllocator&) noexcept { return false; }
};

}  // namespace topobathy

#include "providers/shared_state.h"

#include "cache/cell_service.h"
#include "fusion/plane_memory.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/open_file.h"

namespace topobathy {
namespace {

/// False once the statics of this library are being destroyed. At process end that comes before
/// GDAL destroys its drivers, which asks to drop the state again.
struct Lifetime {
  Lifetime() = default;
  ~Lifetime() { alive = false; }
  Lifetime(const Lifetime&) = delete;
  Lifetime& operator=(const Lifetime&) = delete;

  static inline bool alive = true;
};

// Made when the library is loaded, so destroyed after all that is made when first used.
const Lifetime lifetime;

}  // namespace

void drop_shared_state() noexcept {
  if (!Lifetime::alive) return;
  cell_memory().clear();
  drop_readers();
  drop_block_cache();
  drop_plane_memory();
}

}  // namespace topobathy

#include "providers/shared_state.h"

#include "cache/cell_service.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/open_file.h"

namespace topobathy {

void drop_shared_state() noexcept {
  cell_memory().clear();
  drop_readers();
  drop_block_cache();
}

}  // namespace topobathy

#include "utils/hydrate/worker_greeting.h"

#include "utils/byte_text.h"
#include "utils/json_values.h"

namespace topobathy {

std::string worker_greeting(const FusedRaster& raster) {
  const Lattice& lattice = raster.lattice();
  return nlohmann::json{{"policy", raster.policy().hash},
                        {"crs", lattice.crs()},
                        {"pixel", shown_number(lattice.pixel_size())}}
      .dump();
}

std::string out_of_memory_reason(std::uint64_t memory) {
  return "its worker needed more than " + byte_text(static_cast<std::int64_t>(memory)) +
         " of memory: allow more with --memory, or use fewer workers";
}

}  // namespace topobathy

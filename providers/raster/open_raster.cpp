#include <map>
#include <mutex>

#include "providers/http/vsi_options.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/block_buffers.h"
#include "providers/raster/block_cache.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/handle_pool.h"
#include "providers/raster/plain_file.h"
#include "providers/raster/raster_file.h"
#include "providers/raster/recent_stamp.h"
#include "providers/raster/tiff_codec.h"

namespace topobathy {
namespace {

/// A number for what a reader's tiles depend on: path, revision and options. The same for equal
/// readers, never reused.
std::uint64_t file_id(const OpenRecipe& recipe, bool fast_path) {
  static std::mutex& mutex = *new std::mutex;
  static auto& ids = *new std::map<std::string, std::uint64_t>;
  constexpr char kSeparator = '\0';
  std::string key = recipe.path + kSeparator + (recipe.stamp ? recipe.stamp->text() : "") +
                    kSeparator + (fast_path ? 'f' : 'g') + (recipe.allow_vrt ? 'v' : '-');
  for (const std::string& option : recipe.open_options)
    key += kSeparator + option;
  const std::lock_guard<std::mutex> lock(mutex);
  return ids.emplace(std::move(key), ids.size() + 1).first->second;
}

}  // namespace

std::shared_ptr<BlockReader> open_raster(const std::string& path,
                                         const RasterOpenOptions& options) {
  const VsicurlOptions remote(path);
  OpenRecipe recipe = make_recipe(path, options.open_options, options.allow_vrt);
  const auto guard = serialise(recipe.serialised);
  const QuietGdalErrors quiet;
  auto handle = std::make_unique<RasterHandle>(open_dataset(recipe));
  adopt_stamp(recipe, handle->dataset());
  recipe.id = file_id(recipe, options.fast_path);
  auto reader =
      std::make_shared<RasterFile>(read_layout(handle->dataset(), recipe), options.fast_path);
  shared_handle_pool().give(recipe.id, std::move(handle));
  return reader;
}

void drop_block_cache() noexcept {
  shared_block_cache().clear();
  drop_spare_blocks();
  drop_scratch();
  shared_handle_pool().close_idle();
  close_plain_files();
  forget_recent_stamps();
}

void set_block_cache_limit(std::size_t bytes) noexcept {
  shared_block_cache().set_limit(bytes);
}

}  // namespace topobathy

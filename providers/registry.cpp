#include "providers/registry.h"

#include <utility>

#include "cache/kept_layer.h"
#include "fusion/error.h"
#include "fusion/policy/canonical.h"
#include "fusion/policy/provider_table.h"
#include "providers/align/crs.h"
#include "providers/archive/archive_access.h"
#include "providers/archive/archive_layer.h"
#include "providers/raster/raster_layer.h"

namespace topobathy {
namespace {

std::shared_ptr<LayerSource> make_raster(const ProviderSetup& setup) {
  return std::make_shared<RasterLayer>(setup.step, setup.directory, setup.ids, setup.access,
                                       setup.heights);
}

/// Keeps a layer's cells on disk, where the cache is on.
std::shared_ptr<LayerSource> kept(std::shared_ptr<LayerSource> layer, const ProviderSetup& setup) {
  const auto& cache = setup.access.archives->setup();
  if (cache.mode == CacheMode::kOff) return layer;
  KeptLayer::Setup keep;
  keep.layer = std::move(layer);
  keep.ids = setup.ids;
  keep.provider = setup.step.provider;
  keep.identity = layer_json(setup.step, setup.heights.crs);
  keep.root = cache.root;
  keep.objects = cache.objects;
  keep.crs_wkt = crs_wkt(setup.heights.horizontal_crs, "");
  keep.may_write = cache.mode == CacheMode::kReadWrite;
  keep.warn = cache.warn;
  return std::make_shared<KeptLayer>(std::move(keep));
}

}  // namespace

std::shared_ptr<LayerSource> make_layer(const ProviderSetup& setup) {
  if (setup.step.provider == kRasterProvider) return make_raster(setup);
  if (!setup.access.archives)
    throw Error(ErrorCode::kInternal, "no access to archives for '" + setup.step.provider + "'");
  ArchiveLayer::Setup archived;
  archived.step = setup.step;
  archived.archive = make_archive(
      setup.step.provider, {setup.step, setup.access.archives->context(setup.step.provider)});
  if (!archived.archive)
    throw Error(ErrorCode::kInternal, "no archive is made for '" + setup.step.provider + "'");
  archived.ids = setup.ids;
  archived.access = setup.access;
  archived.heights = setup.heights;
  return kept(std::make_shared<ArchiveLayer>(std::move(archived)), setup);
}

}  // namespace topobathy

#include "providers/raster/overview_levels.h"

#include <algorithm>

#include "fusion/error.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/tuning.h"

namespace topobathy {
namespace {

GDALRasterBand* level_band(GDALDataset& dataset, int band, int overview) {
  GDALRasterBand* const base = dataset.GetRasterBand(band);
  return overview < 0 ? base : base->GetOverview(overview);
}

bool same_shape(GDALRasterBand& a, GDALRasterBand& b) {
  int a_width = 0, a_height = 0, b_width = 0, b_height = 0;
  a.GetBlockSize(&a_width, &a_height);
  b.GetBlockSize(&b_width, &b_height);
  return a.GetXSize() == b.GetXSize() && a.GetYSize() == b.GetYSize() && a_width == b_width &&
         a_height == b_height;
}

/// Side-car overviews and masks are opened by GDAL with any driver: theirs must be allowed too.
bool from_allowed_driver(GDALRasterBand& band, bool allow_vrt) {
  GDALDataset* const owner = band.GetDataset();
  GDALDriver* const driver = owner == nullptr ? nullptr : owner->GetDriver();
  return driver == nullptr || refusal_reason(driver->GetDescription(), allow_vrt).empty();
}

bool usable_overview(GDALDataset& dataset, int overview, bool allow_vrt) {
  GDALRasterBand* const first = level_band(dataset, 1, overview);
  if (first == nullptr) return false;
  GDALRasterBand& full = *dataset.GetRasterBand(1);
  if (!is_reduction_of(full.GetXSize(), full.GetYSize(), first->GetXSize(), first->GetYSize()))
    return false;
  for (int b = 1; b <= dataset.GetRasterCount(); ++b) {
    GDALRasterBand& base = *dataset.GetRasterBand(b);
    GDALRasterBand* const band =
        overview < base.GetOverviewCount() ? level_band(dataset, b, overview) : nullptr;
    if (band == nullptr || !same_shape(*first, *band) || !from_allowed_driver(*band, allow_vrt) ||
        band->GetRasterDataType() != base.GetRasterDataType())
      return false;
    constexpr int kOwnMask = GMF_PER_DATASET | GMF_ALPHA;
    if ((base.GetMaskFlags() & kOwnMask) != (band->GetMaskFlags() & kOwnMask)) return false;
  }
  return true;
}

LevelLayout layout_of(GDALRasterBand& band, int overview) {
  int block_width = 0, block_height = 0;
  band.GetBlockSize(&block_width, &block_height);
  LevelLayout level;
  level.overview = overview;
  level.width = band.GetXSize();
  level.height = band.GetYSize();
  level.block_width = std::max(block_width, 1);
  level.block_height = std::max(block_height, 1);
  return level;
}

/// Before anything is allocated: a crafted header may declare blocks of any size.
void require_sane_blocks(GDALRasterBand& band, const LevelLayout& level, const std::string& path) {
  const std::int64_t bytes = std::max(1, GDALGetDataTypeSizeBytes(band.GetRasterDataType()));
  if (level.block_width <= tuning::kMaxFileBlockBytes / bytes / level.block_height) return;
  throw Error(ErrorCode::kUnsupported, "cannot use '" + path + "': its blocks of " +
                                           std::to_string(level.block_width) + " x " +
                                           std::to_string(level.block_height) +
                                           " pixels are too large; convert it to a tiled GeoTIFF");
}

}  // namespace

bool is_reduction_of(std::int64_t full_width, std::int64_t full_height, std::int64_t width,
                     std::int64_t height) noexcept {
  if (width < 1 || height < 1 || width > full_width || height > full_height) return false;
  // An edge of n pixels is any factor in (full / (n + 1), full / (n - 1)); the two ranges must
  // meet. An edge of 1 has no upper end.
  const auto below = [](std::int64_t full_a, std::int64_t a, std::int64_t full_b, std::int64_t b) {
    return b == 1 || static_cast<double>(full_a) / static_cast<double>(a + 1) <
                         static_cast<double>(full_b) / static_cast<double>(b - 1);
  };
  return below(full_width, width, full_height, height) &&
         below(full_height, height, full_width, width);
}

std::vector<LevelLayout> usable_levels(GDALDataset& dataset, const OpenRecipe& recipe) {
  GDALRasterBand& first = *dataset.GetRasterBand(1);
  std::vector<LevelLayout> levels{layout_of(first, -1)};
  require_sane_blocks(first, levels.front(), recipe.path);
  for (int b = 1; b <= dataset.GetRasterCount(); ++b) {
    if (!from_allowed_driver(*dataset.GetRasterBand(b)->GetMaskBand(), recipe.allow_vrt))
      throw Error(
          ErrorCode::kUnsupported,
          "cannot use '" + recipe.path + "': its mask file is of a kind that names other files");
  }
  for (int i = 0; i < first.GetOverviewCount(); ++i) {
    if (!usable_overview(dataset, i, recipe.allow_vrt)) continue;
    levels.push_back(layout_of(*first.GetOverview(i), i));
  }
  std::stable_sort(levels.begin() + 1, levels.end(),
                   [](const LevelLayout& a, const LevelLayout& b) { return a.width > b.width; });
  // Of two of one size the first is kept.
  const auto repeats = [](const LevelLayout& a, const LevelLayout& b) {
    return a.width == b.width && a.height == b.height;
  };
  levels.erase(std::unique(levels.begin(), levels.end(), repeats), levels.end());
  return levels;
}

}  // namespace topobathy

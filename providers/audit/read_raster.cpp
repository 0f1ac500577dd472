#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include <cpl_conv.h>
#include <gdal_priv.h>

#include "fusion/error.h"
#include "providers/audit/check_file.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/hdf5_silence.h"
#include "providers/raster/open_dataset.h"

namespace topobathy {
namespace {

/// Of a list that is read at once: 8 bytes each.
constexpr GUInt64 kPiece = 1u << 20;

[[noreturn]] void damaged(const std::string& what, const QuietGdalErrors& errors) {
  throw Error(ErrorCode::kUnreadable, what + " does not read: " + errors.reason("no reason given"));
}

/// A JPEG that is cut short is but a warning to GDAL, unless told so.
class StrictJpeg {
 public:
  StrictJpeg() { CPLSetThreadLocalConfigOption("GDAL_ERROR_ON_LIBJPEG_WARNING", "YES"); }
  ~StrictJpeg() { CPLSetThreadLocalConfigOption("GDAL_ERROR_ON_LIBJPEG_WARNING", nullptr); }
  StrictJpeg(const StrictJpeg&) = delete;
  StrictJpeg& operator=(const StrictJpeg&) = delete;
};

/// Block by block, so that memory does not grow with the raster, and past GDAL's cache of blocks.
class BandReader {
 public:
  explicit BandReader(bool serialised) : serialised_(serialised) {}

  void read(GDALRasterBand& band, const std::string& name) {
    int width = 0, height = 0;
    band.GetBlockSize(&width, &height);
    const auto bytes = static_cast<std::size_t>(GDALGetDataTypeSizeBytes(band.GetRasterDataType()));
    block_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * bytes);
    for (int row = 0; row < ceil_div(band.GetYSize(), height); ++row)
      for (int col = 0; col < ceil_div(band.GetXSize(), width); ++col)
        read_block(band, name, col, row);
    for (int i = 0; i < band.GetOverviewCount(); ++i)
      if (GDALRasterBand* const overview = band.GetOverview(i))
        read(*overview, "overview " + std::to_string(i) + " of " + name);
    if (band.GetMaskFlags() == GMF_PER_DATASET && band.GetMaskBand() != nullptr)
      read(*band.GetMaskBand(), "the mask of " + name);
  }

 private:
  static int ceil_div(int size, int part) noexcept {
    return size / part + (size % part > 0 ? 1 : 0);
  }

  void read_block(GDALRasterBand& band, const std::string& name, int col, int row) {
    const auto guard = serialise(serialised_);
    const QuietGdalErrors errors;
    if (band.ReadBlock(col, row, block_.data()) == CE_None && errors.reason("").empty()) return;
    damaged("block " + std::to_string(col) + "," + std::to_string(row) + " of " + name, errors);
  }

  const bool serialised_;
  std::vector<unsigned char> block_;
};

void read_bands(GDALDataset& dataset, bool serialised) {
  BandReader reader(serialised);
  for (int i = 1; i <= dataset.GetRasterCount(); ++i)
    reader.read(*dataset.GetRasterBand(i), "band " + std::to_string(i));
}

/// A list of any length, piece by piece.
void read_list(const GDALMDArray& list, const QuietGdalErrors& errors) {
  const auto& sizes = list.GetDimensions();
  std::vector<GUInt64> start(sizes.size(), 0);
  std::vector<size_t> count(sizes.size(), 1);
  const std::size_t last = sizes.size() - 1;
  std::vector<GByte> piece;
  for (GUInt64 at = 0; at < sizes[last]->GetSize(); at += kPiece) {
    start[last] = at;
    count[last] = static_cast<size_t>(std::min(kPiece, sizes[last]->GetSize() - at));
    piece.resize(count[last] * list.GetDataType().GetSize());
    if (!list.Read(start.data(), count.data(), nullptr, nullptr, list.GetDataType(), piece.data()))
      damaged(list.GetFullName(), errors);
  }
}

/// The refinements of a variable-resolution BAG are lists that its plain bands do not touch.
void read_refinements(const std::string& path) {
  const QuietGdalErrors errors;
  silence_hdf5();
  const char* const drivers[] = {"BAG", nullptr};
  const std::unique_ptr<GDALDataset> file(
      GDALDataset::Open(path.c_str(), GDAL_OF_MULTIDIM_RASTER, drivers, nullptr, nullptr));
  const auto root = file ? file->GetRootGroup() : nullptr;
  const auto bag = root ? root->OpenGroup("BAG_root") : nullptr;
  if (!bag) damaged("BAG_root", errors);
  for (const std::string& name : bag->GetMDArrayNames()) {
    if (name != "varres_refinements" && name != "varres_metadata") continue;
    const auto list = bag->OpenMDArray(name);
    if (!list || list->GetDimensions().empty()) damaged(name, errors);
    if (name == "varres_refinements") read_list(*list, errors);
  }
}

bool is_bag(GDALDataset& dataset) {
  return dataset.GetDriver() != nullptr && EQUAL(dataset.GetDriver()->GetDescription(), "BAG");
}

}  // namespace

void read_raster(const std::string& path, bool quick) {
  const StrictJpeg strict;
  const OpenRecipe recipe = make_recipe(path, {}, /*allow_vrt=*/false);
  const DatasetPointer dataset = open_dataset(recipe);
  if (quick) return;
  read_bands(*dataset, recipe.serialised);
  const auto guard = serialise(recipe.serialised);
  if (is_bag(*dataset)) read_refinements(path);
}

}  // namespace topobathy

#include "providers/gebco/gebco_service.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fusion/error.h"
#include "providers/gebco/dap_client.h"

namespace topobathy {
namespace {

constexpr const char* kRoot = "https://dap.ceda.ac.uk/thredds/dodsC/bodc/gebco/global/gebco_2025/";
constexpr const char* kSubIce = "sub_ice_topography_bathymetry/netcdf/gebco_2025_sub_ice.nc";
constexpr const char* kIceSurface = "ice_surface_elevation/netcdf/GEBCO_2025.nc";
constexpr const char* kIdentifiers = "type_identifier_grid/netcdf/gebco_2025_tid.nc";
constexpr const char* kIdentifierVariable = "tid";
constexpr std::size_t kTilePixels = kGebcoPerDegree;

[[noreturn]] void fail_dataset(const std::string& dataset, const std::string& what) {
  throw Error(ErrorCode::kUnreadable,
              "'" + dataset + "': " + what +
                  "; the archive has changed, and a newer version of this program may be needed");
}

/// GEBCO has called it both.
std::string choose_elevation(const DapStructure& structure, const std::string& dataset) {
  for (const char* name : {"sub_ice_topo_bathymetry", "elevation"}) {
    const DapVariable* const variable = structure.find(name);
    if (variable == nullptr) continue;
    const std::vector<std::uint64_t> whole = {180 * kTilePixels, 360 * kTilePixels};
    if (variable->arrays.front().sizes != whole)
      fail_dataset(dataset, "its '" + variable->name + "' is no grid of 43200 x 86400 pixels");
    return name;
  }
  fail_dataset(dataset, "it has neither 'sub_ice_topo_bathymetry' nor 'elevation'");
}

/// The coordinates that come with a Grid must be those of the pixels asked for: a server whose rows
/// run south would otherwise turn the world upside down.
void check_coordinates(const std::vector<DapValues>& answer, const GebcoTile& tile,
                       const std::string& dataset) {
  if (answer.size() < 3) return;
  constexpr double kHalfPixel = 0.5 / kGebcoPerDegree;
  const double corners[] = {tile.south + kHalfPixel, tile.west + kHalfPixel};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const std::vector<double>& map = answer[axis + 1].values;
    if (map.size() != kTilePixels || !(std::fabs(map.front() - corners[axis]) < kHalfPixel / 2) ||
        !(std::fabs(map.back() - corners[axis] - 1 + 2 * kHalfPixel) < kHalfPixel / 2))
      fail_dataset(dataset,
                   "the coordinates of tile " + tile.name() + " are not those of its pixels");
  }
}

}  // namespace

const char* product_name(GebcoProduct product) noexcept {
  return product == GebcoProduct::kSubIce ? "sub_ice" : "ice_surface";
}

GebcoService::GebcoService(std::shared_ptr<ArchiveContext> context, GebcoProduct product)
    : context_(std::move(context)), product_(product) {}

std::string GebcoService::edition() {
  return std::string("gebco_2025_") + product_name(product_);
}

std::string GebcoService::address() const {
  return std::string(kRoot) + (product_ == GebcoProduct::kSubIce ? kSubIce : kIceSurface);
}

std::string GebcoService::elevation_variable() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!variable_.empty()) return variable_;
  constexpr LonLatBox kWorld = {-180, -90, 180, 90};
  const auto ask = [&](const std::string& /*old_note*/) {
    Asset known;
    known.id = choose_elevation(ask_structure(*context_->http, address()), address());
    known.url = address();
    known.access = Asset::Access::kService;
    known.box = kWorld;
    known.revision = edition();
    Discovery discovery;
    discovery.assets.push_back(known);
    return discovery;
  };
  const std::vector<Asset> known =
      context_->discovery->find(std::string("variable of ") + product_name(product_), kWorld, ask);
  if (known.empty()) fail_dataset(address(), "what is remembered of it is empty");
  return variable_ = known.front().id;
}

/// North row first.
std::vector<double> GebcoService::window(const std::string& dataset, const std::string& variable,
                                         const GebcoTile& tile) const {
  const DapWindow wanted = {variable,
                            {{static_cast<std::uint64_t>(tile.first_row()), kTilePixels},
                             {static_cast<std::uint64_t>(tile.first_col()), kTilePixels}}};
  std::vector<DapValues> answer = ask_window(*context_->http, dataset, wanted);
  check_coordinates(answer, tile, dataset);
  std::vector<double> values = std::move(answer.front().values);
  for (std::size_t row = 0; row < kTilePixels / 2; ++row) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(row * kTilePixels);
    std::swap_ranges(
        begin, begin + kTilePixels,
        values.begin() + static_cast<std::ptrdiff_t>((kTilePixels - 1 - row) * kTilePixels));
  }
  return values;
}

GebcoPixels GebcoService::read(const GebcoTile& tile) {
  GebcoPixels pixels;
  for (const double value : window(address(), elevation_variable(), tile))
    pixels.elevation.push_back(gebco_metres(value));
  const std::string dataset = std::string(kRoot) + kIdentifiers;
  for (const double value : window(dataset, kIdentifierVariable, tile))
    pixels.tid.push_back(static_cast<float>(value));
  return pixels;
}

}  // namespace topobathy

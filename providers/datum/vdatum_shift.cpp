#include "providers/datum/vdatum_shift.h"

#include <cmath>
#include <limits>
#include <utility>

#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/archive/discovery_cache.h"
#include "providers/datum/height_names.h"
#include "providers/datum/positions.h"
#include "providers/datum/vdatum_surfaces.h"
#include "providers/datum/vertical_shift.h"

namespace topobathy {
namespace {

constexpr const char* kNavd88 = "EPSG:5703";
constexpr const char* kPrvd02 = "EPSG:6641";
constexpr const char* kColumbia = "CRD";
constexpr const char* kFrame = "EPSG:6318";  ///< NAD83(2011): of the places in the grids

/// A region's part in a shift; without a sum the region is not installed.
struct Piece {
  VdatumRegion region;
  std::optional<SurfaceSum> sum;
};

std::string label(const std::string& canonical) {
  const std::string name = heights_name(canonical);
  return "'" + canonical + "'" + (name == canonical ? "" : " (" + name + ")");
}

std::string refusal(const std::string& from, const std::string& to, const std::string& why) {
  return "heights cannot be brought from " + label(from) + " to " + label(to) + ": " + why;
}

std::vector<Piece> columbia_piece(const VdatumBundle& bundle, double sign) {
  VdatumRegion river;
  river.name = kColumbia;
  river.folder = bundle.root + "/CRD";
  river.box = {-180.0, -90.0, 180.0, 90.0};
  river.rings = bundle.columbia;
  return {{river, columbia_sum(bundle, sign)}};
}

std::vector<Piece> pieces_of(const VdatumBundle& bundle, const std::string& from,
                             const std::string& to, const std::optional<LonLatBox>& area) {
  if (from == kColumbia) return columbia_piece(bundle, 1.0);
  if (to == kColumbia) return columbia_piece(bundle, -1.0);
  std::vector<Piece> pieces;
  bool any = false;
  for (const VdatumRegion& region : bundle.regions) {
    if (area && !touch(region.box, *area)) continue;
    if (region.folder.empty()) {
      pieces.push_back({region, std::nullopt});
      continue;
    }
    auto sum = surface_sum(bundle, region, from, to);
    if (!sum) continue;
    any = true;
    pieces.push_back({region, std::move(sum)});
  }
  if (!any) pieces.clear();
  return pieces;
}

/// Every file that the pieces were made from: grids, descriptions, polygons.
std::vector<GridFile> files_of(const VdatumBundle& bundle, const std::vector<Piece>& pieces) {
  std::vector<GridFile> files = bundle.files;
  for (const Piece& piece : pieces) {
    files.insert(files.end(), piece.region.files.begin(), piece.region.files.end());
    if (!piece.sum) continue;
    for (const auto& term : piece.sum->terms)
      files.push_back(term.grid->file());
  }
  return files;
}

/// Regions by name, their grids by one hash over names, sizes and times.
std::string definition_of(const std::string& name, const std::vector<Piece>& pieces,
                          const OperationInfo* frame_change) {
  std::string regions, grids = frame_change != nullptr ? frame_change->definition : "";
  for (const Piece& piece : pieces) {
    regions += (regions.empty() ? "" : ",") + piece.region.name;
    for (const GridFile& file : piece.region.files)
      if (file.path != piece.region.folder) grids += "\n" + file.text();
    if (!piece.sum) continue;
    for (const auto& term : piece.sum->terms)
      grids += "\n" + term.grid->file().text();
  }
  return name + " regions=" + regions + " grids=" + sha256_hex(grids).substr(0, 16);
}

/// From NAD83(2011) to ITRF2014, where some region needs it.
std::optional<VerticalShift> frame_change_for(const std::vector<Piece>& pieces,
                                              const ProjSetup& setup) {
  for (const Piece& piece : pieces)
    if (piece.sum && piece.sum->frame_changes != 0.0)
      return VerticalShift::between(kFrame, "EPSG:6319", "EPSG:7912", std::nullopt, setup);
  return std::nullopt;
}

}  // namespace

struct VdatumShift::State {
  std::string refusal;  ///< begins messages
  std::vector<Piece> pieces;
  std::optional<Positions> positions;
  std::optional<VerticalShift> frame_change;
  std::string name, definition;
  std::vector<GridFile> files;

  double at(const LonLat& place, double change) const {
    for (const Piece& piece : pieces) {
      if (!piece.region.contains(place)) continue;
      if (!piece.sum)
        throw Error(ErrorCode::kUnsupported,
                    refusal + "VDatum's region " + piece.region.name +
                        ", which is for that place, is not installed; unpack its archive into the "
                        "folder of TOPOBATHY_VDATUM_DIR");
      const double value = piece.sum->at(place, change);
      if (!std::isnan(value)) return value;
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
};

bool VdatumShift::is_tidal(const std::string& canonical) {
  return canonical == kColumbia || tidal_suffix(canonical).has_value();
}

std::string VdatumShift::hub(const std::optional<LonLatBox>& area) {
  const bool islands =
      area && area->west > -70.0 && area->east < -60.0 && area->south > 14.0 && area->north < 23.0;
  return islands ? kPrvd02 : kNavd88;
}

VdatumShift VdatumShift::between(const std::string& horizontal_crs, const std::string& from,
                                 const std::string& to, const ShiftOptions& options,
                                 const std::optional<LonLatBox>& area) {
  auto state = std::make_shared<State>();
  state->refusal = refusal(from, to, "");
  if (options.vdatum.empty())
    throw Error(ErrorCode::kUnsupported,
                state->refusal +
                    "tidal datums are in NOAA's VDatum grids only; unpack them and name their "
                    "folder in TOPOBATHY_VDATUM_DIR, or take the heights as they are with "
                    "vertical: assume");
  const auto bundle = VdatumBundle::open(options.vdatum);
  state->pieces = pieces_of(*bundle, from, to, area);
  if (state->pieces.empty())
    throw Error(ErrorCode::kUnsupported,
                state->refusal + "'" + bundle->root +
                    "' has no VDatum surfaces of both there (in Puerto Rico and the Virgin Islands "
                    "PRVD02 and VIVD09 are in the place of NAVD88); convert the data first, or "
                    "take the heights as they are with vertical: assume");
  state->positions.emplace(horizontal_crs, kFrame, area, options.proj);
  state->frame_change = frame_change_for(state->pieces, options.proj);
  state->name = "VDatum " + heights_name(from) + " to " + heights_name(to);
  state->definition =
      definition_of(state->name, state->pieces,
                    state->frame_change ? &state->frame_change->operation() : nullptr);
  state->files = files_of(*bundle, state->pieces);
  return VdatumShift(std::move(state));
}

void VdatumShift::offsets(std::size_t n, const double* x, const double* y, double* dz) const {
  std::vector<double> lon(x, x + n), lat(y, y + n), change(n, 0.0);
  state_->positions->transform(n, lon.data(), lat.data());
  if (state_->frame_change) state_->frame_change->offsets(n, lon.data(), lat.data(), change.data());
  for (std::size_t i = 0; i < n; ++i)
    dz[i] = state_->at({lon[i], lat[i]}, change[i]);
}

const std::string& VdatumShift::name() const noexcept {
  return state_->name;
}

const std::string& VdatumShift::definition() const noexcept {
  return state_->definition;
}

const std::vector<GridFile>& VdatumShift::files() const noexcept {
  return state_->files;
}

}  // namespace topobathy

#include "utils/tiles/tile_request.h"

#include <array>
#include <cmath>

#include "fusion/error.h"
#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

struct FormatRow {
  TileFormat format;
  const char* name;
  const char* extension;
  const char* media_type;
};
constexpr std::array<FormatRow, 7> kFormats = {{
    {TileFormat::kPng, "png", "png", "image/png"},
    {TileFormat::kWebp, "webp", "webp", "image/webp"},
    {TileFormat::kTerrarium, "terrarium", "png", "image/png"},
    {TileFormat::kTerrainRgb, "terrain-rgb", "png", "image/png"},
    {TileFormat::kNpy, "npy", "npy", "application/octet-stream"},
    {TileFormat::kNpz, "npz", "npz", "application/zip"},
    {TileFormat::kTif, "tif", "tif", "image/tiff"},
}};

struct StyleRow {
  TileStyle style;
  const char* name;
};
constexpr std::array<StyleRow, 6> kStyles = {{
    {TileStyle::kChart, "chart"},
    {TileStyle::kBlues, "blues"},
    {TileStyle::kHillshade, "hillshade"},
    {TileStyle::kSource, "source"},
    {TileStyle::kContours, "contours"},
    {TileStyle::kClassic, "classic"},
}};

const FormatRow& row(TileFormat format) noexcept {
  return kFormats[static_cast<std::size_t>(format)];
}

template <class Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& entry : rows)
    names.emplace_back(entry.name);
  return names;
}

[[noreturn]] void refuse_name(const std::string& what, const std::string& name,
                              const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& known : names)
    list += (list.empty() ? "" : ", ") + known;
  const std::string near = nearest_name(name, names);
  throw Error(ErrorCode::kUsage, what + " '" + name + "' is not known" +
                                     (near.empty() ? "" : "; did you mean '" + near + "'?") +
                                     " (there are " + list + ")");
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kUsage, message);
}

bool is_number(const std::optional<double>& value) {
  return !value || std::isfinite(*value);
}

}  // namespace

LatticeWindow TileRequest::window() const noexcept {
  const std::int64_t half = std::int64_t{1} << (pixel_zoom() + 7);  // half the world, in pixels
  return {address.x * tile_size - half, address.y * tile_size - half, tile_size, tile_size};
}

void check(const TileRequest& request) {
  const TileAddress& at = request.address;
  if (at.z < 0 || at.z > kDeepestZoom)
    refuse("zoom " + std::to_string(at.z) + ": tiles have a zoom from 0 to " +
           std::to_string(kDeepestZoom));
  const std::int64_t side = std::int64_t{1} << at.z;
  if (at.x < 0 || at.y < 0 || at.x >= side || at.y >= side)
    refuse("tile " + std::to_string(at.z) + "/" + std::to_string(at.x) + "/" +
           std::to_string(at.y) + ": columns and rows of zoom " + std::to_string(at.z) +
           " go from 0 to " + std::to_string(side - 1));
  if (request.tile_size != 256 && request.tile_size != 512)
    refuse("tile size " + std::to_string(request.tile_size) + ": give 256 or 512");
  if (!is_number(request.vmin) || !is_number(request.vmax))
    refuse("vmin and vmax are numbers of metres");
  if (request.vmin && request.vmax && *request.vmin >= *request.vmax)
    refuse("vmin must be below vmax");
}

TileFormat tile_format(const std::string& name) {
  for (const FormatRow& known : kFormats)
    if (name == known.name) return known.format;
  refuse_name("tile format", name, tile_format_names());
}

TileStyle tile_style(const std::string& name) {
  if (name == "default") return TileStyle::kChart;
  for (const StyleRow& known : kStyles)
    if (name == known.name) return known.style;
  refuse_name("tile style", name, tile_style_names());
}

const char* to_text(TileFormat format) noexcept {
  return row(format).name;
}
const char* to_text(TileStyle style) noexcept {
  return kStyles[static_cast<std::size_t>(style)].name;
}
const std::vector<std::string>& tile_format_names() {
  static const std::vector<std::string> names = names_of(kFormats);
  return names;
}
const std::vector<std::string>& tile_style_names() {
  static const std::vector<std::string> names = names_of(kStyles);
  return names;
}
const char* extension(TileFormat format) noexcept {
  return row(format).extension;
}
const char* media_type(TileFormat format) noexcept {
  return row(format).media_type;
}

}  // namespace topobathy

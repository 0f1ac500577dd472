#include "providers/gebco/gebco_files.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/gebco/grid_file.h"

namespace topobathy {
namespace {

constexpr std::size_t kPixels = static_cast<std::size_t>(kGebcoPerDegree) * kGebcoPerDegree;

enum class Role { kNone, kSubIce, kIceSurface, kIdentifiers };

bool ends_with(const std::string& text, const std::string& end) noexcept {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Role role_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool raster = ends_with(name, ".nc") || ends_with(name, ".tif") || ends_with(name, ".tiff");
  if (!raster || name.rfind("gebco_2025", 0) != 0) return Role::kNone;
  if (name.find("tid") != std::string::npos) return Role::kIdentifiers;
  return name.find("sub_ice") != std::string::npos ? Role::kSubIce : Role::kIceSurface;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  std::filesystem::directory_iterator at(folder, failure);
  for (; !failure && at != std::filesystem::directory_iterator(); at.increment(failure))
    names.push_back(at->path().filename().string());
  if (failure)
    throw Error(ErrorCode::kNotFound, "cannot list TOPOBATHY_GEBCO_DIR '" + folder +
                                          "': " + failure.message() +
                                          "; correct it, or unset it to use the archive's server");
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<float> paint(const std::vector<GebcoFiles::File>& files, const GebcoTile& tile) {
  std::vector<float> values(kPixels, std::numeric_limits<float>::quiet_NaN());
  for (const GebcoFiles::File& file : files)
    paint_tile(file, tile, values);
  return values;
}

}  // namespace

GebcoFiles::GebcoFiles(std::string folder, GebcoProduct product,
                       std::function<void(const std::string&)> warn)
    : folder_(std::move(folder)), product_(product), warn_(std::move(warn)) {}

GebcoFiles::Contents GebcoFiles::look() const {
  const Role wanted = product_ == GebcoProduct::kSubIce ? Role::kSubIce : Role::kIceSurface;
  Contents found;
  std::string stamps;
  for (const std::string& name : names_in(folder_)) {
    const Role role = role_of(name);
    if (role != wanted && role != Role::kIdentifiers) continue;
    const std::string path = folder_ + "/" + name;
    auto& files = role == wanted ? found.elevation : found.identifiers;
    files.push_back(place_in_grid(path));
    stamps += name + '\n' + files.back().stamp + '\n';
  }
  found.stamp = sha256_hex(stamps).substr(0, 8);
  if (found.elevation.empty())
    throw Error(ErrorCode::kNotFound,
                "TOPOBATHY_GEBCO_DIR '" + folder_ + "' holds no file of GEBCO 2025, product " +
                    product_name(product_) +
                    " (GEBCO_2025*.nc or gebco_2025*.tif, with sub_ice in the name for product "
                    "sub_ice); put one there, or unset it to use the archive's server");
  return found;
}

const GebcoFiles::Contents& GebcoFiles::contents() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (looked_) return contents_;
  contents_ = look();
  looked_ = true;
  if (contents_.identifiers.empty() && warn_)
    warn_("TOPOBATHY_GEBCO_DIR '" + folder_ +
          "' holds no type identifiers (gebco_2025_tid*): all pixels are named 'GEBCO 2025'");
  return contents_;
}

std::string GebcoFiles::edition() {
  return std::string("gebco_2025_") + product_name(product_) + "_files" + contents().stamp;
}

bool GebcoFiles::covers(const GebcoTile& tile) {
  const auto& files = contents().elevation;
  return std::any_of(files.begin(), files.end(),
                     [&](const File& file) { return has_pixels(file, tile); });
}

GebcoPixels GebcoFiles::read(const GebcoTile& tile) {
  const Contents& files = contents();
  GebcoPixels pixels;
  pixels.elevation = paint(files.elevation, tile);
  if (files.identifiers.empty()) return pixels;
  pixels.tid = paint(files.identifiers, tile);
  for (std::size_t i = 0; i < kPixels; ++i) {
    if (std::isnan(pixels.tid[i]) && !std::isnan(pixels.elevation[i]))
      throw Error(ErrorCode::kUnsupported,
                  "the type identifiers in TOPOBATHY_GEBCO_DIR '" + folder_ +
                      "' cover less of tile " + tile.name() +
                      " than the elevation does: add the rest, or take gebco_2025_tid* out to have "
                      "all pixels named 'GEBCO 2025'");
  }
  return pixels;
}

}  // namespace topobathy

#include "providers/raster/subdataset_name.h"

#include <algorithm>
#include <array>

namespace topobathy {

std::optional<SubdatasetName> parse_subdataset_name(const std::string& text) {
  constexpr std::array kPrefixes = {"NETCDF", "HDF5", "HDF4_SDS", "BAG", "S102", "ZARR", "GPKG"};
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  SubdatasetName name;
  name.prefix = text.substr(0, colon);
  if (std::find(kPrefixes.begin(), kPrefixes.end(), name.prefix) == kPrefixes.end())
    return std::nullopt;
  const bool quoted = text.compare(colon + 1, 1, "\"") == 0;
  const std::size_t from = colon + (quoted ? 2 : 1);
  const std::size_t to = text.find(quoted ? '"' : ':', from);
  if (to == std::string::npos || to == from) return std::nullopt;
  name.file = text.substr(from, to - from);
  name.part = text.substr(quoted ? to + 1 : to);
  return name;
}

}  // namespace topobathy

#include "providers/dem/vrt_index.h"

#include <array>
#include <cmath>
#include <memory>

#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>

#include "fusion/error.h"
#include "providers/dem/names.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

struct XmlDeleter {
  void operator()(CPLXMLNode* node) const noexcept { CPLDestroyXMLNode(node); }
};
using XmlTree = std::unique_ptr<CPLXMLNode, XmlDeleter>;

/// A north-up grid: degrees of the upper left corner, and of a pixel.
struct Grid {
  double west = 0.0;
  double north = 0.0;
  double width = 0.0;
  double height = 0.0;
};

[[noreturn]] void refuse(const VrtPlace& place, const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + place.url + "': " + why);
}

Grid read_grid(const CPLXMLNode* vrt, const VrtPlace& place) {
  const CPLStringList numbers(CSLTokenizeString2(CPLGetXMLValue(vrt, "GeoTransform", ""), ",", 0));
  if (numbers.size() != 6) refuse(place, "the VRT has no GeoTransform of 6 numbers");
  std::array<double, 6> at{};
  for (int i = 0; i < 6; ++i)
    at[static_cast<std::size_t>(i)] = CPLAtof(numbers[i]);
  const bool north_up = at[1] > 0.0 && at[2] == 0.0 && at[4] == 0.0 && at[5] < 0.0;
  if (!north_up) refuse(place, "the VRT is not north-up");
  return {at[0], at[3], at[1], -at[5]};
}

LonLatBox read_box(const CPLXMLNode* source, const Grid& grid, const VrtPlace& place) {
  const auto number = [&](const char* name) {
    return CPLAtof(CPLGetXMLValue(source, (std::string("DstRect.") + name).c_str(), "nan"));
  };
  const double col = number("xOff");
  const double row = number("yOff");
  const LonLatBox box{grid.west + (col - 1.0) * grid.width,
                      grid.north - (row + number("ySize") + 1.0) * grid.height,
                      grid.west + (col + number("xSize") + 1.0) * grid.width,
                      grid.north - (row - 1.0) * grid.height};
  if (!is_lonlat_box(box))
    refuse(place, "a tile of the VRT has no place in longitudes and latitudes");
  return on_first_turn(box);
}

std::string read_url(const CPLXMLNode* source, const VrtPlace& place) {
  constexpr char kPrefix[] = "/vsicurl/";
  const std::string name = CPLGetXMLValue(source, "SourceFilename", "");
  const bool relative = CPLTestBool(CPLGetXMLValue(source, "SourceFilename.relativeToVRT", "0"));
  if (relative) return place.url.substr(0, place.url.rfind('/') + 1) + name;
  return name.rfind(kPrefix, 0) == 0 ? name.substr(sizeof kPrefix - 1) : name;
}

bool is_source(const CPLXMLNode* node) {
  return node->eType == CXT_Element &&
         (EQUAL(node->pszValue, "ComplexSource") || EQUAL(node->pszValue, "SimpleSource"));
}

}  // namespace

std::vector<VrtTile> read_vrt_index(const std::string& xml, const VrtPlace& place) {
  if (xml.size() > kMaxVrtBytes)
    refuse(place, "the VRT is longer than " + std::to_string(kMaxVrtBytes) + " bytes");
  if (xml.find("<!DOCTYPE") != std::string::npos || xml.find("<!ENTITY") != std::string::npos)
    refuse(place, "a VRT has no document type or entities; this is something else");
  const QuietGdalErrors quiet;
  const XmlTree tree(CPLParseXMLString(xml.c_str()));
  const CPLXMLNode* const vrt = tree ? CPLGetXMLNode(tree.get(), "=VRTDataset") : nullptr;
  if (vrt == nullptr)
    refuse(place, "no VRT (" + quiet.reason("its root is no VRTDataset") +
                      "); the archive may be down, or a login page or proxy answers in its place");
  const Grid grid = read_grid(vrt, place);
  const CPLXMLNode* const band =
      CPLGetXMLNode(const_cast<CPLXMLNode*>(vrt), "VRTRasterBand");  // reads only
  std::vector<VrtTile> tiles;
  for (const CPLXMLNode* node = band ? band->psChild : nullptr; node; node = node->psNext) {
    if (!is_source(node)) continue;
    std::string url = require_link_below(read_url(node, place), place.base, place.url);
    tiles.push_back({std::move(url), read_box(node, grid, place)});
  }
  if (tiles.empty()) refuse(place, "the VRT lists no tile");
  return tiles;
}

}  // namespace topobathy

#include "providers/raster/file_facts.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_priv.h>

#include <memory>
#include <mutex>
#include <regex>

#include "providers/raster/allowed_drivers.h"

namespace topobathy {
namespace {

std::string bag_crs(GDALDataset& dataset) {
  char** xml = dataset.GetMetadata("xml:BAG");
  if (!xml || !xml[0]) return {};
  static const std::regex kCode(
      "<gmd:RS_Identifier>\\s*<gmd:code>\\s*<gco:CharacterString>\\s*(\\d{4,6})\\s*</"
      "gco:CharacterString>\\s*</gmd:code>"
      "\\s*<gmd:codeSpace>\\s*<gco:CharacterString>\\s*EPSG\\s*<");
  // The identifier stands in the first kilobytes; a lineage of megabytes may follow.
  const std::string head = std::string(xml[0]).substr(0, 65536);
  std::smatch match;
  return std::regex_search(head, match, kCode) ? "EPSG:" + match[1].str() : std::string();
}

std::string netcdf_crs(GDALDataset& dataset) {
  bool east = false, north = false;
  for (char** item = dataset.GetMetadata(); item && *item; ++item) {
    const std::string text = *item;
    east |= text.find("#units=degrees_east") != std::string::npos;
    north |= text.find("#units=degrees_north") != std::string::npos;
  }
  return east && north ? "EPSG:4326" : "";
}

}  // namespace

FileFacts read_file_facts(const std::string& path) {
  FileFacts facts;
  const std::string extension = CPLGetExtension(path.c_str());
  const bool bag = EQUAL(extension.c_str(), "bag");
  if (!bag && !EQUAL(extension.c_str(), "nc") && !EQUAL(extension.c_str(), "cdf")) return facts;
  const auto serial = serialise(true);
  const CPLStringList drivers(CSLTokenizeString2("BAG,netCDF", ",", 0));
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const std::unique_ptr<GDALDataset> dataset(GDALDataset::Open(
      path.c_str(), GDAL_OF_RASTER | GDAL_OF_INTERNAL, drivers.List(), nullptr, nullptr));
  CPLPopErrorHandler();
  if (!dataset) return facts;
  facts.crs = bag ? bag_crs(*dataset) : netcdf_crs(*dataset);
  facts.crs_assumed = !bag && !facts.crs.empty();
  if (bag && dataset->GetMetadataItem("MAX_RESOLUTION_X"))
    facts.open_options.push_back("MODE=RESAMPLED_GRID");
  return facts;
}

}  // namespace topobathy

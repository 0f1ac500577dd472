#include "providers/raster/file_facts.h"

#include <cmath>
#include <memory>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_priv.h>

#include "fusion/error.h"
#include "providers/http/signed_paths.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/bag_metadata.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/stated.h"

namespace topobathy {
namespace {

/// The name of the vertical member in a WKT2 text of GDAL's.
std::string vertical_name(const std::string& wkt) {
  const std::string keyword = "VERTCRS[\"";
  const std::size_t at = wkt.find(keyword);
  if (at == std::string::npos) return "";
  const std::size_t from = at + keyword.size();
  return stated(wkt.substr(from, wkt.find('"', from) - from));
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

/// GDAL sizes the resampled grid by the finest resolution that the file claims; a damaged claim
/// must not decide how large a raster we make.
void check_refinements(GDALDataset& bag, const RasterHeader& header) {
  const auto stated_by = [&](const char* item) {
    const char* const text = bag.GetMetadataItem(item);
    return text == nullptr ? std::nan("") : CPLAtof(text);
  };
  const double base[] = {std::fabs(header.geotransform[1]), std::fabs(header.geotransform[5])};
  const char* const finest[] = {"MIN_RESOLUTION_X", "MIN_RESOLUTION_Y"};
  const char* const coarsest[] = {"MAX_RESOLUTION_X", "MAX_RESOLUTION_Y"};
  for (int axis = 0; axis < 2; ++axis) {
    const double fine = stated_by(finest[axis]), coarse = stated_by(coarsest[axis]);
    // A refined node lies within its base cell; a thousandth is for the text's rounding.
    if (fine > 0 && fine <= coarse && coarse <= base[axis] * 1.001) continue;
    throw Error(ErrorCode::kUnsupported,
                CPLString().Printf("cannot use '%s': its variable-resolution metadata is damaged "
                                   "(refined grids of %g to %g m in a base grid of %g m): write "
                                   "the BAG anew, or convert its base grid with gdal_translate -oo "
                                   "MODE=LOW_RES_GRID",
                                   header.path.c_str(), fine, coarse, base[axis]));
  }
}

void read_bag(GDALDataset& bag, const RasterHeader& header, FileFacts& facts) {
  char** const xml = bag.GetMetadata("xml:BAG");
  const BagMetadata metadata = read_bag_metadata(xml == nullptr ? nullptr : xml[0]);
  facts.crs = metadata.crs;
  facts.survey.institution = metadata.institution;
  facts.survey.date_start = metadata.date_start;
  facts.survey.date_end = metadata.date_end;
  if (!metadata.vertical_datum.empty()) facts.survey.vertical_datum = metadata.vertical_datum;
  if (bag.GetMetadataItem("MAX_RESOLUTION_X") == nullptr) return;
  check_refinements(bag, header);
  facts.open_options.emplace_back("MODE=RESAMPLED_GRID");
}

}  // namespace

FileFacts read_file_facts(const std::string& path, const RasterHeader& header) {
  FileFacts facts;
  facts.survey.vertical_datum = vertical_name(header.crs_wkt);
  const bool bag = header.driver == "BAG";
  if (!bag && header.driver != "netCDF") return facts;
  const auto serial = serialise(true);
  const QuietGdalErrors quiet;
  const VsicurlOptions remote(path);
  const char* const driver[] = {header.driver.c_str(), nullptr};
  const std::unique_ptr<GDALDataset> dataset(GDALDataset::Open(
      signed_path(path).c_str(), GDAL_OF_RASTER | GDAL_OF_INTERNAL, driver, nullptr, nullptr));
  if (!dataset)
    throw Error(ErrorCode::kUnreadable,
                "cannot read '" + path + "': " + quiet.reason("GDAL gives no reason"));
  if (bag) {
    read_bag(*dataset, header, facts);
  } else {
    facts.crs = netcdf_crs(*dataset);
    facts.crs_assumed = !facts.crs.empty();
  }
  return facts;
}

}  // namespace topobathy

#include "providers/raster/open_dataset.h"

#include <cpl_string.h>

#include "fusion/error.h"
#include "providers/http/signed_paths.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

CPLStringList to_list(const std::vector<std::string>& texts) {
  CPLStringList list;
  for (const std::string& text : texts)
    list.AddString(text.c_str());
  return list;
}

[[noreturn]] void throw_refused(const std::string& path, const std::string& driver,
                                const std::string& reason) {
  const std::string remedy = EQUAL(driver.c_str(), "VRT")
                                 ? "; give the files it names, or allow VRT"
                                 : "; convert it to GeoTIFF";
  throw Error(ErrorCode::kUnsupported, "cannot read '" + path + "': GDAL driver " + driver +
                                           " is not allowed for sources because " + reason +
                                           remedy);
}

}  // namespace

void CloseDataset::operator()(GDALDataset* dataset) const noexcept {
  const auto guard = serialise(serialised);
  const QuietGdalErrors quiet;
  GDALClose(GDALDataset::ToHandle(dataset));
}

OpenRecipe make_recipe(const std::string& path, const std::vector<std::string>& open_options,
                       bool allow_vrt) {
  const std::string refusal = path_refusal_reason(path);
  if (!refusal.empty())
    throw Error(ErrorCode::kUnsupported, "cannot read '" + path + "': " + refusal);
  const VsicurlOptions remote(path);
  OpenRecipe recipe;
  recipe.path = path;
  recipe.open_options = open_options;
  recipe.allow_vrt = allow_vrt;
  recipe.stamped_file = path;
  recipe.stamp = stamp_file(path);
  const VsicurlOptions edition(path, recipe.etag());
  recipe.serialised = needs_serialised_driver(signed_path(path));
  return recipe;
}

DatasetPointer open_dataset(const OpenRecipe& recipe) {
  const VsicurlOptions remote(recipe.path, recipe.etag());
  const std::string path = signed_path(recipe.path);
  const auto guard = serialise(recipe.serialised);
  const QuietGdalErrors errors;
  const CPLStringList drivers = to_list(allowed_raster_drivers(recipe.allow_vrt));
  const CPLStringList options = to_list(recipe.open_options);
  DatasetPointer dataset(
      GDALDataset::Open(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_INTERNAL,
                        drivers.List(), options.List(), nullptr),
      CloseDataset{recipe.serialised});
  if (dataset) return dataset;
  forget_vsicurl(recipe.path);
  const std::string driver = refused_driver_of(path, recipe.allow_vrt);
  if (!driver.empty()) throw_refused(recipe.path, driver, refusal_reason(driver, recipe.allow_vrt));
  if (!recipe.stamp)
    throw Error(ErrorCode::kNotFound,
                "cannot read '" + recipe.path + "': " + errors.reason("no such file"));
  throw Error(ErrorCode::kUnreadable,
              "cannot read '" + recipe.path + "': " +
                  errors.reason("no GDAL raster driver recognises it; it is damaged, "
                                "cut short, or no raster"));
}

void adopt_stamp(OpenRecipe& recipe, GDALDataset& dataset) {
  if (recipe.stamp) return;
  const CPLStringList files(dataset.GetFileList());
  if (files.Count() == 0) return;
  recipe.stamped_file = files[0];
  recipe.stamp = stamp_file(recipe.stamped_file);
}

void require_unchanged(const OpenRecipe& recipe) {
  if (!recipe.stamp || is_unchanged(recipe.stamped_file, *recipe.stamp)) return;
  throw Error(ErrorCode::kUnreadable,
              "'" + recipe.path + "' has changed since it was opened; open the policy again");
}

}  // namespace topobathy

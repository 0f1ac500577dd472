#include "providers/raster/open_dataset.h"

#include <cpl_string.h>

#include "fusion/error.h"
#include "fusion/turns.h"
#include "providers/http/signed_paths.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/allowed_drivers.h"
#include "providers/raster/gdal_errors.h"
#include "providers/raster/recent_stamp.h"

namespace topobathy {
namespace {

CPLStringList to_list(const std::vector<std::string>& texts) {
  CPLStringList list;
  for (const std::string& text : texts)
    list.AddString(text.c_str());
  return list;
}

/// Who opens a remote file finds in GDAL's cache what the one before has read of it: its headers
/// and first bytes are not asked for twice. Nothing for a local file.
class RemoteTurn {
 public:
  explicit RemoteTurn(const std::string& path) {
    static Turns& turns = *new Turns;  // never destroyed, like the pools
    if (!is_remote_path(path)) return;
    mutex_ = turns.at(path);
    lock_ = std::unique_lock<std::mutex>(*mutex_);
  }

 private:
  std::shared_ptr<std::mutex> mutex_;
  std::unique_lock<std::mutex> lock_;
};

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
  recipe.stamp = recent_stamp(path);
  const VsicurlOptions edition(path, recipe.etag());
  const RemoteTurn turn(path);  // the first bytes are looked at
  recipe.serialised = needs_serialised_driver(signed_path(path));
  return recipe;
}

DatasetPointer open_dataset(const OpenRecipe& recipe) {
  const VsicurlOptions remote(recipe.path, recipe.etag());
  const RemoteTurn turn(recipe.path);
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
  forget_recent_stamps();
  require_same_edition(recipe);
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
  recipe.stamp = recent_stamp(recipe.stamped_file);
}

void require_unchanged(const OpenRecipe& recipe) {
  if (!recipe.stamp || is_unchanged(recipe.stamped_file, *recipe.stamp)) return;
  throw Error(ErrorCode::kUnreadable,
              "'" + recipe.path + "' has changed since it was opened; open the policy again");
}

void require_same_edition(const OpenRecipe& recipe) {
  if (!recipe.stamp || !is_remote_path(recipe.path)) return;
  const auto now = stamp_file(recipe.path);
  if (!now || now->etag.empty() || now->etag == recipe.etag()) return;
  throw Error(
      ErrorCode::kUnreadable,
      "'" + recipe.path + "' was replaced by its server while it was read; open the policy again");
}

}  // namespace topobathy

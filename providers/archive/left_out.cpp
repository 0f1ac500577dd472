#include <algorithm>
#include <sstream>

#include "providers/archive/archive.h"
#include "providers/raster/survey_filter.h"

namespace topobathy {
namespace {

std::string plain(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

}  // namespace

std::string left_out(const Filter& filter, const Asset& asset, bool names) {
  if (filter.min_year && asset.year != 0 && asset.year < *filter.min_year)
    return "of " + std::to_string(asset.year) + ", older than min_year " +
           std::to_string(*filter.min_year);
  if (filter.max_resolution && asset.resolution > *filter.max_resolution)
    return "pixels of " + plain(asset.resolution) + " m are coarser than max_resolution " +
           plain(*filter.max_resolution);
  const auto& ids = filter.project_ids;
  if (!ids.empty() && std::find(ids.begin(), ids.end(), asset.project) == ids.end())
    return "project " + asset.project + " is not in project_id";
  if (names && !SurveyFilter(filter).keeps(asset.record.survey_id))
    return "'" + asset.record.survey_id + "' is left out by include_patterns or exclude_patterns";
  return "";
}

}  // namespace topobathy

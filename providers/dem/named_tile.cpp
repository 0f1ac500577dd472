#include "providers/dem/named_tile.h"

#include <algorithm>
#include <cctype>

#include "providers/dem/names.h"

namespace topobathy {
namespace {

std::string without_date(const std::string& stem) {
  constexpr std::size_t kDate = 9;  // _YYYYMMDD
  if (stem.size() <= kDate) return stem;
  const auto date = stem.end() - kDate;
  const bool dated = *date == '_' && std::all_of(date + 1, stem.end(), [](unsigned char c) {
    return std::isdigit(c) != 0;
  });
  return dated ? stem.substr(0, stem.size() - kDate) : stem;
}

}  // namespace

Asset named_tile(const std::string& url, const LonLatBox& box) {
  Asset asset;
  asset.id = without_date(file_stem(url));
  asset.url = url;
  asset.box = box;
  asset.record.key = "file:" + asset.id;
  asset.record.link = url;
  return asset;
}

}  // namespace topobathy

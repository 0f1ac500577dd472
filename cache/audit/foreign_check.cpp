#include "cache/audit/foreign_check.h"

#include <algorithm>
#include <cctype>

namespace topobathy {
namespace {

struct Ending {
  const char* text;
  ForeignFormat format;
};

constexpr Ending kEndings[] = {
    {".png", ForeignFormat::kRaster},     {".jpg", ForeignFormat::kRaster},
    {".jpeg", ForeignFormat::kRaster},    {".webp", ForeignFormat::kRaster},
    {".tif", ForeignFormat::kRaster},     {".tiff", ForeignFormat::kRaster},
    {".bag", ForeignFormat::kRaster},     {".nc", ForeignFormat::kRaster},
    {".img", ForeignFormat::kRaster},     {".asc", ForeignFormat::kRaster},
    {".laz", ForeignFormat::kPointCloud}, {".las", ForeignFormat::kPointCloud},
    {"/ept.json", ForeignFormat::kEpt},   {".shp", ForeignFormat::kVector},
    {".aux.xml", ForeignFormat::kAuxXml},
};

}  // namespace

ForeignFormat foreign_format(const std::string& path) {
  std::string lower = path;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const Ending& ending : kEndings) {
    const std::string text = ending.text;
    if (lower.size() > text.size() &&
        lower.compare(lower.size() - text.size(), text.size(), text) == 0)
      return ending.format;
  }
  return ForeignFormat::kNone;
}

}  // namespace topobathy

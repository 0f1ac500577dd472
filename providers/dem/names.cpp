#include "providers/dem/names.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>

#include "fusion/error.h"
#include "providers/archive/links.h"

namespace topobathy {
namespace {

/// Of a link that is not to be trusted, short and printable, for a message.
std::string shown(const std::string& link) {
  std::string text = link.substr(0, std::min<std::size_t>(link.find('?'), 200));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c > 0x7e; }, '?');
  return text;
}

bool all_plain(const std::string& path) {
  std::size_t from = 0;
  while (true) {
    const std::size_t slash = path.find('/', from);
    if (!is_plain_name(path.substr(from, slash - from))) return false;
    if (slash == std::string::npos) return true;
    from = slash + 1;
  }
}

}  // namespace

const std::string& require_link_below(const std::string& link, const std::string& base,
                                      const std::string& index) {
  const bool below = link.rfind(base, 0) == 0 && all_plain(link.substr(base.size()));
  if (!below)
    throw Error(ErrorCode::kUnreadable, "'" + index + "': lists '" + shown(link) +
                                            "', which is no file below " + base +
                                            "; the index is not believed");
  return link;
}

std::string file_stem(const std::string& url) {
  const std::size_t slash = url.rfind('/');
  const std::string name = slash == std::string::npos ? url : url.substr(slash + 1);
  return name.substr(0, name.rfind('.'));
}

bool is_lonlat_box(const LonLatBox& box) noexcept {
  for (const double number : {box.west, box.south, box.east, box.north})
    if (!std::isfinite(number)) return false;
  // Pixels of grids whose samples are points stick out over the poles by a half.
  constexpr double kOver = 0.1;
  return box.south < box.north && box.south >= -90.0 - kOver && box.north <= 90.0 + kOver &&
         box.west < box.east && box.east - box.west <= 360.0 + kOver && box.west >= -540.0 &&
         box.west <= 540.0;
}

LonLatBox on_first_turn(LonLatBox box) noexcept {
  const double turns = std::floor((box.west + 180.0) / 360.0);
  if (turns == 0.0) return box;
  box.west -= turns * 360.0;
  box.east -= turns * 360.0;
  return box;
}

}  // namespace topobathy

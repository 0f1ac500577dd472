#include <cstdio>
#include <optional>

#include "cache/sqlite.h"
#include "fusion/error.h"
#include "providers/align/transformer.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/status_report.h"

namespace topobathy {
namespace {

std::optional<CrsBox> lonlat_range(const CellGroup& group, const CellSum& sum) {
  try {
    return Transformer(group.crs, "EPSG:4326")
        .transform_box({sum.left, sum.bottom, sum.right, sum.top});
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string degrees(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

bool is_database(const std::string& path) {
  constexpr char kEnd[] = ".sqlite";
  constexpr std::size_t kSize = sizeof kEnd - 1;
  return path.size() > kSize && path.compare(path.size() - kSize, kSize, kEnd) == 0;
}

}  // namespace

std::string entries_text(const std::string& path) {
  if (!is_database(path)) return "";
  try {
    SqliteDatabase database(path, SQLITE_OPEN_READONLY);
    if (database.number("SELECT count(*) FROM sqlite_master") == 0) return "empty";
    const auto regions = database.number("SELECT count(*) FROM regions");
    const auto assets = database.number("SELECT count(*) FROM assets");
    return count_text(static_cast<std::uint64_t>(regions), "region") + ", " +
           count_text(static_cast<std::uint64_t>(assets), "asset");
  } catch (const SqliteError& error) {
    return std::string("unreadable: ") + error.what();
  }
}

std::string range_text(const CellGroup& group, const CellSum& sum) {
  const auto box = lonlat_range(group, sum);
  if (!box) return "";
  return "lon " + degrees(box->left) + " to " + degrees(box->right) + ", lat " +
         degrees(box->bottom) + " to " + degrees(box->top);
}

nlohmann::ordered_json range_json(const CellGroup& group, const CellSum& sum) {
  const auto box = lonlat_range(group, sum);
  if (!box) return nullptr;
  return {box->left, box->bottom, box->right, box->top};
}

}  // namespace topobathy

#include "utils/hydrate/unit_result.h"

#include <nlohmann/json.hpp>

#include "fusion/error.h"

namespace topobathy {
namespace {

using nlohmann::json;
using Outcome = UnitResult::Outcome;

constexpr Outcome kOutcomes[] = {Outcome::kCached, Outcome::kMade, Outcome::kEmpty,
                                 Outcome::kFailed};

std::string text_of(const json& object) {
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

const char* to_text(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kCached:
      return "cached";
    case Outcome::kMade:
      return "made";
    case Outcome::kEmpty:
      return "empty";
    case Outcome::kFailed:
      break;
  }
  return "failed";
}

std::string unit_line(const PlannedCell& cell) {
  return text_of({{"level", cell.level}, {"col", cell.cell.col}, {"row", cell.cell.row}});
}

std::optional<PlannedCell> cell_of_line(const std::string& line) {
  const json object = json::parse(line, nullptr, false);
  const auto is_number = [&](const char* name) {
    return object.contains(name) && object[name].is_number_integer();
  };
  if (!object.is_object() || !is_number("level") || !is_number("col") || !is_number("row"))
    return std::nullopt;
  return PlannedCell{object["level"].get<int>(),
                     {object["col"].get<std::int64_t>(), object["row"].get<std::int64_t>()}};
}

std::string unit_line(const PlannedTile& tile) {
  return text_of({{"z", tile.address.z},
                  {"x", tile.address.x},
                  {"y", tile.address.y},
                  {"format", to_text(tile.look.format)},
                  {"style", to_text(tile.look.style)}});
}

std::optional<PlannedTile> tile_of_line(const std::string& line) {
  try {
    const json object = json::parse(line);
    PlannedTile tile;
    tile.address = {object.at("z").get<int>(), object.at("x").get<std::int64_t>(),
                    object.at("y").get<std::int64_t>()};
    tile.look = {tile_format(object.at("format").get<std::string>()),
                 tile_style(object.at("style").get<std::string>())};
    return tile;
  } catch (const json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string result_line(const UnitResult& result) {
  return text_of(
      {{"outcome", to_text(result.outcome)}, {"step", result.step}, {"reason", result.reason}});
}

UnitResult result_of_line(const std::string& line) {
  try {
    const json object = json::parse(line);
    const auto outcome = object.at("outcome").get<std::string>();
    for (const Outcome known : kOutcomes)
      if (outcome == to_text(known))
        return {known, object.at("step").get<std::string>(),
                object.at("reason").get<std::string>()};
  } catch (const json::exception&) {
    // Told below.
  }
  throw Error(ErrorCode::kInternal, "a worker said '" + line.substr(0, 200) + "'");
}

}  // namespace topobathy

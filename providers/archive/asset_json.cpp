#include "providers/archive/asset_json.h"

#include <array>
#include <nlohmann/json.hpp>

#include "cache/json_text.h"
#include "cache/record_json.h"

namespace topobathy {
namespace {

using nlohmann::json;

struct TextField {
  const char* name;
  std::string Asset::*member;
};
constexpr std::array<TextField, 8> kTexts{{
    {"id", &Asset::id},
    {"url", &Asset::url},
    {"member", &Asset::member},
    {"project", &Asset::project},
    {"sha256", &Asset::sha256},
    {"revision", &Asset::revision},
    {"sidecar_url", &Asset::sidecar_url},
    {"sidecar_sha256", &Asset::sidecar_sha256},
}};

}  // namespace

std::string asset_text(const Asset& asset) {
  json object = json::object();
  for (const TextField& field : kTexts)
    if (const std::string& text = asset.*field.member; !text.empty())
      object[field.name] = json_from_bytes(text);
  object["access"] = static_cast<int>(asset.access);
  object["box"] = {asset.box.west, asset.box.south, asset.box.east, asset.box.north};
  object["resolution"] = asset.resolution;
  object["year"] = asset.year;
  object["rank"] = asset.rank;
  object["size"] = asset.size;
  object["heights"] = {json_from_bytes(asset.heights.crs), static_cast<int>(asset.heights.by)};
  object["record"] = record_json(asset.record);
  return canonical_text(object);
}

Asset asset_from_text(const std::string& text) {
  const json object = json::parse(text);
  Asset asset;
  for (const TextField& field : kTexts)
    if (const auto found = object.find(field.name); found != object.end())
      asset.*field.member = bytes_from_json(*found);
  asset.access = static_cast<Asset::Access>(object.at("access").get<int>());
  const json& box = object.at("box");
  asset.box = {box.at(0).get<double>(), box.at(1).get<double>(), box.at(2).get<double>(),
               box.at(3).get<double>()};
  asset.resolution = object.at("resolution").get<double>();
  asset.year = object.at("year").get<int>();
  asset.rank = object.at("rank").get<double>();
  asset.size = object.at("size").get<std::int64_t>();
  asset.heights = {bytes_from_json(object.at("heights").at(0)),
                   static_cast<StatedBy>(object.at("heights").at(1).get<int>())};
  asset.record = record_from_json(object.at("record"));
  return asset;
}

}  // namespace topobathy

#include "providers/archive/asset_json.h"

#include <array>
#include <nlohmann/json.hpp>

#include "cache/json_text.h"

namespace topobathy {
namespace {

using nlohmann::json;

template <class Owner>
struct TextField {
  const char* name;
  std::string Owner::*member;
};

constexpr std::array<TextField<Asset>, 8> kAssetTexts{{
    {"id", &Asset::id},
    {"url", &Asset::url},
    {"member", &Asset::member},
    {"project", &Asset::project},
    {"sha256", &Asset::sha256},
    {"revision", &Asset::revision},
    {"sidecar_url", &Asset::sidecar_url},
    {"sidecar_sha256", &Asset::sidecar_sha256},
}};

constexpr std::array<TextField<SourceRecord>, 12> kRecordTexts{{
    {"provider", &SourceRecord::provider},
    {"key", &SourceRecord::key},
    {"location", &SourceRecord::location},
    {"survey_id", &SourceRecord::survey_id},
    {"institution", &SourceRecord::institution},
    {"date_start", &SourceRecord::date_start},
    {"date_end", &SourceRecord::date_end},
    {"license_name", &SourceRecord::license_name},
    {"license_url", &SourceRecord::license_url},
    {"vertical_datum", &SourceRecord::vertical_datum},
    {"vertical_basis", &SourceRecord::vertical_basis},
    {"link", &SourceRecord::link},
}};

template <class Owner, std::size_t N>
json texts_of(const Owner& owner, const std::array<TextField<Owner>, N>& fields) {
  json object = json::object();
  for (const auto& field : fields)
    if (const std::string& text = owner.*field.member; !text.empty())
      object[field.name] = json_from_bytes(text);
  return object;
}

template <class Owner, std::size_t N>
void read_texts(const json& object, const std::array<TextField<Owner>, N>& fields, Owner& owner) {
  for (const auto& field : fields)
    if (const auto found = object.find(field.name); found != object.end())
      owner.*field.member = bytes_from_json(*found);
}

json record_json(const SourceRecord& record) {
  json object = texts_of(record, kRecordTexts);
  if (record.resolution > 0) object["resolution"] = record.resolution;
  if (record.interpolated) object["interpolated"] = true;
  return object;
}

SourceRecord record_from(const json& object) {
  SourceRecord record;
  read_texts(object, kRecordTexts, record);
  record.resolution = object.value("resolution", 0.0);
  record.interpolated = object.value("interpolated", false);
  return record;
}

}  // namespace

std::string asset_text(const Asset& asset) {
  json object = texts_of(asset, kAssetTexts);
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
  read_texts(object, kAssetTexts, asset);
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
  asset.record = record_from(object.at("record"));
  return asset;
}

}  // namespace topobathy

#include "cache/cell_facts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <exception>
#include <nlohmann/json.hpp>

#include "cache/json_text.h"
#include "cache/open_untraced.h"
#include "cache/zip_archive.h"

namespace topobathy {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestFacts = std::size_t{64} << 20;

std::optional<Bytes> read_metadata(const std::string& path) {
  const int file = open_untraced(path);
  if (file < 0) return std::nullopt;
  struct stat status;
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    return std::nullopt;
  }
  const ZipReader zip(file, static_cast<std::size_t>(status.st_size));
  Bytes text;
  if (!zip.read(".zmetadata", kLargestFacts, text)) return std::nullopt;
  return text;
}

CellFacts facts_of(const json& attributes) {
  CellFacts facts;
  facts.policy_hash = bytes_from_json(attributes.at("policy_hash"));
  facts.provider = attributes.at("provider").get<std::string>();
  facts.crs = bytes_from_json(attributes.at("crs"));
  facts.pixel_size = attributes.at("pixel_size").get<double>();
  facts.cell_size = attributes.at("cell_size").get<std::int64_t>();
  facts.level = attributes.at("level").get<int>();
  facts.col = attributes.at("cell").at(0).get<std::int64_t>();
  facts.row = attributes.at("cell").at(1).get<std::int64_t>();
  return facts;
}

}  // namespace

std::optional<CellFacts> read_cell_facts(const std::string& path) {
  const auto text = read_metadata(path);
  if (!text) return std::nullopt;
  try {
    CellFacts facts =
        facts_of(json::parse(text->begin(), text->end()).at("metadata").at(".zattrs"));
    const bool sound = std::isfinite(facts.pixel_size) && facts.pixel_size > 0 &&
                       facts.cell_size > 0 && facts.level >= 0;
    return sound ? std::optional(std::move(facts)) : std::nullopt;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace topobathy

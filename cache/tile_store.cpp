#include "cache/tile_store.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cache/atomic_file.h"
#include "cache/chunk_checksum.h"
#include "cache/json_text.h"
#include "cache/read_file.h"
#include "fusion/error.h"

namespace topobathy {
namespace {

using nlohmann::json;

/// A 512-pixel tile of three bands that do not shrink takes 3 MB, its table of thousands of sources
/// as much.
constexpr std::size_t kLargestFile = std::size_t{64} << 20;

constexpr char kMetaEnd[] = "_meta.json";
constexpr char kSourcesEnd[] = "_src.npz";

bool consists_of(const std::string& text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

bool is_kind(const std::string& kind) {
  constexpr std::string_view kVisual = "visual/";
  if (kind == "data" || kind == "raw") return true;
  return kind.compare(0, kVisual.size(), kVisual) == 0 &&
         consists_of(kind.substr(kVisual.size()), "abcdefghijklmnopqrstuvwxyz-");
}

bool is_address(const TileKey& key) {
  if (key.z < 0 || key.z > 30) return false;
  const std::int64_t side = std::int64_t{1} << key.z;
  return key.x >= 0 && key.y >= 0 && key.x < side && key.y < side;
}

void require_key(const TileKey& key) {
  constexpr const char* kExtensions[] = {"png", "webp", "npy", "npz", "tif"};
  const bool known = std::find(std::begin(kExtensions), std::end(kExtensions), key.extension) !=
                     std::end(kExtensions);
  if (!is_kind(key.kind) || !is_address(key) || !known || key.hash.size() != 64 ||
      !consists_of(key.hash, "0123456789abcdef"))
    throw Error(ErrorCode::kInternal, "a tile's key has a part that no path is made of");
}

/// The path without extension: what the three files have in common.
std::string stem_of(const std::string& root, const TileKey& key) {
  require_key(key);
  return root + "/tiles/" + key.kind + "/" + std::to_string(key.z) + "/" + std::to_string(key.x) +
         "/" + std::to_string(key.y) + "_" + key.hash.substr(0, 8);
}

json file_facts(const Bytes& content) {
  return {{"bytes", content.size()}, {"xxh3", chunk_checksum(content)}};
}

bool is_file(const json& facts, const Bytes& content) {
  return facts.at("bytes") == content.size() && facts.at("xxh3") == chunk_checksum(content);
}

Bytes text_bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

constexpr char kBeforeSum[] = "{\"checksum\":\"";
constexpr std::size_t kSumStart = sizeof kBeforeSum - 1, kSumSize = 32;
constexpr std::size_t kBodyStart = kSumStart + kSumSize + 2;  // after `",`

/// The checksum first, of all that follows it: JSON that tells whether it is whole.
std::string sealed(const json& object) {
  const std::string body = canonical_text(object).substr(1);
  return kBeforeSum + chunk_checksum(text_bytes(body)) + "\"," + body;
}

std::optional<json> unsealed(const Bytes& file) {
  if (file.size() < kBodyStart) return std::nullopt;
  const std::string head(file.begin(), file.begin() + kBodyStart);
  const auto start = file.begin() + kBodyStart;
  if (head != kBeforeSum + chunk_checksum(Bytes(start, file.end())) + "\",") return std::nullopt;
  json object = json::parse(file.begin(), file.end(), nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  return object;
}

/// What must be the same in the file and in the key.
json address_facts(const TileKey& key) {
  return {{"key", key.hash}, {"kind", key.kind}, {"z", key.z}, {"x", key.x}, {"y", key.y}};
}

bool is_of(const json& stored, const TileKey& key) {
  const json expected = address_facts(key);
  return std::all_of(expected.items().begin(), expected.items().end(),
                     [&](const auto& item) { return stored.at(item.key()) == item.value(); });
}

std::optional<json> read_meta(const std::string& stem) {
  const auto file = read_file(stem + kMetaEnd, kLargestFile, Reading::kLook);
  return file ? unsealed(*file) : std::nullopt;
}

}  // namespace

TileStore::TileStore(std::string root, FileSystem& files) : root_(std::move(root)), files_(files) {}

std::string TileStore::path_of(const TileKey& key) const {
  return stem_of(root_, key) + "." + key.extension;
}

std::optional<StoredTile> TileStore::read(const TileKey& key) const {
  const auto text = read_file(stem_of(root_, key) + kMetaEnd, kLargestFile, Reading::kLook);
  auto facts = text ? unsealed(*text) : std::nullopt;
  if (!facts) return std::nullopt;
  auto content = read_file(path_of(key), kLargestFile, Reading::kUse);
  if (!content) return std::nullopt;
  try {
    const json& stored = facts->at("stored");
    if (!is_of(stored, key) || !is_file(stored.at("tile"), *content)) return std::nullopt;
    std::string etag = stored.at("tile").at("xxh3").get<std::string>();
    return StoredTile{std::move(*content), std::move(*facts),
                      std::string(text->begin(), text->end()), std::move(etag)};
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<Bytes> TileStore::read_sources(const TileKey& key) const {
  const std::string stem = stem_of(root_, key);
  const auto facts = read_meta(stem);
  auto content = facts ? read_file(stem + kSourcesEnd, kLargestFile, Reading::kLook) : std::nullopt;
  if (!content) return std::nullopt;
  try {
    const json& stored = facts->at("stored");
    if (!is_of(stored, key) || !is_file(stored.at("sources"), *content)) return std::nullopt;
    return content;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

StoredTile unstored_tile(const TileKey& key, Bytes content, const json& facts,
                         const Bytes& sources) {
  json all = facts;
  json stored = address_facts(key);
  stored["tile"] = file_facts(content);
  if (!sources.empty()) stored["sources"] = file_facts(sources);
  std::string etag = stored["tile"]["xxh3"].get<std::string>();
  all["stored"] = std::move(stored);
  std::string meta = sealed(all);
  return {std::move(content), std::move(all), std::move(meta), std::move(etag)};
}

StoredTile TileStore::write(const TileKey& key, Bytes content, const json& facts,
                            const Bytes& sources) const {
  const std::string stem = stem_of(root_, key);
  StoredTile tile = unstored_tile(key, std::move(content), facts, sources);
  if (!sources.empty()) write_file_atomically(files_, stem + kSourcesEnd, sources);
  write_file_atomically(files_, stem + kMetaEnd, text_bytes(tile.meta));
  write_file_atomically(files_, path_of(key), tile.content);
  return tile;
}

std::string tile_fault(const std::string& tile_path) {
  const std::string stem = tile_path.substr(0, tile_path.rfind('.'));
  const auto content = read_file(tile_path, kLargestFile, Reading::kLook);
  if (!content) return "the tile cannot be read";
  const auto facts = read_meta(stem);
  if (!facts) return "its _meta.json is missing or damaged";
  try {
    const json& stored = facts->at("stored");
    if (!is_file(stored.at("tile"), *content)) return "it is not the tile its _meta.json is of";
    if (!stored.contains("sources")) return "";
    const auto sources = read_file(stem + kSourcesEnd, kLargestFile, Reading::kLook);
    if (!sources) return "its _src.npz is missing";
    return is_file(stored["sources"], *sources) ? "" : "its _src.npz is damaged or of another tile";
  } catch (const json::exception&) {
    return "its _meta.json lacks what it should say";
  }
}

}  // namespace topobathy

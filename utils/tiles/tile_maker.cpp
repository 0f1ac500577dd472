#include "utils/tiles/tile_maker.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cache/cell_key.h"
#include "cache/json_text.h"
#include "fusion/error.h"
#include "fusion/sha256.h"
#include "providers/object_store/cache_place.h"
#include "utils/tiles/encode.h"
#include "utils/tiles/paint.h"
#include "utils/tiles/tile_facts.h"

namespace topobathy {
namespace {

/// Bumped whenever the same pixels would make other bytes: colours, lines, encoders.
constexpr int kTileEncoder = 2;

std::string store_root(const OpenRequest& policy) {
  if (policy.cache == CacheMode::kOff) return "";
  return local_cache_folder(policy.cache_dir.empty() ? default_cache_root() : policy.cache_dir);
}

bool has_ramp(const TileRequest& request) {
  return request.is_picture() &&
         (request.style == TileStyle::kChart || request.style == TileStyle::kBlues ||
          request.style == TileStyle::kClassic);
}

/// Without what changes nothing, so that one tile is kept once.
TileRequest plain(TileRequest request) {
  check(request);
  if (!request.is_picture()) request.style = TileStyle::kChart;
  if (!has_ramp(request)) {
    request.vmin.reset();
    request.vmax.reset();
  }
  return request;
}

std::string kind_of(const TileRequest& request) {
  switch (request.format) {
    case TileFormat::kNpy:
    case TileFormat::kNpz:
      return "data";
    case TileFormat::kTif:
      return "raw";
    case TileFormat::kTerrarium:
    case TileFormat::kTerrainRgb:
      return std::string("visual/") + to_text(request.format);
    default:
      return std::string("visual/") + to_text(request.style);
  }
}

std::string exact(const std::optional<double>& value) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%a", *value);
  return text;
}

/// Everything that changes the bytes of the tiles of a layer, but their sources. The policy's hash
/// covers what it says; the directory, where its relative paths are.
std::string layer_hash(const TileRequest& request, const FusedRaster& raster) {
  const Policy& policy = raster.policy();
  const LatticeWindow& extent = raster.extent();
  const auto number = [](auto value) { return std::to_string(value) + "\n"; };
  return sha256_hex(
      "topobathy tile\n" + number(kTileEncoder) + number(kEngineSchema) + policy.hash + "\n" +
      policy.directory + "\n" + number(static_cast<int>(policy.overview)) + number(extent.col) +
      number(extent.row) + number(extent.width) + number(extent.height) +
      number(request.pixel_zoom()) + number(request.tile_size) + to_text(request.format) + "\n" +
      to_text(request.style) + "\n" + exact(request.vmin) + "\n" + exact(request.vmax));
}

TileKey key_on(const TileRequest& request, const FusedRaster& raster) {
  const TileAddress& at = request.address;
  return {kind_of(request),         at.z, at.x, at.y, layer_hash(request, raster),
          extension(request.format)};
}

/// \param read nothing: it comes from tier 1
TilePointer handed_out(StoredTile tile, const TilePixels* read) {
  return std::make_shared<const Tile>(
      Tile{false, read == nullptr, read == nullptr ? "" : read->incomplete,
           read == nullptr ? "" : read->left_out, std::move(tile.content), std::move(tile.etag),
           std::move(tile.meta)});
}

Bytes encode_picture(const TileRequest& request, const TilePixels& pixels) {
  const Image image =
      request.is_picture()
          ? paint(pixels, {request.style, request.vmin, request.vmax, request.pixel_zoom()})
          : encode_terrain(pixels, request.format);
  return request.format == TileFormat::kWebp ? encode_webp(image) : encode_png(image);
}

Bytes encode(const TileRequest& request, const TilePixels& pixels, const FusedRaster& raster,
             const nlohmann::json& facts) {
  switch (request.format) {
    case TileFormat::kNpy:
      return encode_npy(pixels);
    case TileFormat::kNpz:
      return encode_npz(pixels);
    case TileFormat::kTif:
      return encode_tif(pixels, raster.crs_wkt(), canonical_text(facts.at("sources")));
    default:
      return encode_picture(request, pixels);
  }
}

BandSelection bands_of(TileFormat format) {
  return {true, format == TileFormat::kNpz || format == TileFormat::kTif, true};
}

}  // namespace

TileMaker::TileMaker(Setup setup)
    : setup_(std::move(setup)), store_(store_root(setup_.policy), *setup_.files) {}
TileMaker::~TileMaker() = default;

/// A raster opened anew reads the policy again and looks at the sources before its first pixel;
/// what it shares with the old one (cells, headers, revisions that still hold) stays.
std::shared_ptr<FusedRaster> TileMaker::raster(int pixel_zoom) {
  Opened& opened = opened_.at(static_cast<std::size_t>(pixel_zoom));
  const std::lock_guard<std::mutex> lock(opened.mutex);
  const auto now = std::chrono::steady_clock::now();
  if (opened.raster && now - opened.looked < setup_.look_every) return opened.raster;
  OpenRequest request = setup_.policy;
  request.crs = "EPSG:3857";
  request.resolution.reset();
  request.zoom = pixel_zoom;
  opened.raster = open_policy(request);
  opened.looked = now;
  return opened.raster;
}

TileKey TileMaker::key_of(const TileRequest& request) {
  const TileRequest asked = plain(request);
  return key_on(asked, *raster(asked.pixel_zoom()));
}

TilePointer TileMaker::find(const TileRequest& request) {
  const TileRequest asked = plain(request);
  const auto raster = this->raster(asked.pixel_zoom());
  return stored(key_on(asked, *raster), *raster);
}

TilePointer TileMaker::get(const TileRequest& request) {
  const TileRequest asked = plain(request);
  const auto raster = this->raster(asked.pixel_zoom());
  const TileKey key = key_on(asked, *raster);
  if (auto tile = stored(key, *raster)) return tile;
  // Who has looked at the sources later must not be handed what was begun before.
  char look[32];
  std::snprintf(look, sizeof look, " %p", static_cast<const void*>(raster.get()));
  return flights_.run(store_.path_of(key) + look, [&]() -> TilePointer {
    if (auto tile = stored(key, *raster)) return tile;
    return make(asked, key, *raster);
  });
}

/// The stored tile, if every cell it was drawn from would still be fused from the same sources. No
/// pixel is read.
TilePointer TileMaker::stored(const TileKey& key, FusedRaster& raster) const {
  if (setup_.policy.cache == CacheMode::kOff) return nullptr;
  auto tile = store_.read(key);
  if (!tile) return nullptr;
  try {
    const auto stamps = stamps_of(tile->facts);
    const bool holds = std::all_of(stamps.begin(), stamps.end(), [&](const CellStamp& cell) {
      return raster.revisions_now(0, cell.fused, cell.seen) == cell.digest;
    });
    if (!holds) return nullptr;
  } catch (const nlohmann::json::exception&) {
    return nullptr;
  }
  return handed_out(std::move(*tile), nullptr);
}

TilePointer TileMaker::make(const TileRequest& request, const TileKey& key, FusedRaster& raster) {
  static const auto nothing = [](const TilePixels* read) {
    Tile tile;
    tile.empty = true;
    if (read != nullptr) {
      tile.incomplete = read->incomplete;
      tile.left_out = read->left_out;
    }
    return std::make_shared<const Tile>(std::move(tile));
  };
  const int zoom = request.pixel_zoom();
  const LatticeWindow window = request.window();
  if (!may_have_pixels(raster, zoom, window)) return nothing(nullptr);
  const std::int64_t margin = request.is_picture() ? margin_of(request.style) : 0;
  const TilePixels pixels =
      read_tile_pixels(raster, zoom, window, margin, bands_of(request.format));
  if (valid_pixels(pixels) == 0) return nothing(&pixels);
  const nlohmann::json facts = tile_facts(raster, request, pixels);
  Bytes content = encode(request, pixels, raster, facts);
  const Bytes sources = request.is_picture() ? encode_sources_npz(pixels) : Bytes();
  return handed_out(keep(key, pixels, std::move(content), facts, sources), &pixels);
}

/// Law 4: only what is complete and says what it was made from is kept.
StoredTile TileMaker::keep(const TileKey& key, const TilePixels& pixels, Bytes content,
                           const nlohmann::json& facts, const Bytes& sources) {
  if (setup_.policy.cache == CacheMode::kReadWrite && pixels.incomplete.empty() && pixels.stamped) {
    try {
      return store_.write(key, content, facts, sources);
    } catch (const Error& error) {
      // The tile is right; only the next reader pays. Said once: a full disk would say it always.
      if (!warned_.exchange(true) && setup_.warn) setup_.warn(error.what());
    }
  }
  return unstored_tile(key, std::move(content), facts, sources);
}

TileOutcome hydrate_tile(TileMaker& maker, const TileRequest& request) {
  using State = TileOutcome::State;
  try {
    const TilePointer tile = maker.get(request);
    if (!tile->incomplete.empty()) return {State::kFailed, tile->incomplete};
    if (tile->empty) return {State::kEmpty, ""};
    return {tile->cached ? State::kCached : State::kMade, ""};
  } catch (const std::bad_alloc&) {
    throw;  // of the process, not of the tile
  } catch (const std::exception& error) {
    return {State::kFailed, error.what()};
  }
}

}  // namespace topobathy

#include "cache/audit/check_cell.h"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "cache/audit/zip_entries.h"
#include "cache/blosc_codec.h"
#include "cache/cell_attributes.h"
#include "cache/cell_key.h"
#include "cache/chunk_checksum.h"
#include "cache/fused_zarr.h"
#include "cache/zarr_array.h"

namespace topobathy {
namespace {

using nlohmann::json;
using CellState = CellVerdict::State;

constexpr std::int64_t kLargestEdge = 1024;
constexpr char kConsolidated[] = ".zmetadata";

/// Why a cell is damaged.
class Damage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void require(bool holds, const std::string& what) {
  if (!holds) throw Damage(what);
}

/// Which of its versions is not ours, "" = none.
std::string other_version(const json& attributes) {
  const auto differs = [&](const char* name, int ours) -> std::string {
    const json& value = attributes.at(name);
    require(value.is_number_integer(), std::string("attribute ") + name + " is no number");
    if (value == ours) return "";
    return std::string(name) + " " + value.dump() + ", this version reads " + std::to_string(ours);
  };
  const std::string layout = differs("cell_layout", kCellLayout);
  return layout.empty() ? differs("engine_schema", kEngineSchema) : layout;
}

/// The pixels of the cell.
LatticeWindow window_of(const json& attributes) {
  const auto edge = attributes.at("cell_size").get<std::int64_t>();
  require(edge > 0 && edge <= kLargestEdge, "its cell size is none");
  const json& cell = attributes.at("cell");
  require(cell.is_array() && cell.size() == 2, "attribute cell is no index");
  return {cell.at(0).get<std::int64_t>() * edge, cell.at(1).get<std::int64_t>() * edge, edge, edge};
}

/// The attributes that name the cell against its path.
void check_names(const json& attributes, const CellPlace& place) {
  const auto text = [&](const char* name) { return attributes.at(name).get<std::string>(); };
  require(text("key_hash") == place.key_hash, "its name is not the hash of its key");
  require(text("provider") == place.provider, "it is of another provider than its folder");
  require(place.policy8.empty() || text("policy_hash").substr(0, 8) == place.policy8,
          "it is of another policy than its folder");
}

void check_scalars(const json& attributes) {
  require(!attributes.at("crs").is_null(), "attribute crs is missing");
  require(attributes.at("pixel_size").get<double>() > 0, "its pixel size is none");
  require(attributes.at("level").get<int>() >= 0, "its level is none");
  require(attributes.at("created_at").is_string(), "attribute created_at is no text");
  const auto nan = attributes.at("nan_fraction").get<double>();
  require(nan >= 0 && nan <= 1, "attribute nan_fraction is none");
}

template <class T>
void check_plane(const json& metadata, const std::string& name, std::int64_t edge) {
  const auto found = metadata.find(name + "/.zarray");
  require(found != metadata.end(), "array " + name + " is missing");
  require(*found == plane_metadata<T>(edge, edge), "array " + name + " has not the cell's size");
}

void check_coordinate(const json& metadata, const std::string& name, std::int64_t edge) {
  const auto found = metadata.find(name + "/.zarray");
  require(found != metadata.end(), "array " + name + " is missing");
  require(found->at("shape") == json{edge}, "array " + name + " has not the cell's size");
}

void check_arrays(const json& metadata, std::int64_t edge) {
  check_plane<float>(metadata, kElevationArray, edge);
  check_plane<float>(metadata, kUncertaintyArray, edge);
  check_plane<SourceId>(metadata, kSourceArray, edge);
  check_coordinate(metadata, "x", edge);
  check_coordinate(metadata, "y", edge);
  require(metadata.contains("spatial_ref/.zarray"), "array spatial_ref is missing");
}

/// Every chunk that a reader of the planes asks for has a checksum to be held against.
void check_chunk_names(const json& checksums, std::int64_t edge) {
  const ChunkGrid grid(edge, edge);
  for (const char* array : {kElevationArray, kUncertaintyArray, kSourceArray})
    for (std::int64_t row = 0; row < grid.rows; ++row)
      for (std::int64_t col = 0; col < grid.columns; ++col)
        require(checksums.contains(ChunkGrid::name(array, col, row)),
                "chunk " + ChunkGrid::name(array, col, row) + " has no checksum");
}

/// A cell's metadata, taken apart.
struct Header {
  json checksums;
  FusedCell tables;  ///< sources, outcomes, revisions
  std::string stale;
};

Header read_header(const ZipEntries& zip, const CellPlace& place) {
  require(zip.problem().empty(), zip.problem());
  Bytes text;
  require(zip.read(kConsolidated, kLargestCellFile, text), ".zmetadata is missing or damaged");
  const json document = json::parse(text.begin(), text.end());
  require(document.at("zarr_consolidated_format") == 1, ".zmetadata is of another format");
  const json& metadata = document.at("metadata");
  const json& attributes = metadata.at(".zattrs");
  Header header;
  header.stale = other_version(attributes);
  if (!header.stale.empty()) return header;
  check_names(attributes, place);
  check_scalars(attributes);
  header.tables.window = header.tables.fused = window_of(attributes);
  check_arrays(metadata, header.tables.fused.width);
  header.checksums = checksums_of(attributes);
  check_chunk_names(header.checksums, header.tables.fused.width);
  read_tables(attributes, header.tables);
  require(header.tables.complete(), "it is kept though a step of it failed");
  return header;
}

/// The ids that chunks of source_id hold.
class SeenSources {
 public:
  SeenSources(std::int64_t edge, std::vector<SourceId>& chunk) : chunk_(chunk) {
    chunk_.resize(ChunkGrid(edge, edge).pixels());
  }

  void add(const std::string& name, const Bytes& compressed) {
    require(blosc_decompress(compressed, chunk_.data(), chunk_.size() * sizeof(SourceId)),
            "chunk " + name + " does not unpack");
    for (const SourceId id : chunk_)
      if (id != last_) ids_.insert(last_ = id);
  }

  void require_listed(const FusedCell& tables) const {
    for (const SourceId id : ids_) {
      const auto is_it = [id](const auto& row) { return row.first == id; };
      require(id == kNoSource || std::any_of(tables.sources.begin(), tables.sources.end(), is_it),
              "source id " + std::to_string(id) + " is not in its provenance");
    }
  }

 private:
  std::vector<SourceId>& chunk_;
  SourceId last_ = kNoSource;  // neighbours share their source
  std::set<SourceId> ids_;
};

void check_content(const ZipEntries& zip, const Header& header, CellScratch& scratch) {
  const std::string source_prefix = std::string(kSourceArray) + "/";
  SeenSources seen(header.tables.fused.width, scratch.ids);
  std::size_t matched = 0;
  Bytes& content = scratch.entry;
  for (std::size_t i = 0; i < zip.count(); ++i) {
    const std::string name = zip.name(i);
    require(zip.read(i, kLargestCellFile, content), "entry " + name + " is damaged");
    const auto checksum = header.checksums.find(name);
    if (checksum == header.checksums.end()) continue;  // metadata for readers of single files
    require(*checksum == chunk_checksum(content), "chunk " + name + " has not its checksum");
    ++matched;
    if (name.compare(0, source_prefix.size(), source_prefix) == 0) seen.add(name, content);
  }
  require(matched == header.checksums.size(), "a chunk is missing");
  seen.require_listed(header.tables);
}

void require_all_listed(const ZipEntries& zip, const Header& header) {
  std::size_t listed = 0;
  for (std::size_t i = 0; i < zip.count(); ++i)
    listed += header.checksums.contains(zip.name(i)) ? 1u : 0u;
  require(listed == header.checksums.size(), "a chunk is missing");
}

template <class Check>
CellVerdict judge(const ZipEntries& zip, const CellPlace& place, const Check& check) {
  try {
    Header header = read_header(zip, place);
    if (!header.stale.empty()) return {CellState::kStale, header.stale, {}};
    check(header);
    return {CellState::kSound, "", std::move(header.tables.sources)};
  } catch (const Damage& damage) {
    return {CellState::kDamaged, damage.what(), {}};
  } catch (const std::exception& error) {
    return {CellState::kDamaged, std::string("its metadata is damaged: ") + error.what(), {}};
  }
}

}  // namespace

CellVerdict check_cell(const Bytes& file, const CellPlace& place, CellScratch& scratch) {
  const ZipEntries zip(file);
  return judge(zip, place, [&](const Header& header) { check_content(zip, header, scratch); });
}

CellVerdict check_cell_header(const std::string& path, const CellPlace& place) {
  const ZipEntries zip(path);
  return judge(zip, place, [&](const Header& header) { require_all_listed(zip, header); });
}

}  // namespace topobathy

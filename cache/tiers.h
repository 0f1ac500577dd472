#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What lies where below the cache root. Pure: nothing here looks at a disk.
namespace topobathy {

constexpr int kTierCount = 5;

/// One of the five tiers, for people and for tools.
struct Tier {
  int number;           ///< 1..kTierCount
  const char* name;     ///< "fused cells"
  const char* paths;    ///< below the root
  const char* what;     ///< what it holds
  const char* rebuilt;  ///< what it costs to have it again
  const char* when;     ///< when and why to purge it
  bool dear;            ///< is downloaded again for hours: purged only when asked for twice
};

const std::array<Tier, kTierCount>& tiers();
/// \pre 1 <= number <= kTierCount
const Tier& tier(int number);

/// What a file below the root is.
enum class ItemKind {
  kTile,           ///< tier 1: the picture or the numbers of a map tile
  kTileCompanion,  ///< tier 1: `_meta.json`, `_src.npz` of a tile
  kFusedCell,      ///< tier 2
  kProviderCell,   ///< tier 3
  kPointGrid,      ///< tier 3: a raster made of a point cloud, `<provider>/grids/`
  kDiscovery,      ///< tier 4: `<provider>/discovery.sqlite`
  kDiscoveryFile,  ///< tier 4: index, tile scheme or side-car that an archive publishes
  kRawFile,        ///< tier 5
  kFileCompanion,  ///< tier 3 or 5: `.edition.json`, `.aux.xml` of a grid or raw file
  kSqliteSide,     ///< `-wal`, `-shm`, `-journal`: of the tier of its database
  kLock,           ///< of a key; in no tier, as all that follow
  kTemporary,      ///< in the making, or left by a killed process
  kPart,           ///< of a download, which a later process goes on with
  kJob,            ///< state of a hydration
  kJobCells,       ///< what came of the cells of a hydration
  kPolicyCopy,
  kRegistry,     ///< sources.sqlite
  kHeaderCache,  ///< raster/headers.sqlite
  kForeign,      ///< nothing that this program has made: left alone
};

const char* to_text(ItemKind kind) noexcept;

/// A tile's place in the XYZ scheme (rows southward).
struct TilePlace {
  int zoom = 0;
  std::int64_t x = 0;
  std::int64_t y = 0;
};

/// The views live as long as the path that was classified.
struct ItemClass {
  ItemKind kind = ItemKind::kForeign;
  int tier = 0;               ///< 0 = in none
  std::string_view provider;  ///< canonical name, "" = of none
  /// Tier 1: "visual/<style>", "data" or "raw"; tier 2: policy8. Else "".
  std::string_view group;
  std::optional<TilePlace> tile;  ///< of a tile and its companions

  /// What counts as one item of its tier, and is purged as one together with its companions.
  bool is_item() const noexcept;
};

/// \param path relative to the root, with '/'
ItemClass classify(std::string_view path);

/// Files that belong to an item of that kind and are purged after it: paths, whether they are there
/// or not.
std::vector<std::string> companions_of(std::string_view path, ItemKind kind);

/// The items that a companion may belong to (pictures and numbers of one tile share theirs); none
/// for what is no companion.
std::vector<std::string> owners_of(std::string_view path, ItemKind kind);

}  // namespace topobathy

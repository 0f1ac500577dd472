#include <algorithm>
#include <charconv>

#include "cache/atomic_file.h"
#include "cache/tiers.h"
#include "fusion/policy/provider_table.h"

namespace topobathy {
namespace {

using Text = std::string_view;

constexpr Text kPartPrefix = ".part-";  // PartFile's
constexpr Text kCellEnd = ".zarr.zip";
constexpr std::array<Text, 7> kTileFormats = {"png", "npy", "npz", "tif", "jpg", "jpeg", "webp"};
constexpr std::array<Text, 2> kTileCompanions = {"_meta.json", "_src.npz"};
constexpr std::array<Text, 2> kFileCompanions = {".edition.json", ".aux.xml"};
constexpr std::array<Text, 3> kSqliteSides = {"-wal", "-shm", "-journal"};

bool starts_with(Text text, Text start) noexcept {
  return text.substr(0, start.size()) == start;
}

bool ends_with(Text text, Text end) noexcept {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_hash(Text text, std::size_t digits) noexcept {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == Text::npos;
}

/// Cuts off the first part of a path; "" when it was the last. What is left stays in `path`.
Text cut_folder(Text& path) noexcept {
  const std::size_t slash = path.find('/');
  if (slash == Text::npos) return {};
  const Text folder = path.substr(0, slash);
  path.remove_prefix(slash + 1);
  return folder;
}

template <class Number>
bool read_number(Text text, Number& number) noexcept {
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return !text.empty() && read.ec == std::errc() && read.ptr == end && number >= 0;
}

/// "<y>_<hash8>" of a tile's file name; "" when it begins otherwise.
Text tile_stem(Text name) noexcept {
  constexpr std::size_t kHashDigits = 8;
  const std::size_t at = name.find('_');
  if (at == Text::npos || at + 1 + kHashDigits > name.size()) return {};
  return is_hash(name.substr(at + 1, kHashDigits), kHashDigits)
             ? name.substr(0, at + 1 + kHashDigits)
             : Text();
}

ItemClass tile_class(Text rest) noexcept {
  const Text whole = rest;
  const Text kind = cut_folder(rest);
  ItemClass found;
  if (kind == "visual") {
    if (const Text style = cut_folder(rest); !style.empty())
      found.group = whole.substr(0, kind.size() + 1 + style.size());
  } else if (kind == "data" || kind == "raw") {
    found.group = kind;
  }
  TilePlace tile;
  const Text zoom = cut_folder(rest), x = cut_folder(rest), stem = tile_stem(rest);
  if (found.group.empty() || stem.empty() || !read_number(zoom, tile.zoom) ||
      !read_number(x, tile.x) || !read_number(stem.substr(0, stem.find('_')), tile.y))
    return {};
  const Text end = rest.substr(stem.size());
  const auto is_one_of = [](const auto& known, Text text) {
    return std::find(known.begin(), known.end(), text) != known.end();
  };
  if (is_one_of(kTileCompanions, end))
    found.kind = ItemKind::kTileCompanion;
  else if (starts_with(end, ".") && is_one_of(kTileFormats, end.substr(1)))
    found.kind = ItemKind::kTile;
  else
    return {};
  found.tier = 1;
  found.tile = tile;
  return found;
}

bool is_cell_name(Text name) noexcept {
  constexpr std::size_t kHashDigits = 64;
  return ends_with(name, kCellEnd) &&
         is_hash(name.substr(0, name.size() - kCellEnd.size()), kHashDigits);
}

ItemClass fused_class(Text rest) noexcept {
  ItemClass found{ItemKind::kFusedCell, 2, {}, cut_folder(rest), {}};
  return is_hash(found.group, 8) && is_cell_name(rest) ? found : ItemClass{};
}

/// The database that a file is a part of: "discovery.sqlite" of "discovery.sqlite-wal".
Text database_of(Text name) noexcept {
  for (const Text side : kSqliteSides)
    if (ends_with(name, side)) return name.substr(0, name.size() - side.size());
  return name;
}

bool is_file_companion(Text name) noexcept {
  return std::any_of(kFileCompanions.begin(), kFileCompanions.end(),
                     [name](Text end) { return ends_with(name, end); });
}

ItemClass provider_class(Text provider, Text rest) noexcept {
  const auto made = [provider](ItemKind kind, int tier) {
    return ItemClass{kind, tier, provider, {}, {}};
  };
  const Text name = rest;
  const Text folder = cut_folder(rest);
  if (folder.empty()) {
    const bool is_side = database_of(name) != name;
    if (database_of(name) == "discovery.sqlite")
      return made(is_side ? ItemKind::kSqliteSide : ItemKind::kDiscovery, 4);
    if (provider == kRasterProvider && database_of(name) == "headers.sqlite")
      return made(is_side ? ItemKind::kSqliteSide : ItemKind::kHeaderCache, 0);
    return ends_with(name, ".gpkg") ? made(ItemKind::kDiscoveryFile, 4) : ItemClass{};
  }
  if (folder == "zarr") return is_cell_name(rest) ? made(ItemKind::kProviderCell, 3) : ItemClass{};
  if (folder == "sidecars" || folder == "tile_index") return made(ItemKind::kDiscoveryFile, 4);
  if (folder != "raw" && folder != "grids") return {};
  const int tier = folder == "raw" ? 5 : 3;
  if (is_file_companion(rest)) return made(ItemKind::kFileCompanion, tier);
  return made(tier == 5 ? ItemKind::kRawFile : ItemKind::kPointGrid, tier);
}

bool is_provider(Text name) noexcept {
  const auto& table = provider_table();
  return std::any_of(table.begin(), table.end(),
                     [name](const ProviderDeclaration& known) { return known.name == name; });
}

/// Files that may lie in any folder, by their names and that of the folder.
ItemKind common_kind(Text path) {
  const std::size_t slash = path.rfind('/');
  const Text name = slash == Text::npos ? path : path.substr(slash + 1);
  Text folder = slash == Text::npos ? Text() : path.substr(0, slash);
  folder.remove_prefix(std::min(folder.size(), folder.rfind('/') + 1));
  if (is_temporary_name(std::string(name))) return ItemKind::kTemporary;
  if (starts_with(name, kPartPrefix)) return ItemKind::kPart;
  const bool is_lock = (folder == "locks" || folder == ".locks") && ends_with(name, ".lock");
  return is_lock ? ItemKind::kLock : ItemKind::kForeign;
}

ItemClass folder_class(Text folder, Text rest) {
  ItemClass found;
  const bool is_direct = rest.find('/') == Text::npos;
  if (folder == "tiles") return tile_class(rest);
  if (folder == "fused_zarr") return fused_class(rest);
  if (folder == "hydration_jobs" && is_direct && ends_with(rest, ".json"))
    found.kind = ItemKind::kJob;
  else if (folder == "hydration_jobs" && is_direct && ends_with(rest, ".cells"))
    found.kind = ItemKind::kJobCells;
  else if ((folder == "policies" || folder == "hydration_jobs") && is_direct &&
           ends_with(rest, ".yaml"))
    found.kind = ItemKind::kPolicyCopy;
  else if (is_provider(folder))
    return provider_class(folder, rest);
  return found;
}

}  // namespace

ItemClass classify(Text path) {
  ItemClass found;
  found.kind = common_kind(path);
  Text rest = path;
  const Text folder = cut_folder(rest);
  if (found.kind != ItemKind::kForeign) {
    if (is_provider(folder)) found.provider = folder;
    return found;
  }
  if (!folder.empty()) return folder_class(folder, rest);
  if (database_of(path) == "sources.sqlite")
    found.kind = path == "sources.sqlite" ? ItemKind::kRegistry : ItemKind::kSqliteSide;
  return found;
}

std::vector<std::string> companions_of(Text path, ItemKind kind) {
  std::vector<std::string> paths;
  if (kind == ItemKind::kTile) {
    const Text name = path.substr(path.rfind('/') + 1);
    const Text stem = path.substr(0, path.size() - name.size() + tile_stem(name).size());
    for (const Text end : kTileCompanions)
      paths.push_back(std::string(stem).append(end));
  } else if (kind == ItemKind::kRawFile || kind == ItemKind::kPointGrid) {
    for (const Text end : kFileCompanions)
      paths.push_back(std::string(path).append(end));
  }
  return paths;
}

std::vector<std::string> owners_of(Text path, ItemKind kind) {
  std::vector<std::string> paths;
  const auto without = [path](Text end) { return path.substr(0, path.size() - end.size()); };
  if (kind == ItemKind::kTileCompanion) {
    for (const Text end : kTileCompanions)
      if (ends_with(path, end))
        for (const Text format : kTileFormats)
          paths.push_back(std::string(without(end)).append(".").append(format));
  } else if (kind == ItemKind::kFileCompanion) {
    for (const Text end : kFileCompanions)
      if (ends_with(path, end)) paths.emplace_back(without(end));
  }
  return paths;
}

}  // namespace topobathy

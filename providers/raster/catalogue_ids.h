#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/raster/raster_catalogue.h"

namespace topobathy {

/// The numbers of a catalogue's sources, and which of them the step's include and exclude patterns
/// leave out. Immutable once made.
class CatalogueIds {
 public:
  CatalogueIds(const RasterCatalogue& catalogue, const Filter& filter, SourceIds& ids);

  SourceId of_file(int file) const noexcept { return files_[static_cast<std::size_t>(file)].whole; }
  /// kNoSource for a value that the file's attribute table does not know.
  SourceId of_contributor(int file, float value) const noexcept;
  /// Every source that can show, excluded ones left out.
  std::vector<SourceId> all() const;
  bool excluded(SourceId id) const noexcept { return excluded_.count(id) != 0; }
  bool excludes_any() const noexcept { return !excluded_.empty(); }

 private:
  struct File {
    SourceId whole = kNoSource;
    std::unordered_map<std::int64_t, SourceId> contributors;
  };
  std::vector<File> files_;
  std::unordered_set<SourceId> excluded_;
};

}  // namespace topobathy

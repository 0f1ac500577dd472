#pragma once

#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "driver/gdal_compat.h"
#include "fusion/source_ids.h"

namespace topobathy {

/// The attribute table of the Contributor band: one row a source, with a colour and a category
/// name. A table GDAL holds stays the same object; rows are only added while the dataset is open.
/// Thread-safe.
class AttributeTable {
 public:
  AttributeTable();

  /// Brings the rows up to date and returns the table. Rows ascend by id, except that sources met
  /// later follow those of before.
  GDALRasterAttributeTable* update(const std::vector<std::pair<SourceId, SourceRecord>>& sources);

 private:
  void set_row(int row, SourceId id, const SourceRecord& record);

  std::mutex mutex_;
  GDALDefaultRasterAttributeTable
      table_;  ///< of this class: GDAL's thread-safe datasets (3.10) take no other
  std::set<SourceId> known_;
};

}  // namespace topobathy

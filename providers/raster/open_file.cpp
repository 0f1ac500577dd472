#include "providers/raster/open_file.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "fusion/error.h"
#include "providers/raster/sampling_tuning.h"

namespace topobathy {
namespace {

RasterOpenOptions options_for(const CatalogueFile& file, const Step& step) {
  RasterOpenOptions options;
  options.open_options = file.open_options;
  options.allow_vrt = step.files.allow_vrt;
  return options;
}

/// Readers used lately, by path and revision.
class ReaderPool {
 public:
  std::shared_ptr<BlockReader> get(const CatalogueFile& file, const Step& step) {
    const std::string key =
        file.path + '\n' + file.header.revision + (step.files.allow_vrt ? "v" : "");
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (const auto known = index_.find(key); known != index_.end()) {
        readers_.splice(readers_.begin(), readers_, known->second);
        return known->second->second;
      }
    }
    auto reader = open_raster(file.path, options_for(file, step));
    if (reader->header().revision != file.header.revision)
      throw Error(
          ErrorCode::kUnreadable,
          "'" + file.path + "' was changed while the dataset was open: open the dataset again");
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto known = index_.find(key); known != index_.end()) return known->second->second;
    readers_.emplace_front(key, reader);
    index_[key] = readers_.begin();
    if (readers_.size() > kKeptReaders) {
      index_.erase(readers_.back().first);
      readers_.pop_back();
    }
    return reader;
  }
  void clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    readers_.clear();
    index_.clear();
  }

 private:
  using Entry = std::pair<std::string, std::shared_ptr<BlockReader>>;
  std::mutex mutex_;
  std::list<Entry> readers_;
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
};

ReaderPool& pool() {
  static ReaderPool readers;
  return readers;
}

}  // namespace

std::shared_ptr<BlockReader> reader_of(const CatalogueFile& file, const Step& step) {
  return pool().get(file, step);
}

void drop_readers() {
  pool().clear();
}

}  // namespace topobathy

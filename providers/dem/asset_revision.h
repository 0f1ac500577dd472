#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "providers/archive/archive_context.h"
#include "providers/archive/asset.h"

namespace topobathy {

/// Editions of tiles whose index does not tell them: by HEAD (ETag, else Last-Modified and size),
/// once in kSeconds for each URL, remembered in the discovery cache as the region "tile:<url>".
class AssetRevision {
 public:
  using Ask = std::function<HttpAnswer(const HttpRequest&)>;

  /// `ask` null: the context's HTTP client.
  explicit AssetRevision(std::shared_ptr<ArchiveContext> context, Ask ask = nullptr);

  /// Sets revision and size. Where the tile is gone, the regions that list it are expired.
  /// \throws Error(kUnreadable)
  void state(Asset& asset, const std::vector<std::string>& index_regions) const;

  static constexpr std::int64_t kSeconds = 30 * 86400;

 private:
  std::shared_ptr<ArchiveContext> context_;
  Ask ask_;
};

}  // namespace topobathy

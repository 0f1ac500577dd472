#include "providers/archive/described_assets.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/archive/tuning.h"
#include "providers/http/http_client.h"
#include "providers/raster/describe_files.h"

namespace topobathy {
namespace {

/// Files that were made ready, and the assets they are of; why the others were not.
struct ReadyFiles {
  std::vector<NamedFile> names;
  std::vector<const Asset*> assets;
  std::vector<std::string> failures;
};

NamedFile make_ready(Archive& archive, const Asset& asset, double pixel) {
  const AssetFile file = archive.open(asset, pixel);
  return {file.path, asset.id,
          std::make_shared<ArchivedFile>(
              ArchivedFile{asset.record, asset.heights, file.sidecar, asset.revision})};
}

ReadyFiles make_ready(Archive& archive, const std::vector<Asset>& assets, double pixel) {
  std::vector<NamedFile> names(assets.size());
  std::vector<std::string> failures(assets.size());
  parallel_for(assets.size(), kOpenedAtOnce, [&](std::size_t i) {
    try {
      names[i] = make_ready(archive, assets[i], pixel);
    } catch (const Error& error) {
      failures[i] = error.what();
    }
  });
  ReadyFiles ready;
  for (std::size_t i = 0; i < assets.size(); ++i) {
    if (!failures[i].empty()) {
      ready.failures.push_back(std::move(failures[i]));
      continue;
    }
    ready.names.push_back(std::move(names[i]));
    ready.assets.push_back(&assets[i]);
  }
  return ready;
}

bool is_etag(const std::string& text) {
  return text.size() > 2 && text.back() == '"' && (text.front() == '"' || text.rfind("W/", 0) == 0);
}

/// Whether a file that is read where it lies is not of the edition that its cells would be kept
/// under. Known only where that edition is an ETag.
bool is_other_edition(const DescribedFile& file, const Asset& asset) {
  const auto* const opened = std::get_if<CatalogueFile>(&file);
  return opened != nullptr && asset.access == Asset::Access::kStream && is_etag(asset.revision) &&
         is_etag(opened->header.revision) && opened->header.revision != asset.revision;
}

/// Turns files of other editions into failures, and has their assets asked for anew.
/// \return whether there were any
bool refuse_other_editions(Archive& archive, const std::vector<const Asset*>& assets,
                           std::vector<DescribedFile>& files) {
  bool any = false;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!is_other_edition(files[i], *assets[i])) continue;
    any = true;
    archive.forget(*assets[i]);
    files[i] =
        "'" + without_secrets(assets[i]->url) + "': was replaced by a new edition: read again";
  }
  return any;
}

}  // namespace

DescribedAssets describe_assets(Archive& archive, const std::vector<Asset>& assets, double pixel,
                                const Step& step, const SourceAccess& access) {
  ReadyFiles ready = make_ready(archive, assets, pixel);
  DescribedAssets described;
  described.files = describe_files(ready.names, step, access);
  described.any_replaced = refuse_other_editions(archive, ready.assets, described.files);
  for (std::string& failure : ready.failures)
    described.files.emplace_back(std::move(failure));
  return described;
}

}  // namespace topobathy

#include "providers/ncei_cudem/cudem_archive.h"

#include <algorithm>

#include "fusion/error.h"
#include "providers/coastal/index_files.h"
#include "providers/coastal/published_names.h"
#include "providers/coastal/unusable.h"
#include "providers/ncei_cudem/cudem_tiles.h"

namespace topobathy {
namespace {

constexpr std::int64_t kBelieved = 30 * 86400;                    ///< seconds
constexpr std::uint64_t kMaxListBytes = std::uint64_t{16} << 20;  ///< the real one has 0.15 MB

std::string fetch_list(ArchiveContext& context, const CudemProduct& product) {
  HttpRequest request;
  request.url = cudem_list_url(product);
  request.max_bytes = kMaxListBytes;
  return require_body(context.http->ask(request), request.url);
}

/// Sizes and ETags of the tiles. A mirror of plain files does not list; its tiles are known by
/// their dated names alone.
std::vector<S3Object> list_folder(ArchiveContext& context, const CudemProduct& product) {
  try {
    return coastal::list_objects(*context.http, cudem_prefix(product));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return {};
  }
}

/// The tile index as listed, else as documented.
S3Object index_object(const CudemProduct& product, const std::vector<S3Object>& listing) {
  const auto listed = std::find_if(listing.begin(), listing.end(), [](const auto& object) {
    const std::string name = coastal::lower_case(coastal::base_name(object.key));
    return name.rfind("tileindex", 0) == 0 && coastal::extension_of(name) == ".zip";
  });
  if (listed != listing.end()) return *listed;
  S3Object documented;
  documented.key = cudem_prefix(product) + product.index;
  return documented;
}

}  // namespace

CudemArchive::CudemArchive(const ArchiveSetup& setup)
    : Archive(setup), product_(cudem_product(setup.step)) {}

Discovery CudemArchive::ask(const std::string& old_note) {
  CudemIndex index;
  index.list = fetch_list(context(), product_);
  index.listing = list_folder(context(), product_);
  const S3Object zip = index_object(product_, index.listing);
  Discovery found;
  found.note = zip.revision();
  const std::string url = coastal::object_url(zip.key);
  const coastal::IndexFiles files(context(), {{url, std::string(product_.name) + ".zip", zip.size}},
                                  found.note == old_note);
  index.polygons = coastal::read_tile_index(files.path(), url);
  found.assets = cudem_tiles(product_, index);
  found.seconds = kBelieved;
  return found;
}

std::vector<Candidate> CudemArchive::find(const LonLatBox& box) {
  std::vector<Candidate> candidates;
  const auto tiles = context().discovery->find(
      product_.name, box, [this](const std::string& old_note) { return ask(old_note); });
  for (const Asset& tile : tiles) {
    std::string reason = coastal::why_unusable(tile);
    if (reason.empty()) reason = left_out(filter(), tile, /*names=*/true);
    candidates.push_back({tile, reason});
  }
  sort_candidates(candidates);
  return candidates;
}

}  // namespace topobathy

#include "providers/dem/asset_revision.h"

#include <utility>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr LonLatBox kWorld{-180.0, -90.0, 180.0, 90.0};

std::string revision_of(const HttpAnswer& answer) {
  if (!answer.etag.empty()) return answer.etag;
  if (answer.last_modified.empty()) return "";
  return answer.last_modified + ", " + std::to_string(answer.size) + " bytes";
}

[[noreturn]] void refuse(const std::string& url, const std::string& why) {
  throw Error(ErrorCode::kUnreadable, "'" + without_secrets(url) + "': " + why);
}

Discovery answered(const Asset& asset, const HttpAnswer& answer) {
  if (!answer.ok())
    refuse(asset.url, "the server answered HTTP " + std::to_string(answer.status) +
                          "; try again later, or set another endpoint for this host");
  Asset stated = asset;
  stated.box = kWorld;  // found whatever box its index gives it later
  stated.size = answer.size;
  stated.revision = revision_of(answer);
  if (stated.revision.empty())
    refuse(asset.url,
           "the server states neither ETag nor Last-Modified, so that a new edition could not be "
           "told from this one; use a mirror that does");
  Discovery found;
  found.assets.push_back(std::move(stated));
  found.seconds = AssetRevision::kSeconds;
  return found;
}

}  // namespace

AssetRevision::AssetRevision(std::shared_ptr<ArchiveContext> context, Ask ask)
    : context_(std::move(context)), ask_(std::move(ask)) {
  if (!ask_)
    ask_ = [http = context_->http](const HttpRequest& request) { return http->ask(request); };
}

void AssetRevision::state(Asset& asset, const std::vector<std::string>& index_regions) const {
  bool gone = false;
  const auto ask = [&](const std::string& /*old_note*/) {
    HttpRequest head;
    head.url = asset.url;
    head.method = HttpRequest::Method::kHead;
    const HttpAnswer answer = ask_(head);
    gone = answer.absent();
    return answered(asset, answer);
  };
  std::vector<Asset> stated;
  try {
    stated = context_->discovery->find("tile:" + asset.url, kWorld, ask);
  } catch (const Error&) {
    if (!gone) throw;
  }
  if (gone) {
    // Not while asking: a cache may hold its lock then.
    for (const std::string& region : index_regions)
      context_->discovery->expire(region);
    refuse(asset.url,
           "listed by the archive's index, but not there (any more); the index is asked for "
           "again at the next read");
  }
  if (stated.size() != 1)
    throw Error(ErrorCode::kInternal, "'" + asset.url + "': no edition is known");
  asset.revision = stated.front().revision;
  asset.size = stated.front().size;
}

}  // namespace topobathy

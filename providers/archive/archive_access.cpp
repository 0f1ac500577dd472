#include "providers/archive/archive_access.h"

#include <cpl_conv.h>

#include <utility>

#include "providers/archive/scratch_folder.h"
#include "providers/http/curl_client.h"
#include "providers/http/http_limits.h"
#include "providers/http/offline_client.h"
#include "providers/http/vsi_options.h"

namespace topobathy {

ArchiveAccess::ArchiveAccess(Setup setup) : setup_(std::move(setup)) {}

std::shared_ptr<HttpClient> ArchiveAccess::client() {
  if (client_) return client_;
  if (setup_.offline) {
    client_ = make_offline_client();
  } else {
    HttpSetup http;
    http.endpoints = setup_.endpoints;
    http.limits = configured_http_limits();
    client_ = make_http_client(http);
    prepare_vsicurl(http.endpoints, http.limits);
  }
  return client_;
}

std::shared_ptr<ArchiveContext> ArchiveAccess::make(const std::string& provider) {
  auto context = std::make_shared<ArchiveContext>();
  context->provider = provider;
  const bool off = setup_.mode == CacheMode::kOff;
  context->folder = (off ? scratch_folder() : setup_.root) + "/" + provider;
  context->may_write = setup_.mode != CacheMode::kReadOnly;
  context->offline = setup_.offline;
  context->endpoints = setup_.endpoints;
  context->http = client();
  context->warn = setup_.warn;
  DiscoveryCache::Setup discovery;
  if (!off) discovery.path = context->folder + "/discovery.sqlite";
  discovery.read_only = !context->may_write;
  discovery.offline = setup_.offline;
  discovery.warn = setup_.warn;
  context->discovery = std::make_shared<DiscoveryCache>(std::move(discovery));
  return context;
}

std::shared_ptr<ArchiveContext> ArchiveAccess::context(const std::string& provider) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto& known = contexts_[provider];
  if (!known) known = make(provider);
  return known;
}

Endpoints endpoints_of(const std::string& option) {
  return Endpoints::read(option.empty() ? CPLGetConfigOption("TOPOBATHY_ENDPOINTS", "") : option);
}

}  // namespace topobathy

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "providers/archive/archive_context.h"
#include "providers/http/signed_paths.h"

namespace topobathy {

/// A container of Azure blob storage, the unit that tokens are given for.
struct BlobContainer {
  std::string account;
  std::string name;

  std::string key() const { return account + "/" + name; }
  /// Of every blob in it: "https://<account>.blob.core.windows.net/<name>/".
  std::string prefix() const;
};

/// The container of a blob's URL; nothing for a URL that is none.
std::optional<BlobContainer> container_of(const std::string& url);

/// Signs links to the Planetary Computer's blobs with the tokens it gives to anyone
/// (api/sas/v1/token/<account>/<container>, valid for 45 to 60 minutes). Tokens live in memory
/// only: nothing that is stored or shown has one. Thread-safe; a token is fetched once for all
/// threads.
class SasTokens {
 public:
  using Announce = std::function<void(const std::string&, std::function<std::string()>)>;

  SasTokens(std::shared_ptr<HttpClient> http, Clock& clock, Announce announce = sign_below);
  ~SasTokens();
  /// Those of all archives that share the context's HTTP client.
  static std::shared_ptr<SasTokens> shared(const ArchiveContext& context);

  /// The URL with a token that holds for at least kRefreshSeconds; a URL outside of blob storage as
  /// it is. Never to be stored or shown. \throws Error(kUnreadable): no token can be had
  std::string sign(const std::string& url);
  /// Asks for a signed URL (`request.url` unsigned). A 403 has the token fetched anew, once; the
  /// second answer is final. Throws as sign() and HttpClient::ask().
  HttpAnswer ask(const HttpRequest& request);
  /// Has GDAL open what lies in the URL's container with a token ("/vsicurl/" + the resolved URL).
  /// The first time with each token the URL is asked for by HEAD, so that a token that is refused
  /// is replaced before GDAL meets it. \throws Error(kNotFound) the blob is gone, kUnreadable it is
  /// refused
  void open_paths(const std::string& url, const Endpoints& endpoints);

  /// A token that ends sooner is replaced.
  static constexpr std::int64_t kRefreshSeconds = 300;

 private:
  class Store;
  std::shared_ptr<Store> store_;  ///< outlives the object where GDAL still has files open
  std::shared_ptr<HttpClient> http_;
  Announce announce_;
};

}  // namespace topobathy

#include "providers/archive/s3_listing.h"

#include <cpl_minixml.h>
#include <cpl_string.h>

#include <cstdlib>
#include <iterator>
#include <set>
#include <utility>

#include "fusion/error.h"
#include "providers/archive/links.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

constexpr std::size_t kMostPages = 1000;
constexpr std::size_t kMostObjects = 500'000;  ///< the largest folders hold some 20 000
constexpr std::uint64_t kMostPageBytes = std::uint64_t{8} << 20;  ///< 1000 keys are 0.4 MB

[[noreturn]] void fail(const std::string& url, const std::string& what) {
  throw Error(ErrorCode::kUnreadable,
              "'" + without_secrets(url) + "': " + what +
                  "; try again later, or name a mirror of the bucket in TOPOBATHY_ENDPOINTS");
}

struct Page {
  std::vector<S3Object> objects;
  std::string next;  ///< continuation token, "" = the last
};

S3Object read_object(const CPLXMLNode* contents) {
  S3Object object;
  object.key = CPLGetXMLValue(contents, "Key", "");
  object.etag = CPLGetXMLValue(contents, "ETag", "");
  object.last_modified = CPLGetXMLValue(contents, "LastModified", "");
  const std::string size = CPLGetXMLValue(contents, "Size", "");
  if (!size.empty()) object.size = std::strtoll(size.c_str(), nullptr, 10);
  return object;
}

Page parse_page(const std::string& body, const std::string& url) {
  const QuietGdalErrors errors;
  const CPLXMLTreeCloser tree(body.find('\0') == std::string::npos ? CPLParseXMLString(body.c_str())
                                                                   : nullptr);
  const CPLXMLNode* const root =
      tree.get() == nullptr ? nullptr : CPLGetXMLNode(tree.get(), "=ListBucketResult");
  if (root == nullptr) fail(url, "the answer is no S3 listing");
  Page page;
  for (const CPLXMLNode* node = root->psChild; node != nullptr; node = node->psNext) {
    if (node->eType != CXT_Element || !EQUAL(node->pszValue, "Contents")) continue;
    S3Object object = read_object(node);
    if (object.key.empty()) fail(url, "the S3 listing has an object without a key");
    page.objects.push_back(std::move(object));
  }
  if (EQUAL(CPLGetXMLValue(root, "IsTruncated", "false"), "true")) {
    page.next = CPLGetXMLValue(root, "NextContinuationToken", "");
    if (page.next.empty()) fail(url, "the S3 listing is cut and does not say how it goes on");
  }
  return page;
}

}  // namespace

std::string S3Object::revision() const {
  return etag + "/" + std::to_string(size) + "/" + last_modified;
}

std::vector<S3Object> list_s3(HttpClient& http, const std::string& bucket,
                              const std::string& prefix) {
  const std::string url = bucket + "/?list-type=2&prefix=" + percent_encoded(prefix);
  std::vector<S3Object> objects;
  std::set<std::string> seen;
  std::string token;
  do {
    const std::string page_url =
        token.empty() ? url : url + "&continuation-token=" + percent_encoded(token);
    HttpRequest request;
    request.url = page_url;
    request.max_bytes = kMostPageBytes;
    const HttpAnswer answer = http.ask(request);
    Page page = parse_page(require_body(answer, page_url), page_url);
    objects.insert(objects.end(), std::make_move_iterator(page.objects.begin()),
                   std::make_move_iterator(page.objects.end()));
    token = std::move(page.next);
    const bool again = !token.empty() && !seen.insert(token).second;
    if (again || seen.size() >= kMostPages || objects.size() > kMostObjects)
      fail(url, "the S3 listing does not end");
  } while (!token.empty());
  return objects;
}

}  // namespace topobathy

#include "providers/archive/s3_listing.h"

#include <cpl_minixml.h>
#include <cpl_string.h>

#include <cstdlib>
#include <set>

#include "fusion/error.h"
#include "providers/archive/links.h"
#include "providers/raster/gdal_errors.h"

namespace topobathy {
namespace {

constexpr std::size_t kMostPages = 1000;  ///< a million keys

[[noreturn]] void fail(const std::string& url, const std::string& what) {
  throw Error(ErrorCode::kUnreadable,
              "'" + without_secrets(url) + "': " + what +
                  "; try again later, or name a mirror of the bucket in TOPOBATHY_ENDPOINTS");
}

struct Page {
  std::vector<S3Object> objects;
  std::string next;  ///< continuation token, "" = the last
};

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
    S3Object object;
    object.key = CPLGetXMLValue(node, "Key", "");
    object.size = std::strtoll(CPLGetXMLValue(node, "Size", "-1"), nullptr, 10);
    object.etag = CPLGetXMLValue(node, "ETag", "");
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
    const HttpAnswer answer = http.ask(request);
    Page page = parse_page(require_body(answer, page_url), page_url);
    objects.insert(objects.end(), std::make_move_iterator(page.objects.begin()),
                   std::make_move_iterator(page.objects.end()));
    token = std::move(page.next);
    if (!token.empty() && (!seen.insert(token).second || seen.size() >= kMostPages))
      fail(url, "the S3 listing does not end");
  } while (!token.empty());
  return objects;
}

}  // namespace topobathy

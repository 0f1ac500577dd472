#include "providers/coastal/bucket.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <curl/curl.h>

#include "fusion/error.h"
#include "providers/coastal/published_names.h"
#include "providers/coastal/xml_document.h"

namespace topobathy::coastal {
namespace {

constexpr std::size_t kMaxObjects = 500'000;  ///< the largest folders hold some 20 000
constexpr std::uint64_t kMaxPageBytes = std::uint64_t{8} << 20;  ///< 1000 keys are 0.4 MB

std::string escaped(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> safe(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), curl_free);
  return safe ? safe.get() : "";
}

std::string page_url(const std::string& prefix, const std::string& token) {
  std::string url = std::string(kBucket) + "/?list-type=2&prefix=" + escaped(prefix);
  return token.empty() ? url : url + "&continuation-token=" + escaped(token);
}

BucketObject read_object(const CPLXMLNode* contents) {
  BucketObject object;
  object.key = xml_text(contents, "Key");
  object.etag = xml_text(contents, "ETag");
  object.last_modified = xml_text(contents, "LastModified");
  const std::string size = xml_text(contents, "Size");
  if (!size.empty()) object.size = std::strtoll(size.c_str(), nullptr, 10);
  return object;
}

/// Adds a page's files. \returns the token of the next page, "" = the last one
std::string read_page(const XmlDocument& page, const std::string& url, const std::string& prefix,
                      std::vector<BucketObject>& objects) {
  each_element(page.root(), "Contents", [&](const CPLXMLNode* contents) {
    BucketObject object = read_object(contents);
    if (object.key.rfind(prefix, 0) == 0 && is_plain_path(object.key))
      objects.push_back(std::move(object));
  });
  if (xml_text(page.root(), "IsTruncated") != "true") return "";
  std::string next = xml_text(page.root(), "NextContinuationToken");
  if (next.empty())
    throw Error(ErrorCode::kUnreadable, "the listing '" + without_secrets(url) +
                                            "' says that it is cut, but not how it goes on; try "
                                            "again later");
  return next;
}

}  // namespace

std::string BucketObject::revision() const {
  return etag + "/" + std::to_string(size) + "/" + last_modified;
}

std::string object_url(const std::string& key) {
  std::string url = kBucket;
  std::size_t from = 0;
  while (from <= key.size()) {
    const std::size_t to = std::min(key.find('/', from), key.size());
    url += "/" + escaped(key.substr(from, to - from));
    from = to + 1;
  }
  return url;
}

std::vector<BucketObject> list_objects(HttpClient& http, const std::string& prefix) {
  std::vector<BucketObject> objects;
  std::string token;
  do {
    HttpRequest request;
    request.url = page_url(prefix, token);
    request.max_bytes = kMaxPageBytes;
    const HttpAnswer answer = http.ask(request);
    const XmlDocument page(require_body(answer, request.url), request.url, "ListBucketResult");
    const std::string next = read_page(page, request.url, prefix, objects);
    if ((!next.empty() && next == token) || objects.size() > kMaxObjects)
      throw Error(ErrorCode::kUnreadable, "the listing of '" + std::string(kBucket) + "/" + prefix +
                                              "' does not end; try again later");
    token = next;
  } while (!token.empty());
  std::sort(objects.begin(), objects.end(),
            [](const BucketObject& a, const BucketObject& b) { return a.key < b.key; });
  return objects;
}

}  // namespace topobathy::coastal

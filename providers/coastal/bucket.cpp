#include "providers/coastal/bucket.h"

#include <algorithm>

#include "providers/archive/links.h"
#include "providers/coastal/published_names.h"

namespace topobathy::coastal {

std::string object_url(const std::string& key) {
  std::string url = kBucket;
  std::size_t from = 0;
  while (from <= key.size()) {
    const std::size_t to = std::min(key.find('/', from), key.size());
    url += "/" + percent_encoded(key.substr(from, to - from));
    from = to + 1;
  }
  return url;
}

std::vector<S3Object> list_objects(HttpClient& http, const std::string& prefix) {
  std::vector<S3Object> objects = list_s3(http, kBucket, prefix);
  const auto is_foreign = [&](const S3Object& object) {
    return object.key.rfind(prefix, 0) != 0 || !is_plain_path(object.key);
  };
  objects.erase(std::remove_if(objects.begin(), objects.end(), is_foreign), objects.end());
  std::sort(objects.begin(), objects.end(),
            [](const S3Object& a, const S3Object& b) { return a.key < b.key; });
  return objects;
}

}  // namespace topobathy::coastal

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/http/endpoints.h"
#include "providers/http/http_client.h"
#include "providers/stac/stac_item.h"

namespace topobathy {

/// Where the Planetary Computer's catalogue answers.
inline constexpr char kStacRoot[] = "https://planetarycomputer.microsoft.com/api/stac/v1/";

/// Searches a STAC API. Keeps nothing; thread-safe.
class StacClient {
 public:
  /// `endpoints`: a mirror may write its own address into the links to further pages.
  StacClient(std::shared_ptr<HttpClient> http, Endpoints endpoints);

  /// Every item of the collection whose box touches `box` (-180..180, west below east), each once,
  /// in the order of the answer: all pages, however many. \throws Error(kUnreadable): a page cannot
  /// be had or read, pages go in circles, more than kMaxPages of them, or a link to the next page
  /// leads elsewhere
  std::vector<StacItem> search(const std::string& collection, const LonLatBox& box) const;

  static constexpr int kPageSize = 250;
  static constexpr int kMaxPages = 400;

 private:
  std::shared_ptr<HttpClient> http_;
  Endpoints endpoints_;
};

}  // namespace topobathy

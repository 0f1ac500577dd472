#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "providers/gebco/dap_structure.h"
#include "providers/gebco/dap_values.h"
#include "providers/http/http_client.h"

namespace topobathy {

/// Rows or columns of an array that are asked for.
struct DapRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// A window of one variable: the ranges are those of its dimensions, slowest first.
struct DapWindow {
  std::string variable;
  std::vector<DapRange> ranges;
};

/// Where a window of a data set is asked. The brackets of the constraint are percent-encoded, as
/// Tomcat refuses them bare.
std::string dods_url(const std::string& dataset, const DapWindow& window);

/// What a DAP2 data set holds. `dataset` is its URL without a suffix.
/// \throws Error(kUnreadable) no answer, an error body, or no DDS
DapStructure ask_structure(HttpClient& http, const std::string& dataset);

/// The numbers of a window, of the size that was asked; a Grid's maps after its array.
/// \throws Error(kUnreadable) no answer, an error body, damaged, or of another size
std::vector<DapValues> ask_window(HttpClient& http, const std::string& dataset,
                                  const DapWindow& window);

}  // namespace topobathy

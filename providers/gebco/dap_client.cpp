#include "providers/gebco/dap_client.h"

#include <algorithm>
#include <string_view>

#include "fusion/error.h"

namespace topobathy {
namespace {

constexpr std::uint64_t kLongestStructure = 64 * 1024;

/// Text from outside, fit for a message: one line, not endless.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 200));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

/// What stands between the quotes of `message = "..."` of a DAP2 error body.
std::string error_message(std::string_view body) {
  const std::size_t key = body.find("message");
  const std::size_t begin = key == std::string_view::npos ? key : body.find('"', key);
  if (begin == std::string_view::npos) return one_line(body);
  const std::size_t end = body.find('"', begin + 1);
  return one_line(body.substr(begin + 1, std::min(end, body.size()) - begin - 1));
}

/// A server may send its errors, and web pages, with status 200.
void refuse_errors(std::string_view body, const std::string& url) {
  const std::string_view text = without_leading_blanks(body);
  if (text.substr(0, 5) == "Error")
    throw Error(ErrorCode::kUnreadable, "'" + url + "': the DAP2 server refuses: " +
                                            error_message(text) + "; try again later");
  if (!text.empty() && text.front() == '<')
    throw Error(ErrorCode::kUnreadable,
                "'" + url +
                    "': a web page came where DAP2 data was expected; a proxy or login page may "
                    "stand in between, open the address in a browser");
}

std::string ask(HttpClient& http, const std::string& url, std::uint64_t max_bytes) {
  HttpRequest request;
  request.url = url;
  request.max_bytes = max_bytes;
  HttpAnswer answer = http.ask(request);
  const std::string shown = without_secrets(url);
  if (!answer.ok() && without_leading_blanks(answer.body).substr(0, 5) == "Error")
    refuse_errors(answer.body, shown);
  if (!answer.ok())
    throw Error(ErrorCode::kUnreadable,
                "'" + shown + "': the DAP2 server answers with status " +
                    std::to_string(answer.status) +
                    "; the archive has moved or is closed, see whether the address is still right");
  refuse_errors(answer.body, shown);
  return std::move(answer.body);
}

}  // namespace

std::string dods_url(const std::string& dataset, const DapWindow& window) {
  std::string url = dataset + ".dods?" + window.variable;
  for (const DapRange& range : window.ranges)
    url += "%5B" + std::to_string(range.first) +
           ":1:" + std::to_string(range.first + range.count - 1) + "%5D";
  return url;
}

DapStructure ask_structure(HttpClient& http, const std::string& dataset) {
  const std::string url = dataset + ".dds";
  return parse_dds(ask(http, url, kLongestStructure), url);
}

std::vector<DapValues> ask_window(HttpClient& http, const std::string& dataset,
                                  const DapWindow& window) {
  const std::string url = dods_url(dataset, window);
  std::uint64_t numbers = 1;
  std::uint64_t maps = 0;
  for (const DapRange& range : window.ranges) {
    numbers *= range.count;
    maps += range.count;
  }
  const std::string body = ask(http, url, 8 * (numbers + maps) + kLongestStructure);
  const std::string shown = without_secrets(url);
  std::vector<DapValues> values = decode_dods(body, shown);
  const bool right =
      !values.empty() && values.front().array.name == window.variable &&
      std::equal(window.ranges.begin(), window.ranges.end(), values.front().array.sizes.begin(),
                 values.front().array.sizes.end(),
                 [](const DapRange& range, std::uint64_t size) { return range.count == size; });
  if (!right)
    throw Error(ErrorCode::kUnreadable,
                "'" + shown + "': the DAP2 server sent another window of '" + window.variable +
                    "' than was asked for; try again later");
  return values;
}

}  // namespace topobathy

#pragma once

#include <cpl_vsi.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "../cache/test_directory.h"
#include "archives/fake_clock.h"
#include "loopback_server.h"
#include "providers/http/curl_client.h"
#include "refusal.h"

namespace topobathy {

/// The bytes of a gzip file.
inline std::string gzip(const std::string& text) {
  const char* const path = "/vsimem/http_fixture.gz";
  VSILFILE* const out = VSIFOpenL((std::string("/vsigzip/") + path).c_str(), "wb");
  VSIFWriteL(text.data(), 1, text.size(), out);
  VSIFCloseL(out);
  vsi_l_offset size = 0;
  const GByte* const bytes = VSIGetMemFileBuffer(path, &size, FALSE);
  std::string zipped(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  VSIUnlink(path);
  return zipped;
}

/// A client whose archives are all played by one server: https://coast.noaa.gov/a is its
/// /coast.noaa.gov/a.
class HttpTest : public ::testing::Test {
 protected:
  static constexpr char kHost[] = "https://coast.noaa.gov";

  /// The published URL of what the server has at place("/a").
  static std::string published(const std::string& path) { return kHost + path; }
  static std::string place(const std::string& path) { return "/coast.noaa.gov" + path; }

  HttpSetup setup() {
    HttpSetup setup;
    setup.endpoints = Endpoints::read("*=" + server_.url("/{host}"));
    setup.limits = limits_;
    setup.clock = &clock_;
    return setup;
  }
  HttpClient& client() {
    if (!client_) client_ = make_http_client(setup());
    return *client_;
  }
  HttpAnswer get(const std::string& path) { return client().ask({published(path)}); }
  std::string refusal_of(const std::string& path) {
    return testing_support::refusal(ErrorCode::kUnreadable, [&] { get(path); });
  }

  static ScriptedAnswer says(const std::string& body, const std::string& etag = "\"1\"") {
    ScriptedAnswer answer;
    answer.body = body;
    answer.headers = {{"ETag", etag}};
    answer.ranges = true;
    return answer;
  }
  static ScriptedAnswer refuses(int status) {
    ScriptedAnswer answer;
    answer.status = status;
    return answer;
  }
  static ScriptedAnswer redirects(const std::string& location, int status = 302) {
    ScriptedAnswer answer = refuses(status);
    answer.headers = {{"Location", location}};
    return answer;
  }
  static ScriptedAnswer cut(const std::string& body, std::size_t after) {
    ScriptedAnswer answer = says(body);
    answer.cut_after = after;
    return answer;
  }
  static std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  LoopbackServer server_;
  FakeClock clock_;
  HttpLimits limits_;
  std::shared_ptr<HttpClient> client_;
};

}  // namespace topobathy

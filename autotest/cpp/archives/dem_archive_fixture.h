#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fake_http.h"
#include "providers/archive/archive.h"
#include "providers/archive/archive_context.h"

namespace topobathy::dem_tests {

/// A clock that stands until a test moves it. Lives as long as the process, like the real one.
class TestClock final : public Clock {
 public:
  std::int64_t now() const override { return seconds; }
  void sleep(double waited) override { seconds += static_cast<std::int64_t>(waited); }
  std::int64_t seconds = 1'893'456'000;  ///< 2030-01-01T00:00:00Z
};

/// The message of what `action` throws; "" = nothing.
inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// A provider's archive over a network of the test.
struct DemBench {
  explicit DemBench(const std::string& provider, const std::string& product = "") {
    step.provider = provider;
    if (!product.empty()) step.product = product;
    context->provider = provider;
    context->http = http;
    context->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{});
  }

  std::unique_ptr<Archive> archive() const {
    return make_archive(step.provider, ArchiveSetup{step, context});
  }
  std::vector<Candidate> find(const LonLatBox& box) const { return archive()->find(box); }
  std::vector<std::string> ids(const LonLatBox& box) const {
    std::vector<std::string> all;
    for (const Candidate& candidate : find(box))
      all.push_back(candidate.asset.id);
    return all;
  }
  int calls_of(const std::string& part) const {
    int count = 0;
    for (const std::string& url : http->calls())
      if (url.find(part) != std::string::npos) ++count;
    return count;
  }
  /// Fails the first, second, ... call until one gets through without; each failure must be an
  /// error and what comes after it the whole truth.
  void expect_no_failure_poisons(const LonLatBox& box) {
    const std::vector<std::string> truth = ids(box);
    ASSERT_FALSE(truth.empty());
    for (int n = 1;; ++n) {
      ASSERT_LT(n, 20);
      context->discovery = std::make_shared<DiscoveryCache>(DiscoveryCache::Setup{});
      http->fail_call(n);
      std::string message;
      std::vector<std::string> found;
      message = message_of([&] { found = ids(box); });
      http->fail_call(-1000);
      if (message.empty()) {
        EXPECT_EQ(truth, found);
        EXPECT_GT(n, 1);
        return;
      }
      EXPECT_THAT(message, testing::HasSubstr("no answer")) << n;
      EXPECT_EQ(truth, ids(box)) << "after the failure of call " << n;
    }
  }

  Step step;
  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
  std::shared_ptr<ArchiveContext> context = std::make_shared<ArchiveContext>();
};

}  // namespace topobathy::dem_tests

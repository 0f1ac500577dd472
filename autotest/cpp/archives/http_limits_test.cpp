#include <cpl_conv.h>
#include <gtest/gtest.h>

#include "providers/http/http_limits.h"
#include "refusal.h"

namespace topobathy {
namespace {

TEST(HttpLimits, AreTheDefaultsWhereNothingIsConfigured) {
  const HttpLimits limits = configured_http_limits();
  EXPECT_EQ(5, limits.attempts);
  EXPECT_EQ(6, limits.parallel);
  EXPECT_EQ(120.0, limits.request_seconds);
}

TEST(HttpLimits, FollowTheConfiguration) {
  const CPLConfigOptionSetter attempts("TOPOBATHY_HTTP_ATTEMPTS", "2", false);
  const CPLConfigOptionSetter timeout("TOPOBATHY_HTTP_TIMEOUT", "30", false);
  const CPLConfigOptionSetter download("TOPOBATHY_HTTP_DOWNLOAD_TIMEOUT", "600", false);
  const CPLConfigOptionSetter connect("TOPOBATHY_HTTP_CONNECT_TIMEOUT", "3", false);
  const CPLConfigOptionSetter parallel("TOPOBATHY_HTTP_PARALLEL", "1", false);
  const CPLConfigOptionSetter most("TOPOBATHY_HTTP_MAX_DOWNLOAD", "1000000000", false);
  const HttpLimits limits = configured_http_limits();
  EXPECT_EQ(2, limits.attempts);
  EXPECT_EQ(30.0, limits.request_seconds);
  EXPECT_EQ(600.0, limits.download_seconds);
  EXPECT_EQ(3.0, limits.connect_seconds);
  EXPECT_EQ(1, limits.parallel);
  EXPECT_EQ(1000000000U, limits.max_download);
}

TEST(HttpLimits, ValuesThatAreNoneNameTheOption) {
  for (const char* value : {"", "x", "0", "21", "1.5", "-1", "5 ", "99999999999999999999"}) {
    const CPLConfigOptionSetter attempts("TOPOBATHY_HTTP_ATTEMPTS", value, false);
    EXPECT_EQ("TOPOBATHY_HTTP_ATTEMPTS is \"" + std::string(value) +
                  "\"; give a whole number from 1 to 20",
              testing_support::refusal(ErrorCode::kUsage, [] { configured_http_limits(); }));
  }
}

}  // namespace
}  // namespace topobathy

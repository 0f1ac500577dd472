#include <cpl_conv.h>
#include <gdal_priv.h>

#include <atomic>

#include "cog_file.h"
#include "fusion/parallel.h"
#include "http_fixture.h"
#include "providers/http/signed_paths.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/recent_stamp.h"

namespace topobathy {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class HttpVsi : public HttpTest {
 protected:
  HttpVsi() {
    limits_.attempts = 3;
    prepare_vsicurl(setup().endpoints, limits_);
  }
  ~HttpVsi() override {
    drop_block_cache();
    VSICurlClearCache();
  }

  static const std::string& cog() {
    static const std::string file = make_cog_file(1);
    return file;
  }
  /// What GDAL opens for the archive's /a.tif; another one each time, for GDAL's caches.
  std::string path() const { return "/vsicurl/" + server_.url(place("/a.tif")); }
  std::shared_ptr<BlockReader> open() { return open_raster(path(), {}); }
  static bool has_value(BlockReader& reader) {
    const BlockPointer block = reader.block(0, 1, 2, 2, {});
    return block != nullptr;
  }
  std::string refusal_of_open() {
    return testing_support::refusal(ErrorCode::kUnreadable, [this] { open(); });
  }

  const CPLConfigOptionSetter delay_{"GDAL_HTTP_RETRY_DELAY", "0.01", false};
};

TEST_F(HttpVsi, RequestsAreOursAndFew) {
  server_.put(place("/a.tif"), {says(cog())});
  EXPECT_TRUE(has_value(*open()));
  std::vector<std::string> agents, methods;
  for (const SeenRequest& request : server_.requests()) {
    EXPECT_EQ(place("/a.tif"), request.target);
    agents.push_back(request.header("user-agent"));
    methods.push_back(request.method);
  }
  EXPECT_THAT(agents, Each("topobathy/0.1 (GDAL plugin)"));
  // Headers, the beginning of the file, the tile.
  EXPECT_EQ((std::vector<std::string>{"HEAD", "GET", "GET"}), methods);
}

TEST_F(HttpVsi, OpeningAgainOrByManyAsksForNothingTwice) {
  server_.put(place("/a.tif"), {says(cog())});
  parallel_for(8, 8, [this](std::size_t) { EXPECT_TRUE(has_value(*open())); });
  EXPECT_EQ(3U, server_.count());
}

TEST_F(HttpVsi, WhatWasForgottenIsLookedAtAfresh) {
  server_.put(place("/a.tif"), {says(cog())});
  open();
  forget_recent_stamps();
  open();
  std::vector<std::string> methods;
  for (const SeenRequest& request : server_.requests())
    methods.push_back(request.method);
  EXPECT_EQ((std::vector<std::string>{"HEAD", "GET", "HEAD"}), methods);
}

TEST_F(HttpVsi, TriesAgainWhatMayPass) {
  std::atomic<int> n{0};
  server_.put(place("/a.tif"),
              [&n](const SeenRequest&) { return n++ % 2 == 0 ? refuses(503) : says(cog()); });
  EXPECT_TRUE(has_value(*open()));
  EXPECT_EQ(6U, server_.count());
}

TEST_F(HttpVsi, GivesUp) {
  server_.put(place("/a.tif"), {says(cog()), refuses(503)});
  EXPECT_THAT(refusal_of_open(), HasSubstr("cannot read '" + path() + "': "));
}

TEST_F(HttpVsi, WhatTheUserHasConfiguredCountsMore) {
  const CPLConfigOptionSetter agent("GDAL_HTTP_USERAGENT", "mine", false);
  server_.put(place("/a.tif"), {says(cog())});
  open();
  for (const SeenRequest& request : server_.requests())
    EXPECT_EQ("mine", request.header("user-agent"));
}

TEST_F(HttpVsi, OtherFilesAreLeftAlone) {
  const VsicurlOptions options("/tmp/a.tif");
  EXPECT_EQ(nullptr, CPLGetConfigOption("GDAL_HTTP_USERAGENT", nullptr));
  EXPECT_EQ(nullptr, CPLGetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", nullptr));
}

TEST_F(HttpVsi, ARedirectElsewhereIsRefusedBeforeItIsRead) {
  LoopbackServer elsewhere;
  elsewhere.put("/b.tif?sig=SECRET", {says(cog())});
  server_.put(place("/a.tif"), {redirects(elsewhere.url("/b.tif?sig=SECRET"))});
  EXPECT_EQ("'" + path() + "': the server redirects to '" + elsewhere.url("/b.tif") +
                "', which is no host of a known archive; it is not followed",
            refusal_of_open());
  for (const SeenRequest& request : elsewhere.requests())
    EXPECT_EQ("HEAD", request.method);
}

TEST_F(HttpVsi, ARedirectWithinTheArchivesIsFine) {
  server_.put(place("/b.tif"), {says(cog())});
  server_.put(place("/a.tif"), {redirects("b.tif")});
  EXPECT_TRUE(has_value(*open()));
}

TEST_F(HttpVsi, FilesOfNoArchiveMayBeRedirected) {
  LoopbackServer theirs, elsewhere;
  elsewhere.put("/b.tif", {says(cog())});
  theirs.put("/a.tif", {redirects(elsewhere.url("/b.tif"))});
  EXPECT_TRUE(has_value(*open_raster("/vsicurl/" + theirs.url("/a.tif"), {})));
}

class SignedPaths : public HttpVsi {
 protected:
  SignedPaths() {
    sign_below(server_.url("/coast.noaa.gov"), [this] { return "sig=S" + std::to_string(key_); });
    for (int key = 1; key <= 2; ++key)
      server_.put(place("/a.tif?sig=S" + std::to_string(key)), [this, key](const SeenRequest&) {
        return key == key_ ? says(cog()) : refuses(403);
      });
    server_.put(place("/a.tif"), {refuses(409)});
  }
  ~SignedPaths() override { stop_signing(server_.url("/coast.noaa.gov")); }

  std::atomic<int> key_{1};
};

TEST_F(SignedPaths, AreOpenedSignedAndNamedPlain) {
  const auto reader = open();
  EXPECT_TRUE(has_value(*reader));
  EXPECT_EQ(path(), reader->header().path);
  for (const SeenRequest& request : server_.requests())
    EXPECT_EQ(place("/a.tif?sig=S1"), request.target);
}

TEST_F(SignedPaths, AreOpenedAgainWhenTheSignatureIsRenewed) {
  const auto reader = open();
  key_ = 2;
  EXPECT_TRUE(has_value(*reader));
  EXPECT_EQ(place("/a.tif?sig=S2"), server_.requests().back().target);
}

TEST_F(SignedPaths, KeepTheSignatureOutOfMessages) {
  server_.put(place("/a.tif?sig=S1"), {refuses(403)});
  const std::string message = testing_support::refusal(ErrorCode::kNotFound, [this] { open(); });
  EXPECT_THAT(message, AllOf(HasSubstr(path()), Not(HasSubstr("sig="))));
}

TEST(SignedPath, TheLongestPrefixOfWholeSegmentsCounts) {
  sign_below("https://h/a", [] { return std::string("a"); });
  sign_below("https://h/a/b", [] { return std::string("b"); });
  EXPECT_EQ("/vsicurl/https://h/a/c.tif?a", signed_path("/vsicurl/https://h/a/c.tif"));
  EXPECT_EQ("/vsicurl/https://h/a/b/c.tif?b", signed_path("/vsicurl/https://h/a/b/c.tif"));
  EXPECT_EQ("/vsicurl/https://h/a/c.tif?x=1&a", signed_path("/vsicurl/https://h/a/c.tif?x=1"));
  for (const char* path : {"/vsicurl/https://h/ab.tif", "https://h/a/c.tif", "/tmp/c.tif", ""})
    EXPECT_EQ(path, signed_path(path));
  stop_signing("https://h/a");
  EXPECT_EQ("/vsicurl/https://h/a/c.tif", signed_path("/vsicurl/https://h/a/c.tif"));
  stop_signing("https://h/a/b");
}

TEST(WithoutQueries, TakesThemOutOfEachUrl) {
  EXPECT_EQ("HTTP error: 403 - https://h/a.tif 'https://h/b' and why?",
            without_queries("HTTP error: 403 - https://h/a.tif?sig=1,2 'https://h/b?x' and why?"));
}

}  // namespace
}  // namespace topobathy

#include <cpl_conv.h>
#include <gdal_priv.h>

#include <atomic>
#include <cmath>

#include "cog_file.h"
#include "http_fixture.h"
#include "providers/http/vsi_options.h"
#include "providers/raster/block_reader.h"
#include "providers/raster/recent_stamp.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;

/// A file that its server may replace and fail to give, read through /vsicurl.
class VsiEditions : public HttpTest {
 protected:
  VsiEditions() {
    HttpLimits limits;
    limits.attempts = 1;
    prepare_vsicurl(setup().endpoints, limits);
    server_.put(place("/a.tif"), [this](const SeenRequest& request) { return answer(request); });
  }
  ~VsiEditions() override {
    drop_block_cache();
    VSICurlClearCache();
  }

  ScriptedAnswer answer(const SeenRequest& request) {
    const std::string etag = edition_.load();
    const std::string wanted = request.header("if-match");
    if (!wanted.empty() && wanted != etag) return refuses(412);
    const bool is_of_header = request.header("range") == "bytes=0-16383";
    if (failing_ && request.method == "GET" && (header_fails_ || !is_of_header)) return failure_;
    return says(etag == "\"old\"" ? old_ : new_, etag);
  }
  std::string path() const { return "/vsicurl/" + server_.url(place("/a.tif")); }
  static float value(BlockReader& reader) { return reader.block(0, 1, 2, 2, {})->front(); }
  std::string refusal_of(BlockReader& reader) {
    return testing_support::refusal(ErrorCode::kUnreadable, [&] { value(reader); });
  }

  const std::string old_ = make_cog_file(1), new_ = make_cog_file(2);
  std::atomic<const char*> edition_{"\"old\""};
  std::atomic<bool> failing_{false};
  std::atomic<bool> header_fails_{false};  ///< too, and where the blocks lie is unknown then
  ScriptedAnswer failure_ = refuses(500);
};

TEST_F(VsiEditions, EveryRangeIsOfTheEditionThatWasOpened) {
  value(*open_raster(path(), {}));
  int ranges = 0;
  for (const SeenRequest& request : server_.requests()) {
    if (request.method != "GET") continue;
    EXPECT_EQ("\"old\"", request.header("if-match")) << request.header("range");
    ++ranges;
  }
  EXPECT_LE(2, ranges);
}

TEST_F(VsiEditions, WeakTagsAreNotInsistedOn) {
  edition_ = "W/\"old\"";
  value(*open_raster(path(), {}));
  for (const SeenRequest& request : server_.requests())
    EXPECT_EQ("", request.header("if-match"));
}

TEST_F(VsiEditions, HeadersOfTheUserStay) {
  const CPLConfigOptionSetter theirs("GDAL_HTTP_HEADERS", "X-Mine: 1", false);
  value(*open_raster(path(), {}));
  EXPECT_EQ("1", server_.requests().back().header("x-mine"));
  EXPECT_EQ("\"old\"", server_.requests().back().header("if-match"));
}

TEST_F(VsiEditions, AReplacedFileIsAnErrorAndThenReadAnew) {
  const auto reader = open_raster(path(), {});
  edition_ = "\"new\"";
  EXPECT_THAT(refusal_of(*reader),
              HasSubstr("' was replaced by its server while it was read; open the policy again"));
  EXPECT_EQ("\"new\"", open_raster(path(), {})->header().revision);
  edition_ = "\"old\"";
  forget_recent_stamps();  // as the driver does when it opens a policy
  const float before = value(*open_raster(path(), {}));
  edition_ = "\"new\"";
  forget_recent_stamps();
  EXPECT_NE(before, value(*open_raster(path(), {})))
      << "nothing of the old edition is in the new one";
}

TEST_F(VsiEditions, AFailureLeavesNothingBehind) {
  std::vector<ScriptedAnswer> failures = {refuses(404), refuses(403), refuses(500),
                                          says("<html>busy</html>")};
  failures.push_back(says(old_.substr(0, 100)));
  for (const ScriptedAnswer& failure : failures) {
    failure_ = failure;
    const auto reader = open_raster(path(), {});
    failing_ = true;
    EXPECT_THAT(refusal_of(*reader), HasSubstr(path())) << failure.status;
    failing_ = false;
    EXPECT_NO_THROW(value(*reader)) << failure.status;
    drop_block_cache();
    VSICurlClearCache();
  }
}

TEST_F(VsiEditions, BlocksWhosePlaceCannotBeReadAreNotAbsent) {
  const auto reader = open_raster(path(), {});
  VSICurlClearCache();  // as when another reader's request failed
  failing_ = header_fails_ = true;
  EXPECT_THAT(refusal_of(*reader), HasSubstr(path()));
  failing_ = false;
  EXPECT_FALSE(std::isnan(value(*reader)));
}

TEST_F(VsiEditions, BlocksThatASparseFileDoesNotHoldAreNoData) {
  const std::string sparse = make_sparse_file(7);
  server_.put(place("/sparse.tif"), [&](const SeenRequest&) { return says(sparse, "\"s\""); });
  const auto reader = open_raster("/vsicurl/" + server_.url(place("/sparse.tif")), {});
  EXPECT_TRUE(std::isnan(reader->block(0, 1, 0, 1, {})->front()));
  EXPECT_EQ(7, reader->block(0, 1, 1, 1, {})->front());
}

TEST_F(VsiEditions, AFileThatWasNotThereIsFoundWhenItIs) {
  edition_ = "\"new\"";
  server_.put(place("/b.tif"), {refuses(404)});
  const std::string path = "/vsicurl/" + server_.url(place("/b.tif"));
  EXPECT_THROW(open_raster(path, {}), Error);
  server_.put(place("/b.tif"), [this](const SeenRequest& request) { return answer(request); });
  EXPECT_NO_THROW(open_raster(path, {}));
}

}  // namespace
}  // namespace topobathy

#include "http_fixture.h"
#include "providers/http/counting.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpAsk : public HttpTest {
 protected:
  /// What may have 100000 bytes is refused with that text, before `bytes` have come.
  void expect_cut_off(const ScriptedAnswer& page, const char* text, std::uint64_t bytes) {
    server_.put(place("/a"), {page});
    HttpRequest request{published("/a")};
    request.max_bytes = 100000;
    const HttpCounts before = http_counts();
    EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask(request); }),
                HasSubstr(text));
    EXPECT_LT(http_counts().bytes - before.bytes, bytes);
  }
};

TEST_F(HttpAsk, GivesTheBodyAndWhatTheServerSaysOfIt) {
  ScriptedAnswer page = says("hello", "\"abc\"");
  page.headers.emplace_back("Content-Type", "application/json");
  page.headers.emplace_back("Last-Modified", "Tue, 14 Nov 2023 22:13:20 GMT");
  server_.put(place("/a?x=1"), {page});
  const HttpAnswer answer = get("/a?x=1");
  EXPECT_EQ(200, answer.status);
  EXPECT_EQ("hello", answer.body);
  EXPECT_EQ("\"abc\"", answer.etag);
  EXPECT_EQ("application/json", answer.content_type);
  EXPECT_EQ("Tue, 14 Nov 2023 22:13:20 GMT", answer.last_modified);
  EXPECT_EQ(5, answer.size);
}

TEST_F(HttpAsk, NamesItselfAndAsksForPlainBytes) {
  server_.put(place("/a"), {says("x")});
  get("/a");
  const SeenRequest request = server_.requests().at(0);
  EXPECT_EQ("topobathy/0.1 (GDAL plugin)", request.header("user-agent"));
  EXPECT_EQ("identity", request.header("accept-encoding"));
}

TEST_F(HttpAsk, HeadTellsTheSizeWithoutABody) {
  server_.put(place("/a"), {says(std::string(1000, 'x'))});
  HttpRequest request{published("/a")};
  request.method = HttpRequest::Method::kHead;
  request.max_bytes = 10;
  const HttpAnswer answer = client().ask(request);
  EXPECT_EQ(1000, answer.size);
  EXPECT_EQ("", answer.body);
  EXPECT_EQ("HEAD", server_.requests().at(0).method);
}

TEST_F(HttpAsk, PostsJson) {
  server_.put(place("/a"), {says("x")});
  HttpRequest request{published("/a")};
  request.method = HttpRequest::Method::kPost;
  request.body = "{\"bbox\": [1, 2, 3, 4]}";
  client().ask(request);
  EXPECT_EQ("POST", server_.requests().at(0).method);
  EXPECT_EQ("application/json", server_.requests().at(0).header("content-type"));
  EXPECT_EQ(request.body, server_.requests().at(0).body);
}

TEST_F(HttpAsk, OneConnectionServesManyRequests) {
  server_.put(place("/a"), {says("x")});
  for (int i = 0; i < 20; ++i)
    get("/a");
  EXPECT_EQ(1, server_.connections());
}

TEST_F(HttpAsk, RefusalsThatMeanSomethingAreAnswers) {
  for (const int status : {401, 403, 404, 409, 410}) {
    server_.put(place("/a"), {refuses(status)});
    const HttpAnswer answer = get("/a");
    EXPECT_EQ(status, answer.status);
    EXPECT_EQ(status == 404 || status == 410, answer.absent());
  }
  EXPECT_EQ(5U, server_.count());
  EXPECT_TRUE(clock_.pauses().empty());
}

TEST_F(HttpAsk, OtherRefusalsAreErrorsAtOnce) {
  for (const int status : {304, 400, 405, 416, 501}) {
    server_.put(place("/a?sig=SECRET"), {refuses(status)});
    EXPECT_EQ("'https://coast.noaa.gov/a': the server refuses the request with HTTP " +
                  std::to_string(status),
              refusal_of("/a?sig=SECRET"));
  }
  EXPECT_EQ(5U, server_.count());
}

TEST_F(HttpAsk, KeepsTheBeginningOfARefusal) {
  ScriptedAnswer page = refuses(403);
  page.body = std::string(1 << 20, 'x');
  server_.put(place("/a"), {page});
  EXPECT_EQ(std::size_t{16} << 10, get("/a").body.size());
}

TEST_F(HttpAsk, RequireBodyTellsAbsentFromRefused) {
  HttpAnswer answer;
  answer.status = 404;
  EXPECT_EQ("'https://h/a': the server says HTTP 404: there is no such thing (any more)",
            testing_support::refusal(ErrorCode::kNotFound,
                                     [&] { require_body(answer, "https://u:p@h/a?sig=1"); }));
  answer.status = 403;
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable,
                                       [&] { require_body(answer, "https://h/a"); }),
              StartsWith("'https://h/a': the server says HTTP 403: it refuses access; "));
}

TEST_F(HttpAsk, ABodyThatIsTooLongIsRefusedByItsDeclaredLength) {
  server_.put(place("/a"), {says(std::string(101, 'x'))});
  HttpRequest request{published("/a")};
  request.max_bytes = 100;
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask(request); }),
              HasSubstr("the answer has 101 bytes, more than the 100 that are reasonable for it"));
  request.max_bytes = 101;
  EXPECT_EQ(101U, client().ask(request).body.size());
}

TEST_F(HttpAsk, ABodyThatIsTooLongIsCutOffWhereNoLengthIsDeclared) {
  ScriptedAnswer page = says(std::string(8 << 20, 'x'));
  page.declared = -1;
  expect_cut_off(page, "the answer has at least 1", 200000);
}

TEST_F(HttpAsk, EndlessHeadersAreRefused) {
  ScriptedAnswer page = says("x");
  for (int i = 0; i < 2000; ++i)
    page.headers.emplace_back("X-" + std::to_string(i), std::string(100, 'x'));
  server_.put(place("/a"), {page});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("the server's headers are longer than 65536 bytes"));
}

TEST_F(HttpAsk, HostsOfNoArchiveAreNotAsked) {
  for (const char* url :
       {"https://evil.example/a", "http://169.254.169.254/latest", "http://localhost/a",
        "https://coast.noaa.gov:8443/a", "https://coast.noaa.gov@evil.example/", "https:///a"}) {
    EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask({url}); }),
                HasSubstr("it is at no host of a known archive; only those are asked"));
  }
  EXPECT_EQ(0U, server_.count());
}

TEST_F(HttpAsk, RangesAreExactlyWhatWasAskedFor) {
  server_.put(place("/a"), {says("0123456789")});
  HttpRequest request{published("/a")};
  request.range = ByteRange{2, 4};
  const HttpAnswer answer = client().ask(request);
  EXPECT_EQ(206, answer.status);
  EXPECT_EQ("234", answer.body);
  EXPECT_EQ(10, answer.size);
  request.range = ByteRange{8, 20};
  EXPECT_EQ("89", client().ask(request).body);
}

TEST_F(HttpAsk, OtherRangesThanAskedForAreErrors) {
  ScriptedAnswer page = refuses(206);
  page.body = "234";
  HttpRequest request{published("/a")};
  request.range = ByteRange{2, 4};
  for (const char* header :
       {"bytes 1-3/10", "bytes 2-3/10", "bytes 2-5/10", "bytes */10", "junk"}) {
    page.headers = {{"Content-Range", header}};
    server_.put(place("/a"), {page});
    EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask(request); }),
                HasSubstr(header));
  }
}

TEST_F(HttpAsk, APartOfAWholeIsAnError) {
  ScriptedAnswer page = refuses(206);
  page.headers = {{"Content-Range", "bytes 0-2/10"}};
  page.body = "012";
  server_.put(place("/a"), {page});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("the server sent a part that was not asked for"));
}

TEST_F(HttpAsk, AServerThatIgnoresRangesIsCutToThem) {
  ScriptedAnswer page = says("0123456789");
  page.ranges = false;
  server_.put(place("/a"), {page});
  HttpRequest request{published("/a")};
  request.range = ByteRange{2, 4};
  const HttpAnswer answer = client().ask(request);
  EXPECT_EQ(206, answer.status);
  EXPECT_EQ("234", answer.body);
  EXPECT_EQ(10, answer.size);
  request.range = ByteRange{8, UINT64_MAX};
  EXPECT_EQ("89", client().ask(request).body);
  request.max_bytes = 9;
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask(request); }),
              HasSubstr("the answer has 10 bytes, more than the 9"));
  request = {published("/a")};
  request.range = ByteRange{10, 12};
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask(request); }),
              HasSubstr("it has 10 bytes and none from 10 on"));
}

/// Served as a gzip-encoded body.
ScriptedAnswer zipped(const std::string& body) {
  ScriptedAnswer answer;
  answer.body = gzip(body);
  answer.headers = {{"Content-Encoding", "gzip"}};
  return answer;
}

TEST_F(HttpAsk, AnEncodedAnswerIsDecodedWithinItsLimit) {
  server_.put(place("/a"), {zipped("hello")});
  EXPECT_EQ("hello", get("/a").body);
  EXPECT_EQ(5, get("/a").size);
}

TEST_F(HttpAsk, AGzipBombIsCutOffAtTheLimit) {
  const ScriptedAnswer bomb = zipped(std::string(32 << 20, '\0'));
  ASSERT_LT(bomb.body.size(), 100000U);
  expect_cut_off(bomb, "more than the 100000 that are reasonable for it", 300000);
}

TEST_F(HttpAsk, AnEncodedRangeIsRefused) {
  server_.put(place("/a"), {zipped("hello")});
  HttpRequest request{published("/a")};
  request.range = ByteRange{0, 2};
  EXPECT_THAT(testing_support::refusal(ErrorCode::kUnreadable, [&] { client().ask(request); }),
              HasSubstr("a range of it was asked for and the server sent it gzip-encoded"));
}

TEST_F(HttpAsk, AGzipFileIsNoEncoding) {
  server_.put(place("/a.gz"), {zipped("hello")});
  EXPECT_EQ(gzip("hello"), get("/a.gz").body);
}

}  // namespace
}  // namespace topobathy

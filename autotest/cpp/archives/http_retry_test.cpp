#include "http_fixture.h"
#include "providers/http/counting.h"
#include "providers/http/retry.h"

namespace topobathy {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::StartsWith;

class HttpRetry : public HttpTest {
 protected:
  static ScriptedAnswer asks_to_wait(int status, const std::string& retry_after) {
    ScriptedAnswer answer = refuses(status);
    answer.headers = {{"Retry-After", retry_after}};
    return answer;
  }
  static ScriptedAnswer garbage() {
    ScriptedAnswer answer;
    answer.raw = "\x16\x03\x01 this is no HTTP\n";
    return answer;
  }
  static ScriptedAnswer nothing() {
    ScriptedAnswer answer;
    answer.raw = "";
    return answer;
  }
};

TEST_F(HttpRetry, TriesAgainWhatMayPass) {
  for (const int status : {408, 429, 500, 502, 503, 504, 599}) {
    server_.put(place("/a"), {refuses(status), refuses(status), says("well")});
    EXPECT_EQ("well", get("/a").body) << status;
  }
  EXPECT_EQ(21U, server_.count());
}

TEST_F(HttpRetry, TriesAgainAfterBrokenAnswers) {
  ScriptedAnswer too_short = says("0123456789");
  too_short.declared = 20;
  ScriptedAnswer half_a_head;
  half_a_head.raw = "HTTP/1.1 200 OK\r\nContent-Le";
  server_.put(place("/a"),
              {cut("0123456789", 4), nothing(), garbage(), too_short, says("0123456789")});
  EXPECT_EQ("0123456789", get("/a").body);
  EXPECT_EQ(5U, server_.count());
  server_.put(place("/a"), {half_a_head, cut("0123456789", 0), says("0123456789")});
  EXPECT_EQ("0123456789", get("/a").body);
}

TEST_F(HttpRetry, TriesAgainAfterAShortRange) {
  ScriptedAnswer part = says("0123456789");
  part.cut_after = 2;
  part.declared = -1;
  server_.put(place("/a"), {part, says("0123456789")});
  HttpRequest request{published("/a")};
  request.range = ByteRange{2, 6};
  EXPECT_EQ("23456", client().ask(request).body);
  EXPECT_EQ(2U, server_.count());
}

TEST_F(HttpRetry, PausesGrowAndAreJittered) {
  server_.put(place("/a"), {refuses(503)});
  refusal_of("/a");
  EXPECT_THAT(clock_.pauses(), ElementsAre(AllOf(Ge(0.25), Le(0.5)), AllOf(Ge(0.5), Le(1.0)),
                                           AllOf(Ge(1.0), Le(2.0)), AllOf(Ge(2.0), Le(4.0))));
}

TEST_F(HttpRetry, GivesUpAfterItsTriesAndSaysWhy) {
  server_.put(place("/a?sig=SECRET"), {refuses(503)});
  const HttpCounts before = http_counts();
  EXPECT_EQ("'https://coast.noaa.gov/a': the server says HTTP 503 (asked at " +
                server_.url(place("/a")) +
                ") after 5 tries; check the network connection, try again later, or open with "
                "OFFLINE=YES for what is cached",
            refusal_of("/a?sig=SECRET"));
  EXPECT_EQ(5U, server_.count());
  EXPECT_EQ(5U, http_counts().requests - before.requests);
  EXPECT_EQ(4U, http_counts().retries - before.retries);
}

TEST_F(HttpRetry, OneTryIsOneTry) {
  limits_.attempts = 1;
  server_.put(place("/a"), {cut("0123", 2)});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("after 1 try;"));
  EXPECT_EQ(1U, server_.count());
}

TEST_F(HttpRetry, NobodyThereIsAnErrorThatNamesTheCause) {
  HttpSetup gone = setup();
  gone.endpoints = Endpoints::read("*=http://127.0.0.1:1/{host}");
  client_ = make_http_client(gone);
  EXPECT_THAT(refusal_of("/a"), AllOf(StartsWith("'https://coast.noaa.gov/a': "),
                                      HasSubstr("127.0.0.1 port 1"), HasSubstr("after 5 tries")));
  EXPECT_EQ(4U, clock_.pauses().size());
}

TEST_F(HttpRetry, HonoursRetryAfterInSeconds) {
  server_.put(place("/a"), {asks_to_wait(429, "17"), says("well")});
  EXPECT_EQ("well", get("/a").body);
  EXPECT_THAT(clock_.pauses(), ElementsAre(17.0));
}

TEST_F(HttpRetry, HonoursRetryAfterAsADate) {
  // The clock begins at Tue, 14 Nov 2023 22:13:20 GMT.
  server_.put(place("/a"), {asks_to_wait(503, "Tue, 14 Nov 2023 22:13:50 GMT"), says("well")});
  EXPECT_EQ("well", get("/a").body);
  EXPECT_THAT(clock_.pauses(), ElementsAre(30.0));
}

TEST_F(HttpRetry, DoesNotWaitForWhatTheTimeLimitForbids) {
  server_.put(place("/a"), {asks_to_wait(429, "3600"), says("well")});
  EXPECT_THAT(refusal_of("/a"),
              HasSubstr("and asks to wait 3600 s, longer than the time limit of 120 s"));
  EXPECT_TRUE(clock_.pauses().empty());
}

TEST_F(HttpRetry, TheTimeLimitEndsTheTries) {
  limits_.request_seconds = 40;
  limits_.attempts = 20;
  server_.put(place("/a"), {asks_to_wait(503, "15")});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("longer than the time limit of 40 s"));
  EXPECT_THAT(clock_.pauses(), ElementsAre(15.0, 15.0));
}

TEST_F(HttpRetry, AServerThatHangsIsLeft) {
  limits_.request_seconds = 0.2;
  limits_.attempts = 1;
  ScriptedAnswer hanging;
  hanging.hang = true;
  server_.put(place("/a"), {hanging});
  EXPECT_THAT(refusal_of("/a"), HasSubstr("timed out"));
}

TEST_F(HttpRetry, AClientIsAsGoodAsNewAfterAFailure) {
  server_.put(place("/a"), {refuses(500), refuses(500), refuses(500), refuses(500), cut("0123", 1),
                            says("0123")});
  refusal_of("/a");
  EXPECT_EQ("0123", get("/a").body);
}

TEST(RetryAfter, ReadsBothForms) {
  const double now = 1700000000;
  EXPECT_EQ(0.0, retry_after_seconds("", now));
  EXPECT_EQ(0.0, retry_after_seconds("soon", now));
  EXPECT_EQ(0.0, retry_after_seconds("-5", now));
  EXPECT_EQ(120.0, retry_after_seconds("120", now));
  EXPECT_EQ(60.0, retry_after_seconds("Tue, 14 Nov 2023 22:14:20 GMT", now));
  EXPECT_EQ(0.0, retry_after_seconds("Tue, 14 Nov 2022 22:14:20 GMT", now));
}

}  // namespace
}  // namespace topobathy

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "archives/dem_archive_fixture.h"
#include "archives/stac_answers.h"
#include "providers/stac/sas_tokens.h"

namespace topobathy {
namespace {

using namespace dem_tests;

using testing::HasSubstr;
using testing::Not;

const std::string kToken =
    "https://planetarycomputer.microsoft.com/api/sas/v1/token/nasademeuwest/nasadem-cog";
const std::string kBlob = "https://nasademeuwest.blob.core.windows.net/nasadem-cog/v001/a.tif";

HttpRequest blob() {
  HttpRequest request;
  request.url = kBlob;
  return request;
}

class SasTokensTest : public testing::Test {
 protected:
  /// The blob is had with this signature only: 403 with another, 409 without one.
  void serve_blob(const std::string& signature) {
    const auto answer_to = [](int status) {
      return [=](const HttpRequest&) {
        HttpAnswer answer;
        answer.status = status;
        answer.body = "x";
        answer.etag = "\"e\"";
        return answer;
      };
    };
    for (const char* const other : {"A", "B", "C"})
      http->put(kBlob + "?st=2030&sp=rl&sig=" + other, answer_to(other == signature ? 200 : 403));
    http->put(kBlob, answer_to(409));
  }
  int tokens_fetched() const {
    return static_cast<int>(std::count(http->calls().begin(), http->calls().end(), kToken));
  }

  std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
  TestClock clock;
  std::map<std::string, std::function<std::string()>> announced;
  SasTokens tokens{http, clock,
                   [this](const std::string& prefix, std::function<std::string()> query) {
                     announced[prefix] = std::move(query);
                   }};
};

TEST_F(SasTokensTest, ATokenIsFetchedOnceAContainer) {
  http->put(kToken, sas_answer("A"));
  EXPECT_EQ(kBlob + "?st=2030&sp=rl&sig=A", tokens.sign(kBlob));
  EXPECT_EQ(kBlob + "2?st=2030&sp=rl&sig=A", tokens.sign(kBlob + "2"));
  EXPECT_EQ(1, tokens_fetched());
}

TEST_F(SasTokensTest, OnlyBlobsAreSigned) {
  for (const char* const url :
       {"https://prd-tnm.s3.amazonaws.com/a.tif", "https://evil.example/a.blob.core.windows.net/b",
        "https://a/b.blob.core.windows.net/c/d", "http://a.blob.core.windows.net/c/d",
        "https://user@a.blob.core.windows.net/c/d", "https://a.blob.core.windows.net/c",
        "https://a.blob.core.windows.net/../d"})
    EXPECT_EQ(url, tokens.sign(url));
  EXPECT_TRUE(http->calls().empty());
}

TEST_F(SasTokensTest, IsReplacedFiveMinutesBeforeItEnds) {
  http->put(kToken, sas_answer("A", "2030-01-01T01:00:00Z"));
  tokens.sign(kBlob);
  http->put(kToken, sas_answer("B", "2030-01-01T02:00:00.25+00:00"));
  clock.seconds += 3600 - 301;
  EXPECT_THAT(tokens.sign(kBlob), HasSubstr("sig=A"));
  clock.seconds += 1;
  EXPECT_THAT(tokens.sign(kBlob), HasSubstr("sig=B"));
  clock.seconds += 3000;
  EXPECT_THAT(tokens.sign(kBlob), HasSubstr("sig=B"));
}

TEST_F(SasTokensTest, AClockAheadDoesNotFetchATokenARequest) {
  http->put(kToken, sas_answer("A", "2029-12-31T23:00:00Z"));
  for (int n = 0; n < 10; ++n)
    tokens.sign(kBlob);
  EXPECT_EQ(1, tokens_fetched());
}

TEST_F(SasTokensTest, ARefusedTokenIsReplacedOnce) {
  http->put(kToken, sas_answer("A"));
  tokens.sign(kBlob);
  http->put(kToken, sas_answer("B"));
  serve_blob("B");
  EXPECT_EQ(200, tokens.ask(blob()).status);
  EXPECT_EQ(2, tokens_fetched());
  EXPECT_EQ(200, tokens.ask(blob()).status);
  EXPECT_EQ(2, tokens_fetched());
}

TEST_F(SasTokensTest, ASecondRefusalIsFinal) {
  http->put(kToken, sas_answer("A"));
  serve_blob("C");
  EXPECT_EQ(403, tokens.ask(blob()).status);
  EXPECT_EQ(2, tokens_fetched());
  EXPECT_EQ(4U, http->calls().size());
}

TEST_F(SasTokensTest, AConflictIsNoReasonForANewToken) {
  http->put(kToken, sas_answer("A"));
  http->put(kBlob + "?st=2030&sp=rl&sig=A", [](const HttpRequest&) {
    HttpAnswer answer;
    answer.status = 409;
    return answer;
  });
  EXPECT_EQ(409, tokens.ask(blob()).status);
  EXPECT_EQ(1, tokens_fetched());
}

TEST_F(SasTokensTest, AFailureIsForgotten) {
  http->put(kToken, sas_answer("A"));
  serve_blob("A");
  for (const int n : {1, 2}) {
    SasTokens fresh(http, clock, [](const std::string&, std::function<std::string()>) {});
    http->fail_call(n);
    const std::string message = message_of([&] { fresh.ask(blob()); });
    EXPECT_THAT(message, HasSubstr("no answer"));
    EXPECT_THAT(message, Not(HasSubstr("sig=")));
    EXPECT_EQ(200, fresh.ask(blob()).status);
  }
}

TEST_F(SasTokensTest, RefusesAnAnswerWithoutAToken) {
  const auto refusal = [&](const std::string& body) {
    http->put(kToken, body);
    return message_of([&] { tokens.sign(kBlob); });
  };
  const std::string none = "'" + kToken + "': the answer has no token and expiry; try again later";
  EXPECT_EQ(none, refusal("{}"));
  EXPECT_EQ(none, refusal(R"({"msft:expiry":"2030-01-01T01:00:00Z"})"));
  EXPECT_EQ(none, refusal(sas_answer("A", "tomorrow")));
  EXPECT_EQ(none, refusal(sas_answer("A", "2030-01-01T01:00:00+02:00")));
  EXPECT_EQ(none, refusal(sas_answer("A\\r\\nHost: evil")));
  EXPECT_EQ(none, refusal(sas_answer("A#")));
  EXPECT_EQ(none, refusal(sas_answer(std::string(5000, 'A'))));
  EXPECT_THAT(refusal("<html>"), HasSubstr("HTML where JSON is expected"));
  http->put(kToken, sas_answer("A"));
  EXPECT_THAT(tokens.sign(kBlob), HasSubstr("sig=A"));
}

TEST_F(SasTokensTest, GdalGetsTheTokenOfTheMomentBelowTheRealAddress) {
  http->put(kToken, sas_answer("A"));
  serve_blob("A");
  const Endpoints mirror = Endpoints::read("*.blob.core.windows.net=http://127.0.0.1:8080/{host}");
  tokens.open_paths(kBlob, mirror);
  ASSERT_EQ(1U, announced.size());
  const auto& [prefix, query] = *announced.begin();
  EXPECT_EQ("http://127.0.0.1:8080/nasademeuwest.blob.core.windows.net/nasadem-cog/", prefix);
  EXPECT_EQ("st=2030&sp=rl&sig=A", query());
  http->put(kToken, sas_answer("B"));
  clock.seconds += 3600;
  EXPECT_EQ("st=2030&sp=rl&sig=B", query());
}

TEST_F(SasTokensTest, ATokenIsProvedBeforeGdalMeetsIt) {
  http->put(kToken, sas_answer("A"));
  tokens.sign(kBlob);
  http->put(kToken, sas_answer("B"));
  serve_blob("B");
  tokens.open_paths(kBlob, {});
  EXPECT_EQ("st=2030&sp=rl&sig=B", announced.begin()->second());
  const std::size_t calls = http->calls().size();
  tokens.open_paths(kBlob, {});
  EXPECT_EQ(calls, http->calls().size()) << "once a token";
}

TEST_F(SasTokensTest, OpeningWhatIsRefusedIsAnErrorWithoutSecrets) {
  http->put(kToken, sas_answer("A"));
  serve_blob("C");
  const std::string message = message_of([&] { tokens.open_paths(kBlob, {}); });
  EXPECT_THAT(message, HasSubstr("'" + kBlob + "'"));
  EXPECT_THAT(message, HasSubstr("403"));
  EXPECT_THAT(message, Not(HasSubstr("sig=")));
  EXPECT_TRUE(announced.empty());
}

TEST_F(SasTokensTest, ThreadsShareAToken) {
  http->put(kToken, sas_answer("A"));
  std::vector<std::thread> threads;
  for (int n = 0; n < 8; ++n)
    threads.emplace_back([&] { tokens.sign(kBlob); });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(1, tokens_fetched());
}

TEST_F(SasTokensTest, ArchivesOfOneClientShareTokens) {
  ArchiveContext context;
  context.http = http;
  context.clock = &clock;
  const auto one = SasTokens::shared(context);
  EXPECT_EQ(one, SasTokens::shared(context));
  context.http = std::make_shared<FakeHttp>();
  EXPECT_NE(one, SasTokens::shared(context));
}

}  // namespace
}  // namespace topobathy

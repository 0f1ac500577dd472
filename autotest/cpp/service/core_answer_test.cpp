#include <gtest/gtest.h>

#include <fstream>
#include <new>

#include "core_routes.h"
#include "utils/serve/http_error.h"
#include "utils/serve/server/conditional.h"
#include "utils/serve/server/failure_answer.h"
#include "utils/serve/server/openapi.h"

namespace topobathy {
namespace {

template <class Exception>
FailureAnswer answer_to(const Exception& exception) {
  return failure_answer(std::make_exception_ptr(exception));
}

ServiceRequest request_with_tag(const std::string& condition) {
  ServiceRequest request;
  request.headers["if-none-match"] = condition;
  return request;
}

ServiceAnswer tagged_answer() {
  ServiceAnswer answer = json_answer({{"a", 1}});
  answer.headers = {{"ETag", "\"abc\""}, {"Cache-Control", "no-cache"}};
  return answer;
}

TEST(FailureAnswer, ItsStatusSaysWhoseFaultItIs) {
  EXPECT_EQ(answer_to(HttpError(413, "too large")).answer.status, 413);
  EXPECT_EQ(answer_to(Error(ErrorCode::kUsage, "x")).answer.status, 400);
  EXPECT_EQ(answer_to(Error(ErrorCode::kPolicy, "x")).answer.status, 400);
  EXPECT_EQ(answer_to(Error(ErrorCode::kNotFound, "x")).answer.status, 404);
  EXPECT_EQ(answer_to(Error(ErrorCode::kUnreadable, "x")).answer.status, 502);
  EXPECT_EQ(answer_to(Error(ErrorCode::kCache, "x")).answer.status, 500);
  EXPECT_EQ(answer_to(std::bad_alloc()).answer.status, 503);
  EXPECT_EQ(answer_to(std::runtime_error("x")).answer.status, 500);
  EXPECT_EQ(answer_to(1).answer.status, 500);
}

TEST(FailureAnswer, WhenToComeAgainIsAHeader) {
  const FailureAnswer failure = answer_to(HttpError(503, "busy", 7));
  EXPECT_EQ(answer_header(failure.answer, "retry-after"), "7");
  EXPECT_EQ(body_text(failure.answer), R"({"detail":"busy"})");
}

TEST(FailureAnswer, PlacesOfTheServerStayInTheLog) {
  const Error error(ErrorCode::kPolicy,
                    "step 'a': cannot read '/srv/data/deep water.tif': no such file",
                    {"/srv/policies/coast.yaml", 3, 7});
  EXPECT_EQ(body_text(answer_to(error).answer),
            R"({"detail":"line 3, column 7: step 'a': cannot read (a file): no such file"})");
  const FailureAnswer failure = answer_to(Error(ErrorCode::kUnreadable, "/srv/data/x.tif is cut"));
  EXPECT_EQ(body_text(failure.answer).find("srv"), std::string::npos);
  EXPECT_NE(failure.reason.find("/srv/data/x.tif"), std::string::npos);
  EXPECT_EQ(body_text(answer_to(std::runtime_error("/srv/x")).answer).find("srv"),
            std::string::npos);
}

TEST(FailureAnswer, WhatIsNoPlaceStays) {
  EXPECT_EQ(
      message_for_clients("https://user:pass@inner.example:8080/a?key=1: refused, see /etc/x; ok"),
      "(an address): refused, see (a file); ok");
  for (const char* text : {"format 'image/png' is none; w/s/e/n, 3 m/s", "1/2", "'a/b.tif'"})
    EXPECT_EQ(message_for_clients(text), text);
  EXPECT_LE(message_for_clients(std::string(1 << 20, '/')).size(), 2000U);
}

TEST(Conditional, TagsAreCompared) {
  EXPECT_TRUE(matches_tag("\"abc\"", "\"abc\""));
  EXPECT_TRUE(matches_tag("W/\"abc\"", "\"abc\""));
  EXPECT_TRUE(matches_tag("\"x\", W/\"y,z\" ,\"abc\"", "W/\"abc\""));
  EXPECT_TRUE(matches_tag(" * ", "\"abc\""));
  EXPECT_FALSE(matches_tag("\"x\", \"ab\"", "\"abc\""));
  EXPECT_FALSE(matches_tag("abc", "\"abc\""));
  EXPECT_FALSE(matches_tag("\"abc", "\"abc\""));
  EXPECT_FALSE(matches_tag("", "\"abc\""));
  EXPECT_FALSE(matches_tag("*", ""));
}

TEST(Conditional, WhatIsKnownIsNotSentAgain) {
  ServiceAnswer answer = tagged_answer();
  answer_conditionally(request_with_tag("\"abc\""), answer);
  EXPECT_EQ(answer.status, 304);
  EXPECT_EQ(answer.type, "");
  EXPECT_EQ(body_text(answer), "");
  EXPECT_EQ(answer_header(answer, "cache-control"), "no-cache");
}

TEST(Conditional, OthersAre) {
  ServiceAnswer answer = tagged_answer();
  answer_conditionally(request_with_tag("\"abd\""), answer);
  EXPECT_EQ(answer.status, 200);
  ServiceRequest post = request_with_tag("\"abc\"");
  post.method = HttpMethod::kPost;
  answer_conditionally(post, answer);
  EXPECT_EQ(answer.status, 200);
  answer.status = 404;
  answer_conditionally(request_with_tag("\"abc\""), answer);
  EXPECT_EQ(answer.status, 404);
}

TEST(Conditional, AFileMadeForTheAnswerGoesWithIt) {
  const std::string path = testing::TempDir() + "core_answer_body";
  std::ofstream(path) << "body";
  ServiceAnswer answer = tagged_answer();
  answer.body = FileBody{path, true};
  answer_conditionally(request_with_tag("*"), answer);
  EXPECT_EQ(answer.status, 304);
  EXPECT_FALSE(std::ifstream(path).good());
}

TEST(OpenApi, HasEveryRouteAndNothingElse) {
  Routes routes{told_route(HttpMethod::kGet, "/a/{id}"),
                told_route(HttpMethod::kDelete, "/a/{id}", Access::kChange),
                told_route(HttpMethod::kPost, "/fuse"),
                told_route(HttpMethod::kGet, "/viewer/{path*}")};
  routes[0].doc.parameters.push_back(
      {{"name", "lat"}, {"in", "query"}, {"schema", {{"type", "number"}}}});
  routes[2].doc.body = {{"type", "object"}};
  const auto document = openapi_document(routes, "1.2.3");
  EXPECT_EQ(document["openapi"], "3.0.3");
  EXPECT_EQ(document["info"]["version"], "1.2.3");
  ASSERT_EQ(document["paths"].size(), 2U);
  const auto& get = document["paths"]["/a/{id}"]["get"];
  EXPECT_EQ(get["parameters"][0]["name"], "id");
  EXPECT_EQ(get["parameters"][0]["in"], "path");
  EXPECT_EQ(get["parameters"][1]["name"], "lat");
  EXPECT_FALSE(get.contains("security"));
  EXPECT_EQ(document["paths"]["/a/{id}"]["delete"]["security"].dump(), R"([{"token":[]},{}])");
  EXPECT_EQ(document["paths"]["/fuse"]["post"]["requestBody"]["content"]["application/json"]
                    ["schema"]["type"],
            "object");
}

}  // namespace
}  // namespace topobathy

#include <filesystem>
#include <future>
#include <thread>

#include "fusion/sha256.h"
#include "http_fixture.h"
#include "providers/http/counting.h"
#include "providers/http/part_file.h"

namespace topobathy {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string sample(std::size_t size, unsigned seed = 1) {
  std::string text(size, '\0');
  for (char& c : text) {
    seed = seed * 1664525U + 1013904223U;
    c = static_cast<char>(seed >> 24);
  }
  return text;
}

class HttpDownload : public HttpTest {
 protected:
  HttpDownload() { limits_.sync_bytes = 1000; }

  Download wanted(const std::string& sha256 = "") const {
    return {published("/a.bag"), path_, std::nullopt, sha256};
  }
  HttpAnswer download(const Download& wanted) { return client().download(wanted); }
  std::string refusal_of_download(const Download& wanted) {
    return testing_support::refusal(ErrorCode::kUnreadable, [&] { download(wanted); });
  }
  void serve(std::vector<ScriptedAnswer> answers) { server_.put(place("/a.bag"), answers); }
  /// The next run is that of another process.
  void start_again() { client_.reset(); }
  using Files = std::vector<std::string>;

  TestDirectory directory_;
  const std::string path_ = directory_.path() + "/ncei_bag/raw/a.bag";
  const std::string body_ = sample(10000);
};

TEST_F(HttpDownload, PutsTheFileAtItsPath) {
  serve({says(body_, "\"e\"")});
  const HttpCounts before = http_counts();
  const HttpAnswer answer = download(wanted(sha256_hex(body_)));
  EXPECT_EQ(200, answer.status);
  EXPECT_EQ("\"e\"", answer.etag);
  EXPECT_EQ(10000, answer.size);
  EXPECT_EQ("", answer.body);
  EXPECT_EQ(body_, content_of(path_));
  EXPECT_EQ(Files{path_}, directory_.files());
  EXPECT_EQ(1U, http_counts().downloads - before.downloads);
  EXPECT_EQ(10000U, http_counts().bytes - before.bytes);
}

TEST_F(HttpDownload, AnEmptyFileIsAFile) {
  serve({says("")});
  EXPECT_EQ(200, download(wanted()).status);
  EXPECT_EQ(Files{path_}, directory_.files());
}

TEST_F(HttpDownload, WhatIsNotThereIsAnAnswerAndNoFile) {
  for (const int status : {401, 403, 404, 409, 410}) {
    serve({refuses(status)});
    EXPECT_EQ(status, download(wanted()).status);
  }
  EXPECT_EQ(Files{}, directory_.files());
}

TEST_F(HttpDownload, AnAnswerWithoutAFileIsAnError) {
  serve({refuses(204)});
  EXPECT_EQ("'https://coast.noaa.gov/a.bag': the server answers HTTP 204 and sends no file",
            refusal_of_download(wanted()));
  EXPECT_EQ(Files{}, directory_.files());
}

TEST_F(HttpDownload, GoesOnWhereItBroke) {
  serve({cut(body_, 4321), says(body_)});
  EXPECT_EQ(10000, download(wanted(sha256_hex(body_))).size);
  EXPECT_EQ(body_, content_of(path_));
  ASSERT_EQ(2U, server_.count());
  EXPECT_EQ("bytes=4321-", server_.requests()[1].header("range"));
  EXPECT_EQ("\"1\"", server_.requests()[1].header("if-range"));
}

TEST_F(HttpDownload, BreaksMayBeMany) {
  // Each try ends after some more; without progress five tries would be all.
  limits_.attempts = 20;
  server_.put(place("/a.bag"), [this](const SeenRequest&) { return cut(body_, 700); });
  EXPECT_EQ(10000, download(wanted(sha256_hex(body_))).size);
  EXPECT_EQ(15U, server_.count());
}

TEST_F(HttpDownload, ATryThatGotFarIsNotCounted) {
  limits_.attempts = 2;
  limits_.sync_bytes = 1 << 20;
  const std::string large = sample(5 << 20);
  server_.put(place("/a.bag"), [&](const SeenRequest&) { return cut(large, 1100000); });
  EXPECT_EQ(5 << 20, download(wanted(sha256_hex(large))).size);
}

TEST_F(HttpDownload, ALaterProcessGoesOnFromWhatWasSynced) {
  limits_.attempts = 1;
  serve({cut(body_, 4321)});
  EXPECT_THAT(refusal_of_download(wanted()), HasSubstr("after 1 try"));
  ASSERT_EQ(1U, directory_.files().size());
  EXPECT_TRUE(is_part_name(std::filesystem::path(directory_.files()[0]).filename().string()));
  start_again();
  serve({says(body_)});
  download(wanted(sha256_hex(body_)));
  EXPECT_EQ("bytes=4000-", server_.requests()[1].header("range"));
  EXPECT_EQ(body_, content_of(path_));
  EXPECT_EQ(Files{path_}, directory_.files());
}

TEST_F(HttpDownload, StartsOverWhenTheFileHasChanged) {
  const std::string other = sample(9000, 7);
  serve({cut(body_, 4321), says(other, "\"2\"")});
  const HttpAnswer answer = download(wanted());
  EXPECT_EQ("\"2\"", answer.etag);
  EXPECT_EQ(other, content_of(path_));
  EXPECT_EQ(2U, server_.count());
}

TEST_F(HttpDownload, StartsOverWhenAPartOfAnotherEditionComes) {
  // A server that ignores If-Range.
  const std::string other = sample(10000, 7);
  ScriptedAnswer wrong = refuses(206);
  wrong.headers = {{"ETag", "\"2\""}, {"Content-Range", "bytes 4321-9999/10000"}};
  wrong.body = other.substr(4321);
  serve({cut(body_, 4321), wrong, says(other, "\"2\"")});
  download(wanted());
  EXPECT_EQ(other, content_of(path_));
  EXPECT_EQ("", server_.requests()[2].header("range"));
}

TEST_F(HttpDownload, StartsOverWhenTheServerHasLess) {
  const std::string other = sample(100, 7);
  serve({cut(body_, 4321), refuses(416), says(other)});
  download(wanted());
  EXPECT_EQ(other, content_of(path_));
}

TEST_F(HttpDownload, WithoutAStrongEtagItStartsOverAndKeepsNothing) {
  limits_.attempts = 2;
  ScriptedAnswer weak = cut(body_, 4321);
  weak.headers = {{"ETag", "W/\"1\""}};
  serve({weak, says(body_)});
  download(wanted());
  EXPECT_EQ("", server_.requests()[1].header("range"));
  EXPECT_EQ(body_, content_of(path_));
  std::filesystem::remove(path_);
  serve({weak});
  refusal_of_download(wanted());
  EXPECT_EQ(Files{}, directory_.files());
}

TEST_F(HttpDownload, ADamagedFileIsFetchedOnceMore) {
  std::string damaged = body_;
  damaged[5000] = static_cast<char>(~damaged[5000]);
  serve({says(damaged), says(body_)});
  download(wanted(sha256_hex(body_)));
  EXPECT_EQ(body_, content_of(path_));
  EXPECT_EQ("", server_.requests()[1].header("range"));
}

TEST_F(HttpDownload, AFileThatIsDamagedTwiceIsAnError) {
  serve({says(body_)});
  const std::string message = refusal_of_download(wanted(sha256_hex("other")));
  EXPECT_EQ("'https://coast.noaa.gov/a.bag': its SHA-256 is " + sha256_hex(body_) +
                " where the archive's index says " + sha256_hex("other") +
                ", twice; the file is not kept, try again when the archive has mended it",
            message);
  EXPECT_EQ(2U, server_.count());
  EXPECT_EQ(Files{}, directory_.files());
}

TEST_F(HttpDownload, ADamagedPartOfAnEarlierProcessIsNoObstacle) {
  limits_.attempts = 1;
  serve({cut(sample(10000, 9), 4321)});
  refusal_of_download(wanted());
  start_again();
  serve({says(body_)});
  download(wanted(sha256_hex(body_)));
  EXPECT_EQ(body_, content_of(path_));
}

TEST_F(HttpDownload, AnotherSizeThanTheIndexSaysIsAnError) {
  serve({says(body_)});
  Download request = wanted();
  request.size = 9999;
  EXPECT_THAT(refusal_of_download(request),
              HasSubstr("the server has 10000 bytes of it where the archive's index says 9999"));
  ScriptedAnswer endless = says(body_);
  endless.declared = -1;
  serve({endless});
  EXPECT_THAT(refusal_of_download(request),
              HasSubstr("the server sends more than the 9999 bytes that the archive's index says"));
  EXPECT_EQ(Files{}, directory_.files());
  request.size = 10001;
  EXPECT_THAT(refusal_of_download(request), HasSubstr("the body has 10000 of 10001 bytes"));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(HttpDownload, TooLargeAFileIsRefused) {
  serve({says(body_)});
  Download request = wanted();
  request.max_bytes = 9999;
  EXPECT_THAT(refusal_of_download(request),
              HasSubstr("it has 10000 bytes, more than the 9999 that may be fetched; raise "
                        "TOPOBATHY_HTTP_MAX_DOWNLOAD if that is right"));
  ScriptedAnswer endless = says(body_);
  endless.declared = -1;
  serve({endless});
  EXPECT_THAT(refusal_of_download(request),
              HasSubstr("it has more than the 9999 bytes that may be fetched"));
  EXPECT_EQ(Files{}, directory_.files());
}

TEST_F(HttpDownload, TheConfiguredLimitCountsToo) {
  limits_.max_download = 5000;
  serve({says(body_)});
  EXPECT_THAT(refusal_of_download(wanted()), HasSubstr("more than the 5000 that may be fetched"));
}

TEST_F(HttpDownload, AnEncodedFileIsRefused) {
  ScriptedAnswer zipped = says(gzip(body_));
  zipped.headers.emplace_back("Content-Encoding", "gzip");
  serve({zipped});
  EXPECT_THAT(
      refusal_of_download(wanted()),
      HasSubstr("the server sent it gzip-encoded although the file as it is was asked for"));
}

TEST_F(HttpDownload, AGzipFileThatIsCalledAnEncodingIsTakenAsItIs) {
  ScriptedAnswer zipped = says(gzip(body_));
  zipped.headers.emplace_back("Content-Encoding", "x-gzip");
  server_.put(place("/a.bag.gz"), {zipped});
  download({published("/a.bag.gz"), path_});
  EXPECT_EQ(gzip(body_), content_of(path_));
}

TEST_F(HttpDownload, AFileThatIsThereIsNotFetchedAgain) {
  serve({says(body_)});
  download(wanted());
  EXPECT_EQ(10000, download(wanted(sha256_hex(body_))).size);
  EXPECT_EQ(1U, server_.count());
}

TEST_F(HttpDownload, AFileOfAnotherEditionIsReplaced) {
  serve({says(sample(10000, 3))});
  download(wanted());
  serve({says(body_)});
  download(wanted(sha256_hex(body_)));
  EXPECT_EQ(body_, content_of(path_));
  serve({says(sample(10000, 4))});
  Download again = wanted();
  again.replace = true;
  download(again);
  EXPECT_EQ(sample(10000, 4), content_of(path_));
  EXPECT_EQ(Files{path_}, directory_.files());
}

TEST_F(HttpDownload, AFailedReplacementLeavesTheOldFile) {
  serve({says(body_), refuses(500)});
  download(wanted());
  Download again = wanted();
  again.replace = true;
  refusal_of_download(again);
  EXPECT_EQ(body_, content_of(path_));
}

TEST_F(HttpDownload, ThreadsThatWantOneFileFetchItOnce) {
  ScriptedAnswer slow = says(body_);
  slow.pause = 0.05;
  serve({slow});
  std::vector<std::future<HttpAnswer>> answers;
  client();
  for (int i = 0; i < 8; ++i)
    answers.push_back(
        std::async(std::launch::async, [this] { return download(wanted(sha256_hex(body_))); }));
  for (auto& answer : answers)
    EXPECT_EQ(10000, answer.get().size);
  EXPECT_EQ(1U, server_.count());
}

TEST_F(HttpDownload, ClientsThatWantOneFileFetchItOnce) {
  // As two processes would: they share the lock file and nothing else.
  ScriptedAnswer slow = says(body_);
  slow.pause = 0.05;
  serve({slow});
  std::vector<std::future<HttpAnswer>> answers;
  for (int i = 0; i < 4; ++i)
    answers.push_back(std::async(std::launch::async,
                                 [this] { return make_http_client(setup())->download(wanted()); }));
  for (auto& answer : answers)
    EXPECT_EQ(10000, answer.get().size);
  EXPECT_EQ(1U, server_.count());
  EXPECT_EQ(Files{path_}, directory_.files());
}

TEST_F(HttpDownload, ThreadsThatWaitedGetTheErrorToo) {
  ScriptedAnswer slow = refuses(400);
  slow.pause = 0.5;
  serve({slow});
  client();
  std::vector<std::future<std::string>> messages;
  for (int i = 0; i < 4; ++i)
    messages.push_back(
        std::async(std::launch::async, [this] { return refusal_of_download(wanted()); }));
  for (auto& message : messages)
    EXPECT_THAT(message.get(), HasSubstr("HTTP 400"));
  EXPECT_LE(server_.count(), 3U);
}

TEST_F(HttpDownload, RequestsToOneServerAreBounded) {
  limits_.parallel = 3;
  ScriptedAnswer slow = says("x");
  slow.pause = 0.02;
  server_.put(place("/b"), {slow});
  client();
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i)
    threads.emplace_back([this] { EXPECT_EQ("x", get("/b").body); });
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_LE(server_.most_at_once(), 3);
  EXPECT_GE(server_.most_at_once(), 2);
  EXPECT_LE(server_.connections(), 3);
}

}  // namespace
}  // namespace topobathy

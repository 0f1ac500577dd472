#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "../cache/test_directory.h"
#include "providers/http/endpoints.h"
#include "providers/http/http_client.h"
#include "providers/http/offline_client.h"
#include "refusal.h"

namespace topobathy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal_of(const std::string& text) {
  return testing_support::refusal(ErrorCode::kUsage, [&] { Endpoints::read(text); });
}

class EndpointsFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text) const {
    std::ofstream(path_) << text;
    return path_;
  }
  /// The message without the file's name.
  std::string refusal_of_file(const std::string& text) const {
    std::string message = refusal_of(write(text));
    const std::size_t at = message.find(path_);
    if (at != std::string::npos) message.replace(at, path_.size(), "FILE");
    return message;
  }
  TestDirectory directory_;
  const std::string path_ = directory_.path() + "/endpoints.yaml";
};

TEST(Endpoints, AreTheTrueHostsByDefault) {
  const Endpoints endpoints = Endpoints::read("");
  EXPECT_EQ("https://coast.noaa.gov/a?b=c", endpoints.resolve("https://coast.noaa.gov/a?b=c"));
  EXPECT_EQ("", endpoints.text());
}

TEST(Endpoints, TheMostSpecificEntryCounts) {
  const Endpoints endpoints = Endpoints::read(
      "*=http://127.0.0.1:8080/{host},coast.noaa.gov=https://mirror.example.org/coast/,"
      "*.blob.core.windows.net=http://blobs.example.org/{host}/x");
  EXPECT_EQ("https://mirror.example.org/coast/a/b?c=d",
            endpoints.resolve("https://coast.noaa.gov/a/b?c=d"));
  EXPECT_EQ("http://blobs.example.org/acc.blob.core.windows.net/x/c/k",
            endpoints.resolve("https://acc.blob.core.windows.net/c/k"));
  EXPECT_EQ("http://127.0.0.1:8080/dap.ceda.ac.uk/", endpoints.resolve("http://dap.ceda.ac.uk"));
}

TEST(Endpoints, OtherHostsAreLeft) {
  const Endpoints endpoints = Endpoints::read("*=http://127.0.0.1:8080/{host}");
  for (const char* url :
       {"https://example.org/a", "http://127.0.0.1:8080/x", "ftp://dap.ceda.ac.uk/",
        "https://coast.noaa.gov.evil.example/a", "blob.core.windows.net", ""})
    EXPECT_EQ(url, endpoints.resolve(url));
}

TEST(Endpoints, AllowHostsOfArchivesAndOfBasesOnly) {
  const Endpoints endpoints = Endpoints::read("dap.ceda.ac.uk=http://127.0.0.1:8080/gebco");
  for (const char* url : {"https://coast.noaa.gov/a", "http://COAST.noaa.gov/a",
                          "https://coast.noaa.gov:443/a", "https://a.blob.core.windows.net/x",
                          "http://127.0.0.1:8080/other", "https://coast.noaa.gov."})
    EXPECT_TRUE(endpoints.allows(url)) << url;
  for (const char* url :
       {"https://example.org/a", "ftp://coast.noaa.gov/a", "file:///etc/passwd", "coast.noaa.gov",
        "http://127.0.0.1:8081/", "https://127.0.0.1:8080/", "http://localhost:8080/",
        "http://[::1]/", "https://coast.noaa.gov:22/", "https://user:word@coast.noaa.gov/",
        "https://blob.core.windows.net/", "https://coast.noaa.gov@evil.example/",
        "https://evil.example\\@coast.noaa.gov/", "https:///coast.noaa.gov/",
        "https://coast.noaa.gov\n.evil.example/", "http://2130706433/", ""})
    EXPECT_FALSE(endpoints.allows(url)) << url;
}

TEST(Endpoints, AnEmptyListAllowsNoMirror) {
  EXPECT_FALSE(Endpoints().allows("http://127.0.0.1:8080/coast.noaa.gov/"));
  EXPECT_TRUE(Endpoints().allows("https://coast.noaa.gov/"));
}

TEST(Endpoints, HaveOneCanonicalText) {
  const std::string text = "*=http://m.example.org/{host},coast.noaa.gov=https://n.example.org";
  EXPECT_EQ(text,
            Endpoints::read("COAST.noaa.gov=https://n.example.org/,*=http://m.example.org/{host}")
                .text());
  EXPECT_EQ(text, Endpoints::read(text).text());
}

TEST(Endpoints, TextsThatAreWrongAreErrors) {
  EXPECT_EQ(
      "endpoints: \"coast.noa.gov\" is no host that an archive is asked at; did you mean "
      "\"coast.noaa.gov\"?",
      refusal_of("coast.noa.gov=https://m.example.org"));
  EXPECT_THAT(refusal_of("zzz=https://m.example.org"),
              HasSubstr("known are \"*\" for all and noaa-ocs-nationalbathymetry-pds"));
  for (const char* base : {"", "m.example.org", "ftp://m.example.org", "https://m.example.org/?a=b",
                           "https://", "https://{host}.example.org"})
    EXPECT_THAT(refusal_of(std::string("*=") + base),
                HasSubstr("is no http or https URL; write one"));
  EXPECT_EQ("endpoints: the host \"*\" is here twice",
            refusal_of("*=http://a.example.org,*=http://b.example.org"));
  EXPECT_EQ("endpoints: \"\" is neither a file nor an entry; write \"host=base URL\"",
            refusal_of("*=http://a.example.org,"));
  EXPECT_THAT(
      refusal_of("/no/such/file.yaml"),
      StartsWith("endpoints: the file '/no/such/file.yaml' cannot be read; give a YAML file"));
}

TEST_F(EndpointsFile, IsAMapOfHostsToBases) {
  const Endpoints endpoints = Endpoints::read(write(
      "# mirrors\n\"*\": http://127.0.0.1:8080/{host}\ncoast.noaa.gov: 'https://m.example.org'\n"));
  EXPECT_EQ("*=http://127.0.0.1:8080/{host},coast.noaa.gov=https://m.example.org",
            endpoints.text());
  EXPECT_EQ("", Endpoints::read(write("# nothing\n")).text());
}

TEST_F(EndpointsFile, ErrorsNameThePlace) {
  EXPECT_EQ(
      "FILE:2:1: endpoints: \"coast.noaa.gv\" is no host that an archive is asked at; did you "
      "mean \"coast.noaa.gov\"?",
      refusal_of_file(
          "dap.ceda.ac.uk: http://a.example.org\ncoast.noaa.gv: http://b.example.org\n"));
  EXPECT_THAT(
      refusal_of_file("dap.ceda.ac.uk: nowhere\n"),
      StartsWith("FILE:1:17: endpoints: the base \"nowhere\" of \"dap.ceda.ac.uk\" is no http"));
  EXPECT_THAT(refusal_of_file("dap.ceda.ac.uk: [1]\n"),
              StartsWith("FILE:1:17: endpoints: the base of \"dap.ceda.ac.uk\" must be a URL"));
  EXPECT_THAT(refusal_of_file("- a\n"), StartsWith("FILE:1:1: endpoints: the file must be a map"));
  EXPECT_THAT(refusal_of_file("a: &x 1\nb: *x\n"), StartsWith("FILE:1:4: endpoints: anchors and"));
  EXPECT_THAT(refusal_of_file("a: b: c\n"), StartsWith("FILE:1:5: endpoints: not valid YAML"));
  EXPECT_THAT(refusal_of_file(std::string(70000, '#')), HasSubstr("is longer than 65536 bytes"));
  EXPECT_THAT(refusal_of(directory_.path()), HasSubstr("cannot be read"));
}

TEST(WithoutSecrets, LeavesTheWay) {
  EXPECT_EQ("https://host/a", without_secrets("https://user:word@host/a?sig=1#x"));
  EXPECT_EQ("https://host/a@b", without_secrets("https://host/a@b"));
  EXPECT_EQ("https://host", without_secrets("https://host?to=x@y"));
}

TEST(OfflineClient, RefusesEverythingAndSaysWhatToDo) {
  const auto client = make_offline_client();
  const std::string message =
      "'https://coast.noaa.gov/a' is on the network and OFFLINE is on: it is not in the cache; "
      "open "
      "once without OFFLINE while there is a network, and it will be";
  EXPECT_EQ(message, testing_support::refusal(ErrorCode::kUnreadable, [&] {
              client->ask({"https://coast.noaa.gov/a?sig=1"});
            }));
  EXPECT_EQ(message, testing_support::refusal(ErrorCode::kUnreadable, [&] {
              client->download({"https://coast.noaa.gov/a", "/tmp/never"});
            }));
}

}  // namespace
}  // namespace topobathy

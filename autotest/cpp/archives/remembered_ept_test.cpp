#include <gtest/gtest.h>

#include "fake_http.h"
#include "fusion/parallel.h"
#include "providers/usgs_lidar/remembered_ept.h"
#include "refusal.h"

namespace topobathy {
namespace {

using namespace testing_support;

constexpr char kBase[] = "https://s3-us-west-2.amazonaws.com/usgs-lidar-public/A";

class RememberedEptTest : public ::testing::Test {
 protected:
  RememberedEptTest() {
    for (const char* name : {"ept.json", "ept-hierarchy/0-0-0-0.json", "ept-data/0-0-0-0.laz"})
      http_.put(std::string(kBase) + "/" + name, std::string("this is ") + name);
  }
  std::unique_ptr<EptFiles> files(const std::string& edition = "1") {
    return RememberedEpt::files(
        memory_, [this](const HttpRequest& request) { return http_.ask(request); }, kBase, edition);
  }
  std::optional<std::string> get(const std::string& name) { return files()->get(name, 1000); }

  FakeHttp http_;
  const std::shared_ptr<RememberedEpt> memory_ = std::make_shared<RememberedEpt>();
};

TEST_F(RememberedEptTest, TilesMadeAtOnceFetchWhatTheyShareOnce) {
  parallel_for(64, 8, [this](std::size_t i) {
    EXPECT_EQ("this is ept-data/0-0-0-0.laz", get("ept-data/0-0-0-0.laz"));
    EXPECT_EQ("this is ept.json", files()->get("ept.json", 1000)) << i;
  });
  EXPECT_EQ(2U, http_.calls().size());
}

TEST_F(RememberedEptTest, EditionsAreNotMixed) {
  files("1")->get("ept-hierarchy/0-0-0-0.json", 1000);
  files("2")->get("ept-hierarchy/0-0-0-0.json", 1000);
  EXPECT_EQ(2U, http_.calls().size());
}

TEST_F(RememberedEptTest, FailuresAndGapsAreAskedForAgain) {
  http_.fail_call(1);
  refusal(ErrorCode::kUnreadable, [this] { get("ept.json"); });
  EXPECT_EQ("this is ept.json", get("ept.json"));
  EXPECT_EQ(std::nullopt, get("ept-data/1-0-0-0.laz"));
  http_.put(std::string(kBase) + "/ept-data/1-0-0-0.laz", "there now");
  EXPECT_EQ("there now", get("ept-data/1-0-0-0.laz"));
}

}  // namespace
}  // namespace topobathy

#include <sys/stat.h>

#include "service/hydrate_fixture.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;

std::string own_policy(const std::string& name) {
  return "name: " + name +
         "\ncrs: EPSG:4326\nresolution: 86\nvariables:\n- name: elevation\n  background: -7\n  "
         "steps: []\n";
}

struct Refused {
  const char* body;
  int status;
  const char* message;
};

class HydrateOrders : public HydrateTest {};

TEST_F(HydrateOrders, wrong_ones_are_refused_before_a_job_exists) {
  const Refused table[] = {
      {"", 422, "'bbox' is missing"},
      {"[]", 400, "no JSON object"},
      {R"({"bbox": [0, 0, 1)", 400, "no JSON object"},
      {"{\"bbox\": \"\xff\"}", 400, "no JSON object"},
      {R"({"bbox": [0, 0, 1]})", 422, "has 3 numbers"},
      {R"({"bbox": [0, 0, 1, "1"]})", 422, "'bbox' is to be a list of numbers"},
      {R"({"bbox": [0, 1, 1, 0]})", 422, "south is not below north"},
      {R"({"bbox": [0, 0, 1, 1e400]})", 400, ""},
      {R"({"bbox": [0, 0, 181, 1]})", 422, "beyond longitude 180"},
      {R"({"bbox": [30, 30, 31, 31]})", 422, "outside the policy's extent"},
      {R"({"bbox": [0, 0, 1, 1], "resolution": 0})", 422, "'resolution' is to be a number from"},
      {R"({"bbox": [0, 0, 1, 1], "resolution": -30})", 422, "'resolution'"},
      {R"({"bbox": [0, 0, 1, 1], "resolution": "30"})", 422, "'resolution'"},
      {R"({"bbox": [0, 0, 1, 1], "zoom": 23})", 422, "'zoom' is to be a whole number from 0 to 22"},
      {R"({"bbox": [0, 0, 1, 1], "zoom": 12.5})", 422, "'zoom'"},
      {R"({"bbox": [0, 0, 1, 1], "max_workers": 0})", 422, "'max_workers'"},
      {R"({"bbox": [0, 0, 1, 1], "max_workers": 17})", 422, "from 1 to 16"},
      {R"({"bbox": [0, 0, 1, 1], "policy_yaml": 7})", 422, "'policy_yaml' is to be a text"},
      {R"({"bbox": [0, 0, 1, 1], "policy_name": "../p"})", 400, "no name of a policy"},
      {R"({"bbox": [0, 0, 1, 1], "reslution": 30})", 422, "did you mean 'resolution'?"},
      {R"({"bbox": [0, 0, 20, 20], "resolution": 2})", 422, "more than 200000 cells"},
  };
  const auto called = routes();
  for (const Refused& order : table) {
    const auto answer = called.call_text("POST /hydrate", order.body);
    EXPECT_EQ(order.status, answer.status) << order.body << answer.json;
    EXPECT_NE(std::string::npos, answer.detail().find(order.message))
        << order.body << ": " << answer.detail();
    EXPECT_EQ(std::string::npos, answer.detail().find(directory().path())) << answer.detail();
  }
  EXPECT_TRUE(jobs().list().empty());
  EXPECT_FALSE(std::filesystem::exists(path("cache/hydration_jobs")));
}

TEST_F(HydrateOrders, a_refused_policy_names_its_line) {
  const auto called = routes();
  const auto refused = [&](const std::string& yaml) {
    return called.call("POST /hydrate", {{"bbox", {0, 0, 1, 1}}, {"policy_yaml", yaml}});
  };
  const auto unknown =
      refused("name: x\nvariables:\n- name: elevation\n  steps:\n  - {provider: gebko}\n");
  EXPECT_EQ(400, unknown.status);
  EXPECT_NE(std::string::npos, unknown.detail().find("policy_yaml:5:")) << unknown.detail();
  const auto crs = refused(
      "name: x\ncrs: EPSG:999999\nvariables:\n- name: elevation\n  background: 1\n  steps: []\n");
  EXPECT_EQ(400, crs.status);
  EXPECT_NE(std::string::npos, crs.detail().find("policy_yaml:2:")) << crs.detail();
  EXPECT_EQ(std::string::npos, crs.detail().find(directory().path())) << crs.detail();
  EXPECT_TRUE(jobs().list().empty());
  for (const std::string& file : directory().files())
    EXPECT_EQ(std::string::npos, file.find("hydration_jobs")) << file;
}

TEST_F(HydrateOrders, a_clients_policy_is_what_has_been_admitted) {
  tools_.admit = [](const std::string& yaml, const ServiceSettings&) {
    if (yaml == "raster") throw HttpError(422, "'raster' may not be named");
    return own_policy("Admitted");
  };
  json order = small_order();
  order["policy_yaml"] = "raster";
  const auto answer = routes().call("POST /hydrate", order);
  EXPECT_EQ(422, answer.status);
  EXPECT_EQ("'raster' may not be named", answer.detail());
  EXPECT_TRUE(jobs().list().empty());

  order["policy_yaml"] = "anything";
  const std::string id = begin(order);
  EXPECT_EQ(JobStatus::kCompleted, wait_for_end(id).status);
  EXPECT_TRUE(std::filesystem::exists(path("cache/policies"))) << "its cells name it";
  struct stat file {};
  ASSERT_EQ(0, ::stat(jobs().policy_path_of(id).c_str(), &file));
  EXPECT_EQ(0600U, file.st_mode & 0777U);

  HydrationJob old = *jobs().read(id);
  old.finished_at = "2020-01-01T00:00:00+00:00";
  jobs().write(old);
  begin(small_order());
  EXPECT_FALSE(std::filesystem::exists(jobs().policy_path_of(id))) << "it goes with its job";
  EXPECT_FALSE(jobs().read(id));
}

TEST_F(HydrateOrders, names_mean_policies_where_the_server_has_a_folder_of_them) {
  json order = small_order();
  order["policy_name"] = "wlis";
  EXPECT_EQ(200, routes().call("POST /hydrate", order).status) << "as the Python system";
  std::filesystem::create_directories(path("policies"));
  policy(kWorld, "  []\n", "  background: -9\n", "policies/harbour.yaml");
  settings_.policy_dir = path("policies");
  const auto answer = routes().call("POST /hydrate", order);
  EXPECT_EQ(404, answer.status);
  order["policy_name"] = "harbor";
  EXPECT_EQ("this server has no policy \"harbor\"; did you mean \"harbour\"?",
            routes().call("POST /hydrate", order).detail());
  order["policy_name"] = "harbour";
  const HydrationJob job = wait_for_end(begin(order));
  EXPECT_EQ(8, job.cells.processed) << "not those of the active policy, which are cached";
}

TEST_F(HydrateOrders, without_any_policy_or_cache_there_is_nothing_to_do) {
  settings_.policy.policy_path.clear();
  EXPECT_EQ(503, routes().call("POST /hydrate", small_order()).status);
  settings_.policy.cache = CacheMode::kReadOnly;
  EXPECT_EQ(422, routes().call("POST /hydrate", small_order()).status);
}

TEST_F(HydrateOrders, the_answer_is_the_references_and_names_the_socket) {
  json order = small_order();
  order["zoom"] = 10;
  order["force"] = true;
  const auto answer = routes().call("POST /hydrate", order);
  ASSERT_EQ(200, answer.status) << answer.json;
  const std::string id = answer.json["job_id"];
  EXPECT_TRUE(is_job_id(id));
  EXPECT_EQ("accepted", answer.json["status"]);
  EXPECT_EQ(order["bbox"], answer.json["bbox"]);
  EXPECT_EQ("/hydrate/" + id + "/ws", answer.json["ws"]);
  EXPECT_EQ("/hydrate/" + id + "/events", answer.json["events"]);
  EXPECT_NEAR(152.87, answer.json["resolution"].get<double>(), 1.1)
      << "of the zoom, on the equator, along a meridian";
  EXPECT_EQ(10, answer.json["zoom"]);
  const HydrationJob job = wait_for_end(id);
  EXPECT_EQ(answer.json["timestamp"], job.submitted_at);
  EXPECT_EQ(answer.json["resolution"], job.resolution);
  EXPECT_EQ(answer.json["total_cells"], job.cells.total);
}

}  // namespace
}  // namespace topobathy::testing_support

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/hydrate_fixture.h"
#include "utils/hydrate/cell_record.h"
#include "utils/serve/hydrate/end_job.h"

namespace topobathy::testing_support {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr char kNoJob[] = "00000000-0000-4000-8000-000000000000";

class HydrateJobs : public HydrateTest {
 protected:
  /// A job that has made some cells and has many to make.
  HydrationJob running() const {
    const std::string id = begin(large_order());
    return wait_for_cells(id);
  }
};

TEST_F(HydrateJobs, a_job_fuses_the_cells_of_its_area) {
  const std::string id = begin(small_order());
  const HydrationJob job = wait_for_end(id);
  EXPECT_EQ(JobStatus::kCompleted, job.status) << job.error;
  EXPECT_EQ(8, job.cells.total);
  EXPECT_EQ(8, job.cells.processed);
  EXPECT_EQ(8U, cells_in());
  EXPECT_EQ(8, wait_for_end(begin(small_order())).cells.cached);
  EXPECT_FALSE(fs::exists(jobs().policy_path_of(id))) << "the server's own policy is not copied";
}

TEST_F(HydrateJobs, cells_are_told_as_they_are_done) {
  const std::string id = begin(small_order());
  wait_for_end(id);
  const auto called = routes();
  const json first = called.call("GET /hydrate/" + id + "/cells").json;
  ASSERT_EQ(8U, first["cells"].size());
  EXPECT_EQ("completed", first["status"]);
  EXPECT_FALSE(first["more"]);
  double west = 180, north = -90;
  for (const json& cell : first["cells"]) {
    EXPECT_EQ("made", cell["outcome"]);
    EXPECT_NEAR(0.05, cell["bbox"][2].get<double>() - cell["bbox"][0].get<double>(), 1e-9);
    west = std::min(west, cell["bbox"][0].get<double>());
    north = std::max(north, cell["bbox"][3].get<double>());
  }
  EXPECT_NEAR(0.0, west, 1e-9);
  EXPECT_NEAR(0.1, north, 1e-9);
  const std::string next = std::to_string(first["next"].get<int>());
  EXPECT_EQ(json::array(),
            called.call("GET /hydrate/" + id + "/cells", nullptr, {{"after", next}}).json["cells"]);
  for (const char* wrong : {"1", "-1", "x", "", "9999999", "99999999999999999999", "1.5"})
    EXPECT_EQ(400, called.call("GET /hydrate/" + id + "/cells", nullptr, {{"after", wrong}}).status)
        << wrong;
  EXPECT_EQ(404, called.call(std::string("GET /hydrate/") + kNoJob + "/cells").status);
}

TEST_F(HydrateJobs, cells_that_fail_say_why_without_paths) {
  policy(kWorld, "  - {provider: raster, path: gone.tif}\n");
  const std::string id = begin(small_order());
  EXPECT_EQ(JobStatus::kFailed, wait_for_end(id).status);
  const json cells = routes().call("GET /hydrate/" + id + "/cells").json["cells"];
  ASSERT_EQ(8U, cells.size());
  EXPECT_EQ("failed", cells[0]["outcome"]);
  EXPECT_EQ("raster", cells[0]["step"]);
  EXPECT_NE(std::string::npos, cells[0]["error"].get<std::string>().find("gone.tif"));
  EXPECT_EQ(std::string::npos, cells.dump().find(directory().path()));
}

TEST_F(HydrateJobs, a_long_record_is_told_in_pieces) {
  const HydrationJob job = running();
  wait_for(job.id, [](const HydrationJob& now) { return now.cells.processed > 300; });
  routes().call("DELETE /hydrate/" + job.id);
  const auto done = static_cast<std::size_t>(jobs().read(job.id)->cells.processed);
  const std::string record = jobs().cells_path_of(job.id);
  EXPECT_EQ(done, recorded_cells(record, 0).cells.size());
  std::ofstream(record, std::ios::app) << R"({"level": 0, "bb)";  // the disk was full
  EXPECT_EQ(done, recorded_cells(record, 0).cells.size());
  std::ofstream lines(record);
  for (int k = 0; k < 20'000; ++k)
    lines << R"({"level": 0, "bbox": [0, 0, 1, 1], "outcome": "made", "number": )" << k << "}\n";
  lines.close();
  int number = 0, pieces = 0;
  RecordedCells piece;
  do {
    piece = recorded_cells(record, piece.next);
    ++pieces;
    for (const json& cell : piece.cells)
      ASSERT_EQ(number++, cell["number"]);
  } while (piece.more);
  EXPECT_EQ(20'000, number);
  EXPECT_GT(pieces, 3);
}

TEST_F(HydrateJobs, states_tell_nothing_of_the_server) {
  const std::string id = begin(small_order());
  wait_for_end(id);
  const auto state = routes().call("GET /hydrate/" + id);
  EXPECT_EQ(200, state.status);
  for (const char* name :
       {"id", "status", "bbox", "resolution", "submitted_at", "finished_at", "pid", "total_cells",
        "processed_cells", "cached_cells", "failed_cells", "stats"})
    EXPECT_TRUE(state.json.contains(name)) << name;
  EXPECT_EQ((json{{"kind", "fuse"}}), state.json["request"]);
  EXPECT_FALSE(state.json.contains("machine"));
  EXPECT_EQ(std::string::npos, state.json.dump().find(directory().path()));

  HydrationJob job = *jobs().read(id);
  job.status = JobStatus::kFailed;
  job.error =
      "cannot write '" + path("cache/fused_zarr/a b/x.zip") + "': " + path("p.yaml") + ":3:5: no";
  jobs().write(job);
  EXPECT_EQ("cannot write 'x.zip': p.yaml:3:5: no",
            routes().call("GET /hydrate/" + id).json["error"]);
}

TEST_F(HydrateJobs, two_services_see_the_same_jobs) {
  const auto one = routes(), other = routes();
  const std::string id = one.call("POST /hydrate", small_order()).json["job_id"];
  EXPECT_EQ(id, other.call("GET /hydrate").json.at(0).at("id"));
  wait_for_end(id);
  EXPECT_EQ(one.call("GET /hydrate").json, other.call("GET /hydrate").json);
  EXPECT_EQ("Job is not running", other.call("DELETE /hydrate/" + id).json["message"]);
}

TEST_F(HydrateJobs, unknown_ones_are_not_found) {
  const auto called = routes();
  for (const std::string& id :
       {std::string(kNoJob), std::string("x"), std::string("..%2f..%2fx")}) {
    EXPECT_EQ(404, called.call("GET /hydrate/" + id).status);
    EXPECT_EQ(404, called.call("DELETE /hydrate/" + id).status);
    EXPECT_EQ("Job not found", called.call("GET /hydrate/" + id).detail());
  }
  EXPECT_EQ(json::array(), called.call("GET /hydrate").json);
  EXPECT_EQ(400, called.call("GET /hydrate", nullptr, {{"limit", "3"}}).status);
}

TEST_F(HydrateJobs, changes_want_more_than_looking_does) {
  const auto called = routes();
  for (const Route& route : called.all())
    EXPECT_EQ(route.method == HttpMethod::kGet ? Access::kRead : Access::kChange, route.access)
        << route.pattern;
}

TEST_F(HydrateJobs, cancelling_waits_for_the_process_and_keeps_the_counts) {
  const HydrationJob job = running();
  const auto answer = routes().call("DELETE /hydrate/" + job.id);
  EXPECT_EQ(200, answer.status) << answer.json;
  EXPECT_FALSE(is_there(static_cast<pid_t>(job.process->pid)));
  EXPECT_EQ("cancelled", answer.json["status"]);
  EXPECT_EQ(job.id, answer.json["job_id"]);
  EXPECT_FALSE(answer.json.contains("message"));
  EXPECT_EQ("Cancelled by user", answer.json["error"]);
  EXPECT_GE(answer.json["processed_cells"].get<std::int64_t>(), job.cells.processed);
  EXPECT_EQ(static_cast<std::size_t>(answer.json["processed_cells"].get<std::int64_t>()),
            cells_in());
  EXPECT_EQ((json{{"status", "cancelled"}, {"message", "Job is not running"}}),
            routes().call("DELETE /hydrate/" + job.id).json);
}

TEST_F(HydrateJobs, one_that_does_not_listen_is_killed_and_keeps_its_counts) {
  const HydrationJob job = running();
  const auto process = static_cast<pid_t>(job.process->pid);
  ::kill(process, SIGSTOP);
  const HydrationJob ended =
      end_job(jobs(), job.id, {std::chrono::milliseconds(50), std::chrono::milliseconds(50)});
  EXPECT_FALSE(is_there(process));
  EXPECT_EQ(JobStatus::kCancelled, ended.status);
  EXPECT_EQ("", ended.failure_reason);
  EXPECT_GE(ended.cells.processed, job.cells.processed);
}

TEST_F(HydrateJobs, one_that_is_cancelled_at_once_is_cancelled) {
  for (int k = 0; k < 5; ++k) {
    const std::string id = begin(large_order());
    EXPECT_EQ("cancelled", routes().call("DELETE /hydrate/" + id).json["status"]);
    EXPECT_EQ(JobStatus::kCancelled, jobs().read(id)->status);
  }
}

TEST_F(HydrateJobs, one_whose_process_is_killed_has_failed) {
  const HydrationJob job = running();
  const auto called = routes();
  const auto [route, request] = called.at("GET /hydrate/" + job.id + "/ws");
  const auto followed = route->follow(request);
  EXPECT_EQ("running", json::parse(followed->look())["status"]);
  EXPECT_FALSE(followed->is_over());
  ::kill(static_cast<pid_t>(job.process->pid), SIGKILL);
  wait_for_end(job.id);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const json last = json::parse(followed->look());
  EXPECT_EQ("failed", last["status"]);
  EXPECT_EQ("worker_died", last["failure_reason"]);
  EXPECT_TRUE(followed->is_over());
  EXPECT_EQ(last, called.call("GET /hydrate/" + job.id).json);
}

TEST_F(HydrateJobs, who_follows_sees_it_to_its_end) {
  const auto called = routes();
  const std::string id = begin(small_order());
  for (const char* const end : {"/ws", "/events"}) {
    const auto [route, request] = called.at("GET /hydrate/" + id + end);
    const auto followed = route->follow(request);
    json state;
    for (int k = 0; k < 1000 && !followed->is_over(); ++k) {
      state = json::parse(followed->look());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ("completed", state["status"]);
    EXPECT_EQ(called.call("GET /hydrate/" + id).json, state);
  }
  const auto [route, request] = called.at(std::string("GET /hydrate/") + kNoJob + "/ws");
  const auto nothing = route->follow(request);
  EXPECT_EQ((json{{"error", "Job not found"}, {"status", "failed"}}), json::parse(nothing->look()));
  EXPECT_TRUE(nothing->is_over());
}

TEST_F(HydrateJobs, only_so_many_run_at_once) {
  settings_.limits.jobs = 2;
  const std::string first = begin(large_order());
  begin(large_order());
  const auto refused = routes().call("POST /hydrate", small_order());
  EXPECT_EQ(429, refused.status);
  EXPECT_GT(refused.retry_after.value_or(0), 0);
  EXPECT_NE(std::string::npos, refused.detail().find("2 hydrations are running"))
      << refused.detail();
  EXPECT_EQ(2U, jobs().list().size());
  routes().call("DELETE /hydrate/" + first);
  EXPECT_EQ(200, routes().call("POST /hydrate", small_order()).status);
}

TEST_F(HydrateJobs, orders_at_once_do_not_pass_the_limit_together) {
  settings_.limits.jobs = 2;
  std::vector<pid_t> services;
  for (int k = 0; k < 5; ++k)
    services.push_back(start_child(
        [&] { return routes().call("POST /hydrate", large_order()).status == 200 ? 1 : 0; }));
  int begun = 0;
  for (const pid_t service : services)
    begun += ::topobathy::wait_for(service);
  EXPECT_EQ(2, begun);
  EXPECT_EQ(2U, jobs().list().size());
}

TEST_F(HydrateJobs, a_job_outlives_the_service_and_inherits_nothing) {
  const int listening = ::socket(AF_INET, SOCK_STREAM, 0);  // as if somebody forgot SOCK_CLOEXEC
  const pid_t service = start_child([&] {
    std::signal(SIGTERM, SIG_IGN);
    begin(large_order());
    return 0;
  });
  EXPECT_EQ(0, ::topobathy::wait_for(service));
  ::close(listening);
  const auto all = jobs().list();
  ASSERT_EQ(1U, all.size());
  const HydrationJob job = wait_for_cells(all[0].id);
  const auto process = static_cast<pid_t>(job.process->pid);
  EXPECT_TRUE(is_there(process));
  EXPECT_NE(::getsid(0), ::getsid(process));
  for (const auto& file : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd"))
    EXPECT_NE(0U, fs::read_symlink(file.path()).string().rfind("socket:", 0));
  for (int stream = 0; stream < 3; ++stream)
    EXPECT_EQ("/dev/null", fs::read_symlink("/proc/" + std::to_string(process) + "/fd/" +
                                            std::to_string(stream)));
  EXPECT_EQ("cancelled", routes().call("DELETE /hydrate/" + job.id).json["status"])
      << "a signal that the service ignores is not ignored by its jobs";
}

TEST_F(HydrateJobs, a_program_that_does_not_start_leaves_no_job) {
  tools_.program = "/bin/false";
  EXPECT_EQ(500, routes().call("POST /hydrate", small_order()).status);
  tools_.program = path("nowhere/topobathy");
  const auto answer = routes().call("POST /hydrate", small_order());
  EXPECT_EQ(500, answer.status);
  EXPECT_EQ(std::string::npos, answer.detail().find(directory().path()));
  EXPECT_TRUE(jobs().list().empty());
}

TEST_F(HydrateJobs, a_job_that_another_machine_runs_is_left_to_it) {
  HydrationJob job;
  job.id = kNoJob;
  job.status = JobStatus::kRunning;
  job.submitted_at = job_time();
  job.process = JobProcess{1, 5, "elsewhere/12345678"};
  jobs().write(job);
  const auto answer = routes().call(std::string("DELETE /hydrate/") + kNoJob);
  EXPECT_EQ(409, answer.status);
  EXPECT_EQ(std::string::npos, answer.detail().find("elsewhere"));
}

}  // namespace
}  // namespace topobathy::testing_support

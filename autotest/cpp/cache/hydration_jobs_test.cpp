#include "cache/hydration_jobs.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "cache/test_directory.h"

namespace topobathy {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

HydrationJob job_of(std::optional<JobProcess> process, JobStatus status = JobStatus::kRunning) {
  HydrationJob job;
  job.id = new_job_id();
  job.status = status;
  job.bbox = {-70.8, 42.9, -70.6, 43.1};
  job.resolution = 30.0;
  job.submitted_at = job_time();
  job.process = std::move(process);
  job.cells = {12, 3, 4, 1};
  job.request = R"({"policy":"coast.yaml"})";
  return job;
}

class HydrationJobsTest : public testing::Test {
 protected:
  json file_of(const HydrationJob& job) const {
    return json::parse(std::ifstream(jobs_.path_of(job.id)));
  }
  /// Runs a child that waits for its end.
  static pid_t child() {
    const pid_t pid = ::fork();
    if (pid == 0)
      for (;;)
        ::pause();
    return pid;
  }
  static JobProcess process_of(pid_t pid) {
    JobProcess process = JobProcess::own();
    process.pid = pid;
    process.start_ticks = 0;
    return process;
  }

  TestDirectory directory_;
  const HydrationJobs jobs_{directory_.path()};
};

TEST_F(HydrationJobsTest, TheFileSaysWhatTheReferenceSays) {
  HydrationJob job = job_of(JobProcess::own());
  job.zoom = 13;
  jobs_.write(job);
  const json file = file_of(job);
  for (const char* name :
       {"id", "status", "bbox", "resolution", "zoom", "submitted_at", "pid", "pid_start_ticks",
        "total_cells", "processed_cells", "cached_cells", "failed_cells"})
    EXPECT_TRUE(file.contains(name)) << name;
  EXPECT_EQ("running", file["status"]);
  EXPECT_FALSE(file.contains("error"));
  EXPECT_FALSE(file.contains("stats"));
  job.status = JobStatus::kCompleted;
  jobs_.write(job);
  EXPECT_EQ((json{{"total", 12}, {"processed", 3}, {"cached", 4}, {"failed", 1}}),
            file_of(job)["stats"]);
}

TEST_F(HydrationJobsTest, AJobIsReadAsItWasWritten) {
  HydrationJob job = job_of(JobProcess::own());
  job.error = "caf\xc3\xa9";
  jobs_.write(job);
  const auto read = jobs_.read(job.id);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json_text(job), to_json_text(*read));
  EXPECT_EQ(JobStatus::kRunning, read->status);
}

TEST_F(HydrationJobsTest, AJobWhoseProcessHasEndedIsFailed) {
  const pid_t pid = child();
  const HydrationJob job = job_of(process_of(pid));
  jobs_.write(job);
  EXPECT_EQ(JobStatus::kRunning, jobs_.read(job.id)->status);
  ::kill(pid, SIGKILL);
  siginfo_t info;
  ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);  // now a zombie
  const auto found = jobs_.read(job.id);
  EXPECT_EQ(JobStatus::kFailed, found->status);
  EXPECT_EQ("worker_died", file_of(job)["failure_reason"]);
  EXPECT_NE(std::string::npos, found->error.find("without recording completion"));
  EXPECT_FALSE(found->finished_at.empty());
  ::waitpid(pid, nullptr, 0);
}

TEST_F(HydrationJobsTest, AReusedNumberIsAnotherProcess) {
  JobProcess process = JobProcess::own();
  ++process.start_ticks;
  const HydrationJob job = job_of(process);
  jobs_.write(job);
  EXPECT_EQ(JobStatus::kFailed, jobs_.read(job.id)->status);
}

TEST_F(HydrationJobsTest, AProcessOfAnotherMachineIsNotJudged) {
  JobProcess process = JobProcess::own();
  process.machine = "elsewhere/1234";
  process.pid = 1 << 22;
  const HydrationJob job = job_of(process);
  jobs_.write(job);
  EXPECT_EQ(JobStatus::kRunning, jobs_.read(job.id)->status);
  process.machine = JobProcess::own().machine;
  process.machine.replace(process.machine.rfind('/'), std::string::npos, "/another boot");
  const HydrationJob before = job_of(process);
  jobs_.write(before);
  EXPECT_EQ(JobStatus::kFailed, jobs_.read(before.id)->status);
}

TEST_F(HydrationJobsTest, AnyProcessMayCancel) {
  const pid_t pid = child();
  const HydrationJob job = job_of(process_of(pid));
  jobs_.write(job);
  EXPECT_TRUE(jobs_.cancel(job.id));
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(SIGTERM, WTERMSIG(status));
  EXPECT_FALSE(jobs_.cancel(job.id)) << "it has ended";

  const HydrationJob waiting = job_of(std::nullopt, JobStatus::kPending);
  jobs_.write(waiting);
  EXPECT_TRUE(jobs_.cancel(waiting.id));
  EXPECT_EQ("cancelled", file_of(waiting)["status"]);
  EXPECT_EQ("Cancelled by user", file_of(waiting)["error"]);
}

TEST_F(HydrationJobsTest, OneThatNoProcessHasBegunIsFoundDeadAfterAMinute) {
  HydrationJob job = job_of(std::nullopt, JobStatus::kPending);
  jobs_.write(job);
  EXPECT_EQ(JobStatus::kPending, jobs_.read(job.id)->status);
  job.submitted_at = "2026-01-01T00:00:00+00:00";
  jobs_.write(job);
  EXPECT_EQ(JobStatus::kFailed, jobs_.read(job.id)->status);
  EXPECT_EQ("worker_died", file_of(job)["failure_reason"]);
  EXPECT_EQ("no process has begun it: it ended without recording completion",
            file_of(job)["error"]);
}

TEST_F(HydrationJobsTest, OldOnesOfEveryKindArePruned) {
  std::vector<std::string> old;
  for (const JobStatus status :
       {JobStatus::kCompleted, JobStatus::kFailed, JobStatus::kCancelled, JobStatus::kRunning}) {
    HydrationJob job = job_of(JobProcess::own(), status);
    job.submitted_at = "2020-01-01T00:00:00+00:00";
    jobs_.write(job);
    if (job.has_ended()) old.push_back(job.id);
  }
  jobs_.write(job_of(JobProcess::own(), JobStatus::kFailed));
  auto gone = jobs_.prune(std::chrono::hours(24));
  std::sort(gone.begin(), gone.end());
  std::sort(old.begin(), old.end());
  EXPECT_EQ(old, gone);
  EXPECT_EQ(2U, jobs_.list().size());
}

TEST_F(HydrationJobsTest, WhatIsNoJobIsNone) {
  const HydrationJob job = job_of(JobProcess::own());
  jobs_.write(job);
  const std::string text = to_json_text(job);
  for (const std::string& damaged :
       {std::string(), text.substr(0, text.size() / 2), std::string("[]"),
        std::string(R"({"id":"../../etc","status":"running"})"),
        std::string(R"({"id":")") + job.id + R"(","status":"odd"})"})
    EXPECT_FALSE(job_from_json_text(damaged)) << damaged;
  EXPECT_FALSE(jobs_.read("../sources"));
  std::ofstream(directory_.path() + "/hydration_jobs/notes.json") << "{}";
  EXPECT_EQ(1U, jobs_.list().size());
  for (int k = 0; k < 100; ++k)
    EXPECT_TRUE(is_job_id(new_job_id()));
}

TEST_F(HydrationJobsTest, AReaderFindsAWholeState) {
  HydrationJob job = job_of(JobProcess::own());
  jobs_.write(job);
  std::thread writer([&] {
    for (int k = 0; k < 300; ++k) {
      ++job.cells.processed;
      jobs_.write(job);
    }
  });
  for (int k = 0; k < 2000; ++k)
    ASSERT_TRUE(jobs_.read(job.id));
  writer.join();
}

}  // namespace
}  // namespace topobathy

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "audit_fixture.h"
#include "cache/audit/check_job.h"
#include "cache/audit/repair.h"
#include "cache/key_lock.h"
#include "cache/process_state.h"

namespace topobathy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing_support::AuditTest;
using testing_support::content_of;
using testing_support::make_old;
using testing_support::write_file;

/// A process that does its work and then waits to be killed.
class Child {
 public:
  explicit Child(const std::function<void()>& work) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    process_ = start_child([&] {
      work();
      if (::write(ends[1], "x", 1) != 1) return 1;
      for (;;)
        ::pause();
    });
    char ready;
    if (::read(ends[0], &ready, 1) != 1) std::abort();
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Child() { kill(); }
  pid_t process() const noexcept { return process_; }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    wait_for(process_);
    process_ = -1;
  }

 private:
  pid_t process_;
};

using AuditLeftovers = AuditTest;

std::string lock_name(char digit) {
  return std::string(64, digit) + ".lock";
}

TEST_F(AuditLeftovers, lock_of_a_living_process_is_never_stale_however_old) {
  std::unique_ptr<KeyLock> lock;
  Child child([&] { lock = std::make_unique<KeyLock>(path("locks"), "a"); });
  const auto files = directory_.files();
  ASSERT_EQ(files.size(), 1u);
  make_old(files[0], 1000000);
  EXPECT_THAT(audit(), IsEmpty());
  EXPECT_THAT(clean(), IsEmpty());
  child.kill();
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kStaleLock, relative(files[0]))));
  EXPECT_EQ(whats_[relative(files[0])], "nobody holds it: its process has ended");
  clean();
  EXPECT_THAT(directory_.files(), IsEmpty());
}

TEST_F(AuditLeftovers, dead_holder_is_found_long_before_the_timeout) {
  write_file(path("ncei_bag/raw/.locks/" + lock_name('a')), "");
  write_file(path("ncei_bag/locks/" + lock_name('b')), "");
  make_old(path("ncei_bag/raw/.locks/" + lock_name('a')), 10);
  EXPECT_THAT(audit(),
              ElementsAre(Pair(AuditKind::kStaleLock, "ncei_bag/raw/.locks/" + lock_name('a'))));
}

TEST_F(AuditLeftovers, locks_of_other_programs_by_the_timeout) {
  write_file(path("ncei_bag/other.lock"), "");
  make_old(path("ncei_bag/other.lock"), 1800);
  EXPECT_THAT(audit(), IsEmpty());
  settings_.leftovers.timeout = 1000;
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kStaleLock, "ncei_bag/other.lock")));
}

TEST_F(AuditLeftovers, a_lock_that_is_removed_under_a_waiter_is_taken_anew) {
  const KeyLock held(path("locks"), "a");
  const std::string file = directory_.files().at(0);
  make_old(file);
  EXPECT_FALSE(remove_stale_lock(file, {}));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(AuditLeftovers, temporary_of_a_dead_process_and_of_a_living_one) {
  Child child([] {});
  const std::string living = "fused_zarr/01234567/.tmp-" + std::to_string(child.process()) + "-77";
  write_file(path(living), "half a cell");
  const std::string own = "fused_zarr/01234567/.tmp-" + std::to_string(::getpid()) + "-78";
  write_file(path(own), "half a cell");
  EXPECT_THAT(audit(), IsEmpty());
  settings_.leftovers.young = 0;
  EXPECT_THAT(audit(), IsEmpty());
  child.kill();
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kLeftover, living)));
  EXPECT_THAT(whats_[living], HasSubstr("has ended"));
  clean();
  EXPECT_FALSE(std::filesystem::exists(path(living)));
  EXPECT_TRUE(std::filesystem::exists(path(own)));
}

TEST_F(AuditLeftovers, number_of_a_process_that_came_again_is_no_writer) {
  const std::string mine = ".tmp-" + std::to_string(::getpid()) + "-9";
  write_file(path(mine), "");
  make_old(path(mine), 40000000);  // before this machine was started
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kLeftover, mine)));
}

TEST_F(AuditLeftovers, temporaries_without_a_process_by_the_timeout) {
  const std::vector<std::string> names = {
      "hydration_jobs/a.json.tmp", "ncei_bag/raw/.part-0123456789abcdef-22616263",
      "noaa_bluetopo/.tmp-scheme.gpkg", "tiles/raw/3/1/__temp__2.tif"};
  for (const auto& name : names) {
    write_file(path(name), "x");
    make_old(path(name), 3000);
  }
  EXPECT_THAT(audit(), IsEmpty());
  settings_.leftovers.timeout = 2000;
  EXPECT_EQ(audit().size(), names.size());
  // The download of a living process holds a lock beside it.
  const KeyLock lock(path("ncei_bag/raw/.locks"), "some file");
  EXPECT_EQ(audit().size(), names.size() - 1);
  settings_.leftovers_only = true;
  EXPECT_EQ(audit().size(), names.size() - 1);
  EXPECT_EQ(clean().size(), names.size() - 1);
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(AuditLeftovers, journal_without_its_database) {
  write_file(path("ncei_bag/discovery.sqlite-journal"), "x");
  write_file(path("raster/headers.sqlite"), "");
  write_file(path("raster/headers.sqlite-journal"), "");
  make_old(path("ncei_bag/discovery.sqlite-journal"));
  make_old(path("raster/headers.sqlite-journal"));
  EXPECT_THAT(audit(),
              ElementsAre(Pair(AuditKind::kLeftoverJournal, "ncei_bag/discovery.sqlite-journal")));
}

TEST_F(AuditLeftovers, companions_of_nothing) {
  const std::string stem = "tiles/visual/relief/3/1/2_0123abcd";
  write_file(path(stem + "_meta.json"), "{}");
  write_file(path("ncei_bag/raw/a.bag.edition.json"), "{}");
  EXPECT_THAT(audit(), IsEmpty());  // young: their files may be on the way
  make_old(path(stem + "_meta.json"));
  make_old(path("ncei_bag/raw/a.bag.edition.json"));
  EXPECT_THAT(audit(),
              ElementsAre(Pair(AuditKind::kOrphanCompanion, "ncei_bag/raw/a.bag.edition.json"),
                          Pair(AuditKind::kOrphanCompanion, stem + "_meta.json")));
  write_file(path(stem + ".png"), "");
  write_file(path("ncei_bag/raw/a.bag"), "");
  EXPECT_THAT(audit(), IsEmpty());
}

TEST_F(AuditLeftovers, unknown_files_are_noted_and_never_deleted) {
  write_file(path("holiday.jpg"), "x");
  EXPECT_THAT(clean(), ElementsAre(Pair(AuditKind::kUnknownFile, "holiday.jpg")));
  EXPECT_EQ(summary_.damage(), 0u);
  EXPECT_TRUE(std::filesystem::exists(path("holiday.jpg")));
}

std::string job(const std::string& status, pid_t process, std::uint64_t ticks) {
  return R"({"id": "11111111-2222-4333-8444-555555555555", "status": ")" + status +
         R"(", "pid": )" + std::to_string(process) + R"(, "pid_start_ticks": )" +
         std::to_string(ticks) + R"(, "total_cells": 7})";
}

TEST_F(AuditLeftovers, jobs_that_say_they_run) {
  Child child([] {});
  const auto ticks = process_start_ticks(child.process());
  ASSERT_TRUE(ticks);
  write_file(path("hydration_jobs/alive.json"), job("running", child.process(), *ticks));
  write_file(path("hydration_jobs/reused.json"), job("running", child.process(), *ticks + 5));
  write_file(path("hydration_jobs/done.json"), job("completed", 999999999, 1));
  write_file(path("hydration_jobs/gone.json"), job("pending", 999999999, 1));
  write_file(path("hydration_jobs/torn.json"), R"({"id": "x", "stat)");
  const auto expected = ElementsAre(Pair(AuditKind::kDamagedJob, "hydration_jobs/torn.json"),
                                    Pair(AuditKind::kDeadJob, "hydration_jobs/gone.json"),
                                    Pair(AuditKind::kDeadJob, "hydration_jobs/reused.json"));
  EXPECT_THAT(audit(), expected);
  EXPECT_THAT(clean(), expected);
  EXPECT_THAT(audit(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(path("hydration_jobs/torn.json")));
  const auto state = nlohmann::json::parse(content_of(path("hydration_jobs/reused.json")));
  EXPECT_EQ(state["status"], "failed");
  EXPECT_EQ(state["failure_reason"], "worker_died");
  EXPECT_EQ(state["total_cells"], 7);
  EXPECT_THAT(state["error"].get<std::string>(), HasSubstr("without recording completion"));
  child.kill();
  EXPECT_THAT(audit(), ElementsAre(Pair(AuditKind::kDeadJob, "hydration_jobs/alive.json")));
}

TEST_F(AuditLeftovers, a_zombie_is_dead) {
  const pid_t child = start_child([] { return 0; });
  for (int i = 0; i < 1000 && process_start_ticks(child); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(process_start_ticks(child));
  wait_for(child);
  EXPECT_TRUE(process_start_ticks(::getpid()));
}

TEST_F(AuditLeftovers, what_was_replaced_meanwhile_is_not_deleted) {
  write_file(path("a"), "damaged");
  make_old(path("a"));
  const auto old = file_identity(path("a"));
  ASSERT_TRUE(old);
  write_file(path("b"), "new one");
  std::filesystem::rename(path("b"), path("a"));
  EXPECT_EQ(delete_if_same(path("a"), *old).state, AuditOutcome::State::kGone);
  EXPECT_EQ(content_of(path("a")), "new one");
  EXPECT_EQ(delete_if_same(path("a"), *file_identity(path("a"))).state,
            AuditOutcome::State::kRepaired);
  EXPECT_THAT(directory_.files(), IsEmpty());
}

}  // namespace
}  // namespace topobathy

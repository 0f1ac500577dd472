#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "utils/cache/check_progress.h"
#include "utils/cache/check_report.h"

namespace topobathy {
namespace {

using State = AuditOutcome::State;
using ::testing::HasSubstr;

class CheckReportTest : public ::testing::Test {
 protected:
  CheckReportTest() {
    settings_.root = "/cache";
    summary_.files = 12;
    summary_.bytes = 3 << 20;
    summary_.seconds = 1.5;
  }

  void fill(CheckReport& report) {
    report.add({AuditKind::kDamagedCell, "fused_zarr/a.zip", 2, "cut short", {}}, outcome_);
    report.add({AuditKind::kUnknownFile, "a\nb", 0, "none of this cache's files", {}}, {});
    summary_.found = {{AuditKind::kDamagedCell, 1}, {AuditKind::kUnknownFile, 1}};
  }
  std::string text() {
    std::ostringstream out;
    const auto report = make_text_report(out, settings_);
    fill(*report);
    report->finish(summary_, 5);
    return out.str();
  }

  AuditSettings settings_;
  AuditSummary summary_;
  AuditOutcome outcome_;
};

TEST_F(CheckReportTest, text_lists_findings_counts_and_what_to_do) {
  EXPECT_EQ(text(),
            "Cache /cache\n"
            "KIND               TIER  FILE\n"
            "damaged-cell       2     fused_zarr/a.zip: cut short\n"
            "unknown-file       -     a b: none of this cache's files\n"
            "\n"
            "KIND          FOUND  REPAIRED  REMEDY\n"
            "damaged-cell  1      0         delete; made anew when it is wanted\n"
            "unknown-file  1      0         none of this cache's; move it elsewhere\n"
            "\n"
            "12 files, 3.0 MiB in 1.5 s: 1 finding; topobathy cache --clean repairs them\n");
}

TEST_F(CheckReportTest, text_says_what_was_done) {
  settings_.clean = true;
  outcome_.state = State::kRepaired;
  summary_.repaired = {{AuditKind::kDamagedCell, 1}};
  EXPECT_THAT(text(), HasSubstr("cut short -> deleted\n"));
  EXPECT_THAT(text(), HasSubstr(": 1 finding, all repaired\n"));
  outcome_ = {State::kFailed, "Permission denied"};
  summary_.repaired.clear();
  EXPECT_THAT(text(), HasSubstr("cut short -> still there: Permission denied\n"));
  EXPECT_THAT(text(), HasSubstr(": 1 finding, 1 still there\n"));
}

TEST_F(CheckReportTest, each_kind_says_what_was_done_with_it) {
  const AuditOutcome done{State::kRepaired, ""};
  EXPECT_EQ(outcome_text(AuditKind::kDamagedDatabase, done), "emptied");
  EXPECT_EQ(outcome_text(AuditKind::kDeadJob, done), "marked as failed");
  EXPECT_EQ(outcome_text(AuditKind::kUnknownSource, done), "entered");
  EXPECT_EQ(outcome_text(AuditKind::kStaleLock, {State::kGone, ""}), "already gone or replaced");
}

TEST_F(CheckReportTest, json_is_one_object_with_or_without_findings) {
  std::ostringstream empty;
  make_json_report(empty, settings_)->finish(summary_, 0);
  EXPECT_TRUE(nlohmann::json::parse(empty.str())["findings"].empty());

  std::ostringstream out;
  const auto report = make_json_report(out, settings_);
  fill(*report);
  report->add({AuditKind::kUnknownFile, "\xff", 0, "", {}}, {});
  report->finish(summary_, 5);
  const auto answer = nlohmann::json::parse(out.str());
  EXPECT_EQ(answer["findings"].size(), 3u);
  EXPECT_EQ(answer["findings"][0]["kind"], "damaged-cell");
  EXPECT_EQ(answer["findings"][0]["tier"], 2);
  EXPECT_EQ(answer["findings"][1]["tier"], nullptr);
  EXPECT_EQ(answer["findings"][1]["note"], true);
  EXPECT_EQ(answer["damage"], 1);
  EXPECT_EQ(answer["status"], 5);
}

TEST_F(CheckReportTest, every_kind_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(AuditKind::kUnknownFile); ++i)
    names.insert(name_of(static_cast<AuditKind>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(AuditKind::kUnknownFile) + 1);
}

TEST(CheckProgressTest, a_line_of_the_bar) {
  EXPECT_EQ(CheckProgress::line({50, 500000000, 3}, {100, 1000000000, 0}, 2.0),
            "[===============               ]  50 %  50 files  250 MB/s  3 found");
  EXPECT_EQ(CheckProgress::line({0, 0, 0}, {0, 0, 0}, 0.0),
            "[==============================] 100 %  0 files  0 MB/s  0 found");
}

}  // namespace
}  // namespace topobathy

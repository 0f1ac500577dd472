#include "utils/hydrate/job_list.h"

#include "cache/json_text.h"
#include "utils/json_values.h"
#include "utils/text_table.h"

namespace topobathy {
namespace {

void print_json(std::ostream& out, const std::vector<HydrationJob>& jobs) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const HydrationJob& job : jobs)
    list.push_back(nlohmann::ordered_json::parse(to_json_text(job)));
  out << json_text({{"format", kJsonFormat}, {"jobs", list}}) << '\n';
}

}  // namespace

void print_jobs(std::ostream& out, const std::vector<HydrationJob>& jobs, bool json) {
  if (json) return print_json(out, jobs);
  if (jobs.empty()) {
    out << "no jobs\n";
    return;
  }
  TextTable table({"job", "status", "submitted", "total", "made", "cached", "failed", "error"});
  for (const HydrationJob& job : jobs)
    table.add({job.id, to_text(job.status), job.submitted_at, std::to_string(job.cells.total),
               std::to_string(job.cells.processed), std::to_string(job.cells.cached),
               std::to_string(job.cells.failed), one_line(job.error)});
  table.print(out, "");
}

}  // namespace topobathy

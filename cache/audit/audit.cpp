#include "cache/audit/audit.h"

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cache/audit/bounded_queue.h"
#include "cache/audit/check_item.h"
#include "cache/audit/registry_audit.h"
#include "cache/audit/repair.h"
#include "cache/cache_walk.h"
#include "fusion/parallel.h"

namespace topobathy {
namespace {

constexpr std::size_t kWaitingFiles = 4096;
constexpr char kRegistryName[] = "sources.sqlite";

class Audit {
 public:
  Audit(const AuditSettings& settings, const TakeFinding& take, const TellAudit& tell)
      : settings_(settings),
        take_(take),
        tell_(tell),
        registry_(settings.root),
        files_(kWaitingFiles) {}

  AuditSummary run() {
    const auto start = std::chrono::steady_clock::now();
    // First, so that cells are held against a registry that is sound.
    if (!settings_.leftovers_only) look_at(kRegistryName);
    // It waits most of the time, and must be a thread of its own for the others to end.
    std::thread lister([this] { list(); });
    const Join join{lister, files_};
    const std::size_t threads = settings_.threads > 0 ? settings_.threads : processor_count();
    parallel_for(threads, threads, [this](std::size_t) { work(); });
    join.now();
    if (list_failure_) std::rethrow_exception(list_failure_);
    summary_.unread_folders = unread_folders_;
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary_;
  }

 private:
  /// Ends the listing thread, whatever happens.
  struct Join {
    std::thread& thread;
    BoundedQueue<std::string>& files;
    void now() const {
      files.close();
      if (thread.joinable()) thread.join();
    }
    ~Join() { now(); }
  };

  /// Nobody wants to know of more files.
  struct Enough {};

  void list() noexcept {
    const auto visit = [this](const CacheEntry& entry, std::size_t) {
      if (!entry.is_file || entry.path == kRegistryName) return;
      if (!files_.push(std::string(entry.path))) throw Enough();
    };
    try {
      unread_folders_ = walk_cache(settings_.root, {}, visit).unread_count;
    } catch (const Enough&) {
      // The audit has been stopped.
    } catch (...) {
      list_failure_ = std::current_exception();
    }
    files_.close();
  }

  void work() {
    try {
      ItemCheck check(settings_, registry_);
      while (const auto path = files_.pop())
        if (!stopped_) look_at(*path, check);
    } catch (...) {
      stopped_ = true;
      files_.close();
      throw;
    }
  }

  void look_at(const std::string& path) {
    ItemCheck check(settings_, registry_);
    look_at(path, check);
  }

  void look_at(const std::string& path, ItemCheck& check) {
    const auto file = file_identity(settings_.root + "/" + path);
    if (!file) return;
    for (const FoundItem& found : check.check(path)) {
      AuditOutcome outcome;
      if (settings_.clean) outcome = repair_item(settings_, registry_, found);
      take(found.finding, outcome);
    }
    tell(file->bytes);
  }

  void take(const AuditFinding& finding, const AuditOutcome& outcome) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++summary_.found[finding.kind];
    if (outcome.state == AuditOutcome::State::kRepaired ||
        outcome.state == AuditOutcome::State::kGone)
      ++summary_.repaired[finding.kind];
    if (outcome.state == AuditOutcome::State::kFailed) ++summary_.failed;
    take_(finding, outcome);
  }

  void tell(std::uint64_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++summary_.files;
    summary_.bytes += bytes;
    if (!tell_ || summary_.stopped) return;
    if (tell_({summary_.files, summary_.bytes, summary_.damage()})) return;
    summary_.stopped = true;
    stopped_ = true;
    files_.close();
  }

  const AuditSettings& settings_;
  const TakeFinding& take_;
  const TellAudit& tell_;
  RegistryAudit registry_;
  BoundedQueue<std::string> files_;
  std::atomic<bool> stopped_{false};
  std::uint64_t unread_folders_ = 0;  ///< of the listing thread until it has ended
  std::exception_ptr list_failure_;
  std::mutex mutex_;
  AuditSummary summary_;
};

std::uint64_t sum(const std::map<AuditKind, std::uint64_t>& counts) {
  std::uint64_t total = 0;
  for (const auto& [kind, count] : counts)
    if (!is_note(kind)) total += count;
  return total;
}

}  // namespace

const char* to_text(AuditOutcome::State state) noexcept {
  switch (state) {
    case AuditOutcome::State::kFound:
      break;
    case AuditOutcome::State::kRepaired:
      return "repaired";
    case AuditOutcome::State::kGone:
      return "gone";
    case AuditOutcome::State::kFailed:
      return "failed";
  }
  return "found";
}

std::uint64_t AuditSummary::damage() const noexcept {
  return sum(found);
}

std::uint64_t AuditSummary::left() const noexcept {
  return sum(found) - sum(repaired);
}

AuditSummary audit_cache(const AuditSettings& settings, const TakeFinding& take,
                         const TellAudit& tell) {
  return Audit(settings, take, tell).run();
}

}  // namespace topobathy

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "cache/cell_store.h"
#include "fusion/error.h"
#include "fusion/parallel.h"
#include "providers/object_store/cache_place.h"
#include "utils/cache/cache_verbs.h"
#include "utils/cache/check_verbs.h"
#include "utils/cache/menu.h"
#include "utils/cache/parse_amount.h"
#include "utils/cache/terminal.h"
#include "utils/command.h"
#include "utils/exit_status.h"

namespace topobathy {
namespace {

/// Looking at files waits for the disk more than for the processor.
constexpr std::size_t kLeastThreads = 2;
constexpr double kLockTimeout = 3600.0;

/// A check that --help does not show beside the name of the value.
CLI::Validator unnamed(const CLI::Validator& check) {
  return CLI::Validator(check).description("");
}

class CacheCommand final : public Command {
 public:
  const char* name() const override { return "cache"; }
  const char* summary() const override {
    return "Look at the cache, check it, and make room; on a terminal a menu";
  }
  void declare(CLI::App& arguments) override;
  int run(std::ostream& out) override;

 private:
  void declare_verbs(CLI::App& arguments);
  void declare_filters(CLI::App& arguments);
  std::string chosen_verb() const;
  void require_fitting_options(const std::string& verb) const;
  CacheRequest request() const;
  CheckRequest check_request(const CacheRequest& request) const;
  int run_without_verb(const CacheRequest& request, std::ostream& out) const;
  TierSet limited_tiers() const;

  /// An option and the verbs that it has a meaning for.
  struct Use {
    const CLI::Option* option;
    std::vector<std::string> verbs;
  };
  std::vector<const CLI::Option*> verbs_;
  std::vector<Use> uses_;

  std::string word_;
  std::vector<std::string> purge_;
  std::string limit_;
  std::string limit_tiers_ = "1,2,3";
  FilterArguments filter_;
  std::string root_;
  double lock_timeout_ = kLockTimeout;
  bool json_ = false, dry_run_ = false, yes_ = false, all_ = false, quick_ = false;
};

void CacheCommand::declare_verbs(CLI::App& arguments) {
  verbs_ = {
      arguments.add_option("what", word_, "du: sizes by tier, at once")->type_name("du"),
      arguments.add_flag("--status", "Say what is in each tier, by style, policy and provider"),
      arguments.add_flag("--info", "Say what the tiers are, and when and why to purge them"),
      arguments.add_flag("--check", "Read everything and say what is corrupt or stale"),
      arguments.add_flag("--clean", "The same, and delete it"),
      arguments.add_flag("--orphans", "List locks and temporaries that nobody holds any more"),
      arguments.add_flag("--clean-orphans", "The same, and delete them"),
      arguments.add_option("--purge", purge_, "Delete tiers: 1 to 5, or all")
          ->type_name("TIER...")
          ->expected(1, kTierCount),
      arguments
          .add_option("--limit", limit_,
                      "Delete what was not used for longest until the cache is no larger")
          ->type_name("SIZE")};
}

void CacheCommand::declare_filters(CLI::App& arguments) {
  const std::vector<std::string> purge = {"--purge"};
  uses_.push_back({arguments.add_option("--bbox", filter_.bbox, "Purge what overlaps this box")
                       ->type_name("W,S,E,N"),
                   purge});
  uses_.push_back({arguments
                       .add_option("--policy", filter_.policies,
                                   "Purge cells of this policy: a file, the 8 digits of its hash, "
                                   "or its name; repeatable")
                       ->type_name("POLICY")
                       ->expected(1)
                       ->allow_extra_args(false)
                       ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll),
                   purge});
  uses_.push_back(
      {arguments.add_option("--provider", filter_.provider, "Purge what is of this one")
           ->type_name("NAME"),
       purge});
  uses_.push_back(
      {arguments.add_option("--level", filter_.level, "Purge cells of this overview level")
           ->type_name("N")
           ->check(unnamed(CLI::NonNegativeNumber)),
       purge});
  uses_.push_back({arguments
                       .add_option("--resolution", filter_.resolution,
                                   "Purge cells whose pixels have this size, within 1 %")
                       ->type_name("METRES")
                       ->check(unnamed(CLI::PositiveNumber)),
                   purge});
  uses_.push_back({arguments
                       .add_option("--older-than", filter_.older_than,
                                   "Purge what was neither read nor written for so long")
                       ->type_name("AGE"),
                   purge});
}

void CacheCommand::declare(CLI::App& arguments) {
  declare_verbs(arguments);
  declare_filters(arguments);
  uses_.push_back({arguments
                       .add_option("--tiers", limit_tiers_,
                                   "Tiers that --limit may delete from, the lowest first")
                       ->type_name("LIST")
                       ->capture_default_str(),
                   {"--limit"}});
  uses_.push_back({arguments.add_flag("--dry-run", dry_run_, "Say what would go, delete nothing"),
                   {"--purge", "--limit", "--clean", "--clean-orphans"}});
  uses_.push_back({arguments.add_flag("--yes", yes_, "Purge without being asked"), {"--purge"}});
  uses_.push_back(
      {arguments.add_flag("--all", all_, "Ask every cell for its level and place"), {"--status"}});
  uses_.push_back(
      {arguments.add_flag("--quick", quick_, "Check headers only"), {"--check", "--clean"}});
  uses_.push_back({arguments
                       .add_option("--lock-timeout", lock_timeout_,
                                   "Age from which locks and temporaries may be stale")
                       ->type_name("SECONDS")
                       ->check(unnamed(CLI::NonNegativeNumber))
                       ->capture_default_str(),
                   {"--check", "--clean", "--orphans", "--clean-orphans", ""}});
  arguments.add_flag("--json", json_, "Answer as JSON (docs/cache.md)");
  arguments.add_option("--cache-dir", root_, "Cache root; default: that of TOPOBATHY_CACHE_DIR")
      ->type_name("DIR");
}

std::string shown_name(const CLI::Option& option) {
  return option.get_lnames().empty() ? "du" : "--" + option.get_lnames().front();
}

/// "" = none was given. \throws Error(kUsage) several were
std::string CacheCommand::chosen_verb() const {
  std::string chosen;
  for (const CLI::Option* option : verbs_) {
    if (option->count() == 0) continue;
    if (!chosen.empty())
      throw Error(ErrorCode::kUsage,
                  chosen + " and " + shown_name(*option) + " exclude each other; give one");
    chosen = shown_name(*option);
  }
  if (chosen == "du" && word_ != "du")
    throw Error(ErrorCode::kUsage, "topobathy cache: there is no '" + word_ +
                                       "'; give du, or an option: topobathy cache --help");
  return chosen;
}

void CacheCommand::require_fitting_options(const std::string& verb) const {
  for (const auto& [option, verbs] : uses_) {
    if (option->count() == 0 || std::find(verbs.begin(), verbs.end(), verb) != verbs.end())
      continue;
    std::string with;
    for (const std::string& known : verbs)
      if (!known.empty()) with += (with.empty() ? "" : ", ") + known;
    throw Error(ErrorCode::kUsage, shown_name(*option) + " works with " + with + " only");
  }
}

CacheRequest CacheCommand::request() const {
  CacheRequest made;
  made.root = root_.empty() ? default_cache_root() : root_;
  while (made.root.size() > 1 && made.root.back() == '/')
    made.root.pop_back();
  if (is_object_root(made.root))
    throw Error(ErrorCode::kUsage,
                "the cache " + made.root +
                    " is no folder of this machine; topobathy cache manages folders: use the tools "
                    "of the store for its cells, or --cache-dir " +
                    local_cache_folder(made.root) + " for what this machine keeps beside it");
  made.json = json_;
  made.dry_run = dry_run_;
  made.yes = yes_;
  made.threads = std::max(processor_count(), kLeastThreads);
  return made;
}

CheckRequest CacheCommand::check_request(const CacheRequest& request) const {
  CheckRequest made;
  made.root = request.root;
  made.quick = quick_;
  made.dry_run = dry_run_;
  made.json = json_;
  made.lock_timeout = lock_timeout_;
  made.threads = request.threads;
  return made;
}

TierSet CacheCommand::limited_tiers() const {
  std::vector<std::string> words(1);
  for (const char c : limit_tiers_) {
    if (c == ',')
      words.emplace_back();
    else
      words.back() += c;
  }
  return parse_tiers("--tiers", words);
}

int CacheCommand::run_without_verb(const CacheRequest& request, std::ostream& out) const {
  if (request.json || !can_ask()) return run_summary(request, /*hint=*/!request.json, out);
  return run_menu(request,
                  [&](std::ostream& answer) { return run_check(check_request(request), answer); });
}

int CacheCommand::run(std::ostream& out) {
  const std::string verb = chosen_verb();
  require_fitting_options(verb);
  const CacheRequest asked = request();
  if (verb.empty()) return run_without_verb(asked, out);
  if (verb == "du") return run_summary(asked, /*hint=*/false, out);
  if (verb == "--status") return run_status(asked, all_, out);
  if (verb == "--info") return run_info(asked, out);
  if (verb == "--purge")
    return run_purge(asked, parse_tiers("--purge", purge_), make_filter(filter_, asked.root), out);
  if (verb == "--limit")
    return run_limit(asked, limited_tiers(), parse_size("--limit", limit_), out);
  CheckRequest check = check_request(asked);
  check.clean = verb == "--clean" || verb == "--clean-orphans";
  check.orphans_only = verb == "--orphans" || verb == "--clean-orphans";
  return run_check(check, out);
}

}  // namespace

std::unique_ptr<Command> make_cache_command() {
  return std::make_unique<CacheCommand>();
}

}  // namespace topobathy

#include "utils/cache/menu.h"

#include <iostream>
#include <sstream>
#include <string>

#include "cache/manage/summary.h"
#include "fusion/error.h"
#include "utils/cache/cache_text.h"
#include "utils/cache/cache_verbs.h"
#include "utils/cache/summary_report.h"
#include "utils/cache/terminal.h"
#include "utils/exit_status.h"
#include "utils/usage_error.h"

namespace topobathy {
namespace {

constexpr char kChoices[] = "[1-5] purge tier  [c] check integrity  [i] tier info  [q] quit: ";

/// A user reads an answer at once, not when the menu ends. What goes wrong ends only the choice.
void show(const std::function<void(std::ostream&)>& choice) {
  std::ostringstream out;
  try {
    choice(out);
  } catch (const Error& error) {
    std::cerr << error_line(error) << '\n';
  }
  std::cout << out.str() << '\n' << std::flush;
}

void show_table(const CacheRequest& request) {
  show([&request](std::ostream& out) {
    const CacheSummary summary = summarise_cache(request.root, request.threads);
    print_summary(out, request.root, summary);
    tell_unread(summary.walk, request.root);
  });
}

void purge_tier(const CacheRequest& request, int number) {
  TierSet tiers;
  tiers.add(number);
  show([&](std::ostream& out) { run_purge(request, tiers, {}, out); });
}

/// \returns false: the user leaves
bool choose(const CacheRequest& request, const MenuCheck& check) {
  const auto answer = ask(kChoices);
  if (!answer || *answer == "q") return false;
  if (answer->size() == 1 && (*answer)[0] >= '1' && (*answer)[0] < '1' + kTierCount)
    purge_tier(request, (*answer)[0] - '0');
  else if (*answer == "c")
    show([&check](std::ostream& out) { check(out); });
  else if (*answer == "i")
    show([&request](std::ostream& out) { run_info(request, out); });
  else if (!answer->empty())
    std::cerr << "there is no choice '" << printable(*answer) << "'\n";
  return true;
}

}  // namespace

int run_menu(const CacheRequest& request, const MenuCheck& check) {
  do
    show_table(request);
  while (choose(request, check));
  return kExitOk;
}

}  // namespace topobathy

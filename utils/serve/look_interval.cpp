#include "utils/serve/look_interval.h"

#include <algorithm>
#include <string>

#include "fusion/error.h"
#include "fusion/policy/load.h"
#include "providers/policy_file.h"

namespace topobathy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLists{1000};
constexpr milliseconds kArchives{10000};
/// Each is a stat of 2 us.
constexpr std::size_t kFewFiles = 64;

bool is_elsewhere(const std::string& path) {
  return path.rfind("/vsi", 0) == 0 || path.find("://") != std::string::npos;
}

bool is_elsewhere(const Step& step) {
  const RasterFiles& files = step.files;
  return step.provider != "raster" || is_elsewhere(files.glob) || is_elsewhere(files.index) ||
         std::any_of(files.paths.begin(), files.paths.end(),
                     [](const std::string& path) { return is_elsewhere(path); });
}

}  // namespace

milliseconds look_interval(const Policy& policy) {
  std::size_t named = 0;
  bool lists = false;
  for (const Step& step : policy.steps) {
    if (is_elsewhere(step)) return kArchives;
    lists |= step.files.paths.empty();
    named += step.files.paths.size();
  }
  return lists || named > kFewFiles ? kLists : milliseconds(0);
}

milliseconds look_interval(const OpenRequest& request) {
  try {
    const PolicyText text = request.policy_path.empty()
                                ? inline_policy(request.policy_text)
                                : read_policy_text(request.policy_path, request.offline);
    return look_interval(load_policy(text.text, text.file, text.directory));
  } catch (const Error&) {
    return kLists;  // whoever reads it is told what is wrong
  }
}

}  // namespace topobathy

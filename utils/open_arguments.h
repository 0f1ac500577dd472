#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "driver/open_options.h"

namespace topobathy {

/// Open options of the driver as options of a sub-command: CACHE_DIR is --cache-dir. Names, help,
/// ranges and choices are those that the driver declares.
class OpenArguments {
 public:
  /// \param names of driver options, in the order of --help; "r,RESOLUTION" is -r too. \pre the
  /// driver has them
  void declare(CLI::App& arguments, const std::vector<std::string>& names);
  /// One of them as an argument without dashes, which may be left out.
  void declare_argument(CLI::App& arguments, const std::string& option, const std::string& name,
                        const std::string& help);
  /// The options given, but one, as words of a command line of another program that declares them.
  std::vector<std::string> words(const std::string& but) const;
  /// Whether this one was given.
  bool given(const std::string& option) const;
  /// The request for a policy with the options given. \throws Error(kUsage)
  OpenRequest request(const std::string& policy_path) const;

 private:
  struct Given {
    std::string name;
    std::string value;  ///< unused by a boolean: it is given or not
    const CLI::Option* option;
  };
  std::deque<Given> given_;  ///< the parser keeps references to the values
};

}  // namespace topobathy

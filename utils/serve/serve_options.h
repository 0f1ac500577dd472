#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "utils/open_arguments.h"
#include "utils/serve/settings.h"

namespace topobathy {

/// Arguments and environment of `topobathy serve`.
class ServeOptions {
 public:
  void declare(CLI::App& arguments);
  bool print_config() const noexcept { return print_config_; }
  /// \throws Error: what was given is wrong, or is not there
  ServiceSettings settings() const;

 private:
  void declare_place(CLI::App& arguments);
  void declare_policies(CLI::App& arguments);
  void declare_safety(CLI::App& arguments);
  void read_files(ServiceSettings& settings) const;

  ServiceSettings given_;
  std::string policy_, token_file_;
  std::vector<std::string> origins_, providers_, limits_;
  bool print_config_ = false;
  OpenArguments open_;
};

}  // namespace topobathy

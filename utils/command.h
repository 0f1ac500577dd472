#pragma once

#include <memory>
#include <ostream>
#include <vector>

#include <CLI/CLI.hpp>

namespace topobathy {

/// A sub-command of the program. A new one is a file of its own and a line in all_commands().
class Command {
 public:
  virtual ~Command() = default;
  virtual const char* name() const = 0;
  virtual const char* summary() const = 0;
  /// Declares arguments and options; they are filled in before run().
  virtual void declare(CLI::App& arguments) = 0;
  /// The answer goes to `out`, written when the command is done; what is wrong goes to std::cerr.
  /// \returns the exit status  \throws Error
  virtual int run(std::ostream& out) = 0;
};

std::unique_ptr<Command> make_validate_command();
std::unique_ptr<Command> make_explain_command();
std::unique_ptr<Command> make_analyze_command();
std::unique_ptr<Command> make_hydrate_command();
std::unique_ptr<Command> make_worker_command();
std::unique_ptr<Command> make_cache_command();
std::unique_ptr<Command> make_serve_command();

/// In the order of --help.
std::vector<std::unique_ptr<Command>> all_commands();

}  // namespace topobathy

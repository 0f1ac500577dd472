#include "utils/program.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include <cpl_conv.h>
#include <gdal_priv.h>

#include "fusion/error.h"
#include "utils/command.h"
#include "utils/exit_status.h"
#include "utils/gdal_messages.h"
#include "utils/standard_output.h"
#include "utils/usage_error.h"
#include "utils/version.h"

namespace topobathy {
namespace {

constexpr std::size_t kHelpColumn = 34;

struct GlobalOptions {
  bool version = false;
  std::vector<std::string> config;
};

void declare_globals(CLI::App& app, GlobalOptions& options) {
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(kHelpColumn);  // sub-commands take it over
  app.set_help_flag("-h,--help", "Say how to use it");
  app.add_flag("--version", options.version, "Versions of the program and of its libraries");
  app.add_option("--config", options.config, "Set a configuration option of GDAL; repeatable")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void declare_command(CLI::App& app, Command& command) {
  CLI::App* arguments = app.add_subcommand(command.name(), command.summary());
  arguments->fallthrough();  // --config and --version may follow the command
  arguments->set_help_flag("-h,--help", "Say how to use it");
  command.declare(*arguments);
}

void apply_config(const std::vector<std::string>& settings) {
  for (const std::string& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw Error(ErrorCode::kUsage, "--config " + setting + ": write KEY=VALUE");
    const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
    CPLSetConfigOption(key.c_str(), value.c_str());
    ::setenv(key.c_str(), value.c_str(), 1);  // for the processes that a command starts
  }
}

/// The arguments as the parser takes them, last first. It takes -70.7 for a number and -.7 for an
/// option: the zero is put in.
std::vector<std::string> arguments_of(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    std::string word = argv[i];
    const bool bare_fraction =
        word.size() > 2 && word[0] == '-' && word[1] == '.' && word[2] >= '0' && word[2] <= '9';
    arguments.push_back(bare_fraction ? "-0" + word.substr(1) : word);
  }
  return arguments;
}

int run_command(Command& command) {
  GDALAllRegister();
  const GdalMessages messages;
  std::ostringstream out;
  const int status = command.run(out);
  return write_standard_output(out.str(), status);
}

}  // namespace

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(make_validate_command());
  commands.push_back(make_explain_command());
  commands.push_back(make_analyze_command());
  commands.push_back(make_hydrate_command());
  commands.push_back(make_worker_command());
  commands.push_back(make_cache_command());
  commands.push_back(make_serve_command());
  return commands;
}

int run_program(int argc, const char* const* argv) {
  // A reader that has left (| head) is an error of write(), not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Topobathymetric fusion: what a policy says, and why a pixel has its value",
               "topobathy");
  GlobalOptions options;
  declare_globals(app, options);
  const auto commands = all_commands();
  for (const auto& command : commands)
    declare_command(app, *command);
  try {
    app.parse(arguments_of(argc, argv));
    apply_config(options.config);
    if (options.version) return write_standard_output(version_text(), kExitOk);
    for (const auto& command : commands)
      if (app.got_subcommand(command->name())) return run_command(*command);
    throw Error(ErrorCode::kUsage, no_command_message(app));
  } catch (const CLI::CallForHelp&) {
    return write_standard_output(help_text(app), kExitOk);
  } catch (const CLI::ParseError& error) {
    std::cerr << usage_message(app, error) << '\n';
    return kExitUsage;
  } catch (const Error& error) {
    std::cerr << error_line(error) << '\n';
    return exit_status(error.code());
  }
}

}  // namespace topobathy

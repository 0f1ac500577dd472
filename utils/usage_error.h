#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "fusion/error.h"

/// What the program says of a wrong command line: the word, the nearest valid one, where to look.
namespace topobathy {

std::string usage_message(const CLI::App& app, const CLI::ParseError& error);
std::string no_command_message(const CLI::App& app);
/// Of the sub-command given, else of the program.
std::string help_text(const CLI::App& app);
/// An error of a run as one line: its place first, or the program's name where it has none.
std::string error_line(const Error& error);

}  // namespace topobathy

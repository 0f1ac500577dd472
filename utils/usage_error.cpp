#include "utils/usage_error.h"

#include <algorithm>
#include <vector>

#include "fusion/policy/nearest.h"

namespace topobathy {
namespace {

/// The innermost sub-command given.
const CLI::App& active(const CLI::App& app) {
  const auto given = app.get_subcommands();
  return given.empty() ? app : active(*given.front());
}

std::string full_name(const CLI::App& app) {
  return (app.get_parent() ? full_name(*app.get_parent()) + " " : "") + app.get_name();
}

/// Those that --help shows.
std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({}))
    if (!command->get_group().empty()) names.push_back(command->get_name());
  return names;
}

/// Long options of a sub-command and of the program.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level; level = level->get_parent())
    for (const CLI::Option* option : level->get_options())
      for (const std::string& name : option->get_lnames())
        names.push_back("--" + name);
  return names;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string hint(const std::string& word, const std::vector<std::string>& names,
                 const std::string& otherwise) {
  const std::string nearest = nearest_name(word, names);
  return nearest.empty() ? otherwise : "did you mean " + nearest + "?";
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word != "--" && !(word[1] >= '0' && word[1] <= '9');
}

/// Of the words the parser could not place, the first to tell: a misspelt command, else a misspelt
/// option (what follows it may have got into the wrong place), else what is too many.
std::string unplaced_word(const CLI::App& app, bool has_command) {
  const std::vector<std::string> words = app.remaining(true);
  const auto option = std::find_if(words.begin(), words.end(), is_option);
  const auto plain = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return word != "--" && !is_option(word);
  });
  const bool take_option =
      option != words.end() && (has_command || plain == words.end() || option < plain);
  if (take_option) return *option;
  return plain != words.end() ? *plain : "";
}

}  // namespace

std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = active(app);
  const std::string name = full_name(command);
  const std::string word = unplaced_word(app, &command != &app);
  if (is_option(word)) {
    const std::string option = word.substr(0, word.find('='));
    return name + ": unknown option " + option + "; " +
           hint(option, option_names(command), name + " --help lists the options");
  }
  if (!word.empty() && !command_names(command).empty())
    return name + ": unknown command " + word + "; " +
           hint(word, command_names(command), "commands are " + joined(command_names(command)));
  if (!word.empty()) return name + ": one argument too many: " + word;
  return name + ": " + error.what() + "; see " + name + " --help";
}

std::string no_command_message(const CLI::App& app) {
  return "give a command: " + joined(command_names(app)) + "; see " + app.get_name() + " --help";
}

std::string help_text(const CLI::App& app) {
  const CLI::App& command = active(app);
  return command.help(command.get_parent() ? full_name(*command.get_parent()) : "");
}

std::string error_line(const Error& error) {
  std::string line = error.what();
  if (error.place().text().empty()) line = "topobathy: " + line;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace topobathy

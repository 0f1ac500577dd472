#include "utils/open_arguments.h"

#include <algorithm>
#include <cctype>

#include "fusion/error.h"

namespace topobathy {
namespace {

std::string long_name(const std::string& option) {
  std::string name = "--";
  for (const char c : option)
    name += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

const OptionSpec& spec_named(const std::string& name) {
  const auto& specs = option_specs();
  const auto spec =
      std::find_if(specs.begin(), specs.end(), [&](const OptionSpec& s) { return name == s.name; });
  if (spec == specs.end()) throw Error(ErrorCode::kInternal, "no open option " + name);
  return *spec;
}

/// What stands for the value in --help: the choices, or the type.
std::string value_text(const OptionSpec& spec) {
  std::string text;
  for (const std::string& choice : spec.choices)
    text.append(text.empty() ? "" : "|").append(choice);
  return text.empty() ? spec.type : text;
}

}  // namespace

void OpenArguments::declare(CLI::App& arguments, const std::vector<std::string>& names) {
  for (const std::string& declared : names) {
    const bool has_short = declared.size() > 2 && declared[1] == ',';
    const std::string name = has_short ? declared.substr(2) : declared;
    const std::string spelling =
        (has_short ? "-" + declared.substr(0, 2) : std::string()) + long_name(name);
    const OptionSpec& spec = spec_named(name);
    Given& given = given_.emplace_back(Given{name, "", nullptr});
    CLI::Option* option = nullptr;
    if (std::string(spec.type) == "boolean") {
      given.value = "YES";
      option = arguments.add_flag(spelling, spec.help);
    } else {
      option = arguments.add_option(spelling, given.value, spec.help)
                   ->type_name(value_text(spec))
                   ->default_str(spec.default_value);
    }
    given.option = option->group("Open options");
  }
}

void OpenArguments::declare_argument(CLI::App& arguments, const std::string& option,
                                     const std::string& name, const std::string& help) {
  Given& given = given_.emplace_back(Given{spec_named(option).name, "", nullptr});
  given.option = arguments.add_option(name, given.value, help)->type_name("BOX");
}

std::vector<std::string> OpenArguments::words(const std::string& but) const {
  std::vector<std::string> words;
  for (const Given& given : given_) {
    if (given.option->count() == 0 || given.name == but) continue;
    words.push_back(long_name(given.name));
    if (given.option->get_items_expected_max() > 0) words.push_back(given.value);
  }
  return words;
}

bool OpenArguments::given(const std::string& option) const {
  return std::any_of(given_.begin(), given_.end(), [&](const Given& given) {
    return given.name == option && given.option->count() > 0;
  });
}

OpenRequest OpenArguments::request(const std::string& policy_path) const {
  NamedValues values;
  for (const Given& given : given_)
    if (given.option->count() > 0) values.emplace_back(given.name, given.value);
  OpenRequest request = read_settings(values).request;
  request.policy_path = policy_path;
  return request;
}

}  // namespace topobathy

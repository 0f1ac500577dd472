#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// Every key of a policy, declared once: the loader's checks and reads, the JSON Schema and the
/// reference's tables come from here.
namespace topobathy {

enum class ValueType {
  kText,     ///< not empty
  kNote,     ///< text that may be empty and changes nothing
  kLiteral,  ///< text, or a number taken as it is written (1.10 stays "1.10")
  kNumber,   ///< finite
  kInteger,
  kFlag,         ///< true or false
  kChoice,       ///< one of `choices`
  kProvider,     ///< a name or alias of provider_table.h
  kTextList,     ///< a text or a list of texts
  kLiteralList,  ///< a literal or a list of literals
  kSection,      ///< a map of `section`
  kSectionList,  ///< a list of maps of `section`
  kBox,          ///< [west, south, east, north]
  kZone,         ///< a box, or a map of `section`
  kCoordinates,  ///< a flat list of numbers, or a list of lon, lat pairs
  kNumberOrMap,  ///< a number, or a map of `section`
};

struct Section;

struct Option {
  std::string key;
  ValueType type;
  std::string help;  ///< one line: meaning and unit
  bool required = false;
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool above_min = false;  ///< min itself is not allowed
  std::vector<std::string> choices;
  const Section* section = nullptr;
  std::string default_value;  ///< as JSON; empty = none
};

/// The keys of one kind of map.
struct Section {
  std::string id;    ///< name in the JSON Schema
  std::string name;  ///< in messages: "a step"
  std::string help;
  std::vector<Option> options;

  const Option* find(std::string_view key) const;
  std::vector<std::string> keys() const;
};

const Section& root_section();
const Section& defaults_section();
const Section& variable_section();
const Section& step_section();
const Section& filter_section();
const Section& transition_section();
const Section& zone_section();
const Section& uncertainty_section();
/// All of them, the root first.
std::vector<const Section*> all_sections();

}  // namespace topobathy

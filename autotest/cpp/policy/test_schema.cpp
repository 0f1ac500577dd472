#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fusion/policy/messages.h"
#include "fusion/policy/options.h"
#include "fusion/policy/provider_table.h"
#include "fusion/policy/schema.h"
#include "policy_text.h"

// The documents are held to the code.
namespace topobathy {
namespace {

std::string document(const std::string& name) {
  return read_text(autotest_path("../docs/" + name));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

TEST(PolicySchema, in_docs_is_the_one_of_the_code) {
  if (std::getenv("TOPOBATHY_WRITE_DOCS") != nullptr) {
    std::ofstream(autotest_path("../docs/policy.schema.json")) << policy_schema_json();
  }
  EXPECT_TRUE(document("policy.schema.json") == policy_schema_json())
      << "docs/policy.schema.json is out of date; write it anew: "
         "TOPOBATHY_WRITE_DOCS=1 build/tests/test_policy --gtest_filter='PolicySchema.*'";
}

TEST(PolicySchema, defaults_and_ranges_are_sound) {
  for (const Section* section : all_sections()) {
    for (const Option& option : section->options) {
      EXPECT_FALSE(option.help.empty()) << option.key;
      EXPECT_LE(option.min, option.max) << option.key;
      if (!option.default_value.empty()) {
        EXPECT_TRUE(nlohmann::json::accept(option.default_value)) << option.key;
      }
    }
  }
}

TEST(PolicyReference, has_a_row_for_every_key) {
  const std::string text = document("policy.md");
  for (const Section* section : all_sections()) {
    const std::size_t at = text.find("<!-- keys: " + section->id + " -->");
    ASSERT_NE(at, std::string::npos) << section->id;
    const std::string part = text.substr(at, text.find("\n\n#", at) - at);
    for (const Option& option : section->options) {
      const std::size_t row_at = part.find("\n| `" + option.key + "` |");
      ASSERT_NE(row_at, std::string::npos) << section->id << " " << option.key;
      const std::string row = part.substr(row_at, part.find('\n', row_at + 1) - row_at);
      EXPECT_THAT(row, ::testing::HasSubstr(option.default_value)) << section->id;
      for (const std::string& word : option.choices) {
        EXPECT_THAT(row, ::testing::HasSubstr("`" + word + "`")) << section->id;
      }
    }
  }
}

TEST(PolicyReference, begins_with_a_policy_that_loads) {
  const std::string text = document("policy.md");
  const std::string fence = "```yaml\n";
  const std::size_t from = text.find(fence) + fence.size();
  const std::string example = text.substr(from, text.find("```", from) - from);
  EXPECT_EQ(refusal(example), "loaded");
  EXPECT_TRUE(looks_like_policy(example.data(), example.size()));
}

TEST(PolicyReference, names_every_provider) {
  const std::string text = document("policy.md");
  for (const std::string& name : provider_names_and_aliases()) {
    EXPECT_THAT(text, ::testing::HasSubstr("`" + name + "`"));
  }
}

/// The cells of the table row that begins with this name, after a mark in the text.
std::vector<std::string> row_of(const std::string& text, const std::string& mark,
                                const std::string& name) {
  const std::size_t table = text.find(mark);
  const std::size_t at = text.find("\n| `" + name + "` |", table);
  if (table == std::string::npos || at == std::string::npos) return {};
  std::istringstream row(text.substr(at + 2, text.find('\n', at + 1) - at - 2));
  std::vector<std::string> cells;
  for (std::string cell; std::getline(row, cell, '|');)
    cells.push_back(cell);
  return cells;
}

TEST(PolicyReference, lists_the_products_of_every_provider) {
  const std::string text = document("policy.md");
  for (const ProviderDeclaration& provider : provider_table()) {
    std::string products = " ";
    for (const std::string& product : provider.products)
      products += (products == " " ? "`" : ", `") + product + "`";
    if (!provider.products.empty()) products += " ";
    const auto cells = row_of(text, "### Providers", provider.name);
    ASSERT_EQ(cells.size(), 4u) << provider.name;
    EXPECT_EQ(cells[3], products);
    for (const auto& [old_name, product] : provider.old_products)
      EXPECT_THAT(text, ::testing::HasSubstr("`" + old_name + "` (" + provider.name + ")"));
  }
}

TEST(PolicyReference, says_what_each_filter_key_acts_on) {
  const std::string text = document("policy.md");
  const std::vector<std::string> columns = {
      "", "exclude_patterns", "min_year", "max_resolution", "project_id", "project_type"};
  for (const ProviderDeclaration& provider : provider_table()) {
    std::vector<std::string> expected(columns.size());
    for (const FilterUse& use : provider.filter_keys) {
      const auto column = std::find(columns.begin(), columns.end(), use.key) - columns.begin();
      if (use.key == "include_patterns") continue;  // as exclude_patterns
      std::string& cell = expected.at(static_cast<std::size_t>(column));
      cell += (cell.empty() ? "" : ";") + (" " + use.on);
      for (const std::string& product : use.products)
        cell += (product == use.products.front() ? " (`" : ", `") + product + "`";
      if (!use.products.empty()) cell += ")";
    }
    const auto cells = row_of(text, "<!-- filter keys -->", provider.name);
    ASSERT_EQ(cells.size(), columns.size()) << provider.name;
    for (std::size_t i = 1; i < columns.size(); ++i)
      EXPECT_EQ(cells[i], expected[i] + " ") << provider.name << " " << columns[i];
  }
}

TEST(Troubleshooting, has_a_heading_for_every_message_and_no_other) {
  std::vector<std::string> headings, messages;
  for (const std::string& line : lines_of(document("troubleshooting-policy.md"))) {
    if (line.rfind("## `", 0) == 0) headings.push_back(line.substr(4, line.size() - 5));
  }
  for (const std::string_view text : kMessageTexts)
    messages.emplace_back(text);
  EXPECT_THAT(headings, ::testing::UnorderedElementsAreArray(messages));
}

}  // namespace
}  // namespace topobathy

#include <gmock/gmock.h>

#include <chrono>
#include <functional>

#include "fusion/policy/text_tree.h"
#include "policy_text.h"

// Bombs, cycles and endless texts are refused before they cost anything.
namespace topobathy {
namespace {

std::string repeated(const std::string& part, std::size_t count) {
  std::string text;
  text.reserve(part.size() * count);
  for (std::size_t i = 0; i < count; ++i)
    text += part;
  return text;
}

std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    text += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" +
            repeated(below + ", ", 9) + below + "]\n";
  }
  return text;
}

TEST(HostileText, meets_the_limits) {
  using ::testing::HasSubstr;
  const std::size_t million = 1000 * 1000;
  EXPECT_EQ(refusal(std::string(kMaxPolicyBytes + 1, ' ')),
            "p.yaml: the policy is 1048577 bytes long; the limit is 1048576 bytes");
  EXPECT_EQ(refusal("name: " + std::string(kMaxTextBytes + 1, 'a')),
            "p.yaml:1:7: a text of 16385 bytes; the limit is 16384 bytes");
  EXPECT_EQ(refusal("name: " + repeated("[", 100) + repeated("]", 100)),
            "p.yaml:1:22: maps and lists are nested deeper than 16 levels");
  EXPECT_THAT(refusal("name: " + repeated("{a: ", 100) + repeated("}", 100)),
              HasSubstr("nested deeper than 16 levels"));
  EXPECT_THAT(refusal(repeated("- ", 100)), HasSubstr("nested deeper than 16 levels"));
  EXPECT_EQ(refusal("name: [" + repeated("a,", million / 4) + "]"),
            "p.yaml:1:200002: the policy holds more than 100000 values");
  EXPECT_THAT(refusal("name: {" + repeated("a,", million / 4) + "}"), HasSubstr("p.yaml:1:"));
  EXPECT_THAT(refusal(alias_bomb()), HasSubstr("p.yaml:1:5: anchors and aliases"));
}

TEST(HostileText, is_refused_quickly) {
  std::string many_keys, many_steps = "name: t\nvariables:\n- steps:\n";
  for (int i = 0; i < 49'000; ++i)
    many_keys += "k" + std::to_string(i) + ": 1\n";
  for (int i = 0; i < 20'000; ++i)
    many_steps += "  - {provider: gebco, name: s" + std::to_string(i) + "}\n";
  many_steps +=
      "  - provider: raster\n    path: a\n    transitions: [{target: s_nothing, operator: "
      "overwrite}]\n";
  const std::string texts[] = {
      alias_bomb(),
      "&a [*a]",
      "name: &a {b: *a}\n",
      repeated("[", 500'000),
      repeated("{", 500'000),
      repeated("? ", 500'000),
      "[" + repeated("[],", 300'000) + "]",
      "{" + repeated("a: ,", 250'000),
      repeated("---\n", 250'000),
      repeated("!a ", 300'000),
      repeated("'", 1'000'000),
      "x: \"" + repeated("\\n", 500'000) + "\"",
      many_keys,
      many_steps,
  };
  for (const std::string& text : texts) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_NE(refusal(text), "loaded");
    // Generous for sanitizer builds and busy machines; release builds need a tenth.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5))
        << text.substr(0, 20);
  }
}

TEST(HostileText, many_steps_and_transitions_load_in_time_and_space) {
  std::string text = "name: t\nvariables:\n- steps:\n";
  for (int i = 0; i < 9'000; ++i) {
    text += "  - {provider: nasadem, transitions: [" +
            std::string(i == 0 ? "" : "{target: nasadem, operator: overwrite}") + "]}\n";
  }
  const Policy policy = loaded(text);
  EXPECT_EQ(policy.steps.size(), 9'000u);
  EXPECT_EQ(policy.steps.back().name, "nasadem#9000");
}

TEST(HostileText, every_prefix_of_a_policy_loads_or_is_refused_with_a_place) {
  const std::string text = read_text(autotest_path("data/policies/every_key.yaml"));
  for (std::size_t size = 0; size < text.size(); size += 7) {
    const std::string message = refusal(text.substr(0, size));
    EXPECT_TRUE(message == "loaded" || message.rfind("p.yaml:", 0) == 0) << message;
  }
}

}  // namespace
}  // namespace topobathy

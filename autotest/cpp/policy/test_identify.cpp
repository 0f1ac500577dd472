#include <chrono>

#include "fusion/policy/options.h"
#include "policy_text.h"

namespace topobathy {
namespace {

constexpr std::size_t kHead = 1024;  ///< what GDAL shows to Identify

bool identified(const std::string& text) {
  return looks_like_policy(text.data(), std::min(text.size(), kHead));
}

TEST(Identify, accepts_every_sample_policy) {
  for (const std::string& path : policy_files())
    EXPECT_TRUE(identified(read_text(path))) << path;
}

TEST(Identify, accepts_line_ends_and_bom_of_other_systems) {
  for (const std::string& path : policy_files()) {
    std::string text = "\xEF\xBB\xBF";
    for (const char c : read_text(path))
      text.append(c == '\n' ? "\r\n" : std::string(1, c));
    EXPECT_TRUE(identified(text)) << path;
  }
}

TEST(Identify, is_silent_on_other_files_wherever_they_are_cut) {
  for (const std::string& path : files_of("data/policies/not_policies")) {
    const std::string text = read_text(path);
    for (std::size_t size = 0; size <= text.size(); ++size) {
      ASSERT_FALSE(looks_like_policy(text.data(), size)) << path << " cut at " << size;
    }
  }
}

TEST(Identify, is_silent_on_other_files_that_fill_the_head) {
  for (const std::string& path : files_of("data/policies/not_policies")) {
    const std::string text = read_text(path);
    EXPECT_FALSE(identified(text + "\n" + std::string(kHead, '#') + "\n")) << path;
    EXPECT_FALSE(identified(text + "\n# " + std::string(kHead, ' '))) << path;
  }
}

TEST(Identify, knows_every_root_key_of_the_option_table) {
  for (const Option& option : root_section().options) {
    if (option.key == "variables") continue;
    EXPECT_TRUE(identified(option.key + ": x\nvariables:\n- steps: []\n")) << option.key;
  }
}

TEST(Identify, knows_every_variable_key_of_the_option_table) {
  for (const Option& option : variable_section().options) {
    if (option.key == "steps") continue;
    const std::string text = "name: x\nvariables:\n- " + option.key + ": 1\n  steps: []\n";
    EXPECT_TRUE(identified(text)) << option.key;
  }
}

TEST(Identify, accepts_a_head_cut_before_the_variables) {
  const std::string filler = "# " + std::string(kHead, '-') + "\n";
  EXPECT_TRUE(identified("name: x\ncrs: EPSG:4326\n" + filler + "variables:\n"));
  EXPECT_TRUE(identified("name: x\nvariables:\n" + filler));
  EXPECT_TRUE(identified("name: x\ncrs: EPSG:4326\ndescription: |\n  " + std::string(kHead, 'a')));
}

TEST(Identify, accepts_one_slip_so_that_the_user_gets_its_message) {
  const char* texts[] = {
      "name: x\nresolutoin: 30\nvariables:\n- steps:\n  - provider: gebco\n",
      "name: x\ncrs: EPSG:4326\nvariabels:\n  - steps:\n      - provider: gebco\n",
      "name: x\nvariables:\n  - stpes:\n      - provider: gebco\n",
      "{\"name\": \"x\", \"variables\": [{\"nme\": \"e\", \"steps\": [{\"provider\": \"g\"}]}]}",
  };
  for (const char* text : texts) {
    EXPECT_TRUE(identified(text)) << text;
    EXPECT_NE(refusal(text), "loaded");
  }
}

TEST(Identify, accepts_flow_text_and_json) {
  const char* texts[] = {
      "{name: x, variables: [{steps: [{provider: gebco}]}]}",
      "{\"variables\":[{\"steps\":[{\"provider\":\"gebco\"}]}],\"name\":\"x\"}",
      "name: x\nvariables: [{name: elevation, steps: [{provider: gebco}]}]\n",
      "name: x\nvariables: [\n  {name: elevation,\n   steps: [{provider: gebco}]}\n]\n",
      "\"name\": x\n'variables':\n  -\n    steps:\n    - {provider: gebco}\n",
      "%YAML 1.2\n---\nname: x\nvariables:\n  - background: 5\n    steps: []\n...\n",
  };
  for (const char* text : texts) {
    EXPECT_TRUE(identified(text)) << text;
    EXPECT_EQ(refusal(text), "loaded") << text;
  }
}

TEST(Identify, accepts_steps_in_flow_text_with_maps_inside) {
  EXPECT_TRUE(identified(
      "name: x\ncrs: EPSG:4326\nvariables:\n- name: elevation\n  steps:\n"
      "  - {provider: raster, path: a.tif, uncertainty: {constant: 1, depth_factor: 2}}\n"
      "  - {provider: raster, path: b.tif, filter: {min_elevation: 1, max_deviation: 2}}\n"));
}

TEST(Identify, takes_the_editor_line_of_our_schema_as_proof) {
  const std::string filler = "# " + std::string(kHead, '-') + "\n";
  const std::string line = "# yaml-language-server: $schema=";
  EXPECT_TRUE(identified(line + "/usr/share/topobathy/policy.schema.json\n" + filler));
  EXPECT_FALSE(identified(line + "https://example.org/policy.schema.json\n" + filler));
}

TEST(Identify, survives_any_bytes) {
  EXPECT_FALSE(looks_like_policy(nullptr, 0));
  EXPECT_FALSE(looks_like_policy("", 0));
  const std::string policy = read_text(autotest_path("data/policies/every_key.yaml"));
  const char bytes[] = {'\0', '"', '\'', '{',  '[', ']',  '}',
                        ':',  '-', '\n', '\t', '#', '\\', '\xFF'};
  for (std::size_t size = 0; size < policy.size(); size += 3) {
    std::string text = policy.substr(0, size);
    for (const char byte : bytes) {
      text.push_back(byte);
      (void)looks_like_policy(text.data(), text.size());
      text[size / 2] = byte;
      (void)looks_like_policy(text.data(), text.size());
    }
  }
  const std::string zero("name: x\ncrs: y\nextent: [0]\n\0", 29);
  EXPECT_FALSE(looks_like_policy(zero.data(), zero.size()));
}

TEST(Identify, is_quick_on_hostile_heads) {
  const auto start = std::chrono::steady_clock::now();
  for (const char* part : {"a", "{", "[", "a:", "\"", "- ", "{a:", "a:\n", "-\n", "\"a\":", " "}) {
    std::string text = "{";
    while (text.size() < 64 * 1024)
      text += part;
    (void)looks_like_policy(text.data(), text.size());
    text = "variables: [" + text;
    (void)looks_like_policy(text.data(), text.size());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

}  // namespace
}  // namespace topobathy

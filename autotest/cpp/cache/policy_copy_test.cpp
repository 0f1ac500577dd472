#include "cache/policy_copy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "fusion/error.h"
#include "refusal.h"
#include "test_directory.h"

namespace topobathy {
namespace {

const std::string kHash = "0123abcd" + std::string(56, 'f');

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(PolicyCopy, the_name_is_letters_and_digits_of_the_policys) {
  EXPECT_EQ(policy_copy_path("Great Bay, 2024/v2", kHash), "policies/GreatBay2024v2.0123abcd.yaml");
  EXPECT_EQ(policy_copy_path("", kHash), "policies/Unnamed.0123abcd.yaml");
  EXPECT_EQ(policy_copy_path("../\xC3\xA9", kHash), "policies/Unnamed.0123abcd.yaml");
  EXPECT_EQ(policy_copy_path(std::string(500, 'a'), kHash).size(), 9 + 100 + 14U);
}

TEST(PolicyCopy, the_first_copy_stays_and_is_the_text_as_it_was) {
  const TestDirectory root;
  const std::string text = "name: x  # a comment\nsteps: []\n";
  keep_policy_copy(posix_file_system(), root.path(), "x", kHash, text);
  keep_policy_copy(posix_file_system(), root.path(), "x", kHash, "other");
  EXPECT_EQ(text_of(root.path() + "/" + policy_copy_path("x", kHash)), text);
  ASSERT_EQ(root.files().size(), 1U);
}

TEST(PolicyCopy, copies_are_listed_by_path_and_strangers_are_not) {
  const TestDirectory root;
  EXPECT_TRUE(policy_copies(root.path()).empty());
  for (const char* name : {"Zulu", "Alfa"})
    keep_policy_copy(posix_file_system(), root.path(), name, kHash, "x");
  std::ofstream(root.path() + "/policies/notes.yaml") << "x";
  std::ofstream(root.path() + "/policies/.tmp-1-2") << "x";
  const auto copies = policy_copies(root.path());
  ASSERT_EQ(copies.size(), 2U);
  EXPECT_EQ(copies[0].name, "Alfa");
  EXPECT_EQ(copies[0].policy8, "0123abcd");
  EXPECT_EQ(copies[1].name, "Zulu");
}

TEST(PolicyCopy, a_place_that_cannot_be_written_is_told) {
  const TestDirectory root;
  std::ofstream(root.path() + "/policies") << "in the way";
  const std::string message = testing_support::refusal(ErrorCode::kCache, [&] {
    keep_policy_copy(posix_file_system(), root.path(), "x", kHash, "text");
  });
  EXPECT_EQ(message.find("cannot write " + root.path() + "/" + policy_copy_path("x", kHash)), 0U)
      << message;
}

}  // namespace
}  // namespace topobathy

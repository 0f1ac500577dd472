#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy_text.h"

namespace topobathy {

/// A policy's text, and why it is refused.
struct Refusal {
  std::string text;
  std::string message;
};

inline void expect_all(const std::vector<Refusal>& table) {
  for (const Refusal& row : table)
    EXPECT_EQ(refusal(row.text), row.message) << row.text;
}

}  // namespace topobathy

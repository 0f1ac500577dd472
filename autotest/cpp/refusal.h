#pragma once

#include <gtest/gtest.h>

#include <string>

#include "fusion/error.h"

namespace topobathy::testing_support {

/// The message of the Error that `action` throws; a failure if it throws none, or one of another
/// code.
template <class Action>
std::string refusal(ErrorCode code, const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

}  // namespace topobathy::testing_support

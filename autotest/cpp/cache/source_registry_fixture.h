#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "cache/source_registry.h"
#include "fusion/error.h"
#include "test_directory.h"

namespace topobathy {

/// A registry below a cache root of its own.
class SourceRegistryTest : public ::testing::Test {
 protected:
  std::unique_ptr<SourceIds> open(bool read_only = false) const {
    return open_source_registry(root_, read_only);
  }
  std::string open_message(bool read_only = false) const {
    try {
      open(read_only);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCache);
      return error.what();
    }
    return "";
  }

  TestDirectory directory_;
  const std::string root_ = directory_.path() + "/cache";
  const std::string file_ = root_ + "/sources.sqlite";
};

}  // namespace topobathy

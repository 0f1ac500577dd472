#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace topobathy {

/// Rows of text in columns as wide as their widest entry, two blanks apart.
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> headings) : rows_{std::move(headings)} {}

  /// \pre as many entries as headings
  void add(std::vector<std::string> row);
  /// Each line after `indent`; the last column runs free.
  void print(std::ostream& out, const std::string& indent) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace topobathy

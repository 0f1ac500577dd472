#include "providers/gebco/dap_structure.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "fusion/error.h"
#include "fusion/policy/messages.h"

namespace topobathy {
namespace {

// Some ten times what GEBCO's own structure needs.
constexpr std::size_t kLongestText = 64 * 1024;
constexpr std::size_t kLongestWord = 256;
constexpr std::size_t kMostVariables = 256;
constexpr std::size_t kMostDimensions = 8;
constexpr std::uint64_t kLargestDimension = 10'000'000;

struct TypeName {
  std::string_view word;
  DapType type;
};
constexpr std::array kTypes = {
    TypeName{"Byte", DapType::kByte},       TypeName{"Int16", DapType::kInt16},
    TypeName{"UInt16", DapType::kUInt16},   TypeName{"Int32", DapType::kInt32},
    TypeName{"UInt32", DapType::kUInt32},   TypeName{"Float32", DapType::kFloat32},
    TypeName{"Float64", DapType::kFloat64}, TypeName{"String", DapType::kOther},
    TypeName{"Url", DapType::kOther},
};

/// One pass over the text: words, and the marks { } [ ] = : ; which are words of their own.
class DdsReader {
 public:
  DdsReader(std::string_view text, const std::string& url) : text_(text), url_(url) {
    if (text.size() > kLongestText) fail("is longer than any honest one");
  }

  DapStructure read() {
    DapStructure structure;
    expect("Dataset");
    expect("{");
    while (peek() != "}") {
      if (structure.variables.size() == kMostVariables) fail("has too many variables");
      structure.variables.push_back(variable());
    }
    expect("}");
    while (peek() != ";")  // the data set's name; an odd one may hold a colon
      take();
    return structure;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kUnreadable,
                "'" + url_ + "': the data structure (DDS) " + what +
                    "; the server does not answer as a DAP2 server does, try again later");
  }

  std::string_view scan(std::size_t& at) const {
    constexpr std::string_view kMarks = "{}[]=:;";
    constexpr std::string_view kBlanks = " \t\r\n";
    at = std::min(text_.find_first_not_of(kBlanks, at), text_.size());
    if (at == text_.size()) fail("is cut short");
    const std::size_t begin = at;
    if (kMarks.find(text_[at]) != std::string_view::npos)
      ++at;
    else
      at = std::min(text_.find_first_of("{}[]=:; \t\r\n", at), text_.size());
    if (at - begin > kLongestWord) fail("has an endless word");
    return text_.substr(begin, at - begin);
  }
  std::string_view peek() const {
    std::size_t at = at_;
    return scan(at);
  }
  std::string_view take() { return scan(at_); }
  void expect(std::string_view word) {
    const std::string_view found = take();
    if (found != word) fail("has '" + shown(found) + "' where '" + std::string(word) + "' belongs");
  }

  DapVariable variable() {
    if (peek() == "Grid") return grid();
    DapVariable single;
    single.arrays.push_back(array());
    single.name = single.arrays.front().name;
    return single;
  }

  DapVariable grid() {
    DapVariable made;
    for (const std::string_view word : {"Grid", "{", "ARRAY", ":"})
      expect(word);
    made.arrays.push_back(array());
    expect("MAPS");
    expect(":");
    while (peek() != "}") {
      if (made.arrays.size() > kMostDimensions) fail("has a Grid with too many maps");
      made.arrays.push_back(array());
    }
    expect("}");
    made.name = take();
    expect(";");
    return made;
  }

  DapArray array() {
    DapArray made;
    made.type = type(take());
    made.name = take();
    while (peek() == "[") {
      if (made.sizes.size() == kMostDimensions) fail("has an array of too many dimensions");
      made.sizes.push_back(dimension());
    }
    expect(";");
    return made;
  }

  DapType type(std::string_view word) const {
    const auto* const known = std::find_if(kTypes.begin(), kTypes.end(),
                                           [&](const TypeName& t) { return t.word == word; });
    if (known == kTypes.end()) fail("has '" + shown(word) + "' where a type belongs");
    return known->type;
  }

  /// [name = size] or [size]
  std::uint64_t dimension() {
    expect("[");
    std::string_view word = take();
    if (peek() == "=") {
      take();
      word = take();
    }
    std::uint64_t size = 0;
    const auto end = std::from_chars(word.data(), word.data() + word.size(), size);
    if (end.ec != std::errc() || end.ptr != word.data() + word.size() || size > kLargestDimension)
      fail("has a dimension of '" + shown(word) + "'");
    expect("]");
    return size;
  }

  std::string_view text_;
  std::string url_;
  std::size_t at_ = 0;
};

}  // namespace

std::uint64_t DapArray::count() const noexcept {
  std::uint64_t product = 1;
  for (const std::uint64_t size : sizes) {
    // Saturates: eight dimensions of ten million would not fit.
    if (size != 0 && product > UINT64_MAX / size) return UINT64_MAX;
    product *= size;
  }
  return product;
}

const DapVariable* DapStructure::find(std::string_view name) const noexcept {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const DapVariable& one) { return one.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

DapStructure parse_dds(std::string_view text, const std::string& url) {
  return DdsReader(text, url).read();
}

}  // namespace topobathy

#include "providers/gebco/dap_values.h"

#include <cstring>

#include "fusion/error.h"

namespace topobathy {
namespace {

[[noreturn]] void fail(const std::string& url, const std::string& what) {
  throw Error(ErrorCode::kUnreadable,
              "'" + url + "': " + what + "; the answer was damaged on its way, try again");
}

/// How many bytes a number takes on the wire.
std::size_t wire_size(DapType type) noexcept {
  if (type == DapType::kByte) return 1;
  return type == DapType::kFloat64 ? 8 : 4;
}

std::uint64_t big_endian(const char* bytes, std::size_t size) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

template <class Real, class Bits>
double real(std::uint64_t wire) noexcept {
  const auto bits = static_cast<Bits>(wire);
  Real value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return static_cast<double>(value);
}

double number(DapType type, const char* bytes) noexcept {
  const std::uint64_t wire = big_endian(bytes, wire_size(type));
  switch (type) {
    case DapType::kInt16:
    case DapType::kInt32:
      return static_cast<double>(static_cast<std::int32_t>(wire));
    case DapType::kFloat32:
      return real<float, std::uint32_t>(wire);
    case DapType::kFloat64:
      return real<double, std::uint64_t>(wire);
    default:
      return static_cast<double>(wire);
  }
}

class XdrReader {
 public:
  XdrReader(std::string_view bytes, const std::string& url) : bytes_(bytes), url_(url) {}

  DapValues read(const DapArray& array) {
    if (array.type == DapType::kOther) fail(url_, "'" + array.name + "' holds no numbers");
    const std::uint64_t count = array.count();
    if (count > kMostDapValues) fail(url_, "'" + array.name + "' is larger than what was asked");
    if (!array.sizes.empty()) {
      check_count(array.name, count);
      check_count(array.name, count);
    }
    const std::size_t size = wire_size(array.type);
    const std::size_t length = static_cast<std::size_t>(count) * size;
    const char* const begin = take((length + 3) / 4 * 4);
    DapValues made{array, {}};
    made.values.reserve(static_cast<std::size_t>(count));
    for (std::size_t at = 0; at < length; at += size)
      made.values.push_back(number(array.type, begin + at));
    return made;
  }
  void finish() const {
    if (!bytes_.empty())
      fail(url_, "the data has " + std::to_string(bytes_.size()) + " bytes too many");
  }

 private:
  const char* take(std::size_t length) {
    if (length > bytes_.size())
      fail(url_,
           "the data is cut short by " + std::to_string(length - bytes_.size()) + " bytes or more");
    const char* const begin = bytes_.data();
    bytes_.remove_prefix(length);
    return begin;
  }
  void check_count(const std::string& name, std::uint64_t count) {
    const std::uint64_t stated = big_endian(take(4), 4);
    if (stated != count)
      fail(url_, "'" + name + "' states " + std::to_string(stated) +
                     " numbers where its structure has " + std::to_string(count));
  }

  std::string_view bytes_;
  const std::string& url_;
};

}  // namespace

std::vector<DapValues> decode_dods(std::string_view body, const std::string& url) {
  constexpr std::string_view kMark = "\nData:";
  const std::size_t mark = body.find(kMark);
  const std::size_t line_end =
      mark == std::string_view::npos ? mark : body.find('\n', mark + kMark.size());
  if (line_end == std::string_view::npos) fail(url, "there is no line 'Data:' before the numbers");
  const DapStructure structure = parse_dds(body.substr(0, mark), url);
  XdrReader reader(body.substr(line_end + 1), url);
  std::vector<DapValues> all;
  for (const DapVariable& variable : structure.variables) {
    for (const DapArray& array : variable.arrays)
      all.push_back(reader.read(array));
  }
  reader.finish();
  return all;
}

}  // namespace topobathy

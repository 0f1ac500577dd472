#include "cache/audit/check_npy.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <regex>

#include "cache/audit/zip_entries.h"

namespace topobathy {
namespace {

constexpr char kMagic[] = "\x93NUMPY";
constexpr std::size_t kMagicSize = sizeof kMagic - 1;
constexpr std::size_t kLongestHeader = 64 << 10;
constexpr std::size_t kPreamble = 12;  ///< magic, version, length (4 bytes from version 2.0 on)
constexpr std::uint64_t kMostValues = std::uint64_t{1} << 40;

std::uint64_t little_endian(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Bytes of a plain number type ("<f4"); 0 for anything else.
std::uint64_t item_size(const std::string& header) {
  static const std::regex type(R"('descr': *'[<>|=]?[fiubc](\d{1,2})')");
  std::smatch match;
  return std::regex_search(header, match, type) ? std::stoull(match[1]) : 0;
}

/// Numbers in the array; nothing when the header states no shape.
std::optional<std::uint64_t> value_count(const std::string& header) {
  static const std::regex shape(R"('shape': *\(([0-9, ]*)\))");
  static const std::regex number(R"(\d{1,12})");
  std::smatch match;
  if (!std::regex_search(header, match, shape)) return std::nullopt;
  const std::string sizes = match[1];
  std::uint64_t count = 1;
  for (std::sregex_iterator size(sizes.begin(), sizes.end(), number), end; size != end; ++size) {
    const std::uint64_t edge = std::stoull(size->str());
    if (edge != 0 && count > kMostValues / edge) return std::nullopt;
    count *= edge;
  }
  return count;
}

/// `begin`: the first bytes of the file, at least its header if it has one; `size` of all.
std::string check_array(const std::string& begin, std::uint64_t size) {
  if (begin.size() < kPreamble || std::memcmp(begin.data(), kMagic, kMagicSize) != 0)
    return "no NumPy array";
  const bool long_length = begin[kMagicSize] != 1;
  const std::size_t start = long_length ? kPreamble : kPreamble - 2;
  const std::uint64_t length = little_endian(begin, kMagicSize + 2, long_length ? 4 : 2);
  if (length > begin.size() - start) return "its header is cut short or damaged";
  const std::string header = begin.substr(start, length);
  const std::uint64_t item = item_size(header);
  const auto count = value_count(header);
  if (item == 0 || !count) return "its header states no array of numbers";
  const std::uint64_t wanted = start + length + item * *count;
  if (wanted == size) return "";
  return "it has " + std::to_string(size) + " bytes where its header states " +
         std::to_string(wanted);
}

/// The header of a member and its size.
struct Member {
  std::string begin;
  std::uint64_t size = 0;

  void add(const unsigned char* bytes, std::size_t count) {
    const std::size_t wanted = std::min(count, kLongestHeader - begin.size());
    begin.append(reinterpret_cast<const char*>(bytes), wanted);
    size += count;
  }
};

}  // namespace

std::string check_npy(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "it cannot be opened";
  const auto size = static_cast<std::uint64_t>(file.tellg());
  std::string begin(std::min<std::uint64_t>(size, kLongestHeader), '\0');
  file.seekg(0);
  if (!file.read(begin.data(), static_cast<std::streamsize>(begin.size())))
    return "it cannot be read";
  return check_array(begin, size);
}

std::string check_npz(const std::string& path, bool quick) {
  const ZipEntries zip(path);
  if (!zip.problem().empty()) return zip.problem();
  if (zip.count() == 0) return "it holds no array";
  for (std::size_t i = 0; !quick && i < zip.count(); ++i) {
    Member member;
    std::string wrong = zip.stream(
        i, [&](const unsigned char* bytes, std::size_t count) { member.add(bytes, count); });
    if (wrong.empty()) wrong = check_array(member.begin, member.size);
    if (!wrong.empty()) return "member " + zip.name(i) + ": " + wrong;
  }
  return "";
}

}  // namespace topobathy

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace topobathy {

/// A number at a place of a text of bytes, least significant byte first (as all that LAS, COPC and
/// EPT store; the machines we run on are little-endian too). \pre it lies inside
template <class Number>
Number number_at(const std::string& bytes, std::size_t place) noexcept {
  Number number;
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

/// Appends a number.
template <class Number>
void append_number(std::string& bytes, Number number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof raw);
}

/// Sets a number. \pre it lies inside
template <class Number>
void set_number(std::string& bytes, std::size_t place, Number number) noexcept {
  std::memcpy(bytes.data() + place, &number, sizeof number);
}

}  // namespace topobathy

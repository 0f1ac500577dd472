#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace topobathy {

/// What went wrong, coarse enough to choose an exit status or a GDAL error number.
enum class ErrorCode {
  kPolicy,       ///< the policy text is wrong; place names file:line:column
  kUsage,        ///< an option or argument is wrong
  kNotFound,     ///< a file or URL does not exist
  kUnreadable,   ///< it exists but cannot be read or is corrupt
  kUnsupported,  ///< readable, but of a kind we refuse
  kCache,        ///< the cache could not be written or locked
  kCancelled,    ///< the caller asked to stop
  kInternal,     ///< a broken invariant
};

/// Where in a text: 1-based line and column, 0 when unknown.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  /// "file:line:column", "file", or "".
  std::string text() const;
};

/// UTF-8 without control characters but line breaks and tabs; what is none becomes U+FFFD or "?".
/// Messages quote what strangers sent: a terminal must not obey it, and Python's bindings of GDAL
/// take UTF-8 only.
std::string printable(const std::string& text);

/// The one exception of fusion/, providers/ and cache/. The message says what, where and what to
/// do; it is printable whatever it quotes.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, Place place = {}, std::string step = {})
      : std::runtime_error(
            printable(place.text().empty() ? message : place.text() + ": " + message)),
        code_(code),
        message_(printable(message)),
        place_(std::move(place)),
        step_(std::move(step)) {}

  ErrorCode code() const noexcept { return code_; }
  const Place& place() const noexcept { return place_; }
  /// what() without the place, for a report that says the place itself.
  const std::string& message() const noexcept { return message_; }
  /// The policy's step that failed; "" where it is none. The message says it too.
  const std::string& step() const noexcept { return step_; }

 private:
  ErrorCode code_;
  std::string message_;
  Place place_;
  std::string step_;
};

}  // namespace topobathy

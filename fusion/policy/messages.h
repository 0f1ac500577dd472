#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fusion/error.h"

namespace topobathy {

/// Every message that a wrong policy can get, each once; `{}` is filled in.
/// docs/troubleshooting-policy.md has one heading a message, and a test holds the two together.
#define TOPOBATHY_POLICY_MESSAGES(X)                                                               \
  X(kTooLarge, "the policy is {} bytes long; the limit is {} bytes")                               \
  X(kNotUtf8, "the text is not UTF-8; save the file as UTF-8")                                     \
  X(kControlCharacter, "the text holds the control character {}; remove it")                       \
  X(kSyntax, "not valid YAML: {}")                                                                 \
  X(kTooDeep, "maps and lists are nested deeper than {} levels")                                   \
  X(kTooManyValues, "the policy holds more than {} values")                                        \
  X(kTextTooLong, "a text of {} bytes; the limit is {} bytes")                                     \
  X(kAnchor, "anchors and aliases (& and *) are not allowed; write the value out")                 \
  X(kTag, "the tag {} is not allowed; remove it")                                                  \
  X(kSeveralDocuments, "a policy is one YAML document; remove the second one")                     \
  X(kKeyNotText, "a key must be a plain word")                                                     \
  X(kDuplicateKey, "the key \"{}\" is here twice; the first is on line {}")                        \
  X(kEmptyPolicy, "the policy is empty")                                                           \
  X(kExpected, "\"{}\" must be {}, not {}")                                                        \
  X(kUnknownKeyNear, "unknown key \"{}\" in {}; did you mean \"{}\"?")                             \
  X(kUnknownKeyElsewhere, "unknown key \"{}\" in {}; it belongs to {}")                            \
  X(kUnknownKey, "unknown key \"{}\" in {}; known keys: {}")                                       \
  X(kMissingKey, "{} needs the key \"{}\"")                                                        \
  X(kUnknownValueNear, "unknown {} \"{}\"; did you mean \"{}\"?")                                  \
  X(kUnknownValue, "unknown {} \"{}\"; known: {}")                                                 \
  X(kBothSpellings, "\"{}\" and \"{}\" say different things; keep one")                            \
  X(kExclusiveKeys, "\"{}\" and \"{}\" exclude each other; keep one")                              \
  X(kZoomNeedsMercator, "\"zoom\" needs crs: EPSG:3857; with {} give a resolution in metres")      \
  X(kVariableName, "variable \"{}\" is not supported; a policy makes one variable, \"elevation\"") \
  X(kSeveralVariables, "a policy makes one variable, \"elevation\"; remove this second one")       \
  X(kNoSteps, "\"steps\" is empty; give at least one step, or the variable a background")          \
  X(kDistanceUnused,                                                                               \
    "\"blend_distance\" has no effect with operator {}; write operator: metric_feather, or "       \
    "remove it")                                                                                   \
  X(kWeightUnused,                                                                                 \
    "\"weight\" has no effect with operator {}; write operator: linear_blend, or remove it")       \
  X(kRasterOnly, "\"{}\" is for provider raster only, not for {}; remove it")                      \
  X(kNoProducts, "provider \"{}\" has no products to choose from; remove \"product\"")             \
  X(kUnknownProductNear,                                                                           \
    "unknown product \"{}\" of provider \"{}\"; did you mean \"{}\"? (known: {})")                 \
  X(kUnknownProduct, "unknown product \"{}\" of provider \"{}\"; known: {}")                       \
  X(kKeyNotOfProvider, "\"{}\" has no meaning for provider \"{}\"; remove it (it works with: {})") \
  X(kKeyNotOfProduct,                                                                              \
    "\"{}\" has no meaning for product \"{}\" of provider \"{}\"; remove it (it works with: {})")  \
  X(kNoFiles, "a raster step needs one of the keys path, glob or index")                           \
  X(kNeedsIndex, "\"location_field\" needs the key \"index\"")                                     \
  X(kStepNameTaken, "the step name \"{}\" is taken by the step on line {}; choose another")        \
  X(kStepNameIsProvider, "the step name \"{}\" is the name of another provider; choose another")   \
  X(kTargetNotBelow, "the transition target \"{}\" is not below this step; steps run bottom-up")   \
  X(kTargetNear, "unknown transition target \"{}\"; did you mean \"{}\"?")                         \
  X(kTargetUnknown, "unknown transition target \"{}\"; below this step are: {}")                   \
  X(kSouthAboveNorth, "south ({}) must be below north ({})")                                       \
  X(kBoxEmpty, "the box has no width: west and east are both {}")                                  \
  X(kBoxTooWide, "the box is wider than 360 degrees (west {}, east {})")                           \
  X(kOddCoordinates, "a polygon needs lon, lat pairs, but {} numbers are given")                   \
  X(kPolygonTooFew, "a polygon needs at least 3 different points, but has {}")                     \
  X(kPolygonEmpty, "the polygon has no area")                                                      \
  X(kZonePriority, "\"priority\" is not supported: the order of the steps decides; remove it")     \
  X(kMinAboveMax, "\"{}\" ({}) is above \"{}\" ({})")                                              \
  X(kUncertaintyEmpty, "\"uncertainty\" needs constant, depth_factor or both")                     \
  X(kBadPattern, "the pattern \"{}\" is not a regular expression: {}")

enum class Message {
#define TOPOBATHY_ENUMERATOR(name, text) name,
  TOPOBATHY_POLICY_MESSAGES(TOPOBATHY_ENUMERATOR)
#undef TOPOBATHY_ENUMERATOR
};

inline constexpr std::string_view kMessageTexts[] = {
#define TOPOBATHY_TEXT(name, text) text,
    TOPOBATHY_POLICY_MESSAGES(TOPOBATHY_TEXT)
#undef TOPOBATHY_TEXT
};

/// The text with its `{}` filled in, in order.
std::string format_message(Message message, std::initializer_list<std::string_view> values);

/// \throws Error(kPolicy) always
[[noreturn]] void fail(const Place& place, Message message,
                       std::initializer_list<std::string_view> values = {});

/// A user's text fit for a message: one line, not longer than about 40 bytes, cut between
/// characters.
std::string shown(std::string_view text);
/// The shortest text that reads back as the same number.
std::string shown(double value);
/// "a, b, c", at most 40 of them.
std::string listed(const std::vector<std::string>& names);

}  // namespace topobathy

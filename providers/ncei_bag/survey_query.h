#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fusion/policy/policy.h"
#include "providers/http/http_client.h"

namespace topobathy {

/// A hydrographic survey with BAGs, as NCEI's feature service lists it.
struct Survey {
  std::string id;          ///< "H12696"
  std::string page;        ///< its page, or its one BAG; "" = not stated
  int year = 0;            ///< 0 = not stated
  std::string date_start;  ///< ISO days, "" = not stated
  std::string date_end;
  std::string modified;  ///< day of its data's last change, ISO; "" = not stated
  LonLatBox box;         ///< that its pixels lie in
};

/// How much farther than the outline of its survey a BAG may reach, degrees (about 2 km): outlines
/// are generalised. Squares are asked for with this margin, boxes have it.
constexpr double kSurveyMargin = 0.02;

/// The surveys with BAGs that touch a square of degrees, all pages of the answer. One without an
/// outline takes the square.
/// \throws Error(kUnreadable): no answer, one that is not JSON, an error of the service (it comes
/// with HTTP 200), an outline not in degrees, pages without end
std::vector<Survey> ask_surveys(HttpClient& http, const LonLatBox& square);

}  // namespace topobathy

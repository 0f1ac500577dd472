#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "providers/http/http_client.h"

namespace topobathy {

/// The JSON object a server answered with. \throws Error(kUnreadable): another status than 2xx (404
/// too: the address is one that must be there), a body longer than `max_bytes`, HTML, or what is no
/// JSON object. Messages name `url` without its query.
nlohmann::json json_answer(const HttpAnswer& answer, const std::string& url,
                           std::uint64_t max_bytes);

/// The text of a member; "" where it is missing or no text.
std::string text_of(const nlohmann::json& object, const char* key);
/// The number of a member, also one written as text; `otherwise` where there is none or it is not
/// finite.
double number_of(const nlohmann::json& object, const char* key, double otherwise);
/// The member where it is an object, else an empty one.
const nlohmann::json& object_of(const nlohmann::json& object, const char* key);
/// The member where it is an array, else an empty one.
const nlohmann::json& array_of(const nlohmann::json& object, const char* key);

}  // namespace topobathy

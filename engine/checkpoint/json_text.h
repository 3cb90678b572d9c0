#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace moescope {

// Parses strict JSON; a repeated key, which would silently hide a value, is an error. `where` begins the message.
nlohmann::json parseJson(std::string_view text, const std::string& where);

} // namespace moescope

#include "engine/checkpoint/json_text.h"

#include <set>
#include <vector>

#include "engine/routing/error.h"

namespace moescope {

using nlohmann::json;

nlohmann::json parseJson(std::string_view text, const std::string& where) {
    std::vector<std::set<std::string>> keys;
    const auto rejectRepeats = [&](int, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start)
            keys.emplace_back();
        else if (event == json::parse_event_t::object_end)
            keys.pop_back();
        else if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second)
            throw Error(ErrorCode::Corruption, where + ": \"" + parsed.get<std::string>() + "\" occurs twice");
        return true;
    };
    try {
        return json::parse(text.begin(), text.end(), rejectRepeats);
    } catch (const json::exception&) {
        throw Error(ErrorCode::Corruption, where + ": is not valid JSON; download the file again");
    }
}

} // namespace moescope

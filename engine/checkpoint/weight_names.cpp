#include "engine/checkpoint/weight_names.h"

#include <string_view>

namespace moescope {

namespace {

void fill(std::string& text, const char* mark, std::int32_t value) {
    if (const auto at = text.find(mark); at != std::string::npos)
        text.replace(at, 3, std::to_string(value));
}

} // namespace

std::string weightName(const std::string& pattern, std::int32_t layer, std::int32_t expert) {
    std::string name = pattern;
    fill(name, "{L}", layer);
    fill(name, "{E}", expert);
    return name;
}

std::string biasName(const std::string& weight) {
    constexpr std::string_view ending = ".weight";
    if (weight.ends_with(ending))
        return weight.substr(0, weight.size() - ending.size()) + ".bias";
    return weight + "_bias";
}

} // namespace moescope

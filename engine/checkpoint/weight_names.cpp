#include "engine/checkpoint/weight_names.h"

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

} // namespace moescope

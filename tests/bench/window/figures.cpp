#include "tests/bench/window/figures.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace moescope::bench {

void Figures::atMost(const std::string& name, double value, double limit, const char* unit) {
    m_figures.push_back({name, value, unit, limit, value < limit});
}

void Figures::atLeast(const std::string& name, double value, double limit, const char* unit) {
    m_figures.push_back({name, value, unit, limit, value >= limit});
}

void Figures::note(const std::string& name, double value, const char* unit) {
    m_figures.push_back({name, value, unit, -1, true});
}

bool Figures::allPass() const {
    return std::all_of(m_figures.begin(), m_figures.end(), [](const Figure& figure) { return figure.pass; });
}

std::string Figures::json(const std::string& subject) const {
    std::string text =
        "{\"recording\": \"" + subject + "\", \"pass\": " + (allPass() ? "true" : "false") + ", \"figures\": [";
    const char* comma = "";
    for (const Figure& figure : m_figures) {
        std::array<char, 64> limit{};
        if (figure.limit >= 0) {
            std::snprintf(limit.data(), limit.size(), ", \"limit\": %g, \"pass\": %s", figure.limit,
                          figure.pass ? "true" : "false");
        }
        std::array<char, 256> line{};
        std::snprintf(line.data(), line.size(), "%s\n  {\"name\": \"%s\", \"value\": %.1f, \"unit\": \"%s\"%s}", comma,
                      figure.name.c_str(), figure.value, figure.unit, limit.data());
        text += line.data();
        comma = ",";
    }
    return text + "\n]}\n";
}

} // namespace moescope::bench

#pragma once

#include <string>
#include <vector>

namespace moescope::bench {

// What was measured against what it may be; printed as one JSON object.
class Figures {
public:
    // Passes where value < limit.
    void atMost(const std::string& name, double value, double limit, const char* unit = "ms");
    void atLeast(const std::string& name, double value, double limit, const char* unit);
    void note(const std::string& name, double value, const char* unit = "ms"); // no limit
    bool allPass() const;
    std::string json(const std::string& subject) const;

private:
    struct Figure {
        std::string name;
        double value;
        const char* unit;
        double limit; // negative: none
        bool pass;
    };
    std::vector<Figure> m_figures;
};

} // namespace moescope::bench

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace moescope {

// What is known of how a recording came to be: facts in the order they are shown. The facts marked as fixed decide what
// is recorded: a run goes on only where all of them agree.
class Provenance {
public:
    void fact(std::string key, std::string value) { add(std::move(key), std::move(value), false); }
    void fixed(std::string key, std::string value) { add(std::move(key), std::move(value), true); }

    const std::vector<std::pair<std::string, std::string>>& facts() const { return m_facts; }
    const std::vector<std::pair<std::string, std::string>>& fixedFacts() const { return m_fixed; }
    std::string resumeKey() const; // hash over the fixed facts

private:
    void add(std::string key, std::string value, bool fixed);

    std::vector<std::pair<std::string, std::string>> m_facts;
    std::vector<std::pair<std::string, std::string>> m_fixed;
};

} // namespace moescope

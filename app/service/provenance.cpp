#include "app/service/provenance.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "engine/checkpoint/hash128.h"

namespace moescope {

void Provenance::add(std::string key, std::string value, bool fixed) {
    if (fixed)
        m_fixed.emplace_back(key, value);
    m_facts.emplace_back(std::move(key), std::move(value));
}

std::string Provenance::resumeKey() const {
    Hash128 hash;
    for (const auto& [key, value] : m_fixed) {
        hash.add(std::as_bytes(std::span(key)));
        hash.add(std::as_bytes(std::span(value)));
    }
    return hash.hex();
}

std::string Provenance::differences(const std::vector<std::pair<std::string, std::string>>& recorded) const {
    std::string text;
    for (const auto& [key, value] : m_fixed) {
        const std::string& name = key;
        const auto was = std::find_if(recorded.begin(), recorded.end(), [&](const auto& f) { return f.first == name; });
        const std::string before = was == recorded.end() ? "unknown" : was->second;
        if (before != value)
            text += fmt::format("{}{} ({}, was {})", text.empty() ? "" : ", ", key, value, before);
    }
    return text;
}

} // namespace moescope

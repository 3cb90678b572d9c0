#include "app/service/provenance.h"

#include <span>

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

} // namespace moescope

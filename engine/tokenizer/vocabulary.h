#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace moescope {

inline constexpr std::int32_t kNoToken = -1;

// Token texts and ids, both ways.
class Vocabulary {
public:
    void add(std::string token, std::int32_t id) {
        if (std::size_t(id) >= m_tokens.size()) {
            m_tokens.resize(std::size_t(id) + 1);
            m_present.resize(std::size_t(id) + 1);
        }
        m_tokens[std::size_t(id)] = token;
        m_present[std::size_t(id)] = true;
        m_ids.insert_or_assign(std::move(token), id);
    }

    std::int32_t idOf(std::string_view token) const {
        const auto found = m_ids.find(token);
        return found == m_ids.end() ? kNoToken : found->second;
    }

    bool contains(std::int32_t id) const {
        return id >= 0 && std::size_t(id) < m_tokens.size() && m_present[std::size_t(id)];
    }
    const std::string& token(std::int32_t id) const { return m_tokens[std::size_t(id)]; } // REQUIRES: contains(id)
    std::int32_t size() const { return std::int32_t(m_tokens.size()); }                   // largest id + 1

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> m_ids;
    std::vector<std::string> m_tokens;
    std::vector<bool> m_present;
};

} // namespace moescope

#include "engine/tokenizer/word_cutter.h"

#include <utility>

#include "engine/tokenizer/utf8.h"

namespace moescope {

WordCutter::WordCutter(const Vocabulary& vocabulary) : m_slots(1024, kEmpty) {
    for (std::int32_t id = 0; id < vocabulary.size(); ++id) {
        const std::string_view token =
            vocabulary.contains(id) ? std::string_view(vocabulary.token(id)) : std::string_view();
        char32_t previous = 0;
        for (std::size_t i = 0; i < token.size(); i += utf8::lengthAt(token, i)) {
            const char32_t character = utf8::decodeAt(token, i);
            if (i > 0) {
                insert(pair(previous, character));
            } else if (utf8::lengthAt(token, 0) == token.size()) {
                insert(alone(character));
            }
            previous = character;
        }
    }
    for (char32_t left = 0; left < 128; ++left) {
        for (char32_t right = 0; right < 128; ++right) {
            m_asciiCut[left][right] = cuttable(left, right);
        }
    }
}

std::size_t WordCutter::partEnd(std::string_view word, std::size_t from) const {
    char32_t left = utf8::decodeAt(word, from);
    std::size_t i = from + utf8::lengthAt(word, from);
    while (i < word.size()) {
        const char32_t right = utf8::decodeAt(word, i);
        if (left < 128 && right < 128 ? m_asciiCut[left][right] : cuttable(left, right)) {
            return i;
        }
        left = right;
        i += utf8::lengthAt(word, i);
    }
    return word.size();
}

// A character that is no token becomes bytes or an unknown token, which may fuse with its neighbour: never cut there.
bool WordCutter::cuttable(char32_t left, char32_t right) const {
    return !contains(pair(left, right)) && contains(alone(left)) && contains(alone(right));
}

void WordCutter::insert(std::uint64_t key) {
    if (contains(key)) {
        return;
    }
    if (++m_used * 2 > m_slots.size()) {
        const std::vector<std::uint64_t> old = std::exchange(m_slots, std::vector(m_slots.size() * 2, kEmpty));
        m_used = 1;
        for (const std::uint64_t kept : old) {
            if (kept != kEmpty) {
                insert(kept);
            }
        }
    }
    std::size_t i = slotOf(key);
    while (m_slots[i] != kEmpty) {
        i = (i + 1) & (m_slots.size() - 1);
    }
    m_slots[i] = key;
}

bool WordCutter::contains(std::uint64_t key) const {
    for (std::size_t i = slotOf(key);; i = (i + 1) & (m_slots.size() - 1)) {
        if (m_slots[i] == key || m_slots[i] == kEmpty) {
            return m_slots[i] == key;
        }
    }
}

} // namespace moescope

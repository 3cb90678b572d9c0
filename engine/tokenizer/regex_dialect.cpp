#include <algorithm>

#include "engine/routing/error.h"
#include "engine/tokenizer/regex.h"
#include "engine/tokenizer/text_input.h"

namespace moescope {
namespace {

// White_Space of Unicode; PCRE2's own \s adds U+180E, which left the property in Unicode 6.3.
constexpr std::string_view kSpace =
    R"(\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";
constexpr std::string_view kNotSpace =
    R"(\x{0}-\x{8}\x{e}-\x{1f}!-\x{84}\x{86}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027})"
    R"(\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff})";
constexpr std::string_view kWord = R"(\p{L}\p{M}\p{Nd}\p{Pc})";

// Walks a pattern once, copying everything but the few constructs that the two dialects read differently.
class Translator {
public:
    explicit Translator(std::string_view pattern) : m_pattern(pattern) {}

    std::string run() {
        while (m_at < m_pattern.size()) {
            step();
        }
        return std::move(m_out);
    }

private:
    void step() {
        const char c = m_pattern[m_at];
        if (c == '\\' && m_at + 1 < m_pattern.size()) {
            escape(m_pattern[m_at + 1]);
            return;
        }
        if (!m_inClass) {
            m_inClass = c == '[';
            copy(1);
            if (m_inClass) {
                openClass();
            }
            return;
        }
        classCharacter(c);
    }

    // A ']' right after the opening is a member of the class in both dialects.
    void openClass() {
        if (m_at < m_pattern.size() && m_pattern[m_at] == '^') {
            copy(1);
        }
        if (m_at < m_pattern.size() && m_pattern[m_at] == ']') {
            copy(1);
        }
    }

    void classCharacter(char c) {
        const bool posix = m_pattern.substr(m_at, 2) == "[:";
        if (posix) {
            const std::size_t end = m_pattern.find(":]", m_at);
            copy(end == std::string_view::npos ? 1 : end + 2 - m_at);
            return;
        }
        if (c == '[' || m_pattern.substr(m_at, 2) == "&&") {
            throw Error(ErrorCode::Unsupported, "pattern " + printable(m_pattern) +
                                                    ": character classes within classes are not supported; "
                                                    "write the class out");
        }
        m_inClass = c != ']';
        copy(1);
    }

    void escape(char kind) {
        switch (kind) {
        case 's':
            return replace(kSpace, false);
        case 'S':
            return m_inClass ? replace(kNotSpace, false) : replace(kSpace, true);
        case 'w':
            return replace(kWord, false);
        case 'W':
            return m_inClass ? copy(2) : replace(kWord, true);
        case 'u':
            return hexadecimal();
        default:
            return copy(2);
        }
    }

    void replace(std::string_view members, bool negated) {
        m_at += 2;
        if (m_inClass) {
            m_out += members;
            return;
        }
        m_out += negated ? "[^" : "[";
        m_out += members;
        m_out += ']';
    }

    void hexadecimal() { // \uHHHH
        m_out += "\\x{" + std::string(m_pattern.substr(m_at + 2, 4)) + "}";
        m_at = std::min(m_pattern.size(), m_at + 6);
    }

    void copy(std::size_t count) {
        m_out += m_pattern.substr(m_at, count);
        m_at += count;
    }

    std::string_view m_pattern;
    std::string m_out;
    std::size_t m_at = 0;
    bool m_inClass = false;
};

} // namespace

std::string Regex::translate(std::string_view pattern) {
    return Translator(pattern).run();
}

} // namespace moescope

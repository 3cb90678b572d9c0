#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/tokenizer/regex.h"

namespace moescope {

class JsonNode;

// What a tokenizer.json calls a pattern: a literal text ({"String": ...}) or an expression ({"Regex": ...}).
class TextPattern {
public:
    explicit TextPattern(const JsonNode& node);
    explicit TextPattern(Regex regex) : m_pattern(std::move(regex)) {}
    explicit TextPattern(std::string literal) : m_pattern(std::move(literal)) {}

    // An empty literal matches nowhere.
    bool find(std::string_view text, std::size_t from, Regex::Match& match) const;
    void replaceAll(std::string& text, std::string_view content) const;

private:
    std::variant<std::string, Regex> m_pattern;
};

} // namespace moescope

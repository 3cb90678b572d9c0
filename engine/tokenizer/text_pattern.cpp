#include "engine/tokenizer/text_pattern.h"

#include "engine/routing/error.h"
#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

std::variant<std::string, Regex> parse(const JsonNode& node) {
    if (node.raw().is_string()) {
        return node.text();
    }
    if (const auto literal = node.find("String")) {
        return literal->text();
    }
    const JsonNode regex = node.at("Regex");
    try {
        return Regex(regex.text());
    } catch (const Error& error) {
        regex.unsupported(error.what());
    }
}

} // namespace

TextPattern::TextPattern(const JsonNode& node) : m_pattern(parse(node)) {}

bool TextPattern::find(std::string_view text, std::size_t from, Regex::Match& match) const {
    if (const auto* regex = std::get_if<Regex>(&m_pattern)) {
        return regex->find(text, from, match);
    }
    const std::string& literal = std::get<std::string>(m_pattern);
    const std::size_t begin = literal.empty() ? std::string_view::npos : text.find(literal, from);
    match = {begin, begin + literal.size()};
    return begin != std::string_view::npos;
}

void TextPattern::replaceAll(std::string& text, std::string_view content) const {
    Regex::Match match;
    std::size_t copied = 0;
    std::string out;
    for (std::size_t from = 0; from < text.size() && find(text, from, match);) {
        out.append(text, copied, match.begin - copied);
        out += content;
        copied = match.end;
        // An empty match must not be found again.
        from = match.end > match.begin || match.end == text.size() ? match.end
                                                                   : match.end + utf8::lengthAt(text, match.end);
    }
    if (copied == 0 && out.empty()) {
        return;
    }
    out.append(text, copied, std::string::npos);
    text = std::move(out);
}

} // namespace moescope

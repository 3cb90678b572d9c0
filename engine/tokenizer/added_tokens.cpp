#include "engine/tokenizer/added_tokens.h"

#include <algorithm>
#include <array>
#include <unicode/uchar.h>
#include <utility>

#include "engine/tokenizer/json_node.h"
#include "engine/tokenizer/normalizers.h"
#include "engine/tokenizer/utf8.h"
#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/white_space.h"

namespace moescope {
namespace {

bool isWordCharacter(char32_t character) {
    const auto c = UChar32(character);
    return u_isUAlphabetic(c) != 0 || (U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 ||
           u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0;
}

std::size_t previousCharacter(std::string_view text, std::size_t end) {
    std::size_t i = end - 1;
    while (i > 0 && utf8::isContinuation(text[i])) {
        --i;
    }
    return i;
}

bool standsAlone(std::string_view text, std::size_t begin, std::size_t end) {
    const bool wordBefore = begin > 0 && isWordCharacter(utf8::decodeAt(text, previousCharacter(text, begin)));
    const bool wordAfter = end < text.size() && isWordCharacter(utf8::decodeAt(text, end));
    return !wordBefore && !wordAfter;
}

std::size_t skipSpaceLeft(std::string_view text, std::size_t begin, std::size_t limit) {
    while (begin > limit) {
        const std::size_t before = previousCharacter(text, begin);
        if (before < limit || !isSpace(utf8::decodeAt(text, before))) {
            break;
        }
        begin = before;
    }
    return begin;
}

std::size_t skipSpaceRight(std::string_view text, std::size_t end) {
    while (end < text.size() && isSpace(utf8::decodeAt(text, end))) {
        end += utf8::lengthAt(text, end);
    }
    return end;
}

} // namespace

// A trie over bytes, entered only at bytes that begin a token.
class AddedTokens::Finder {
public:
    void add(std::string_view content, std::size_t token) {
        if (content.empty()) {
            return;
        }
        m_begins[static_cast<unsigned char>(content.front())] = true;
        std::size_t node = 0;
        for (const char byte : content) {
            std::size_t next = child(node, byte);
            if (next == 0) {
                next = m_nodes.size();
                m_nodes[node].children.emplace_back(byte, next);
                m_nodes.emplace_back();
            }
            node = next;
        }
        m_nodes[node].token = std::int64_t(token);
    }

    bool empty() const { return m_nodes.size() == 1; }

    // The first match at or after `from`, the longest there; its end is 0 where there is none.
    struct Match {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t token = 0;
    };
    Match find(std::string_view text, std::size_t from) const {
        for (std::size_t i = from; i < text.size(); ++i) {
            if (m_begins[static_cast<unsigned char>(text[i])]) {
                if (const Match match = longestAt(text, i); match.end != 0) {
                    return match;
                }
            }
        }
        return {};
    }

private:
    struct Node {
        std::vector<std::pair<char, std::size_t>> children;
        std::int64_t token = -1;
    };

    Match longestAt(std::string_view text, std::size_t begin) const {
        Match match;
        std::size_t node = 0;
        for (std::size_t i = begin; i < text.size(); ++i) {
            node = child(node, text[i]);
            if (node == 0) {
                break;
            }
            if (m_nodes[node].token >= 0) {
                match = {begin, i + 1, std::size_t(m_nodes[node].token)};
            }
        }
        return match;
    }

    std::size_t child(std::size_t node, char byte) const {
        for (const auto& [label, next] : m_nodes[node].children) {
            if (label == byte) {
                return next;
            }
        }
        return 0;
    }

    std::vector<Node> m_nodes = std::vector<Node>(1);
    std::array<bool, 256> m_begins{};
};

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer)
    : m_tokens(std::move(tokens)), m_raw(std::make_unique<Finder>()), m_normalized(std::make_unique<Finder>()) {
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        m_byId.emplace(m_tokens[i].id, i);
        std::string content = m_tokens[i].content;
        if (m_tokens[i].normalized && normalizer != nullptr) {
            normalizer->apply(content);
        }
        (m_tokens[i].normalized ? m_normalized : m_raw)->add(content, i);
    }
}

AddedTokens::~AddedTokens() = default;

std::vector<AddedTokenPart> AddedTokens::splitRaw(std::string_view text) const {
    return split(text, *m_raw);
}
std::vector<AddedTokenPart> AddedTokens::splitNormalized(std::string_view text) const {
    return split(text, *m_normalized);
}
bool AddedTokens::hasNormalized() const {
    return !m_normalized->empty();
}

const AddedToken* AddedTokens::find(std::int32_t id) const {
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : &m_tokens[found->second];
}

std::vector<AddedTokenPart> AddedTokens::split(std::string_view text, const Finder& finder) const {
    std::vector<AddedTokenPart> parts;
    std::size_t done = 0;
    for (auto match = finder.find(text, 0); match.end != 0; match = finder.find(text, match.end)) {
        const AddedToken& token = m_tokens[match.token];
        if (match.begin < done || (token.singleWord && !standsAlone(text, match.begin, match.end))) {
            continue;
        }
        const std::size_t begin = token.stripLeft ? skipSpaceLeft(text, match.begin, done) : match.begin;
        const std::size_t end = token.stripRight ? skipSpaceRight(text, match.end) : match.end;
        if (done < begin) {
            parts.push_back({done, begin, kNoToken});
        }
        parts.push_back({begin, end, token.id});
        done = end;
    }
    if (done < text.size()) {
        parts.push_back({done, text.size(), kNoToken});
    }
    return parts;
}

std::vector<AddedToken> parseAddedTokens(const JsonNode& file) {
    std::vector<AddedToken> tokens;
    for (const JsonNode& node : file.elements("added_tokens")) {
        AddedToken token;
        token.id = node.at("id").id();
        token.content = node.at("content").text();
        token.special = node.flagOr("special", false);
        token.singleWord = node.flagOr("single_word", false);
        token.stripLeft = node.flagOr("lstrip", false);
        token.stripRight = node.flagOr("rstrip", false);
        token.normalized = node.flagOr("normalized", !token.special);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

} // namespace moescope

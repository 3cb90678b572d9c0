#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace moescope {

class JsonNode;
class Normalizer;

// A token recognised as a whole, before anything else looks at the text.
struct AddedToken {
    std::int32_t id = 0;
    std::string content;
    bool special = false;
    bool singleWord = false; // only where no word character touches it
    bool stripLeft = false;  // takes the white space before it
    bool stripRight = false;
    bool normalized = false; // looked for in the normalized text
};

// A part of a text: an added token, or what lies between two of them (id is kNoToken).
struct AddedTokenPart {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::int32_t id = 0;
};

// Immutable, safe to share between threads.
class AddedTokens {
public:
    AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer);
    ~AddedTokens();

    // Cuts a text at the tokens looked for in raw text, or in normalized text: leftmost, the longest of those.
    std::vector<AddedTokenPart> splitRaw(std::string_view text) const;
    std::vector<AddedTokenPart> splitNormalized(std::string_view text) const;
    bool hasNormalized() const;

    const AddedToken* find(std::int32_t id) const; // nullptr where the id is not an added token
    const std::vector<AddedToken>& all() const { return m_tokens; }

private:
    class Finder;

    std::vector<AddedTokenPart> split(std::string_view text, const Finder& finder) const;

    std::vector<AddedToken> m_tokens;
    std::unordered_map<std::int32_t, std::size_t> m_byId;
    std::unique_ptr<Finder> m_raw;
    std::unique_ptr<Finder> m_normalized;
};

std::vector<AddedToken> parseAddedTokens(const JsonNode& file);

} // namespace moescope

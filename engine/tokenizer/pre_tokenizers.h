#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moescope {

class JsonNode;

// A text cut into pieces: consecutive, in order, never empty. Steps cut pieces further, drop some, or rewrite them.
struct PieceList {
    struct Range {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    std::string text;
    std::vector<Range> pieces;
    bool atStart = false; // the first piece begins where the whole input begins

    std::string_view view(Range range) const {
        return std::string_view(text).substr(range.begin, range.end - range.begin);
    }
};

// The second stage: the model never merges across two pieces. Immutable, safe to share between threads.
class PreTokenizer {
public:
    virtual ~PreTokenizer() = default;
    virtual void apply(PieceList& list) const = 0;
};

struct PreTokenization {
    std::unique_ptr<PreTokenizer> steps; // none: the text is one piece
    // The last step writes bytes in GPT-2's alphabet. It is left out: pieces stay as they are, and the model's
    // vocabulary is read back to bytes instead, which comes to the same and saves rewriting every text.
    bool modelReadsBytes = false;
};

// Rewrites every piece by write(piece, out), which appends to `out`; a piece may not become empty.
template <class Write>
void rewritePieces(PieceList& list, Write write) {
    std::string text;
    text.reserve(list.text.size() + list.pieces.size());
    for (PieceList::Range& piece : list.pieces) {
        const std::size_t begin = text.size();
        write(list.view(piece), text);
        piece = {begin, text.size()};
    }
    list.text = std::move(text);
}

// From the "pre_tokenizer" of a tokenizer.json. Throws Error Unsupported for a kind it does not know.
PreTokenization makePreTokenization(const JsonNode& node);

} // namespace moescope

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "db/block_codec.h"
#include "db/run_info.h"
#include "engine/routing/run_spec.h"

namespace moescope::sqlite {

// Memory that is reused from block to block: fresh pages would cost more than the copy into them.
struct Buffer {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t capacity = 0;
};

// A routing block in its stored form: the columns one after the other, those of wide numbers first, so that each is
// aligned.
struct RouteMessage {
    std::size_t layer = 0; // index into the run's layers
    TokenIndex first = 0;
    std::int32_t tokens = 0;
    Buffer buffer;

    struct Columns {
        std::byte *weights, *logits, *ids;
    };
    Columns columns(const LayerStorage& storage) const {
        std::byte* const weights = buffer.bytes.get();
        std::byte* const logits = weights + std::size_t(tokens) * storage.weightRow();
        return {weights, logits, logits + std::size_t(tokens) * storage.logitRow()};
    }
};
struct TokenMessage {
    Phase phase = Phase::Prompt;
    std::vector<std::int32_t> ids;
};
struct NllMessage {
    TokenIndex first = 0;
    std::vector<float> values;
};
struct DocumentsMessage {
    std::vector<DocumentInfo> documents;
};
struct PiecesMessage {
    std::vector<Piece> pieces;
};
struct CommitMessage {
    TokenIndex end = 0;
};

using WriteMessage =
    std::variant<RouteMessage, TokenMessage, NllMessage, DocumentsMessage, PiecesMessage, CommitMessage>;

} // namespace moescope::sqlite

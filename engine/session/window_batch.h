#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/model/batch_routing.h"
#include "engine/model/sequence.h"
#include "engine/routing/routing_sink.h"
#include "engine/session/engine.h"

namespace moescope {

// Windows as the rows the model runs: each window is a sequence, led by its BOS where it has one. BOS rows take part
// but are not recorded.
class WindowBatch {
public:
    // Throws Error(InvalidArgument) unless the windows are consecutive in run index.
    explicit WindowBatch(std::span<const Window> windows);

    std::span<const std::int32_t> tokens() const { return m_tokens; } // [rows]
    std::span<const Sequence> sequences() const { return m_sequences; }
    std::span<const std::int64_t> unrecorded() const { return m_unrecorded; } // BOS rows
    TokenIndex first() const { return m_first; }
    std::int64_t recorded() const { return std::int64_t(m_rowOf.size()); }

    // Delivers a layer's routing without the BOS rows, which are removed from `routing`.
    void deliver(LayerId layer, BatchRouting& routing, RoutingSink& sink) const;

    // Row r predicts targets()[r], the next token of its window; -1: none.
    std::vector<std::int32_t> targets() const;
    // From the rows' losses to the recorded tokens' (NaN: not predicted); delivered to the sink.
    std::vector<float> nllOf(std::span<const float> lossOfRow) const;
    void deliverNll(std::span<const float> lossOfRow, RoutingSink& sink) const;

private:
    TokenIndex m_first = 0;
    std::vector<std::int32_t> m_tokens;
    std::vector<Sequence> m_sequences;
    std::vector<std::int64_t> m_rowOf; // [recorded] row of a recorded token
    std::vector<std::int64_t> m_unrecorded;
};

// Delivers tokens [0, routing.tokens) of a layer in slices.
void deliverRouting(LayerId layer, TokenIndex first, const BatchRouting& routing, RoutingSink& sink);

} // namespace moescope

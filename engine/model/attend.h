#pragma once

#include <span>

#include "engine/kernels/inference/attention.h"
#include "engine/model/execution.h"
#include "engine/model/sequence.h"

namespace moescope {

// Rows of a batch: queries and output; keys and values too, or those of a cache, which begin with the sequence's first,
// or rows of another text.
struct AttentionRows {
    at::Tensor q_TN, k_SN, v_SN, out_TN;
    bool cached = false;
    std::span<const Sequence> keys = {}; // the rows of another text that each sequence sees; empty: its own

    // Of the sequence-th of a batch: its first key, and how many it has.
    std::int64_t firstKey(std::span<const Sequence> batch, std::size_t sequence) const {
        if (!keys.empty())
            return keys[sequence].begin;
        return cached ? 0 : batch[sequence].begin;
    }
    std::int64_t keyCount(std::span<const Sequence> batch, std::size_t sequence) const {
        return keys.empty() ? batch[sequence].past + batch[sequence].rows : keys[sequence].rows;
    }
};

// out = softmax(scale q k^T) v for every sequence, by the CPU kernels or in LibTorch operations. The pointers of
// `shape` are the host's. Several sequences have no past. Over another text there is no order, so nothing is causal.
void attendRows(const Execution& execution, const AttentionShape& shape, const AttentionRows& rows,
                std::span<const Sequence> sequences);

} // namespace moescope

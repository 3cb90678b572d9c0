#pragma once

#include <span>

#include "engine/kernels/inference/attention.h"
#include "engine/model/execution.h"
#include "engine/model/sequence.h"

namespace moescope {

// Rows of a batch: queries and output; keys and values too, or those of a cache, which begin with the sequence's first.
struct AttentionRows {
    at::Tensor q_TN, k_SN, v_SN, out_TN;
    bool cached = false;
};

// out = softmax(scale q k^T) v for every sequence, by the CPU kernels or in LibTorch operations. The pointers of
// `shape` are the host's. Several sequences have no past.
void attendRows(const Execution& execution, const AttentionShape& shape, const AttentionRows& rows,
                std::span<const Sequence> sequences);

} // namespace moescope

#pragma once

#include <span>

#include "engine/checkpoint/rope_config.h"
#include "engine/model/execution.h"
#include "engine/model/sequence.h"

namespace moescope {

// Rotary position embedding (Su et al., arXiv 2104.09864) with halves (i, i + d/2) as pairs. One table of cosines
// and sines, extended as longer sequences come, shared by all layers.
class RotaryEmbedding {
public:
    // Throws Error(Unsupported) for a variant whose family is not supported yet.
    RotaryEmbedding(const RopeConfig& config, std::int64_t headDim, const Execution& execution);

    // Makes positions [0, positions) available.
    void reserve(std::int64_t positions);

    // Rotates in place the first `heads` heads of every row of qk_TN at the row's position in its sequence.
    void apply(const at::Tensor& qk_TN, std::int64_t heads, std::span<const Sequence> sequences) const;

private:
    RopeConfig m_config;
    std::int64_t m_headDim;
    Execution m_execution;
    at::Tensor m_table; // [positions, headDim] f32: cosines of the pairs, then sines
};

} // namespace moescope

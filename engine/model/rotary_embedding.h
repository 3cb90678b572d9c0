#pragma once

#include <map>
#include <span>

#include "engine/checkpoint/rope_config.h"
#include "engine/model/execution.h"
#include "engine/model/sequence.h"

namespace moescope {

// The angular frequencies of the dim/2 pairs for a sequence of `length` tokens in all, and what cosines and sines are
// multiplied with. Only dynamic NTK and LongRoPE depend on the length.
struct RotaryFrequencies {
    std::vector<float> frequency;
    double magnitude = 1.0;
};
RotaryFrequencies rotaryFrequencies(const RopeConfig& config, std::int64_t dim, std::int64_t length);

// Rotary position embedding (Su et al., arXiv 2104.09864) on the first `dim` elements of a head. Tables of cosines and
// sines, extended as longer sequences come, shared by all layers.
class RotaryEmbedding {
public:
    RotaryEmbedding(const RopeConfig& config, std::int64_t dim, const Execution& execution)
        : m_config(config), m_dim(dim), m_execution(execution) {}

    // Makes the positions of these sequences available.
    void reserve(std::span<const Sequence> sequences);

    // Rotates in place, at the row's position in its sequence, `heads` vectors of every row of x_TN, `stride` apart.
    void apply(const at::Tensor& x_TN, std::int64_t heads, std::int64_t stride,
               std::span<const Sequence> sequences) const;

private:
    std::int64_t variantOf(const Sequence& sequence) const;
    at::Tensor makeTable(std::int64_t length, std::int64_t positions) const;

    RopeConfig m_config;
    std::int64_t m_dim;
    Execution m_execution;
    std::map<std::int64_t, at::Tensor> m_tables; // by variant: [positions, dim] f32, cosines, then sines
};

} // namespace moescope

#pragma once

#include <cstdint>
#include <vector>

#include "engine/checkpoint/attention_config.h"
#include "engine/model/execution.h"

namespace moescope {

// What every layer keeps of one sequence's earlier tokens: keys (rotated) and values of all heads, or with latent
// attention the compressed row that they are made from, and no values.
class KvCache {
public:
    // Room for `capacity` tokens in each layer.
    KvCache(std::int32_t layers, std::int64_t capacity, const AttentionConfig& attention, const Execution& execution);

    // Puts the rows behind those already there; `advance` counts them once all layers have theirs.
    void append(std::int32_t layer, const at::Tensor& k_TN, const at::Tensor& v_TN);
    void advance(std::int64_t rows) { m_length += rows; }

    std::int64_t length() const { return m_length; }
    const at::Tensor& keys(std::int32_t layer) const { return m_keys[std::size_t(layer)]; } // [capacity, width]
    const at::Tensor& values(std::int32_t layer) const { return m_values[std::size_t(layer)]; }

private:
    std::vector<at::Tensor> m_keys;
    std::vector<at::Tensor> m_values;
    std::int64_t m_length = 0;
};

} // namespace moescope

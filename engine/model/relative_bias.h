#pragma once

#include <span>
#include <vector>

#include "engine/checkpoint/attention_config.h"
#include "engine/model/sequence.h"

namespace moescope {

// T5's relative position bias (Raffel et al., arXiv 1910.10683): one number for each head and bucket of distances,
// exact for near keys, logarithmic for far ones. Expanded to every distance that the sequences at hand have.
class RelativeBias {
public:
    RelativeBias() = default;
    // table: [buckets, heads]
    RelativeBias(const RelativeBiasConfig& config, std::int64_t heads, bool bidirectional, std::vector<float> table);

    void reserve(std::span<const Sequence> sequences);

    // [heads, 2 center + 1]: at center + d the bias of a key d places behind the query (before it: d < 0). Null where
    // the model has none.
    const float* data() const { return m_bias.empty() ? nullptr : m_bias.data(); }
    std::int64_t center() const { return m_length - 1; }
    std::int64_t rowLength() const { return 2 * m_length - 1; }

    static std::int64_t bucketOf(const RelativeBiasConfig& config, bool bidirectional, std::int64_t distance);

private:
    RelativeBiasConfig m_config;
    std::int64_t m_heads = 0;
    bool m_bidirectional = true;
    std::vector<float> m_table, m_bias;
    std::int64_t m_length = 0;
};

} // namespace moescope

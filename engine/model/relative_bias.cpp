#include "engine/model/relative_bias.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace moescope {

RelativeBias::RelativeBias(const RelativeBiasConfig& config, std::int64_t heads, bool bidirectional,
                           std::vector<float> table)
    : m_config(config), m_heads(heads), m_bidirectional(bidirectional), m_table(std::move(table)) {}

// In f32, as the reference computes it: the last digit decides at the bounds between buckets.
std::int64_t RelativeBias::bucketOf(const RelativeBiasConfig& config, bool bidirectional, std::int64_t distance) {
    std::int64_t buckets = config.buckets;
    std::int64_t base = 0;
    if (bidirectional) {
        buckets /= 2;
        base = distance > 0 ? buckets : 0;
        distance = std::abs(distance);
    } else {
        distance = std::max<std::int64_t>(0, -distance);
    }
    const std::int64_t exact = buckets / 2;
    if (distance < exact)
        return base + distance;
    const float steps = std::log(float(distance) / float(exact)) /
                        float(std::log(double(config.maxDistance) / double(exact))) * float(buckets - exact);
    return base + std::min(exact + std::int64_t(steps), buckets - 1);
}

void RelativeBias::reserve(std::span<const Sequence> sequences) {
    std::int64_t length = m_length;
    for (const Sequence& sequence : sequences)
        length = std::max(length, sequence.past + sequence.rows);
    if (m_table.empty() || length == m_length)
        return;
    m_length = length;
    m_bias.resize(std::size_t(m_heads * rowLength()));
    for (std::int64_t distance = 1 - length; distance < length; ++distance) {
        const std::int64_t bucket = bucketOf(m_config, m_bidirectional, distance);
        for (std::int64_t head = 0; head < m_heads; ++head)
            m_bias[std::size_t(head * rowLength() + center() + distance)] =
                m_table[std::size_t(bucket * m_heads + head)];
    }
}

} // namespace moescope

#include "engine/model/kv_cache.h"

#include <ATen/Functions.h>

namespace moescope {

KvCache::KvCache(std::int32_t layers, std::int64_t capacity, const AttentionConfig& attention,
                 const Execution& execution) {
    const auto& latent = attention.latent;
    const std::int64_t keyWidth =
        latent ? latent->kvRank + latent->ropeDim : std::int64_t(attention.kvHeads) * attention.headDim;
    const std::int64_t valueWidth = latent ? 0 : std::int64_t(attention.kvHeads) * attention.valueDim;
    for (std::int32_t layer = 0; layer < layers; ++layer) {
        m_keys.push_back(at::empty({capacity, keyWidth}, execution.options()));
        m_values.push_back(at::empty({capacity, valueWidth}, execution.options()));
    }
}

void KvCache::append(std::int32_t layer, const at::Tensor& k_TN, const at::Tensor& v_TN) {
    m_keys[std::size_t(layer)].narrow(0, m_length, k_TN.size(0)).copy_(k_TN);
    if (v_TN.defined())
        m_values[std::size_t(layer)].narrow(0, m_length, v_TN.size(0)).copy_(v_TN);
}

} // namespace moescope

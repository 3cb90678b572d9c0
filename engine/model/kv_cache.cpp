#include "engine/model/kv_cache.h"

#include <ATen/Functions.h>

namespace moescope {

KvCache::KvCache(std::int32_t layers, std::int64_t capacity, std::int64_t width, const Execution& execution) {
    for (std::int32_t layer = 0; layer < layers; ++layer) {
        m_keys.push_back(at::empty({capacity, width}, execution.options()));
        m_values.push_back(at::empty({capacity, width}, execution.options()));
    }
}

void KvCache::append(std::int32_t layer, const at::Tensor& k_TN, const at::Tensor& v_TN) {
    m_keys[std::size_t(layer)].narrow(0, m_length, k_TN.size(0)).copy_(k_TN);
    m_values[std::size_t(layer)].narrow(0, m_length, v_TN.size(0)).copy_(v_TN);
}

} // namespace moescope

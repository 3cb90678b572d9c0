#include "engine/model/attention.h"

#include <array>
#include <limits>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/inference/attention.h"

namespace moescope {

namespace {

Linear loadQkv(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    const WeightNames& names = weights.config().names;
    const std::array parts{weights.rows(weightName(names.query, layer)), weights.rows(weightName(names.key, layer)),
                           weights.rows(weightName(names.value, layer))};
    return {parts, execution};
}

Linear loadOutput(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    const std::array parts{weights.rows(weightName(weights.config().names.output, layer))};
    return {parts, execution};
}

} // namespace

// Queries and output are rows of the batch; keys and values too, or rows of a cache.
struct Attention::Views {
    at::Tensor q_TN, k_SN, v_SN, out_TN;
};

Attention::Attention(const WeightSource& weights, std::int32_t layer, const Execution& execution)
    : m_config(weights.config().attention), m_layer(layer), m_execution(execution),
      m_qkv(loadQkv(weights, layer, execution)), m_output(loadOutput(weights, layer, execution)) {}

void Attention::addTo(const at::Tensor& normed_TD, std::span<const Sequence> sequences, const RotaryEmbedding& rotary,
                      KvCache* cache, Workspace& workspace, const at::Tensor& x_TD) const {
    const std::int64_t tokens = normed_TD.size(0);
    const std::int64_t queryWidth = std::int64_t(m_config.heads) * m_config.headDim;
    const std::int64_t keyWidth = std::int64_t(m_config.kvHeads) * m_config.headDim;
    const at::Tensor qkv_TN = workspace.take(Slot::Qkv, {tokens, queryWidth + 2 * keyWidth}, m_execution.dtype);
    m_qkv.forward(normed_TD, qkv_TN);
    rotary.apply(qkv_TN, m_config.heads + m_config.kvHeads, sequences);

    Views views{qkv_TN.narrow(1, 0, queryWidth), qkv_TN.narrow(1, queryWidth, keyWidth),
                qkv_TN.narrow(1, queryWidth + keyWidth, keyWidth),
                workspace.take(Slot::Context, {tokens, queryWidth}, m_execution.dtype)};
    if (cache != nullptr) {
        cache->append(m_layer, views.k_SN, views.v_SN);
        views.k_SN = cache->keys(m_layer);
        views.v_SN = cache->values(m_layer);
    }
    attendAll(views, sequences, cache != nullptr);
    m_output.addTo(views.out_TN, x_TD);
}

void Attention::attendAll(const Views& views, std::span<const Sequence> sequences, bool cached) const {
    if (!m_execution.ownKernels) {
        for (const Sequence& sequence : sequences) {
            const std::int64_t keys = sequence.past + sequence.rows;
            const std::int64_t firstKey = cached ? 0 : sequence.begin;
            attendWithTorch({views.q_TN.narrow(0, sequence.begin, sequence.rows), views.k_SN.narrow(0, firstKey, keys),
                             views.v_SN.narrow(0, firstKey, keys),
                             views.out_TN.narrow(0, sequence.begin, sequence.rows)},
                            sequence);
        }
        return;
    }
    const AttentionShape shape{m_config.heads, m_config.kvHeads, m_config.headDim, m_config.slidingWindow.value_or(0),
                               float(m_config.scale)};
    withElement(m_execution.dtype, [&](auto zero) {
        using T = decltype(zero);
        std::vector<AttentionSequence<T>> parts;
        for (const Sequence& sequence : sequences) {
            const std::int64_t ldkv = views.k_SN.stride(0);
            const std::int64_t key = cached ? 0 : sequence.begin * ldkv;
            parts.push_back({sequence.rows, sequence.past,
                             dataOf<T>(views.q_TN) + sequence.begin * views.q_TN.stride(0), dataOf<T>(views.k_SN) + key,
                             dataOf<T>(views.v_SN) + key,
                             dataOf<T>(views.out_TN) + sequence.begin * views.out_TN.stride(0), views.q_TN.stride(0),
                             ldkv, views.out_TN.stride(0)});
        }
        moescope::attend<T>(shape, parts);
    });
}

// The definition, in operations that every device has.
void Attention::attendWithTorch(const Views& views, const Sequence& sequence) const {
    const std::int64_t heads = m_config.heads;
    const std::int64_t kvHeads = m_config.kvHeads;
    const std::int64_t keys = views.k_SN.size(0);
    const auto headsFirst = [&](const at::Tensor& rows, std::int64_t count) {
        return rows.unflatten(1, at::IntArrayRef{count, m_config.headDim}).transpose(0, 1);
    };
    const at::Tensor q = headsFirst(views.q_TN, heads);
    const at::Tensor k = headsFirst(views.k_SN, kvHeads).repeat_interleave(heads / kvHeads, 0);
    const at::Tensor v = headsFirst(views.v_SN, kvHeads).repeat_interleave(heads / kvHeads, 0);
    const at::Tensor position = at::arange(sequence.past, keys, m_execution.options().dtype(at::kLong)).unsqueeze(1);
    const at::Tensor key = at::arange(keys, m_execution.options().dtype(at::kLong)).unsqueeze(0);
    at::Tensor hidden = key > position;
    if (m_config.slidingWindow)
        hidden = hidden.logical_or(key <= position - *m_config.slidingWindow);
    const at::Tensor scores = q.matmul(k.transpose(1, 2)).to(at::kFloat) * m_config.scale;
    const at::Tensor weights =
        scores.masked_fill(hidden, -std::numeric_limits<double>::infinity()).softmax(-1).to(v.scalar_type());
    views.out_TN.copy_(weights.matmul(v).transpose(0, 1).flatten(1));
}

} // namespace moescope

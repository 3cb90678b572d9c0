#include "engine/model/attend.h"

#include <limits>
#include <vector>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

namespace moescope {

namespace {

at::Tensor headsFirst(const at::Tensor& rows, std::int64_t heads, std::int64_t dim, std::int64_t stride) {
    return rows.as_strided({heads, rows.size(0), dim}, {stride, rows.stride(0), 1}, rows.storage_offset());
}

at::Tensor hostNumbers(const float* data, std::int64_t count, const at::Tensor& like) {
    return at::from_blob(const_cast<float*>(data), {count}, at::kFloat).to(like.device());
}

// scores_HTS += what depends on how far the key is from the query.
at::Tensor biasOf(const AttentionShape& shape, const at::Tensor& distance_TS, const at::Tensor& like) {
    const at::Tensor table =
        hostNumbers(shape.bias, shape.heads * shape.biasLd, like).view({shape.heads, shape.biasLd});
    return table.index_select(1, (distance_TS + shape.biasCenter).flatten())
        .view({shape.heads, distance_TS.size(0), distance_TS.size(1)});
}

at::Tensor softmaxWithSinks(const AttentionShape& shape, const at::Tensor& scores_HTS) {
    if (shape.sinks == nullptr)
        return scores_HTS.softmax(-1);
    const at::Tensor sink = hostNumbers(shape.sinks, shape.heads, scores_HTS)
                                .view({shape.heads, 1, 1})
                                .expand({shape.heads, scores_HTS.size(1), 1});
    return at::cat({scores_HTS, sink}, -1).softmax(-1).narrow(-1, 0, scores_HTS.size(2));
}

// The definition, in operations that every device has.
void attendWithTorch(const AttentionShape& shape, const AttentionRows& rows, const Sequence& sequence) {
    const std::int64_t keys = rows.k_SN.size(0);
    const std::int64_t group = shape.heads / shape.kvHeads;
    const at::Tensor q = headsFirst(rows.q_TN, shape.heads, shape.headDim, shape.headDim);
    const at::Tensor k =
        headsFirst(rows.k_SN, shape.kvHeads, shape.headDim, shape.keyStep()).repeat_interleave(group, 0);
    const at::Tensor v =
        headsFirst(rows.v_SN, shape.kvHeads, shape.values(), shape.valueStep()).repeat_interleave(group, 0);
    const auto options = at::TensorOptions(q.device()).dtype(at::kLong);
    const at::Tensor position = at::arange(sequence.past, sequence.past + sequence.rows, options).unsqueeze(1);
    const at::Tensor distance_TS = at::arange(keys, options).unsqueeze(0) - position;
    at::Tensor scores = q.matmul(k.transpose(1, 2)).to(at::kFloat) * double(shape.scale);
    if (shape.bias != nullptr)
        scores = scores + biasOf(shape, distance_TS, scores);
    if (shape.causal)
        scores = scores.masked_fill(distance_TS > 0, -std::numeric_limits<double>::infinity());
    if (shape.window > 0)
        scores = scores.masked_fill(distance_TS <= -shape.window, -std::numeric_limits<double>::infinity());
    const at::Tensor weights = softmaxWithSinks(shape, scores).to(v.scalar_type());
    rows.out_TN.copy_(weights.matmul(v).transpose(0, 1).flatten(1));
}

template <class T>
void attendWithKernels(const AttentionShape& shape, const AttentionRows& rows, std::span<const Sequence> sequences) {
    std::vector<AttentionSequence<T>> parts;
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        const Sequence& sequence = sequences[s];
        const std::int64_t firstKey = rows.firstKey(sequences, s);
        AttentionSequence<T> part;
        part.queries = sequence.rows;
        part.past = rows.keyCount(sequences, s) - sequence.rows; // below 0 where another text is the shorter
        part.ldq = rows.q_TN.stride(0);
        part.ldkv = rows.k_SN.stride(0);
        part.ldv = rows.v_SN.stride(0);
        part.ldo = rows.out_TN.stride(0);
        part.q = dataOf<T>(rows.q_TN) + sequence.begin * part.ldq;
        part.k = dataOf<T>(rows.k_SN) + firstKey * part.ldkv;
        part.v = dataOf<T>(rows.v_SN) + firstKey * part.ldv;
        part.out = dataOf<T>(rows.out_TN) + sequence.begin * part.ldo;
        parts.push_back(part);
    }
    attend<T>(shape, parts);
}

} // namespace

void attendRows(const Execution& execution, const AttentionShape& shape, const AttentionRows& rows,
                std::span<const Sequence> sequences) {
    if (execution.ownKernels) {
        withElement(execution.dtype, [&](auto zero) { attendWithKernels<decltype(zero)>(shape, rows, sequences); });
        return;
    }
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        const Sequence& sequence = sequences[s];
        const std::int64_t keys = rows.keyCount(sequences, s);
        const std::int64_t firstKey = rows.firstKey(sequences, s);
        attendWithTorch(shape,
                        {rows.q_TN.narrow(0, sequence.begin, sequence.rows), rows.k_SN.narrow(0, firstKey, keys),
                         rows.v_SN.narrow(0, firstKey, keys), rows.out_TN.narrow(0, sequence.begin, sequence.rows)},
                        sequence);
    }
}

} // namespace moescope

#include "engine/model/attend.h"

#include <algorithm>
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

constexpr std::int64_t kScoresAtOnce = 1 << 24; // of one block of queries, in each of the few tensors they pass

// Of each query head, where several share a key head.
at::Tensor repeated(const at::Tensor& shared_HSD, std::int64_t group) {
    const std::int64_t heads = shared_HSD.size(0);
    const std::int64_t rows = shared_HSD.size(1);
    const std::int64_t dim = shared_HSD.size(2);
    return shared_HSD.unsqueeze(1).expand({heads, group, rows, dim}).reshape({heads * group, rows, dim});
}

// The definition, in operations that every device has: the queries from `first` on, the keys from 0 on.
at::Tensor attended(const AttentionShape& shape, const at::Tensor& q_HTD, const at::Tensor& k_HSD,
                    const at::Tensor& v_HSD, std::int64_t first) {
    const auto options = at::TensorOptions(q_HTD.device()).dtype(at::kLong);
    const at::Tensor position = at::arange(first, first + q_HTD.size(1), options).unsqueeze(1);
    const at::Tensor distance_TS = at::arange(k_HSD.size(1), options).unsqueeze(0) - position;
    at::Tensor scores = q_HTD.matmul(k_HSD.transpose(1, 2)).to(at::kFloat) * double(shape.scale);
    if (shape.bias != nullptr)
        scores = scores + biasOf(shape, distance_TS, scores);
    if (shape.causal)
        scores = scores.masked_fill(distance_TS > 0, -std::numeric_limits<double>::infinity());
    if (shape.window > 0)
        scores = scores.masked_fill(distance_TS <= -shape.window, -std::numeric_limits<double>::infinity());
    return softmaxWithSinks(shape, scores).to(v_HSD.scalar_type()).matmul(v_HSD);
}

// A block of queries after the other, so that a long text's scores need not lie in memory all at once.
void attendWithTorch(const AttentionShape& shape, const AttentionRows& rows, const Sequence& sequence) {
    const std::int64_t keys = rows.k_SN.size(0);
    const std::int64_t group = shape.heads / shape.kvHeads;
    const at::Tensor q_HTD = headsFirst(rows.q_TN, shape.heads, shape.headDim, shape.headDim);
    const at::Tensor k_HSD = repeated(headsFirst(rows.k_SN, shape.kvHeads, shape.headDim, shape.keyStep()), group);
    const at::Tensor v_HSD = repeated(headsFirst(rows.v_SN, shape.kvHeads, shape.values(), shape.valueStep()), group);
    const std::int64_t block = std::max<std::int64_t>(1, kScoresAtOnce / (shape.heads * keys));
    for (std::int64_t begin = 0; begin < sequence.rows; begin += block) {
        const std::int64_t queries = std::min(block, sequence.rows - begin);
        const std::int64_t first = sequence.past + begin;
        const std::int64_t seen = shape.causal ? std::min(keys, first + queries) : keys;
        const at::Tensor out_HTD =
            attended(shape, q_HTD.narrow(1, begin, queries), k_HSD.narrow(1, 0, seen), v_HSD.narrow(1, 0, seen), first);
        rows.out_TN.narrow(0, begin, queries).copy_(out_HTD.transpose(0, 1).flatten(1));
    }
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

#include "engine/kernels/inference/attention.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/kernels/gemm.h"
#include "engine/kernels/inference/amx/amx_attention.h"
#include "engine/kernels/inference/amx/amx_packed.h"
#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/task_loop.h"

namespace moescope {

namespace {

constexpr std::int64_t kQueryBlock = 64;
constexpr std::int64_t kKeyBlock = 256;

struct Task {
    std::int64_t sequence, head, begin, end; // queries
};

// One thread's buffers for a block of queries against blocks of keys.
template <class T>
struct Tile {
    std::vector<float> scores = std::vector<float>(kQueryBlock * kKeyBlock);
    std::vector<T> weights = std::vector<T>(kQueryBlock * kKeyBlock);
    std::vector<float> partial, out;
    float runningMax[kQueryBlock], runningSum[kQueryBlock], rescale[kQueryBlock];
    std::int32_t lo[kQueryBlock], hi[kQueryBlock];
};

std::int64_t firstKey(const AttentionShape& shape, std::int64_t position) {
    return shape.window > 0 ? std::max<std::int64_t>(0, position - shape.window + 1) : 0;
}

// One behind the last key that the query at this position sees.
template <class T>
std::int64_t endKey(const AttentionShape& shape, const AttentionSequence<T>& sequence, std::int64_t position) {
    return shape.causal ? position + 1 : sequence.past + sequence.queries;
}

// Row of scores (unscaled) against keys from `key` on: the bias in the same units, since the softmax scales the sum.
void addBias(const AttentionShape& shape, std::int64_t head, std::int64_t position, std::int64_t key, std::int64_t keys,
             float* scores) {
    const float* bias = shape.bias + head * shape.biasLd + shape.biasCenter + key - position;
    const float factor = 1.0F / shape.scale;
    for (std::int64_t i = 0; i < keys; ++i)
        scores[i] += bias[i] * factor;
}

// The sink adds to what the exponentials are divided by.
float withSink(const AttentionShape& shape, std::int64_t head, float runningMax, float runningSum) {
    return shape.sinks == nullptr ? runningSum : runningSum + std::exp(shape.sinks[head] - runningMax);
}

template <class T>
class BlockAttention {
public:
    BlockAttention(const AttentionShape& shape, const AttentionSequence<T>& sequence, const Task& task, Tile<T>& tile)
        : m_shape(shape), m_sequence(sequence), m_task(task), m_tile(tile), m_rows(task.end - task.begin) {
        const std::int64_t kvHead = task.head / (shape.heads / shape.kvHeads);
        m_q = sequence.q + task.begin * sequence.ldq + task.head * shape.headDim;
        m_k = sequence.k + kvHead * shape.keyStep();
        m_v = sequence.v + kvHead * shape.valueStep();
    }

    void run() {
        const std::int64_t dim = m_shape.values();
        m_tile.partial.resize(std::size_t(kQueryBlock * dim));
        m_tile.out.assign(std::size_t(kQueryBlock * dim), 0.0F);
        std::fill_n(m_tile.runningMax, m_rows, -1e30F);
        std::fill_n(m_tile.runningSum, m_rows, 0.0F);
        const std::int64_t first = firstKey(m_shape, m_sequence.past + m_task.begin);
        const std::int64_t last = endKey(m_shape, m_sequence, m_sequence.past + m_task.end - 1);
        for (std::int64_t key = first; key < last; key += kKeyBlock)
            addKeys(key, std::min(key + kKeyBlock, last));
        for (std::int64_t r = 0; r < m_rows; ++r)
            m_tile.runningSum[r] = withSink(m_shape, m_task.head, m_tile.runningMax[r], m_tile.runningSum[r]);
        inferenceLoops<T>().normalize(m_rows, dim, m_tile.out.data(), m_tile.runningSum,
                                      m_sequence.out + m_task.begin * m_sequence.ldo + m_task.head * dim,
                                      m_sequence.ldo);
    }

private:
    void addKeys(std::int64_t begin, std::int64_t end) {
        const std::int64_t dim = m_shape.headDim;
        const std::int64_t values = m_shape.values();
        const std::int64_t columns = end - begin;
        for (std::int64_t r = 0; r < m_rows; ++r) {
            const std::int64_t position = m_sequence.past + m_task.begin + r;
            m_tile.lo[r] = std::int32_t(std::clamp<std::int64_t>(firstKey(m_shape, position) - begin, 0, columns));
            m_tile.hi[r] = std::int32_t(
                std::clamp<std::int64_t>(endKey(m_shape, m_sequence, position) - begin, m_tile.lo[r], columns));
        }
        gemm(m_rows, columns, dim, MatrixView<const T>{m_q, m_sequence.ldq},
             transpose(MatrixView<const T>{m_k + begin * m_sequence.ldkv, m_sequence.ldkv}),
             MatrixView<float>{m_tile.scores.data(), kKeyBlock});
        for (std::int64_t r = 0; r < m_rows && m_shape.bias != nullptr; ++r)
            addBias(m_shape, m_task.head, m_sequence.past + m_task.begin + r, begin, columns,
                    m_tile.scores.data() + r * kKeyBlock);
        const InferenceLoops<T>& loops = inferenceLoops<T>();
        loops.onlineSoftmax(m_rows, columns, kKeyBlock, m_shape.scale, m_tile.scores.data(), m_tile.lo, m_tile.hi,
                            m_tile.weights.data(), m_tile.runningMax, m_tile.runningSum, m_tile.rescale);
        gemm(m_rows, values, columns, MatrixView<const T>{m_tile.weights.data(), kKeyBlock},
             MatrixView<const T>{m_v + begin * m_sequence.ldValues(), m_sequence.ldValues()},
             MatrixView<float>{m_tile.partial.data(), values});
        loops.rescaleAdd(m_rows, values, m_tile.rescale, m_tile.partial.data(), values, m_tile.out.data());
    }

    const AttentionShape& m_shape;
    const AttentionSequence<T>& m_sequence;
    const Task& m_task;
    Tile<T>& m_tile;
    std::int64_t m_rows;
    const T* m_q;
    const T* m_k;
    const T* m_v;
};

// One query, as in generation: no tile is worth its set-up.
template <class T>
void attendOne(const AttentionShape& shape, const AttentionSequence<T>& sequence, const Task& task, Tile<T>& tile) {
    const InferenceLoops<T>& loops = inferenceLoops<T>();
    const std::int64_t dim = shape.headDim;
    const std::int64_t values = shape.values();
    const std::int64_t position = sequence.past + task.begin;
    const std::int64_t first = firstKey(shape, position);
    const std::int64_t keys = endKey(shape, sequence, position) - first;
    const std::int64_t kvHead = task.head / (shape.heads / shape.kvHeads);
    const T* q = sequence.q + task.begin * sequence.ldq + task.head * dim;
    const T* k = sequence.k + kvHead * shape.keyStep() + first * sequence.ldkv;
    const T* v = sequence.v + kvHead * shape.valueStep() + first * sequence.ldValues();
    tile.scores.resize(std::max(tile.scores.size(), std::size_t(keys)));
    tile.partial.assign(tile.scores.size(), 0.0F);
    for (std::int64_t i = 0; i < keys; ++i)
        tile.scores[std::size_t(i)] = loops.dot(dim, q, k + i * sequence.ldkv);
    if (shape.bias != nullptr)
        addBias(shape, task.head, position, first, keys, tile.scores.data());
    const std::int32_t lo = 0;
    const auto hi = std::int32_t(keys);
    float runningMax = -1e30F;
    float runningSum = 0;
    float rescale = 0;
    inferenceLoops<float>().onlineSoftmax(1, keys, keys, shape.scale, tile.scores.data(), &lo, &hi, tile.partial.data(),
                                          &runningMax, &runningSum, &rescale);
    runningSum = withSink(shape, task.head, runningMax, runningSum);
    tile.out.assign(std::size_t(values), 0.0F);
    for (std::int64_t i = 0; i < keys; ++i)
        loops.axpy(values, tile.partial[std::size_t(i)], v + i * sequence.ldValues(), tile.out.data());
    loops.normalize(1, values, tile.out.data(), &runningSum,
                    sequence.out + task.begin * sequence.ldo + task.head * values, sequence.ldo);
}

template <class T>
void attendPlain(const AttentionShape& shape, std::span<const AttentionSequence<T>> sequences) {
    std::vector<Task> tasks;
    for (std::size_t s = 0; s < sequences.size(); ++s)
        for (std::int64_t begin = 0; begin < sequences[s].queries; begin += kQueryBlock)
            for (std::int64_t head = 0; head < shape.heads; ++head)
                tasks.push_back({std::int64_t(s), head, begin, std::min(begin + kQueryBlock, sequences[s].queries)});
    parallelTasks(std::int64_t(tasks.size()), [&](std::int64_t index) {
        thread_local Tile<T> tile;
        const Task& task = tasks[std::size_t(index)];
        const AttentionSequence<T>& sequence = sequences[std::size_t(task.sequence)];
        if (task.end - task.begin == 1)
            attendOne(shape, sequence, task, tile);
        else
            BlockAttention<T>(shape, sequence, task, tile).run();
    });
}

void runAmx(const AmxAttentionTask& task) {
    thread_local TileBuffer<Bf16> keys, values, weights, query;
    thread_local TileBuffer<float> scores, sum;
    const auto packed = std::size_t(AmxAttentionScratch::packedSize(task));
    const auto packedValues = std::size_t(AmxAttentionScratch::packedKeys(task) * task.valueDim);
    const auto tile = std::size_t(kAmxRows * std::max(task.headDim, task.valueDim));
    amxAttend(task, {keys.reserve(packed), values.reserve(packedValues), scores.reserve(AmxAttentionScratch::kScores),
                     weights.reserve(AmxAttentionScratch::kScores), sum.reserve(tile), query.reserve(tile)});
}

// Tasks are long, since each packs the keys it needs: the heads that share keys, many queries.
void attendAmx(const AttentionShape& shape, std::span<const AttentionSequence<Bf16>> sequences) {
    constexpr std::int64_t queries = 512;
    const std::int64_t group = shape.heads / shape.kvHeads;
    std::vector<AmxAttentionTask> tasks;
    for (const AttentionSequence<Bf16>& s : sequences)
        for (std::int64_t begin = 0; begin < s.queries; begin += queries)
            for (std::int64_t kv = 0; kv < shape.kvHeads; ++kv) {
                AmxAttentionTask task;
                task.group = group;
                task.headDim = shape.headDim;
                task.valueDim = shape.values();
                task.window = shape.window;
                task.scale = shape.scale;
                task.past = s.past;
                task.begin = begin;
                task.end = std::min(begin + queries, s.queries);
                task.q = s.q + kv * group * shape.headDim;
                task.k = s.k + kv * shape.keyStep();
                task.v = s.v + kv * shape.valueStep();
                task.out = s.out + kv * group * shape.values();
                task.sinks = shape.sinks == nullptr ? nullptr : shape.sinks + kv * group;
                task.ldq = s.ldq;
                task.ldk = s.ldkv;
                task.ldv = s.ldValues();
                task.ldo = s.ldo;
                tasks.push_back(task);
            }
    parallelTasks(std::int64_t(tasks.size()), [&](std::int64_t index) { runAmx(tasks[std::size_t(index)]); });
}

} // namespace

template <class T>
void attend(const AttentionShape& shape, std::span<const AttentionSequence<T>> sequences) {
    if constexpr (sizeof(T) == sizeof(Bf16)) {
        const bool single = sequences.size() == 1 && sequences[0].queries == 1; // packing would cost more than it saves
        const bool plain = shape.causal && shape.bias == nullptr;
        if (AmxPackedMatrix::suits(shape.headDim) && AmxPackedMatrix::suits(shape.values()) && plain && !single) {
            attendAmx(shape, sequences);
            return;
        }
    }
    attendPlain(shape, sequences);
}

template void attend<float>(const AttentionShape&, std::span<const AttentionSequence<float>>);
template void attend<Bf16>(const AttentionShape&, std::span<const AttentionSequence<Bf16>>);

} // namespace moescope

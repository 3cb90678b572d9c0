#include "engine/session/window_batch.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::int64_t kSlice = 16384; // tokens a routing block: bounds what a sink copies at once

template <class T>
void moveRow(std::vector<T>& rows, std::int64_t width, std::int64_t from, std::int64_t to) {
    std::copy_n(rows.begin() + from * width, width, rows.begin() + to * width);
}

} // namespace

WindowBatch::WindowBatch(std::span<const Window> windows) {
    m_first = windows.empty() ? 0 : windows.front().first;
    for (const Window& window : windows) {
        if (window.first != m_first + recorded())
            throw Error(ErrorCode::InvalidArgument, "the windows of a batch must follow one another");
        if (window.tokens.empty())
            continue;
        const auto begin = std::int64_t(m_tokens.size());
        if (window.bos) {
            m_unrecorded.push_back(begin);
            m_tokens.push_back(*window.bos);
        }
        for (const std::int32_t token : window.tokens) {
            m_rowOf.push_back(std::int64_t(m_tokens.size()));
            m_tokens.push_back(token);
        }
        m_sequences.push_back({begin, std::int64_t(m_tokens.size()) - begin, 0});
    }
}

void deliverRouting(LayerId layer, TokenIndex first, const BatchRouting& routing, RoutingSink& sink) {
    const auto k = std::size_t(routing.topK);
    const auto experts = std::size_t(routing.experts);
    for (std::int64_t begin = 0; begin < routing.tokens; begin += kSlice) {
        const auto count = std::size_t(std::min(kSlice, routing.tokens - begin));
        const auto at = std::size_t(begin);
        RoutingBlock block;
        block.layer = layer;
        block.first = first + begin;
        block.tokens = std::int32_t(count);
        block.topK = routing.topK;
        block.experts = routing.experts;
        block.ids = std::span(routing.ids).subspan(at * k, count * k);
        block.weights = std::span(routing.weights).subspan(at * k, count * k);
        block.logits = std::span(routing.logits).subspan(at * experts, count * experts);
        sink.routing(block);
    }
}

void WindowBatch::deliver(LayerId layer, BatchRouting& routing, RoutingSink& sink) const {
    if (recorded() < routing.tokens) {
        for (std::int64_t to = 0; to < recorded(); ++to) {
            const std::int64_t from = m_rowOf[std::size_t(to)];
            moveRow(routing.ids, routing.topK, from, to);
            moveRow(routing.weights, routing.topK, from, to);
            moveRow(routing.logits, routing.experts, from, to);
        }
        routing.resize(recorded(), routing.experts, routing.topK);
    }
    deliverRouting(layer, m_first, routing, sink);
}

std::vector<std::int32_t> WindowBatch::targets() const {
    std::vector<std::int32_t> targets(m_tokens.size(), -1);
    for (const Sequence& sequence : m_sequences)
        for (std::int64_t row = sequence.begin; row + 1 < sequence.begin + sequence.rows; ++row)
            targets[std::size_t(row)] = m_tokens[std::size_t(row) + 1];
    return targets;
}

std::vector<float> WindowBatch::nllOf(std::span<const float> lossOfRow) const {
    std::vector<float> loss(m_rowOf.size(), std::numeric_limits<float>::quiet_NaN());
    std::size_t sequence = 0;
    for (std::size_t t = 0; t < m_rowOf.size(); ++t) {
        const std::int64_t row = m_rowOf[t];
        while (row >= m_sequences[sequence].begin + m_sequences[sequence].rows)
            ++sequence;
        if (row > m_sequences[sequence].begin)
            loss[t] = lossOfRow[std::size_t(row) - 1];
    }
    return loss;
}

void WindowBatch::deliverNll(std::span<const float> lossOfRow, RoutingSink& sink) const {
    sink.nll(m_first, nllOf(lossOfRow));
}

} // namespace moescope

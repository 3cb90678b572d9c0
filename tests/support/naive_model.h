#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/naive_attention.h"
#include "tests/support/naive_topk.h"

namespace moescope::test {

// A stack of layers as the papers write it down: in double, one token and one head at a time. Shares nothing with the
// engine but the configuration.
class NaiveModel : public NaiveAttention {
public:
    struct Route {
        std::vector<float> logits;                  // [experts]
        std::vector<std::pair<int, double>> chosen; // (expert, weight); none where dropped
    };
    struct Result {
        std::vector<Rows> hidden; // behind each layer
        Rows logits;              // with a head
        Rows last;                // behind the final norm
        std::vector<std::vector<Route>> routes;
    };
    using NaiveAttention::NaiveAttention;

    // One sequence; `encoded`: what a decoder reads of its encoder.
    Result run(const std::vector<std::int64_t>& ids, const Rows& encoded = {}) {
        Result result;
        Rows x;
        for (const std::int64_t id : ids)
            x.push_back(scaled(rowOf(m_config.names.embedding, id, m_config.hidden), m_config.embeddingMultiplier));
        for (m_layer = 0; m_layer < m_config.layers; ++m_layer) {
            add(x, m_attention.latent ? latentAttention(normed(x, m_config.names.inputNorm))
                                      : attention(normed(x, m_config.names.inputNorm)));
            if (m_config.crossAttention)
                add(x, crossAttention(normed(x, m_config.names.crossNorm), encoded));
            const Rows y = normed(x, m_config.names.postAttentionNorm);
            if (const MoeLayerInfo* info = m_config.moeLayer(m_layer))
                add(x, mixture(y, *info, result));
            else
                add(x, dense(y, m_config.names.denseGate, m_config.names.denseUp, m_config.names.denseDown,
                             m_config.denseIntermediate));
            result.hidden.push_back(x);
        }
        result.last = normed(x, m_config.names.finalNorm);
        if (m_config.head)
            for (const Vector& row : result.last)
                result.logits.push_back(
                    scaled(linear(row, m_config.tieEmbeddings ? m_config.names.embedding : m_config.names.head,
                                  m_config.vocabulary, m_config.headBias ? biasName(m_config.names.head) : ""),
                           1 / double(m_config.logitsDivisor)));
        return result;
    }

private:
    double activated(double gate, double up) const {
        const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
        const auto limit = double(m_config.activationLimit);
        switch (m_config.activation) {
        case ExpertActivation::SwiGlu:
            return gate * sigmoid(gate) * up;
        case ExpertActivation::ClampedSwiGlu:
            gate = std::min(gate, limit);
            return (std::clamp(up, -limit, limit) + 1) * gate * sigmoid(1.702 * gate);
        case ExpertActivation::Relu:
            return std::max(up, 0.0);
        case ExpertActivation::Gelu:
            return up * 0.5 * (1 + std::erf(up / std::sqrt(2.0)));
        case ExpertActivation::GeluTanh:
            return up * 0.5 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (up + 0.044715 * up * up * up)));
        case ExpertActivation::Silu:
            return up * sigmoid(up);
        }
        return 0;
    }
    Vector between(const Vector& gate, const Vector& up) const {
        Vector inner;
        for (std::size_t i = 0; i < up.size(); ++i)
            inner.push_back(activated(gate.empty() ? 0 : gate[i], up[i]));
        return inner;
    }

    Rows dense(const Rows& x, const std::string& gate, const std::string& up, const std::string& down,
               std::int64_t width) const {
        const auto biased = [&](const std::string& name) { return m_config.mlpBias ? biasName(name) : ""; };
        Rows out;
        for (const Vector& row : x)
            out.push_back(
                linear(between(isGated(m_config.activation) ? linear(row, gate, width, biased(gate)) : Vector(),
                               linear(row, up, width, biased(up))),
                       down, m_config.hidden, biased(down)));
        return out;
    }

    // Element (output, input) of an expert's matrix in a packed tensor.
    double packed(const std::string& name, int expert, std::int64_t outputs, std::int64_t inputs, std::int64_t o,
                  std::int64_t i) const {
        const bool rows = m_config.packedLayout == PackedLayout::Rows;
        const std::int64_t at = rows ? o * inputs + i : i * outputs + o;
        return double(tensor(name)[std::size_t(expert * outputs * inputs + at)]);
    }
    Vector expert(const Vector& x, int e) const {
        const WeightNames& n = m_config.names;
        const std::int64_t inner = m_config.expertIntermediate;
        if (!n.expertUp.empty())
            return linear(between(isGated(m_config.activation) ? linear(x, n.expertGate, inner, "", e) : Vector(),
                                  linear(x, n.expertUp, inner, "", e)),
                          n.expertDown, m_config.hidden, "", e);
        const auto product = [&](const std::string& name, const Vector& v, std::int64_t outputs) {
            Vector y(static_cast<std::size_t>(outputs));
            for (std::int64_t o = 0; o < outputs; ++o) {
                for (std::size_t i = 0; i < v.size(); ++i)
                    y[std::size_t(o)] += packed(name, e, outputs, std::int64_t(v.size()), o, std::int64_t(i)) * v[i];
                if (m_config.expertBias)
                    y[std::size_t(o)] += double(tensor(biasName(name))[std::size_t(e * outputs + o)]);
            }
            return y;
        };
        const Vector both = product(n.packedGateUp, x, 2 * inner);
        Vector gate, up;
        for (std::int64_t i = 0; i < inner; ++i) {
            const bool alternate = m_config.packedLayout == PackedLayout::Interleaved;
            gate.push_back(both[std::size_t(alternate ? 2 * i : i)]);
            up.push_back(both[std::size_t(alternate ? 2 * i + 1 : inner + i)]);
        }
        return product(n.packedDown, between(gate, up), m_config.hidden);
    }

    // Twice the largest logit's share of the softmax over those near it; the second time without the first choice.
    static std::vector<std::pair<int, double>> sparseMixer(const std::vector<float>& logits, double jitter) {
        std::vector<std::pair<int, double>> chosen;
        for (int round = 0; round < 2; ++round) {
            int best = -1;
            for (int e = 0; e < int(logits.size()); ++e)
                if ((chosen.empty() || e != chosen[0].first) &&
                    (best < 0 || logits[std::size_t(e)] > logits[std::size_t(best)]))
                    best = e;
            const auto top = double(logits[std::size_t(best)]);
            double sum = 0;
            for (int e = 0; e < int(logits.size()); ++e) {
                const auto l = double(logits[std::size_t(e)]);
                if ((chosen.empty() || e != chosen[0].first) && (top - l) / std::max(std::fabs(l), top) <= 2 * jitter)
                    sum += std::exp(l - top);
            }
            chosen.emplace_back(best, 1 / sum);
        }
        return chosen;
    }

    Rows mixture(const Rows& x, const MoeLayerInfo& info, Result& result) const {
        const WeightNames& n = m_config.names;
        Rows out;
        std::vector<Route> routes;
        std::vector<int> served(std::size_t(info.moe.experts));
        MoeLayerInfo gate = info;
        if (m_config.selectionBias)
            gate.selectionBias = tensor(n.selectionBias);
        for (const Vector& row : x) {
            const Vector logits =
                linear(row, n.router, info.moe.experts, m_config.routerBias ? biasName(n.router) : "");
            Route route{{logits.begin(), logits.end()}, {}};
            route.chosen = gate.moe.score == ScoreFunction::SparseMixer
                               ? sparseMixer(route.logits, double(gate.moe.jitter))
                               : naiveTopK(gate, route.logits);
            Vector sum(row.size());
            const bool over =
                m_config.expertCapacity > 0 && ++served[std::size_t(route.chosen[0].first)] > m_config.expertCapacity;
            for (const auto& [e, weight] : route.chosen) {
                const Vector made = over ? row : expert(row, e);
                for (std::size_t i = 0; i < sum.size(); ++i)
                    sum[i] += weight * made[i];
            }
            if (over)
                route.chosen.clear();
            out.push_back(std::move(sum));
            routes.push_back(std::move(route));
        }
        result.routes.push_back(std::move(routes));
        if (m_config.sharedIntermediate > 0) {
            const Rows shared = dense(x, n.sharedGate, n.sharedUp, n.sharedDown, m_config.sharedIntermediate);
            for (std::size_t t = 0; t < x.size(); ++t) {
                const double weight =
                    m_config.sharedScore ? 1 / (1 + std::exp(-linear(x[t], n.sharedScore, 1)[0])) : 1.0;
                for (std::size_t i = 0; i < out[t].size(); ++i)
                    out[t][i] += weight * shared[t][i];
            }
        }
        return out;
    }
};

} // namespace moescope::test

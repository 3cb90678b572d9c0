#pragma once

#include <algorithm>

#include "tests/support/naive_rope.h"
#include "tests/support/naive_weights.h"

namespace moescope::test {

// The kinds of attention, one token and one head at a time.
class NaiveAttention : public NaiveWeights {
public:
    using NaiveWeights::NaiveWeights;

protected:
    Vector prepared(Vector x, std::int64_t heads, const std::string& norm, std::size_t position,
                    std::size_t length) const {
        const std::int64_t dim = m_attention.headDim;
        if (m_attention.qkNorm == QkNorm::Projection)
            x = rms(x, tensor(norm), double(m_config.normEps));
        for (std::int64_t h = 0; h < heads; ++h) {
            Vector head = part(x, h * dim, dim);
            if (m_attention.qkNorm == QkNorm::Head)
                head = rms(head, tensor(norm), double(m_config.normEps));
            clip(head);
            naiveRotate(m_attention.rope, m_attention.rotaryDim(), std::int64_t(position), std::int64_t(length),
                        head.data());
            std::copy(head.begin(), head.end(), x.begin() + h * dim);
        }
        return x;
    }
    void clip(Vector& x) const {
        for (double& value : x)
            if (m_attention.clip > 0)
                value = std::clamp(value, -m_attention.clip, m_attention.clip);
    }

    // T5: half of the buckets for each direction where both are seen; half of those exact, the rest logarithmic.
    double relativeBias(int head, std::int64_t distance) const {
        const RelativeBiasConfig& config = *m_attention.relativeBias;
        std::int64_t buckets = config.buckets;
        std::int64_t bucket = 0;
        if (!m_attention.causal) {
            buckets /= 2;
            bucket = distance > 0 ? buckets : 0;
        }
        const std::int64_t away = m_attention.causal ? std::max<std::int64_t>(-distance, 0) : std::abs(distance);
        const std::int64_t exact = buckets / 2;
        if (away < exact)
            bucket += away;
        else
            bucket += std::min(buckets - 1, exact + std::int64_t(std::log(double(away) / double(exact)) /
                                                                 std::log(double(config.maxDistance) / double(exact)) *
                                                                 double(buckets - exact)));
        return double(tensor(m_config.names.relativeBias)[std::size_t(bucket * m_attention.heads + head)]);
    }

    Rows attention(const Rows& x) const {
        const WeightNames& n = m_config.names;
        const std::int64_t dim = m_attention.headDim;
        const auto biased = [&](const std::string& name) { return m_attention.qkvBias ? biasName(name) : ""; };
        Rows queries, keys, values, out;
        for (std::size_t t = 0; t < x.size(); ++t) {
            const auto project = [&](const std::string& name, std::int64_t heads) {
                return linear(x[t], name, heads * dim, biased(name));
            };
            queries.push_back(
                prepared(project(n.query, m_attention.heads), m_attention.heads, n.queryNorm, t, x.size()));
            keys.push_back(prepared(project(n.key, m_attention.kvHeads), m_attention.kvHeads, n.keyNorm, t, x.size()));
            values.push_back(project(n.value, m_attention.kvHeads));
            clip(values.back());
        }
        const std::int64_t window = m_attention.windowOf(m_layer);
        for (std::size_t t = 0; t < x.size(); ++t) {
            Vector context;
            const std::size_t end = m_attention.causal ? t + 1 : x.size();
            const std::size_t begin = window > 0 && std::int64_t(t) >= window ? t - std::size_t(window) + 1 : 0;
            for (int h = 0; h < m_attention.heads; ++h) {
                const std::int64_t kv = h / (m_attention.heads / m_attention.kvHeads);
                const Vector one = attend(
                    part(queries[t], h * dim, dim), column(keys, kv * dim, dim), column(values, kv * dim, dim), begin,
                    end, h, m_attention.scale, [&](std::size_t s) {
                        return m_attention.relativeBias ? relativeBias(h, std::int64_t(s) - std::int64_t(t)) : 0.0;
                    });
                context.insert(context.end(), one.begin(), one.end());
            }
            out.push_back(linear(context, n.output, m_config.hidden, m_attention.outputBias ? biasName(n.output) : ""));
        }
        return out;
    }

    Rows crossAttention(const Rows& x, const Rows& encoded) const {
        const WeightNames& n = m_config.names;
        const std::int64_t dim = m_attention.headDim;
        const std::int64_t width = m_attention.heads * dim;
        Rows keys, values, out;
        for (const Vector& row : encoded) {
            keys.push_back(linear(row, n.crossKey, width));
            values.push_back(linear(row, n.crossValue, width));
        }
        for (const Vector& row : x) {
            const Vector q = linear(row, n.crossQuery, width);
            Vector context;
            for (int h = 0; h < m_attention.heads; ++h) {
                const Vector one =
                    attend(part(q, h * dim, dim), column(keys, h * dim, dim), column(values, h * dim, dim), 0,
                           encoded.size(), h, m_attention.scale, [](std::size_t) { return 0.0; });
                context.insert(context.end(), one.begin(), one.end());
            }
            out.push_back(linear(context, n.crossOutput, m_config.hidden));
        }
        return out;
    }

    Rows latentAttention(const Rows& x) const {
        const WeightNames& n = m_config.names;
        const LatentConfig& latent = *m_attention.latent;
        const std::int64_t nope = latent.nopeDim;
        const std::int64_t made = nope + m_attention.valueDim;
        const std::int64_t heads = m_attention.heads;
        const auto biased = [&](const std::string& name) { return m_attention.qkvBias ? biasName(name) : ""; };
        const auto rotated = [&](Vector head, std::size_t t) {
            naiveRotate(m_attention.rope, latent.ropeDim, std::int64_t(t), std::int64_t(x.size()), head.data());
            return head;
        };
        Rows queries, expanded, positions, out;
        for (std::size_t t = 0; t < x.size(); ++t) {
            const Vector low = latent.queryRank == 0
                                   ? Vector()
                                   : rms(linear(x[t], n.queryDown, latent.queryRank, biased(n.queryDown)),
                                         tensor(n.queryDownNorm), 1e-6);
            queries.push_back(latent.queryRank == 0 ? linear(x[t], n.query, heads * m_attention.headDim)
                                                    : linear(low, n.queryUp, heads * m_attention.headDim));
            const Vector down = linear(x[t], n.kvDown, latent.kvRank + latent.ropeDim, biased(n.kvDown));
            positions.push_back(rotated(part(down, latent.kvRank, latent.ropeDim), t));
            expanded.push_back(
                linear(rms(part(down, 0, latent.kvRank), tensor(n.kvDownNorm), 1e-6), n.kvUp, heads * made));
        }
        for (std::size_t t = 0; t < x.size(); ++t) {
            Vector context;
            for (std::int64_t h = 0; h < heads; ++h) {
                Vector q = part(queries[t], h * m_attention.headDim, nope);
                const Vector turned = rotated(part(queries[t], h * m_attention.headDim + nope, latent.ropeDim), t);
                q.insert(q.end(), turned.begin(), turned.end());
                Rows keys = column(expanded, h * made, nope);
                for (std::size_t s = 0; s < keys.size(); ++s)
                    keys[s].insert(keys[s].end(), positions[s].begin(), positions[s].end());
                const Vector one = attend(q, keys, column(expanded, h * made + nope, m_attention.valueDim), 0, t + 1,
                                          int(h), m_attention.scale, [](std::size_t) { return 0.0; });
                context.insert(context.end(), one.begin(), one.end());
            }
            out.push_back(linear(context, n.output, m_config.hidden, m_attention.outputBias ? biasName(n.output) : ""));
        }
        return out;
    }

private:
    // One query against the keys it sees; `bias` adds to the scores.
    template <class Bias>
    Vector attend(const Vector& q, const Rows& keys, const Rows& values, std::size_t begin, std::size_t end, int head,
                  double scale, const Bias& bias) const {
        Vector score;
        double sum = m_attention.sinks ? std::exp(double(tensor(m_config.names.sinks)[std::size_t(head)])) : 0;
        for (std::size_t s = begin; s < end; ++s) {
            double dot = 0;
            for (std::size_t i = 0; i < q.size(); ++i)
                dot += q[i] * keys[s][i];
            score.push_back(std::exp(dot * scale + bias(s)));
            sum += score.back();
        }
        Vector out(values.front().size());
        for (std::size_t s = begin; s < end; ++s)
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] += score[s - begin] / sum * values[s][i];
        return out;
    }
};

} // namespace moescope::test

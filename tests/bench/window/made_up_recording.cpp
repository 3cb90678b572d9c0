#include "tests/bench/window/made_up_recording.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "db/run_writer.h"
#include "engine/routing/topk.h"

namespace moescope::bench {

namespace {

constexpr std::int32_t kBatch = 8192;
constexpr std::int32_t kVocabulary = 16384, kFrequent = 512;
constexpr TokenIndex kDocument = 2500;
constexpr std::size_t kNoise = std::size_t(1) << 20;
constexpr std::array kDomains{"news", "code-python", "mathematics", "law", "medicine", "poetry", "chat", "json"};
constexpr int kHabits = 64; // groups of frequent tokens that go to the same experts

std::vector<Piece> makePieces() {
    std::mt19937 random(3);
    std::vector<Piece> pieces{{0, "\n"}, {1, ","}, {2, "."}, {3, "("}, {4, ")"}, {5, " the"}, {6, " of"}, {7, " 1"}};
    for (auto id = std::int32_t(pieces.size()); id < kVocabulary; ++id) {
        std::string word = id % 5 == 0 ? "" : " ";
        for (unsigned n = 2 + random() % 7; n > 0; --n) {
            word += char('a' + random() % 26);
        }
        if (id % 31 == 0) {
            word = " " + std::to_string(id);
        }
        pieces.push_back({id, word});
    }
    return pieces;
}

std::vector<DocumentInfo> makeDocuments(TokenIndex tokens) {
    std::vector<DocumentInfo> documents;
    for (TokenIndex at = 0; at < tokens; at += kDocument) {
        const std::size_t domain = std::size_t(at) * kDomains.size() / std::size_t(tokens);
        documents.push_back(
            {"document " + std::to_string(documents.size()), kDomains[domain], at, std::min(kDocument, tokens - at)});
    }
    return documents;
}

// Zipf's law over the vocabulary; every domain puts another part of it first.
std::int32_t wordOf(std::mt19937& random, std::size_t domain) {
    if (random() % 19 == 0) {
        return 0;
    }
    const double uniform = double(random()) / double(std::mt19937::max());
    const auto rank = std::int32_t(std::exp(uniform * std::log(double(kVocabulary - 8))));
    return rank < 200 ? 1 + rank : 8 + (rank + std::int32_t(domain) * 1500) % (kVocabulary - 8);
}

// Added to a token's noise: what its layer, its domain and, for a frequent token, its word make of it.
class Router {
public:
    explicit Router(const MadeUpShape& shape) : m_shape(shape), m_noise(kNoise) {
        std::mt19937 random(11);
        std::normal_distribution<float> normal(0, 1);
        std::generate(m_noise.begin(), m_noise.end(), [&] { return normal(random); });
        const auto experts = std::size_t(shape.experts);
        m_bias.resize(std::size_t(shape.layers) * kDomains.size() * experts);
        for (std::size_t i = 0; i < m_bias.size(); ++i) {
            const std::size_t layer = i / (experts * kDomains.size());
            m_bias[i] = normal(random) * (0.15F + 0.5F * float(layer % 7) / 7.0F) + 0.3F * m_noise[i % experts + layer];
        }
        m_habit.resize(kHabits * experts);
        std::generate(m_habit.begin(), m_habit.end(), [&] { return normal(random) * 1.2F; });
    }

    void logits(std::int32_t layer, std::size_t domain, std::int32_t word, TokenIndex token, float* out) const {
        const auto experts = std::size_t(m_shape.experts);
        const float* bias = m_bias.data() + (std::size_t(layer) * kDomains.size() + domain) * experts;
        const std::size_t habit = std::size_t(word * 7 + layer) % kHabits;
        const float* own = m_habit.data() + habit * experts;
        const float much = word < kFrequent ? 1.0F : 0.2F;
        std::size_t at = (std::size_t(token) * 2654435761U + std::size_t(layer) * 40503U) % (kNoise - experts);
        for (std::size_t e = 0; e < experts; ++e) {
            out[e] = m_noise[at + e] + bias[e] + much * own[e];
        }
    }

private:
    MadeUpShape m_shape;
    std::vector<float> m_noise, m_bias, m_habit;
};

RunSpec specOf(const MadeUpShape& shape) {
    RunSpec spec;
    spec.name = "bench";
    spec.model = "made-up";
    spec.family = "mixtral";
    spec.vocabulary = kVocabulary;
    spec.logits = shape.logits;
    spec.content = spec.logits == LogitStorage::None ? RunContent::RoutesOnly : RunContent::Full;
    for (std::int32_t l = 0; l < shape.layers; ++l) {
        MoeLayerInfo layer;
        layer.layer = LayerId{l};
        layer.moe.experts = shape.experts;
        layer.moe.topK = shape.topK;
        spec.layers.push_back(layer);
    }
    return spec;
}

} // namespace

void makeRecording(const std::filesystem::path& file, const MadeUpShape& shape) {
    const RunSpec spec = specOf(shape);
    const Router router(shape);
    const auto experts = std::size_t(shape.experts), k = std::size_t(shape.topK);
    RunWriter writer(file, spec, makeDocuments(shape.tokens), makePieces());
    std::mt19937 random(9);
    std::vector<std::int32_t> words(kBatch);
    std::vector<float> nll(kBatch), logits(kBatch * experts), weights(kBatch * k);
    std::vector<std::uint16_t> ids(kBatch * k);
    const auto domainOf = [&shape](TokenIndex token) {
        return std::size_t(token / kDocument * kDocument) * kDomains.size() / std::size_t(shape.tokens);
    };
    for (TokenIndex at = 0; at < shape.tokens; at += kBatch) {
        const auto n = std::size_t(std::min<TokenIndex>(kBatch, shape.tokens - at));
        for (std::size_t t = 0; t < n; ++t) {
            const TokenIndex token = at + TokenIndex(t);
            words[t] = wordOf(random, domainOf(token));
            nll[t] = float(1.5 + 4.0 / std::sqrt(1.0 + double(token % kDocument)) + double(random() % 1000) / 500.0);
        }
        writer.tokens({at, std::span(words).first(n), Phase::Prompt});
        for (const MoeLayerInfo& layer : spec.layers) {
            for (std::size_t t = 0; t < n; ++t) {
                const TokenIndex token = at + TokenIndex(t);
                router.logits(layer.layer.value, domainOf(token), words[t], token, logits.data() + t * experts);
            }
            const auto used = std::span<const float>(logits).first(n * experts);
            routeTopK(layer, used, std::span(ids).first(n * k), std::span(weights).first(n * k));
            writer.routing({layer.layer, at, std::int32_t(n), layer.moe.topK, layer.moe.experts,
                            std::span(ids).first(n * k), std::span(weights).first(n * k), used});
        }
        writer.nll(at, std::span(nll).first(n));
        writer.commit(at + TokenIndex(n));
    }
    writer.finish(RunState::Complete);
}

} // namespace moescope::bench

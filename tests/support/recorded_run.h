#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "db/run_info.h"
#include "engine/routing/routing_sink.h"
#include "engine/routing/topk.h"

namespace moescope::test {

// A run in memory, made up by a seed: what a recording of it must give back.
struct RecordedRun {
    RunSpec spec;
    std::vector<DocumentInfo> documents;
    std::vector<Piece> pieces;
    std::vector<std::int32_t> tokenIds;
    std::vector<float> nll;
    std::vector<std::vector<std::uint16_t>> ids; // [layers] of [tokens, topK]
    std::vector<std::vector<float>> weights;     // [layers] of [tokens, topK]
    std::vector<std::vector<float>> logits;      // [layers] of [tokens, experts]

    TokenIndex tokens() const { return TokenIndex(tokenIds.size()); }

    RoutingBlock block(std::size_t l, TokenIndex begin, TokenIndex end, bool withLogits = true) const {
        const MoeConfig& moe = spec.layers[l].moe;
        const auto n = std::size_t(end - begin);
        const auto at = std::size_t(begin);
        const auto k = std::size_t(moe.topK);
        const auto experts = std::size_t(moe.experts);
        RoutingBlock b{spec.layers[l].layer, begin, std::int32_t(n), moe.topK, moe.experts, {}, {}, {}};
        b.ids = std::span(ids[l]).subspan(at * k, n * k);
        b.weights = std::span(weights[l]).subspan(at * k, n * k);
        if (withLogits) {
            b.logits = std::span(logits[l]).subspan(at * experts, n * experts);
        }
        return b;
    }

    // Delivers [begin, end) as an engine does, layer by layer, and commits it.
    void deliver(RoutingSink& sink, TokenIndex begin, TokenIndex end) const {
        const auto n = std::size_t(end - begin);
        sink.tokens({begin, std::span(tokenIds).subspan(std::size_t(begin), n), Phase::Prompt});
        for (std::size_t l = 0; l < spec.layers.size(); ++l) {
            sink.routing(block(l, begin, end));
        }
        sink.nll(begin, std::span(nll).subspan(std::size_t(begin), n));
        sink.commit(end);
    }

    void deliverAll(RoutingSink& sink, TokenIndex begin, TokenIndex batch) const {
        for (TokenIndex at = begin; at < tokens(); at += batch) {
            deliver(sink, at, std::min(tokens(), at + batch));
        }
    }
};

struct RunShape {
    std::int32_t layers = 3;
    std::int32_t experts = 8;
    std::int32_t topK = 2;
    std::int32_t tokens = 3000;
    LogitStorage logits = LogitStorage::F32;
    ScoreFunction score = ScoreFunction::Softmax;
    std::uint32_t seed = 1;
};

inline void addDocuments(RecordedRun& run, const RunShape& shape, std::mt19937& random) {
    const std::vector<std::string> domains = {"prose", "code", "maths"};
    TokenIndex at = 0;
    while (at < shape.tokens) {
        const auto n = std::min<TokenIndex>(shape.tokens - at, 1 + TokenIndex(random() % 700));
        const auto d = run.documents.size();
        run.documents.push_back({"doc" + std::to_string(d), domains[random() % 3], at, n});
        at += n;
    }
}

inline RecordedRun makeRun(const RunShape& shape) {
    std::mt19937 random(shape.seed);
    std::normal_distribution<float> normal(0, 2);
    RecordedRun run;
    run.spec.name = "run";
    run.spec.model = "made-up";
    run.spec.family = "mixtral";
    run.spec.vocabulary = 50;
    run.spec.context = 128;
    run.spec.logits = shape.logits;
    run.spec.content = shape.logits == LogitStorage::None ? RunContent::RoutesOnly : RunContent::Full;
    run.spec.nll = true;
    run.spec.provenance = {{"seed", std::to_string(shape.seed)}, {"command line", "moescope record \"a\\b\""}};
    run.spec.resumeKey = "key";
    addDocuments(run, shape, random);
    for (std::int32_t id = 0; id < 50; ++id) {
        run.pieces.push_back({id, id == 7 ? std::string("\xE2\x82") : "t" + std::to_string(id)});
    }
    for (std::int32_t t = 0; t < shape.tokens; ++t) {
        run.tokenIds.push_back(std::int32_t(random() % 50));
        run.nll.push_back(t % 128 == 0 ? std::numeric_limits<float>::quiet_NaN() : std::fabs(normal(random)));
    }
    for (std::int32_t l = 0; l < shape.layers; ++l) {
        MoeLayerInfo layer;
        layer.layer = LayerId{2 * l + 1}; // dense layers between
        layer.moe.experts = shape.experts;
        layer.moe.topK = shape.topK;
        layer.moe.score = shape.score;
        if (shape.score == ScoreFunction::Sigmoid) {
            layer.selectionBias.assign(std::size_t(shape.experts), 0.125F);
            layer.selectionBias[0] = -0.5F;
        }
        std::vector<float> logits(std::size_t(shape.tokens) * std::size_t(shape.experts));
        std::ranges::generate(logits, [&] { return normal(random); });
        std::vector<std::uint16_t> ids(std::size_t(shape.tokens) * std::size_t(shape.topK));
        std::vector<float> weights(ids.size());
        routeTopK(layer, logits, ids, weights);
        run.spec.layers.push_back(layer);
        run.logits.push_back(std::move(logits));
        run.ids.push_back(std::move(ids));
        run.weights.push_back(std::move(weights));
    }
    return run;
}

// A folder that is removed again.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "moescope-test-XXXXXX").string();
        m_path = mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code none;
        std::filesystem::remove_all(m_path, none);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::filesystem::path operator/(const char* name) const { return m_path / name; }
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

} // namespace moescope::test

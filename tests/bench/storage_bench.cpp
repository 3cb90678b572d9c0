// What recording costs: CPU per token-layer and bytes per token-layer, rows per second of the row views.
//   storage_bench DB LAYERS EXPERTS TOPK TOKENS f16|f32|none
// Prints one JSON object. CPU is that of the whole process while it writes (engine's side of the queue included), less
// what making up the routing costs, which is done before.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "db/run_writer.h"
#include "db/sql_console.h"
#include "engine/routing/topk.h"

namespace {

using namespace moescope;

constexpr std::int32_t kBatch = 4096;
constexpr std::int32_t kVocabulary = 64; // few: what is exported by token id stays small beside what it is counted from

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Batch {
    std::vector<std::uint16_t> ids;
    std::vector<float> weights, logits;
};

RunSpec specOf(char** argv) {
    RunSpec spec;
    spec.name = "bench";
    spec.vocabulary = 4096;
    const std::string logits = argv[6];
    spec.logits = logits == "f16" ? LogitStorage::F16 : (logits == "f32" ? LogitStorage::F32 : LogitStorage::None);
    for (int l = 0; l < std::atoi(argv[2]); ++l) {
        MoeLayerInfo layer;
        layer.layer = LayerId{l};
        layer.moe.experts = std::atoi(argv[3]);
        layer.moe.topK = std::atoi(argv[4]);
        spec.layers.push_back(layer);
    }
    return spec;
}

Batch makeBatch(const MoeLayerInfo& layer) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 2);
    Batch batch;
    batch.logits.resize(std::size_t(kBatch) * std::size_t(layer.moe.experts));
    for (float& l : batch.logits) {
        l = normal(random);
    }
    batch.ids.resize(std::size_t(kBatch) * std::size_t(layer.moe.topK));
    batch.weights.resize(batch.ids.size());
    routeTopK(layer, batch.logits, batch.ids, batch.weights);
    return batch;
}

void write(const std::filesystem::path& file, const RunSpec& spec, const Batch& batch, TokenIndex tokens) {
    std::vector<std::int32_t> ids(kBatch);
    std::vector<Piece> pieces;
    for (std::int32_t i = 0; i < kVocabulary; ++i) {
        pieces.push_back({i, "token" + std::to_string(i)});
    }
    for (std::size_t t = 0; t < ids.size(); ++t) {
        ids[t] = std::int32_t(t) % kVocabulary;
    }
    RunWriter writer(file, spec, {{"document", "domain", 0, tokens}}, pieces);
    for (TokenIndex at = 0; at < tokens; at += kBatch) {
        const auto n = std::size_t(std::min<TokenIndex>(kBatch, tokens - at));
        writer.tokens({at, std::span(ids).first(n), Phase::Prompt});
        for (const MoeLayerInfo& layer : spec.layers) {
            const auto k = std::size_t(layer.moe.topK);
            const auto experts = std::size_t(layer.moe.experts);
            writer.routing({layer.layer, at, std::int32_t(n), layer.moe.topK, layer.moe.experts,
                            std::span(batch.ids).first(n * k), std::span(batch.weights).first(n * k),
                            std::span(batch.logits).first(n * experts)});
        }
        writer.commit(at + TokenIndex(n));
    }
    writer.finish(RunState::Complete);
}

double secondsOf(const std::filesystem::path& file, const char* sql) {
    SqlConsole console(file);
    const double begin = wallSeconds();
    console.run(sql, {}, [](const std::vector<SqlValue>&) { return true; });
    return wallSeconds() - begin;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fprintf(stderr, "usage: storage_bench DB LAYERS EXPERTS TOPK TOKENS f16|f32|none\n");
        return 2;
    }
    const std::filesystem::path file = argv[1];
    const RunSpec spec = specOf(argv);
    const Batch batch = makeBatch(spec.layers[0]);
    const TokenIndex tokens = std::atoll(argv[5]);
    const double cpu = cpuSeconds();
    const double wall = wallSeconds();
    write(file, spec, batch, tokens);
    const double tokenLayers = double(tokens) * double(spec.layers.size());
    std::printf("{\"cpu_us_per_token_layer\": %.4f, \"wall_us_per_token_layer\": %.4f, ",
                (cpuSeconds() - cpu) * 1e6 / tokenLayers, (wallSeconds() - wall) * 1e6 / tokenLayers);
    std::printf("\"bytes_per_token_layer\": %.2f, ", double(std::filesystem::file_size(file)) / tokenLayers);
    const double rows = tokenLayers * double(spec.layers[0].moe.topK);
    std::printf("\"routing_rows_per_second\": %.0f, ", rows / secondsOf(file, "SELECT sum(expert) FROM routing"));
    std::printf("\"routing_weights_rows_per_second\": %.0f}\n",
                rows / secondsOf(file, "SELECT sum(weight) FROM routing"));
    return 0;
}

// Prompt throughput of a model and its share of the matrix peak measured beside, as JSON.
//   prefill_bench MODEL [--dtype D] [--expert-weights int8] [--documents N] [--tokens N] [--nll] [--pairs N] [--threads
//   N]
#include <iostream>
#include <string>

#include "app/service/bench_service.h"
#include "engine/routing/routing_sink.h"
#include "engine/session/engine_loader.h"

namespace {

using namespace moescope;

// Touches what it is given, as a recording would, without a disk.
class CopyingSink final : public RoutingSink {
public:
    void tokens(const TokenBlock& block) override { m_ids.assign(block.ids.begin(), block.ids.end()); }
    void routing(const RoutingBlock& block) override {
        m_experts.assign(block.ids.begin(), block.ids.end());
        m_weights.assign(block.weights.begin(), block.weights.end());
        m_logits.assign(block.logits.begin(), block.logits.end());
    }
    void nll(TokenIndex, std::span<const float> values) override { m_weights.assign(values.begin(), values.end()); }
    void commit(TokenIndex) override {}

private:
    std::vector<std::int32_t> m_ids;
    std::vector<std::uint16_t> m_experts;
    std::vector<float> m_weights, m_logits;
};

BenchRequest parse(int argc, char** argv) {
    BenchRequest request;
    request.model = argv[1];
    for (int i = 2; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--nll")
            request.nll = true;
        else if (i + 1 >= argc)
            throw std::invalid_argument(option + " needs a value");
        else if (option == "--dtype")
            request.dtype = argv[++i];
        else if (option == "--expert-weights")
            request.expertWeights = argv[++i];
        else if (option == "--documents")
            request.documents = std::stoi(argv[++i]);
        else if (option == "--tokens")
            request.documentTokens = std::stoi(argv[++i]);
        else if (option == "--pairs")
            request.pairs = std::stoi(argv[++i]);
        else if (option == "--threads")
            request.threads = std::stoi(argv[++i]);
        else
            throw std::invalid_argument("unknown option " + option);
    }
    return request;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr
            << "usage: prefill_bench MODEL [--dtype D] [--expert-weights int8] [--documents N] [--tokens N] [--nll] "
               "[--pairs N] [--threads N]\n";
        return 2;
    }
    try {
        const BenchResult result = benchModel(
            loadEngine(), parse(argc, argv), [](std::int64_t) { return std::make_unique<CopyingSink>(); },
            [](int, int) {}, {});
        std::cout << "{\"dtype\":\"" << result.dtype << "\",\"threads\":" << result.threads
                  << ",\"tokens\":" << result.tokens << ",\"tokens_per_second\":" << result.tokensPerSecondWith
                  << ",\"tokens_per_second_without\":" << result.tokensPerSecondWithout
                  << ",\"recording_share\":" << result.recordingShare << ",\"gemm_peak\":" << result.gemmPeak
                  << ",\"peak_share\":" << result.peakShare << "}\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "prefill_bench: " << error.what() << "\n";
        return 1;
    }
}

// Prompt throughput of a model and its share of the matrix peak measured beside, as JSON.
//   prefill_bench MODEL [--dtype D] [--expert-weights int8] [--documents N] [--tokens N] [--nll] [--pairs N] [--threads
//   N]
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include <oneapi/dnnl/dnnl.hpp>

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

// The fastest product of 2048 x 2048 matrices that oneDNN offers, its weights laid out as it likes best: operations a
// second, the best of those that 0.6 seconds have room for.
double libraryPeak(const std::string& dtype) {
    using dnnl::memory;
    constexpr std::int64_t size = 2048;
    const auto type = dtype == "bf16" ? memory::data_type::bf16 : memory::data_type::f32;
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(engine);
    const memory::desc plain({size, size}, type, memory::format_tag::ab);
    const memory::desc any({size, size}, type, memory::format_tag::any);
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::matmul::primitive_desc chosen(engine, plain, any, plain);
#else
    const dnnl::matmul::primitive_desc chosen(dnnl::matmul::desc(plain, any, plain), engine);
#endif
    const dnnl::matmul product(chosen);
    memory x(plain, engine), w(chosen.weights_desc(), engine), y(plain, engine);
    std::fill_n(static_cast<char*>(x.get_data_handle()), plain.get_size(), '\x3c'); // small numbers in either type
    std::fill_n(static_cast<char*>(w.get_data_handle()), chosen.weights_desc().get_size(), '\x3c');
    double best = 1e30;
    double spent = 0;
    while (spent < 0.6) {
        const auto start = std::chrono::steady_clock::now();
        product.execute(stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, y}});
        stream.wait();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::min(best, seconds);
        spent += seconds;
    }
    return 2.0 * size * size * size / best;
}

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
        double library = 0; // the best of those between the pairs
        const BenchRequest request = parse(argc, argv);
        const BenchResult result = benchModel(
            loadEngine(), request, [](std::int64_t) { return std::make_unique<CopyingSink>(); },
            [&](int, int) { library = std::max(library, libraryPeak(request.dtype)); }, {});
        std::cout << "{\"dtype\":\"" << result.dtype << "\",\"threads\":" << result.threads
                  << ",\"tokens\":" << result.tokens << ",\"tokens_per_second\":" << result.tokensPerSecondWith
                  << ",\"tokens_per_second_without\":" << result.tokensPerSecondWithout
                  << ",\"recording_share\":" << result.recordingShare << ",\"gemm_peak\":" << result.gemmPeak
                  << ",\"peak_share\":" << result.peakShare << ",\"library_peak\":" << library
                  << ",\"library_share\":" << result.flopsPerToken * result.tokensPerSecondWith / library << "}\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "prefill_bench: " << error.what() << "\n";
        return 1;
    }
}

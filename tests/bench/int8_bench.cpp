// What experts in int8 gain over those in the dtype: prompts of the same model through both in turn, as JSON.
//   int8_bench MODEL [--dtype D] [--documents N] [--tokens N] [--pairs N] [--threads N]
#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "engine/routing/discarding_sink.h"
#include "engine/session/engine.h"
#include "engine/session/engine_loader.h"

namespace {

using namespace moescope;

struct Options {
    SessionOptions session;
    int documents = 16;
    int tokens = 512;
    int pairs = 9;
};

Options parse(int argc, char** argv) {
    Options options;
    options.session.model = argv[1];
    options.session.dtype = "bf16";
    for (int i = 2; i < argc; ++i) {
        const std::string option = argv[i];
        if (i + 1 >= argc)
            throw std::invalid_argument(option + " needs a value");
        if (option == "--dtype")
            options.session.dtype = argv[++i];
        else if (option == "--documents")
            options.documents = std::stoi(argv[++i]);
        else if (option == "--tokens")
            options.tokens = std::stoi(argv[++i]);
        else if (option == "--pairs")
            options.pairs = std::stoi(argv[++i]);
        else if (option == "--threads")
            options.session.threads = std::stoi(argv[++i]);
        else
            throw std::invalid_argument("unknown option " + option);
    }
    return options;
}

// One batch of random tokens.
class Batch {
public:
    Batch(const Options& options, std::int32_t vocabulary)
        : m_tokens(std::size_t(options.documents) * std::size_t(options.tokens)) {
        std::mt19937 random(1); // NOLINT: the same tokens every time
        for (std::int32_t& token : m_tokens)
            token = std::int32_t(random() % std::uint32_t(vocabulary));
        for (std::size_t at = 0; at < m_tokens.size(); at += std::size_t(options.tokens))
            m_windows.push_back(
                {TokenIndex(at), std::span(m_tokens).subspan(at, std::size_t(options.tokens)), std::nullopt});
    }

    double tokensPerSecond(InferenceSession& session) const {
        DiscardingSink sink;
        const auto start = std::chrono::steady_clock::now();
        session.prefill(m_windows, {false}, sink, {});
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return double(m_tokens.size()) / seconds;
    }

private:
    std::vector<std::int32_t> m_tokens;
    std::vector<Window> m_windows;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measure(const Options& options) {
    Engine& engine = loadEngine();
    SessionOptions inInt8 = options.session;
    inInt8.expertWeights = "int8";
    const auto plain = engine.open(options.session);
    const auto int8 = engine.open(inInt8);
    const Batch batch(options, plain->info().vocabulary);
    for (int i = 0; i < 2; ++i) { // packs the weights; the machine's clock settles
        batch.tokensPerSecond(*plain);
        batch.tokensPerSecond(*int8);
    }
    std::vector<double> without, with, gain;
    for (int pair = 0; pair < options.pairs; ++pair) {
        if (pair % 2 == 0)
            without.push_back(batch.tokensPerSecond(*plain));
        with.push_back(batch.tokensPerSecond(*int8));
        if (pair % 2 == 1)
            without.push_back(batch.tokensPerSecond(*plain));
        gain.push_back(with.back() / without.back());
    }
    std::cout << "{\"dtype\":\"" << plain->info().dtype << "\",\"threads\":" << plain->info().threads
              << ",\"tokens_per_second\":" << median(without) << ",\"tokens_per_second_int8\":" << median(with)
              << ",\"gain\":" << median(gain) << ",\"least\":" << *std::min_element(gain.begin(), gain.end())
              << ",\"most\":" << *std::max_element(gain.begin(), gain.end()) << "}\n";
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: int8_bench MODEL [--dtype D] [--documents N] [--tokens N] [--pairs N] [--threads N]\n";
        return 2;
    }
    try {
        measure(parse(argc, argv));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "int8_bench: " << error.what() << "\n";
        return 1;
    }
}

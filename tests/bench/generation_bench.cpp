// Speed of generation and its share of what memory allows: each token reads the weights it meets once. JSON.
//   generation_bench MODEL [--dtype D] [--count N] [--rounds N] [--threads N]
#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "engine/checkpoint/model_inspection.h"
#include "engine/routing/discarding_sink.h"
#include "engine/session/engine.h"
#include "engine/session/engine_loader.h"

namespace {

using namespace moescope;

struct Options {
    std::string model, dtype = "auto";
    std::int32_t count = 48;
    int rounds = 5;
    int threads = 0;
};

double secondsOf(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Bytes a second that all threads together read from memory no cache can hold.
double memoryBandwidth(const std::vector<std::uint64_t>& memory, int threads) {
    std::vector<std::uint64_t> sums(std::size_t(threads) * 8);
    const double seconds = secondsOf([&] {
        std::vector<std::jthread> readers;
        for (int t = 0; t < threads; ++t)
            readers.emplace_back([&, t] {
                const auto part = std::ptrdiff_t(memory.size()) / threads;
                const auto begin = memory.begin() + t * part;
                sums[std::size_t(t) * 8] = std::accumulate(begin, begin + part, std::uint64_t{0});
            });
    });
    return sums[0] == 0 ? 0 : double(memory.size()) * sizeof(std::uint64_t) / seconds;
}

// Seconds for each token after the first ones: the prompt's time cancels out.
double secondsOfToken(InferenceSession& session, std::int32_t count) {
    const std::vector<std::int32_t> prompt{1, 5, 9, 13, 17, 21, 25, 29};
    DiscardingSink sink;
    const auto generate = [&](std::int32_t tokens) {
        GenerateOptions options;
        options.count = tokens;
        options.temperature = 1; // random weights repeat themselves otherwise, and so would their experts
        options.seed = 1;
        std::size_t made = 0;
        const double seconds = secondsOf([&] {
            made = session.generate({0, prompt, std::nullopt}, options, sink, {}).size();
        });
        if (made != std::size_t(tokens))
            throw std::runtime_error("the model ended its text early");
        return seconds;
    };
    const double start = generate(8);
    return (generate(8 + count) - start) / count;
}

Options parse(int argc, char** argv) {
    if (argc < 2)
        throw std::invalid_argument("a model folder is needed");
    Options options;
    options.model = argv[1];
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--dtype")
            options.dtype = argv[i + 1];
        else if (name == "--count")
            options.count = std::stoi(argv[i + 1]);
        else if (name == "--rounds")
            options.rounds = std::stoi(argv[i + 1]);
        else if (name == "--threads")
            options.threads = std::stoi(argv[i + 1]);
        else
            throw std::invalid_argument("unknown option " + name);
    }
    return options;
}

void run(const Options& options) {
    const auto session = loadEngine().open({options.model, "cpu", options.dtype, options.threads});
    const int threads = session->info().threads;
    const double bytes =
        inspectModel(options.model).flopsPerTokenWithHead / 2 * (session->info().dtype == "f32" ? 4 : 2);
    const std::vector<std::uint64_t> memory(std::size_t(1) << 27, 1); // 1 GiB
    secondsOfToken(*session, options.count);                          // packs the weights
    std::vector<double> speeds, bandwidths, shares;
    for (int round = 0; round < options.rounds; ++round) {
        const double before = memoryBandwidth(memory, threads);
        const double speed = 1 / secondsOfToken(*session, options.count);
        const double bandwidth = (before + memoryBandwidth(memory, threads)) / 2;
        speeds.push_back(speed);
        bandwidths.push_back(bandwidth);
        shares.push_back(speed * bytes / bandwidth);
    }
    std::cout << "{\"dtype\":\"" << session->info().dtype << "\",\"threads\":" << threads
              << ",\"tokens_per_second\":" << median(speeds) << ",\"bytes_per_token\":" << bytes
              << ",\"memory_bandwidth\":" << median(bandwidths) << ",\"bandwidth_share\":" << median(shares) << "}\n";
}

} // namespace

int main(int argc, char** argv) {
    try {
        run(parse(argc, argv));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "generation_bench: " << error.what() << "\n";
        return 1;
    }
}

// Speed of generation and its share of what memory allows: each token reads the weights it meets once. JSON.
//   generation_bench MODEL [--dtype D] [--count N] [--rounds N] [--threads N]
#include <algorithm>
#include <array>
#include <barrier>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <new>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <sys/mman.h>

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

#ifdef __x86_64__
#define MOESCOPE_WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MOESCOPE_WIDEST
#endif

// The sum of words as fast as one thread gets them: four runs at a time, each fetched ahead of its use. A plain loop
// waits for memory and shows half of what there is.
MOESCOPE_WIDEST std::uint64_t sumOf(const std::uint64_t* words, std::size_t count) {
    constexpr std::size_t runs = 4, step = 32, ahead = 512; // words
    const std::size_t length = count / runs / step * step;
    std::array<std::uint64_t, step> sums{};
    for (std::size_t at = 0; at < length; at += step)
        for (std::size_t run = 0; run < runs; ++run) {
            const std::uint64_t* from = words + run * length + at;
            for (std::size_t line = 0; line < step; line += 8)
                __builtin_prefetch(from + ahead + line);
            for (std::size_t i = 0; i < step; ++i)
                sums[i] += from[i];
        }
    return std::accumulate(sums.begin(), sums.end(), std::uint64_t(0));
}

// Memory several times as large as any cache, on large pages as weights are: small ones would be read more slowly.
class LargeMemory {
public:
    LargeMemory() : m_words(static_cast<std::uint64_t*>(std::aligned_alloc(kLargePage, kBytes))) {
        if (!m_words)
            throw std::bad_alloc();
        ::madvise(m_words.get(), kBytes, MADV_HUGEPAGE);
        std::fill_n(m_words.get(), kBytes / sizeof(std::uint64_t), std::uint64_t(1));
    }

    // Bytes a second that all threads together read, from when they have all been started.
    double bandwidth(int threads) const {
        std::vector<std::uint64_t> sums(std::size_t(threads) * 8); // a line of the cache each
        std::barrier together(threads + 1);
        std::vector<std::jthread> readers;
        for (int t = 0; t < threads; ++t)
            readers.emplace_back([&, t] {
                const std::size_t part = kBytes / sizeof(std::uint64_t) / std::size_t(threads);
                together.arrive_and_wait();
                sums[std::size_t(t) * 8] = sumOf(m_words.get() + std::size_t(t) * part, part);
            });
        const double seconds = secondsOf([&] {
            together.arrive_and_wait();
            readers.clear(); // waits for them
        });
        return sums[0] == 0 ? 0 : double(kBytes) / seconds;
    }

private:
    static constexpr std::size_t kLargePage = std::size_t(1) << 21;
    static constexpr std::size_t kBytes = std::size_t(1) << 31;

    struct Free {
        void operator()(std::uint64_t* memory) const { std::free(memory); }
    };
    std::unique_ptr<std::uint64_t, Free> m_words;
};

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
    const LargeMemory memory;
    secondsOfToken(*session, options.count); // packs the weights
    std::vector<double> speeds, bandwidths, shares;
    for (int round = 0; round < options.rounds; ++round) {
        const double before = memory.bandwidth(threads);
        const double speed = 1 / secondsOfToken(*session, options.count);
        const double bandwidth = (before + memory.bandwidth(threads)) / 2;
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

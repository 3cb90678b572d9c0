// Training speed of a small model under a strategy, as JSON: the median step behind the first few.
//   train_bench [--strategy S] [--steps N] [--threads N] [--layers N --width N --heads N --experts N --top-k N --ffn N]
//               [--vocabulary N --context N --batch-tokens N] [--dtype D]
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <unistd.h>

#include "engine/session/engine.h"
#include "engine/session/engine_loader.h"
#include "engine/training/train_config.h"

namespace {

using namespace moescope;

constexpr std::size_t kWarm = 3; // steps in which products are compiled

class Speeds : public TrainObserver {
public:
    void step(const TrainStep& step) override { m_speeds.push_back(step.tokensPerSecond); }
    void checkpoint(std::int64_t, const std::filesystem::path&) override {}

    double median() const {
        std::vector<double> sorted(m_speeds.begin() + std::ptrdiff_t(std::min(kWarm, m_speeds.size() - 1)),
                                   m_speeds.end());
        std::nth_element(sorted.begin(), sorted.begin() + std::ptrdiff_t(sorted.size() / 2), sorted.end());
        return sorted[sorted.size() / 2];
    }

private:
    std::vector<double> m_speeds;
};

TrainConfig parse(int argc, char** argv) {
    TrainConfig c;
    c.strategy = "aux";
    c.layers = 4;
    c.width = 128;
    c.heads = 4;
    c.ffn = 128;
    c.vocabulary = 2048;
    c.context = 256;
    c.batchTokens = 8192;
    c.steps = 20;
    c.checkpointEvery = 0;
    std::map<std::string, std::int32_t*> numbers = {
        {"--layers", &c.layers},         {"--width", &c.width},     {"--heads", &c.heads},
        {"--experts", &c.experts},       {"--top-k", &c.topK},      {"--ffn", &c.ffn},
        {"--vocabulary", &c.vocabulary}, {"--context", &c.context}, {"--batch-tokens", &c.batchTokens},
        {"--threads", &c.threads}};
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--strategy")
            c.strategy = argv[i + 1];
        else if (option == "--dtype")
            c.compute = argv[i + 1];
        else if (option == "--steps")
            c.steps = std::stol(argv[i + 1]);
        else
            *numbers.at(option) = std::stoi(argv[i + 1]);
    }
    return c;
}

// Words that follow one another with some regularity: routing is not uniform, as with text.
TrainData textLike(std::int32_t vocabulary) {
    std::mt19937 random(1);
    TrainData data;
    data.domains.push_back({"words", {}, 1.0});
    for (std::int32_t i = 0; i < 300000; ++i)
        data.domains[0].tokens.push_back(
            std::int32_t((std::uint32_t(i) * 7 + random() % 3) % std::uint32_t(vocabulary)));
    return data;
}

} // namespace

int main(int argc, char** argv) {
    try {
        TrainConfig config = parse(argc, argv);
        config.out = std::filesystem::temp_directory_path() / ("train_bench-" + std::to_string(getpid()));
        Speeds speeds;
        loadEngine().train(config, textLike(config.vocabulary), speeds, {});
        std::filesystem::remove_all(config.out);
        std::cout << "{\"strategy\":\"" << config.strategy << "\",\"layers\":" << config.layers
                  << ",\"width\":" << config.width << ",\"experts\":" << config.experts << ",\"top_k\":" << config.topK
                  << ",\"ffn\":" << config.ffn << ",\"vocabulary\":" << config.vocabulary
                  << ",\"batch_tokens\":" << config.batchTokens << ",\"threads\":" << config.threads
                  << ",\"tokens_per_second\":" << speeds.median() << "}\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "train_bench: " << error.what() << "\n";
        return 1;
    }
}

#include "engine/training/strategies/make_strategy.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/routing/random_dispatch.h"
#include "tests/support/numeric_gradient.h"

namespace moescope {
namespace {

constexpr const char* kAll[] = {"none",       "aux",        "aux+z",    "noisy-importance",
                                "noisy-load", "noisy-both", "aux-free", "expert-choice",
                                "sinkhorn",   "base",       "sequence", "group-limited"};

TrainConfig configOf(const std::string& strategy) {
    TrainConfig c;
    c.strategy = strategy;
    c.layers = 2;
    c.experts = 8;
    c.topK = strategy == "switch" ? 1 : 2;
    c.groups = 4;
    c.context = 16;
    c.auxCoefficient = 0.3F;
    c.zCoefficient = 0.1F;
    return c;
}

std::vector<float> randomNumbers(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> values(n);
    for (float& v : values)
        v = normal(random);
    return values;
}

struct Batch {
    std::vector<float> logits = randomNumbers(64 * 8, 1);
    std::vector<float> raw = randomNumbers(64 * 8, 2);

    RouterInput input(const TrainConfig& c) const {
        const bool noisy = c.strategy.starts_with("noisy");
        return {1, 7, 64, c.experts, c.context, logits, noisy ? std::span<const float>(raw) : std::span<const float>()};
    }
};

std::vector<std::int64_t> loadOf(const std::vector<std::uint16_t>& ids) {
    std::vector<std::int64_t> load(8);
    for (const std::uint16_t id : ids)
        if (id != kNoExpert)
            ++load[id];
    return load;
}

TEST(Strategies, RouteTheSameBatchTheSameWay) {
    const Batch batch;
    for (const char* name : kAll) {
        SCOPED_TRACE(name);
        const TrainConfig config = configOf(name);
        const auto strategy = makeStrategy(config);
        const RouterOutput first = strategy->route(batch.input(config));
        const RouterOutput second = strategy->route(batch.input(config));
        EXPECT_EQ(first.ids, second.ids);
        EXPECT_EQ(first.weights, second.weights);
        EXPECT_EQ(first.losses.size(), strategy->lossNames().size());
        const auto load = loadOf(first.ids);
        EXPECT_EQ(std::accumulate(load.begin(), load.end(), std::int64_t(0)), 64 * 2);
    }
}

// All of a strategy's gradient: of what comes through the weights, and of its losses with their coefficients.
TEST(Strategies, GradientsAreThoseOfDifferences) {
    for (const char* name : {"none", "aux", "aux+z", "noisy-both", "aux-free", "sequence", "expert-choice"}) {
        SCOPED_TRACE(name);
        TrainConfig config = configOf(name);
        config.noisyCoefficient = 0.4F;
        const auto strategy = makeStrategy(config);
        Batch batch;
        const RouterOutput output = strategy->route(batch.input(config));
        const std::vector<float> dWeights = randomNumbers(output.weights.size(), 3);
        std::vector<float> dLogits(batch.logits.size());
        std::vector<float> dRaw(strategy->noisy() ? batch.raw.size() : 0);
        strategy->addGradient(batch.input(config), output, dWeights, dLogits, dRaw);
        const auto loss = [&](const std::vector<float>& logits) {
            Batch moved = batch;
            moved.logits = logits;
            const RouterOutput now = strategy->route(moved.input(config));
            double sum = 0;
            for (std::size_t t = 0; t < 64; ++t) // slots change places with weights: experts are matched
                for (std::int32_t i = 0; i < output.slots; ++i)
                    for (std::int32_t j = 0; j < now.slots; ++j) {
                        const std::size_t a = t * std::size_t(output.slots) + std::size_t(i);
                        const std::size_t b = t * std::size_t(now.slots) + std::size_t(j);
                        if (output.ids[a] != kNoExpert && output.ids[a] == now.ids[b])
                            sum += double(dWeights[a]) * double(now.weights[b]);
                    }
            const bool noisy = strategy->noisy();
            const std::vector<double> coefficients = noisy ? std::vector{0.2, 0.2} : std::vector{0.15, 0.05};
            for (std::size_t l = 0; l < now.losses.size(); ++l)
                sum += coefficients[l] * now.losses[l];
            return sum;
        };
        test::expectGradient(loss, batch.logits, dLogits, 2e-2, 1e-3F);
    }
}

TEST(Strategies, NoiseFollowsTheStep) {
    const Batch batch;
    const TrainConfig config = configOf("noisy-both");
    const auto strategy = makeStrategy(config);
    RouterInput input = batch.input(config);
    const auto first = strategy->route(input).ids;
    ++input.step;
    EXPECT_NE(strategy->route(input).ids, first);
    EXPECT_EQ(strategy->gate(0).moe, makeStrategy(configOf("none"))->gate(0).moe) << "evaluation is without noise";
}

TEST(Strategies, ChoiceOverTheBatchIsBalanced) {
    const Batch batch;
    for (const char* name : {"expert-choice", "base"}) {
        const TrainConfig config = configOf(name);
        EXPECT_EQ(loadOf(makeStrategy(config)->route(batch.input(config)).ids), std::vector<std::int64_t>(8, 16))
            << name;
    }
}

TEST(Strategies, CapacityDropsWhatHasNoPlaceInItsSequence) {
    Batch batch;
    for (std::size_t t = 0; t < 64; ++t)
        batch.logits[t * 8] += 10; // everybody wants expert 0
    for (const char* name : {"switch", "gshard"}) {
        SCOPED_TRACE(name);
        const TrainConfig config = configOf(name);
        const RouterOutput output = makeStrategy(config)->route(batch.input(config));
        const std::int64_t places = 16 * config.topK * 5 / 4 / 8; // of an expert in each of four sequences
        EXPECT_EQ(loadOf(output.ids)[0], 64);
        EXPECT_EQ(loadOf(output.served)[0], 4 * places);
        for (std::size_t i = 0; i < output.served.size(); ++i)
            EXPECT_EQ(output.served[i] == kNoExpert, output.weights[i] == 0);
    }
}

// Algorithm 1 of arXiv 2006.16668 as one would do it by hand, for one sequence: first choices, then second ones.
struct ByHand {
    std::vector<int> first, second; // [tokens] the expert that serves the choice, -1: none
    double loss = 0;
};

ByHand gshardByHand(std::span<const float> logits, std::span<const float> uniform, int experts, int capacity) {
    const int tokens = int(uniform.size());
    ByHand out{std::vector<int>(uniform.size(), -1), std::vector<int>(uniform.size(), -1), 0};
    std::vector<int> queue(std::size_t(experts), 0), second(uniform.size(), -1);
    std::vector<double> mean(std::size_t(experts), 0.0), weight(uniform.size(), 0.0);
    for (int t = 0; t < tokens; ++t) {
        std::vector<double> gate;
        double sum = 0;
        for (int e = 0; e < experts; ++e) {
            gate.push_back(std::exp(double(logits[std::size_t(t * experts + e)])));
            sum += gate.back();
        }
        const auto at = std::size_t(t);
        const auto e1 = int(std::max_element(gate.begin(), gate.end()) - gate.begin());
        const double g1 = gate[std::size_t(e1)];
        for (int e = 0; e < experts; ++e)
            if (e != e1 && (second[at] < 0 || gate[std::size_t(e)] > gate[std::size_t(second[at])]))
                second[at] = e;
        weight[at] = gate[std::size_t(second[at])] / (g1 + gate[std::size_t(second[at])]);
        if (queue[std::size_t(e1)]++ < capacity)
            out.first[at] = e1;
        for (int e = 0; e < experts; ++e)
            mean[std::size_t(e)] += gate[std::size_t(e)] / sum / tokens;
    }
    for (int e = 0; e < experts; ++e) // the queues hold the first choices only
        out.loss += double(queue[std::size_t(e)]) / tokens * mean[std::size_t(e)] / experts;
    for (std::size_t t = 0; t < uniform.size(); ++t)
        if (2 * weight[t] > double(uniform[t]) && queue[std::size_t(second[t])]++ < capacity)
            out.second[t] = second[t];
    return out;
}

TEST(Strategies, GshardIsItsAlgorithm) {
    for (const float factor : {0.5F, 1.25F, 100.0F}) {
        SCOPED_TRACE(factor);
        const Batch batch;
        TrainConfig config = configOf("gshard");
        config.capacityFactor = factor;
        const RouterInput input = batch.input(config);
        const RouterOutput output = makeStrategy(config)->route(input);
        const std::vector<float> uniform = uniformNumbers(config.seed, input.step, input.layer, 64);
        double loss = 0;
        int left = 0;
        for (std::size_t begin = 0; begin < 64; begin += 16) {
            const ByHand hand = gshardByHand(std::span(batch.logits).subspan(begin * 8, std::size_t(16) * 8),
                                             std::span(uniform).subspan(begin, 16), 8, int(factor * 16 * 2 / 8));
            loss += hand.loss / 4;
            for (std::size_t t = 0; t < 16; ++t) {
                const std::size_t at = 2 * (begin + t);
                EXPECT_EQ(output.served[at] == kNoExpert ? -1 : int(output.served[at]), hand.first[t]);
                EXPECT_EQ(output.served[at + 1] == kNoExpert ? -1 : int(output.served[at + 1]), hand.second[t]);
                left += hand.second[t] < 0 ? 1 : 0;
            }
        }
        EXPECT_NEAR(output.losses.at(0), loss, 1e-6);
        EXPECT_GT(left, 0);
        EXPECT_EQ(loadOf(output.ids), loadOf(makeStrategy(configOf("none"))->route(input).ids))
            << "loads count both choices";
    }
}

TEST(Strategies, GshardDrawsAnewEveryStep) {
    const Batch batch;
    const TrainConfig config = configOf("gshard");
    RouterInput input = batch.input(config);
    const auto strategy = makeStrategy(config);
    const RouterOutput first = strategy->route(input);
    EXPECT_EQ(strategy->route(input).served, first.served);
    ++input.step;
    EXPECT_NE(strategy->route(input).served, first.served);
    EXPECT_EQ(strategy->route(input).ids, first.ids);
}

TEST(Strategies, TheCorrectionBiasFollowsTheLoad) {
    TrainConfig config = configOf("aux-free");
    config.biasRate = 0.01F;
    const auto strategy = makeStrategy(config);
    std::vector<std::int64_t> load(8, 10);
    load[0] = 20;
    load[1] = 0;
    strategy->endStep({load, load});
    const std::vector<float> bias = strategy->gate(1).selectionBias;
    EXPECT_FLOAT_EQ(bias[0], -0.01F);
    EXPECT_FLOAT_EQ(bias[1], 0.01F);
    EXPECT_EQ(bias[2], 0);
    ASSERT_NE(strategy->state(), nullptr);
    EXPECT_EQ((*strategy->state())[1], bias);
    EXPECT_EQ(strategy->gate(0).moe.score, ScoreFunction::Sigmoid);
}

TEST(Strategies, GroupLimitedKeepsToItsGroups) {
    const Batch batch;
    const TrainConfig config = configOf("group-limited");
    const RouterOutput output = makeStrategy(config)->route(batch.input(config));
    for (std::size_t i = 0; i < output.ids.size(); i += 2)
        EXPECT_EQ(output.ids[i] / 2, output.ids[i + 1] / 2);
}

TEST(Strategies, SayWhatTheirModelsRouteWith) {
    EXPECT_EQ(trainedGates(configOf("aux")).size(), 2U);
    EXPECT_TRUE(trainedGates(configOf("aux"))[0].moe.renormalize);
    EXPECT_FALSE(trainedGates(configOf("switch"))[0].moe.renormalize) << "a single weight of 1 would teach nothing";
    EXPECT_EQ(trainedGates(configOf("expert-choice"))[1].moe.topK, 8) << "a token can have every expert";
    EXPECT_EQ(trainedGates(configOf("group-limited"))[0].moe.groups, 4);
}

TEST(Strategies, RefuseWhatCannotBe) {
    EXPECT_THROW(makeStrategy(configOf("magic")), Error);
    TrainConfig config = configOf("switch");
    config.topK = 2;
    EXPECT_THROW(makeStrategy(config), Error);
    config = configOf("gshard");
    config.topK = 1;
    EXPECT_THROW(makeStrategy(config), Error);
    config = configOf("noisy-load");
    config.topK = 8;
    EXPECT_THROW(makeStrategy(config), Error);
    config = configOf("group-limited");
    config.groups = 3;
    EXPECT_THROW(makeStrategy(config), Error);
}

} // namespace
} // namespace moescope

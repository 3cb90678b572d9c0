// Interventions on a model whose routers and experts go the GPU's way: what is recorded has the bits of the pure
// functions, and the model computes as it does on the CPU.
#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "engine/session/decoder_session.h"
#include "tests/engine/model/fake_backend.h"
#include "tests/engine/model/interventions.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/random_config.h"

namespace moescope {
namespace {

using test::limited;

class DeviceInterventions : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        const std::string config = RandomConfig(GetParam(), 2).text();
        SCOPED_TRACE(config);
        writeModel(m_folder, config, randomModel(parseModelConfig(config, "test")), DType::F32);
        const auto vocabulary = test::openOn(m_folder, nullptr).info().vocabulary;
        for (std::int32_t i = 0; i < 13; ++i)
            m_tokens.push_back((i * 37 + i * i % 11) % vocabulary);
        m_window = {0, m_tokens, std::nullopt};
    }
    CollectingSink run(DecoderSession& session, const Intervention& intervention) {
        session.intervene(intervention);
        CollectingSink sink;
        session.prefill(std::span(&m_window, 1), {true}, sink, {});
        return sink;
    }

    TempFolder m_folder;
    std::vector<std::int32_t> m_tokens;
    Window m_window;
};

TEST_P(DeviceInterventions, RouteAsThePureFunctionsDoAndComputeAsTheCpu) {
    const bool oneExpert = std::string(GetParam()) == "switch_transformers"; // with a capacity of its own
    DecoderSession onCpu = test::openOn(m_folder, nullptr);
    DecoderSession onDevice = test::openOn(m_folder, test::fakeBackend());
    const ModelInfo& model = onCpu.info();
    for (const Intervention& intervention : test::interventionsOn(model)) {
        const CollectingSink want = run(onCpu, intervention);
        const CollectingSink got = run(onDevice, intervention);
        ASSERT_EQ(got.layers().size(), want.layers().size());
        for (const MoeLayerInfo& layer : model.moeLayers) {
            const CollectingSink::Layer& is = got.layers().at(layer.layer);
            EXPECT_EQ(is.ids, want.layers().at(layer.layer).ids);
            test::expectNear(is.logits, want.layers().at(layer.layer).logits);
            if (!oneExpert)
                test::expectRoutesOf(intervention, layer, is);
        }
        test::expectNear(got.losses(), want.losses());
    }
}

// One of each score, with groups, a bias of the model's own and a capacity of its own among them.
INSTANTIATE_TEST_SUITE_P(Families, DeviceInterventions,
                         testing::Values("mixtral", "qwen2_moe", "deepseek_v3", "gpt_oss", "phimoe",
                                         "switch_transformers"));

class DeviceNll : public DeviceInterventions {};

TEST_P(DeviceNll, UnderInterventionsIsTheCpus) {
    DecoderSession onCpu = test::openOn(m_folder, nullptr);
    DecoderSession onDevice = test::openOn(m_folder, test::fakeBackend());
    const LayerId layer = onCpu.info().moeLayers.front().layer;
    std::vector<Intervention> variants(3);
    variants[1].ablated = {{layer, 0}};
    variants[2] = limited(OverflowPolicy::Prob, 1.0, 9);
    std::vector<std::vector<float>> want(variants.size()), got(variants.size());
    const auto keep = [](auto& all) {
        return [&all](std::size_t i, std::span<const float> nll) { all[i].assign(nll.begin(), nll.end()); };
    };
    onCpu.nllUnder(std::span(&m_window, 1), layer, variants, keep(want), {});
    onDevice.nllUnder(std::span(&m_window, 1), layer, variants, keep(got), {});
    for (std::size_t i = 0; i < variants.size(); ++i)
        test::expectNear(got[i], want[i]);
}

INSTANTIATE_TEST_SUITE_P(Families, DeviceNll, testing::Values("mixtral", "granitemoe"));

// Counts the layers routed so far.
class CountingKernels final : public cuda::EmulatedKernels {
public:
    CountingKernels(cuda::FakeDevice& device, int& routed) : EmulatedKernels(device), m_routed(routed) {}
    void route(const cuda::RouteCall& call, cuda::Stream stream) override {
        ++m_routed;
        EmulatedKernels::route(call, stream);
    }

private:
    int& m_routed;
};

// Sees how many layers had been routed when the first of them came; breaks off there where asked.
class FirstDelivery final : public RoutingSink {
public:
    FirstDelivery(const int& routed, bool breakOff) : m_routed(routed), m_breakOff(breakOff) {}
    void tokens(const TokenBlock&) override {}
    void routing(const RoutingBlock&) override {
        routedBefore = routedBefore > 0 ? routedBefore : m_routed;
        if (m_breakOff)
            throw Error(ErrorCode::Cancelled, "stopped");
    }
    void nll(TokenIndex, std::span<const float>) override {}
    void commit(TokenIndex) override {}
    int routedBefore = 0;

private:
    const int& m_routed;
    bool m_breakOff;
};

class DeviceDelivery : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        const std::string config = RandomConfig(GetParam(), 2).text();
        writeModel(m_folder, config, randomModel(parseModelConfig(config, "test")), DType::F32);
    }
    DecoderSession open() {
        return test::openOn(m_folder, test::fakeBackend(test::kPlenty, [this](cuda::FakeDevice& device) {
                                return std::make_unique<CountingKernels>(device, m_routed);
                            }));
    }

    TempFolder m_folder;
    int m_routed = 0;
    std::vector<std::int32_t> m_tokens{3, 1, 4, 1, 5, 9, 2, 6};
    Window m_window{0, m_tokens, std::nullopt};
};

TEST_P(DeviceDelivery, ComesLayersLaterUnderAnInterventionToo) {
    DecoderSession session = open();
    const auto layers = int(session.info().moeLayers.size());
    ASSERT_GT(layers, 1);
    for (const auto& [intervention, deferred] : {std::pair{Intervention(), true},
                                                 {limited(OverflowPolicy::Drop, 1.0, 4), true},
                                                 {limited(OverflowPolicy::Prob, 1.0, 4), true},
                                                 {limited(OverflowPolicy::Next, 1.0, 4), false}}) {
        session.intervene(intervention);
        m_routed = 0;
        FirstDelivery sink(m_routed, false);
        session.prefill(std::span(&m_window, 1), {false}, sink, {});
        EXPECT_EQ(sink.routedBefore, deferred ? layers : 0);
    }
}

TEST_P(DeviceDelivery, WhatABatchThatWasGivenUpLeftBehindIsForgotten) {
    DecoderSession session = open();
    FirstDelivery broken(m_routed, true);
    EXPECT_THROW(session.prefill(std::span(&m_window, 1), {false}, broken, {}), Error);
    CollectingSink want, got;
    GenerateOptions options;
    options.count = 3;
    test::openOn(m_folder, nullptr).generate(m_window, options, want, {});
    session.generate(m_window, options, got, {}); // takes each layer's routing at once
    EXPECT_EQ(got.tokenIds(), want.tokenIds());
    for (const auto& [layer, expected] : want.layers())
        EXPECT_EQ(got.layers().at(layer).ids, expected.ids);
}

INSTANTIATE_TEST_SUITE_P(Families, DeviceDelivery, testing::Values("mixtral", "granitemoe")); // one scales its experts

} // namespace
} // namespace moescope

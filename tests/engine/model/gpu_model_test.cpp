// Whole models on a GPU against the CPU; skipped where there is none.
#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "engine/session/choose_execution.h"
#include "engine/session/cuda_backend.h"
#include "engine/session/decoder_session.h"
#include "tests/engine/model/fake_backend.h"
#include "tests/engine/model/interventions.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/random_config.h"

namespace moescope {
namespace {

class GpuModel : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        if (!at::hasCUDA())
            GTEST_SKIP() << "skipped: no CUDA device (" << whyNoCuda() << ")";
        const std::string config = RandomConfig(GetParam(), 2).text();
        m_config = parseModelConfig(config, "test");
        writeModel(m_folder, config, randomModel(m_config), DType::F32);
        for (std::int32_t i = 0; i < 14; ++i)
            m_tokens.push_back((i * 37 + i * i % 11) % std::int32_t(m_config.vocabulary));
        m_window = {0, m_tokens, std::nullopt};
    }
    DecoderSession openOnGpu(const std::string& device = "cuda", const std::string& dtype = "f32") {
        SessionOptions options;
        options.device = device;
        options.dtype = dtype;
        return DecoderSession(m_folder.path(), chooseExecution(options, m_config), 2);
    }
    DecoderSession openOnCpu() { return test::openOn(m_folder, nullptr); }
    CollectingSink record(DecoderSession& session, const Intervention& intervention) {
        session.intervene(intervention);
        CollectingSink sink;
        session.prefill(std::span(&m_window, 1), {true}, sink, {});
        return sink;
    }
    void expectAsOnTheCpu(DecoderSession& session) {
        const std::vector<std::int64_t> ids(m_tokens.begin(), m_tokens.end());
        const ReferenceRun want = openOnCpu().runReference(ids, 2, 7);
        const ReferenceRun got = session.runReference(ids, 2, 7);
        test::expectNear(got.logits, want.logits);
        test::expectNear(got.lastHiddenState, want.lastHiddenState);
        ASSERT_EQ(got.routing.size(), want.routing.size());
        for (std::size_t layer = 0; layer < want.routing.size(); ++layer) {
            EXPECT_EQ(got.routing[layer].ids, want.routing[layer].ids);
            test::expectNear(got.routing[layer].weights, want.routing[layer].weights);
        }
    }

    ModelConfig m_config;
    TempFolder m_folder;
    std::vector<std::int32_t> m_tokens;
    Window m_window;
};

TEST_P(GpuModel, ComputesAsTheCpuOnEveryGpu) {
    for (std::size_t gpu = 0; gpu < at::getNumGPUs(); ++gpu) {
        DecoderSession session = openOnGpu("cuda:" + std::to_string(gpu));
        expectAsOnTheCpu(session);
    }
}

TEST_P(GpuModel, RecordsInterventionsAsTheCpu) {
    DecoderSession onCpu = openOnCpu();
    DecoderSession onGpu = openOnGpu();
    for (const Intervention& intervention : test::interventionsOn(onCpu.info())) {
        const CollectingSink want = record(onCpu, intervention);
        const CollectingSink got = record(onGpu, intervention);
        for (const MoeLayerInfo& layer : onCpu.info().moeLayers) {
            const CollectingSink::Layer& is = got.layers().at(layer.layer);
            EXPECT_EQ(is.ids, want.layers().at(layer.layer).ids);
            if (onCpu.info().family != "switch_transformers") // whose own capacity comes behind
                test::expectRoutesOf(intervention, layer, is);
        }
        test::expectNear(got.losses(), want.losses());
    }
}

TEST_P(GpuModel, GeneratesAsTheCpu) {
    DecoderSession onCpu = openOnCpu();
    if (onCpu.info().stack != "decoder")
        return; // there is nothing to generate with
    CollectingSink want, got;
    GenerateOptions options;
    options.count = 6;
    EXPECT_EQ(openOnGpu().generate(m_window, options, got, {}), onCpu.generate(m_window, options, want, {}));
    for (const auto& [layer, expected] : want.layers())
        EXPECT_EQ(got.layers().at(layer).ids, expected.ids);
}

TEST_P(GpuModel, RunsInHalfPrecision) {
    for (const std::string dtype : {"bf16", "f16"}) {
        DecoderSession session = openOnGpu("cuda", dtype);
        const CollectingSink got = record(session, {});
        for (const MoeLayerInfo& layer : session.info().moeLayers)
            if (session.info().family != "switch_transformers")
                test::expectRoutesOf({}, layer, got.layers().at(layer.layer));
    }
}

INSTANTIATE_TEST_SUITE_P(All, GpuModel, testing::ValuesIn(kFamilyNames));

} // namespace
} // namespace moescope

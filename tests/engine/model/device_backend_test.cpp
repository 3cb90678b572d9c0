// A model whose routers and experts go the GPU's way, its kernels emulated on the CPU, against the CPU's own way.
#include <gtest/gtest.h>

#include "engine/session/decoder_session.h"
#include "tests/engine/model/fake_backend.h"
#include "tests/engine/model/model_folder.h"
#include "tests/support/collecting_sink.h"
#include "tests/support/random_config.h"

namespace moescope {
namespace {

using test::expectNear;
using test::fakeBackend;
using test::kPlenty;

class DeviceBackendFamilies : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        const std::string config = RandomConfig(GetParam(), 2).text();
        SCOPED_TRACE(config);
        writeModel(m_folder, config, randomModel(parseModelConfig(config, "test")), DType::F32);
        for (std::int64_t i = 0; i < 14; ++i)
            m_ids.push_back((i * 37 + i * i % 11) % test::openOn(m_folder, nullptr).info().vocabulary);
    }

    TempFolder m_folder;
    std::vector<std::int64_t> m_ids;
};

TEST_P(DeviceBackendFamilies, ComputesAsTheCpuKeptAndStreamed) {
    const ReferenceRun want = test::openOn(m_folder, nullptr).runReference(m_ids, 2, 7);
    for (const std::size_t freeBytes : {kPlenty, std::size_t(1)}) { // everything fits, or nothing does
        DecoderSession session = test::openOn(m_folder, fakeBackend(freeBytes));
        for (int batch = 0; batch < 2; ++batch) {
            const ReferenceRun got = session.runReference(m_ids, 2, 7);
            expectNear(got.logits, want.logits);
            expectNear(got.lastHiddenState, want.lastHiddenState);
            ASSERT_EQ(got.routing.size(), want.routing.size());
            for (std::size_t layer = 0; layer < want.routing.size(); ++layer) {
                EXPECT_EQ(got.routing[layer].ids, want.routing[layer].ids);
                expectNear(got.routing[layer].weights, want.routing[layer].weights);
            }
        }
    }
}

TEST_P(DeviceBackendFamilies, RecordsEveryLayerThoughItComesLater) {
    const std::vector<std::int32_t> tokens(m_ids.begin(), m_ids.end());
    const Window window{0, tokens, std::nullopt};
    CollectingSink want, got;
    test::openOn(m_folder, nullptr).prefill(std::span(&window, 1), {false}, want, {});
    test::openOn(m_folder, fakeBackend()).prefill(std::span(&window, 1), {false}, got, {});
    ASSERT_EQ(got.layers().size(), want.layers().size());
    for (const auto& [layer, expected] : want.layers()) {
        EXPECT_EQ(got.layers().at(layer).ids, expected.ids) << "layer " << layer.value;
        expectNear(got.layers().at(layer).logits, expected.logits);
    }
}

INSTANTIATE_TEST_SUITE_P(All, DeviceBackendFamilies,
                         testing::Values("mixtral", "qwen2_moe", "qwen3_moe", "olmoe", "deepseek_v2", "deepseek_v3",
                                         "gpt_oss", "granitemoe", "phimoe", "switch_transformers"));

} // namespace
} // namespace moescope

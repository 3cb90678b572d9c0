#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "app/service/reference_dump.h"
#include "app/service/verify_service.h"
#include "tests/engine/session/golden_model.h"

namespace moescope {
namespace {

class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, AgreesInF32) {
    const auto session = openGolden(GetParam(), "f32");
    const ModelVerification report =
        verifyModel(*session, goldenModel(GetParam()) / "expected.safetensors", VerifyTolerance{});
    EXPECT_GE(report.tensors.size(), 7U); // logits, greedy ids, and four or more a layer
    for (const VerifiedTensor& tensor : report.tensors)
        EXPECT_TRUE(tensor.passed()) << tensor.name << ": " << tensor.where << " (error " << tensor.largestError << ")";
}

INSTANTIATE_TEST_SUITE_P(Families, Golden,
                         testing::Values("mixtral_gqa", "mixtral_swa", "mixtral_b1t1", "mixtral_bf16", "qwen2_moe",
                                         "qwen2_moe_sparse_step", "qwen3_moe", "qwen3_moe_mixed", "olmoe",
                                         "olmoe_sharded", "deepseek_v2_greedy", "deepseek_v2_group", "deepseek_v3",
                                         "deepseek_v3_yarn", "gpt_oss", "gpt_oss_norope_scaling", "granitemoe",
                                         "phimoe", "phimoe_longrope", "switch_encoder", "switch_encoder_nodrop"),
                         [](const auto& one) { return std::string(one.param); });

// The reference's own bf16 run differs from its f32 run by 0.16 and routes one token elsewhere.
TEST(GoldenBf16, StaysNearF32) {
    const auto session = openGolden("mixtral_bf16", "bf16");
    const ReferenceDump dump(goldenModel("mixtral_bf16") / "expected.safetensors");
    const ReferenceRun run = session->runReference(dump.inputIds(), dump.batch(), dump.length());
    const auto logits = dump.floats("logits", run.logits.size());
    float largest = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        largest = std::max(largest, std::fabs(logits[i] - run.logits[i]));
    EXPECT_LT(largest, 0.32F);
    int elsewhere = 0;
    for (const auto& routing : run.routing) {
        auto want = dump.integers("topk_ids." + std::to_string(routing.layer.value), routing.ids.size());
        auto got = routing.ids;
        for (std::size_t t = 0; t < got.size(); t += 2) {
            std::sort(got.begin() + std::ptrdiff_t(t), got.begin() + std::ptrdiff_t(t) + 2);
            std::sort(want.begin() + std::ptrdiff_t(t), want.begin() + std::ptrdiff_t(t) + 2);
            elsewhere += got[t] != want[t] || got[t + 1] != want[t + 1] ? 1 : 0;
        }
    }
    EXPECT_LE(elsewhere, 2);
}

TEST(GoldenBf16, PassesAtTheToleranceOfItsType) {
    const auto session = openGolden("mixtral_bf16", "bf16");
    const auto file = goldenModel("mixtral_bf16") / "expected.safetensors";
    EXPECT_TRUE(verifyModel(*session, file, {0.32, 0.0}).passed());
    EXPECT_FALSE(verifyModel(*session, file, {1e-4, 1e-4}).passed());
}

} // namespace
} // namespace moescope

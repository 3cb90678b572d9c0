#include "engine/checkpoint/model_inspection.h"

#include <gtest/gtest.h>

#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/support/random_config.h"

namespace moescope {
namespace {

std::filesystem::path golden(const std::string& name) {
    return std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests" / "golden" / name;
}

ModelConfig published(const std::string& name) {
    const MappedFile file(golden("configs/" + name + ".json"));
    return parseModelConfig({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, name);
}

constexpr const char* kSmall = R"({"model_type":"mixtral","hidden_size":8,"intermediate_size":12,
    "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"num_local_experts":4,
    "num_experts_per_tok":2,"vocab_size":16,"torch_dtype":"float32"})";

// Parameters as their authors state them, in billions, total and active for a token; both embeddings count.
TEST(ModelInspection, ReproducesPublishedSizes) {
    struct Published {
        const char* config;
        double total, active;
    };
    for (const Published& model :
         {Published{"mixtral_8x7b", 46.7, 12.9}, Published{"mixtral_8x22b", 141, 39}, Published{"deepseek_v3", 671, 37},
          Published{"deepseek_v2_lite", 15.7, 2.66}, Published{"qwen1_5_moe_a2_7b", 14.3, 2.7},
          Published{"qwen3_30b_a3b", 30.5, 3.35}, Published{"olmoe_1b_7b", 6.92, 1.28},
          Published{"gpt_oss_20b", 20.9, 4.19}, Published{"granite_3_0_1b_a400m", 1.33, 0.43},
          Published{"phi_3_5_moe", 41.9, 6.6}, Published{"switch_base_8", 0.62, 0.223}}) {
        const ModelInspection inspection = inspectConfig(published(model.config));
        EXPECT_NEAR(double(inspection.totalParameters) / 1e9, model.total, 0.01 * model.total) << model.config;
        EXPECT_NEAR(double(inspection.activeParameters) / 1e9, model.active, 0.03 * model.active) << model.config;
        EXPECT_EQ(inspection.weightBytes.at("bf16"), 2 * inspection.totalParameters);
    }
    EXPECT_EQ(inspectConfig(published("mixtral_8x7b")).kvCacheBytesPerToken, 2 * 2 * 32 * 8 * 128);
    EXPECT_EQ(inspectConfig(published("deepseek_v3")).kvCacheBytesPerToken, 2 * 61 * (512 + 64));
}

// Every tensor of another implementation's checkpoints is counted, and none besides.
TEST(ModelInspection, EqualsTheBytesOfEveryFamilysCheckpoints) {
    for (const char* name :
         {"mixtral_gqa", "qwen2_moe", "qwen2_moe_sparse_step", "qwen3_moe", "qwen3_moe_mixed", "olmoe", "olmoe_sharded",
          "deepseek_v2_greedy", "deepseek_v2_group", "deepseek_v3", "deepseek_v3_yarn", "gpt_oss", "granitemoe",
          "phimoe", "phimoe_longrope", "switch_encoder"}) {
        const ModelInspection inspection = inspectModel(golden(name));
        EXPECT_EQ(inspection.storedBytes, inspection.weightBytes.at("f32")) << name;
    }
}

// The stacks of an encoder-decoder model share their embeddings.
std::vector<PlannedTensor> bothStacks(const ModelConfig& config) {
    std::vector<PlannedTensor> plan = planTensors(config);
    if (config.decoderStack)
        for (PlannedTensor& planned : planTensors(*config.decoderStack))
            if (planned.role != TensorRole::Embedding)
                plan.push_back(std::move(planned));
    return plan;
}

TEST(ModelInspection, EqualsTheBytesOfRandomCheckpoints) {
    for (const char* family : kFamilyNames)
        for (unsigned seed = 1; seed <= 3; ++seed) {
            const std::string config = RandomConfig(family, seed).text();
            const TempFolder folder;
            folder.write("config.json", config);
            std::vector<TensorToWrite> tensors;
            const std::vector<std::uint16_t> zeros(1 << 20);
            for (const PlannedTensor& tensor : bothStacks(readModelConfig(folder.path()))) {
                std::size_t bytes = 2;
                for (const std::int64_t size : tensor.shape)
                    bytes *= std::size_t(size);
                tensors.push_back(
                    {tensor.name, DType::BF16, tensor.shape, std::as_bytes(std::span(zeros)).first(bytes)});
            }
            writeSafetensors(folder / "model.safetensors", tensors);
            const ModelInspection inspection = inspectModel(folder.path());
            EXPECT_EQ(inspection.storedBytes, inspection.weightBytes.at("bf16")) << config;
            EXPECT_GE(inspection.plan.needed(1, 1), inspection.plan.activationsPerToken);
        }
}

TEST(ModelInspection, PlansToStreamWhatDoesNotFit) {
    const MemoryPlan plan = planMemory(published("mixtral_8x7b"), 2, std::int64_t(6) << 30);
    EXPECT_TRUE(plan.streamed);
    EXPECT_EQ(plan.largestExpert, std::int64_t(3) * 2 * 4096 * 14336);
    EXPECT_EQ(plan.weights - planMemory(published("mixtral_8x7b"), {2, 1}).weights,
              inspectConfig(published("mixtral_8x7b")).expertParameters);
    EXPECT_LT(plan.needed(16384, 2), std::int64_t(6) << 30);
    EXPECT_FALSE(planMemory(published("granite_3_0_1b_a400m"), 2, std::int64_t(6) << 30).streamed);
}

TEST(ModelInspection, EqualsTheBytesOfACheckpoint) {
    const TempFolder folder;
    folder.write("config.json", kSmall);
    const auto planned = planTensors(readModelConfig(folder.path()));
    const std::vector<float> zeros(1 << 10);
    std::vector<TensorToWrite> tensors;
    for (const PlannedTensor& tensor : planned) {
        std::size_t count = 1;
        for (const auto size : tensor.shape)
            count *= std::size_t(size);
        tensors.push_back(
            {tensor.name, DType::F32, tensor.shape, std::as_bytes(std::span(zeros)).first(count * sizeof(float))});
    }
    writeSafetensors(folder / "model.safetensors", tensors);
    const auto inspection = inspectModel(folder.path());
    EXPECT_EQ(inspection.storedBytes, inspection.weightBytes.at("f32"));

    tensors.back().shape = {12, 8};
    writeSafetensors(folder / "model.safetensors", tensors);
    EXPECT_THROW(inspectModel(folder.path()), Error);
    tensors.pop_back();
    writeSafetensors(folder / "model.safetensors", tensors);
    EXPECT_THROW(inspectModel(folder.path()), Error);
}

TEST(ModelInspection, NeedsNoWeights) {
    const TempFolder folder;
    std::filesystem::copy(golden("configs/mixtral_8x7b.json"), folder / "config.json");
    EXPECT_EQ(inspectModel(folder.path()).storedBytes, 0);
}

} // namespace
} // namespace moescope

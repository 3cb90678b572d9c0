#include "engine/checkpoint/model_inspection.h"

#include <gtest/gtest.h>

#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"

namespace moescope {
namespace {

// Public configurations, whose published sizes are 46.7 B / 12.9 B and 141 B / 39 B parameters, total and active.
constexpr const char* kMixtral8x7B = R"({"model_type":"mixtral","hidden_size":4096,"intermediate_size":14336,
    "num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,"num_local_experts":8,
    "num_experts_per_tok":2,"vocab_size":32000,"torch_dtype":"bfloat16"})";
constexpr const char* kMixtral8x22B = R"({"model_type":"mixtral","hidden_size":6144,"intermediate_size":16384,
    "num_hidden_layers":56,"num_attention_heads":48,"num_key_value_heads":8,"num_local_experts":8,
    "num_experts_per_tok":2,"vocab_size":32000,"torch_dtype":"bfloat16"})";
constexpr const char* kSmall = R"({"model_type":"mixtral","hidden_size":8,"intermediate_size":12,
    "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"num_local_experts":4,
    "num_experts_per_tok":2,"vocab_size":16,"torch_dtype":"float32"})";

TEST(ModelInspection, ReproducesPublishedSizes) {
    const auto small = inspectConfig(parseModelConfig(kMixtral8x7B, "c"));
    EXPECT_NEAR(double(small.totalParameters), 46.7e9, 0.05e9);
    EXPECT_NEAR(double(small.activeParameters), 12.9e9, 0.05e9);
    EXPECT_EQ(small.kvCacheBytesPerToken, 2 * 2 * 32 * 8 * 128);
    EXPECT_EQ(small.weightBytes.at("bf16"), 2 * small.totalParameters);
    const auto large = inspectConfig(parseModelConfig(kMixtral8x22B, "c"));
    EXPECT_NEAR(double(large.totalParameters), 141e9, 0.5e9);
    EXPECT_NEAR(double(large.activeParameters), 39e9, 0.5e9);
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
    folder.write("config.json", kMixtral8x7B);
    EXPECT_EQ(inspectModel(folder.path()).storedBytes, 0);
}

} // namespace
} // namespace moescope

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/support/refusal.h"

namespace moescope {
namespace {

using testing::HasSubstr;

constexpr const char* kFp8 = R"({"model_type":"mixtral","hidden_size":8,"intermediate_size":12,"num_hidden_layers":1,
    "num_attention_heads":4,"num_local_experts":2,"num_experts_per_tok":1,"vocab_size":16,
    "quantization_config":{"quant_method":"fp8","weight_block_size":[8,8]}})";
constexpr const char* kMxfp4 = R"({"model_type":"gpt_oss","hidden_size":32,"intermediate_size":64,"num_hidden_layers":1,
    "num_attention_heads":4,"head_dim":8,"num_local_experts":2,"num_experts_per_tok":1,"vocab_size":16,
    "quantization_config":{"quant_method":"mxfp4"}})";

// A checkpoint of zeros that a test may change before it is checked.
class Stored {
public:
    explicit Stored(const char* config) : m_config(parseModelConfig(config, "test")) {
        for (const PlannedTensor& tensor : planTensors(m_config))
            put(tensor.name, DType::BF16, tensor.shape);
    }
    void put(const std::string& name, DType dtype, const std::vector<std::int64_t>& shape) {
        remove(name);
        static const std::vector<std::byte> zeros(1 << 16);
        std::size_t bytes = bytesOf(dtype);
        for (const std::int64_t size : shape)
            bytes *= std::size_t(size);
        m_tensors.push_back({name, dtype, shape, std::span(zeros).first(bytes)});
    }
    void remove(const std::string& name) {
        std::erase_if(m_tensors, [&](const TensorToWrite& tensor) { return tensor.name == name; });
    }
    std::string message() const {
        const TempFolder folder;
        writeSafetensors(folder / "model.safetensors", m_tensors);
        const Checkpoint checkpoint(folder.path());
        return test::refusal([&] { checkTensors(m_config, checkpoint); });
    }

private:
    ModelConfig m_config;
    std::vector<TensorToWrite> m_tensors;
};

TEST(TensorCheck, Fp8NeedsItsScales) {
    const std::string weight = "model.layers.0.block_sparse_moe.experts.1.w2.weight";
    Stored stored(kFp8);
    EXPECT_EQ(stored.message(), "accepted");
    stored.put(weight, DType::F8E4M3, {8, 12});
    EXPECT_THAT(stored.message(), HasSubstr(weight + "_scale_inv"));
    stored.put(weight + "_scale_inv", DType::F32, {1, 1});
    EXPECT_THAT(stored.message(), HasSubstr("has shape [1, 1], config.json asks for [1, 2]"));
    stored.put(weight + "_scale_inv", DType::I32, {1, 2});
    EXPECT_THAT(stored.message(), HasSubstr("F32 or BF16"));
    stored.put(weight + "_scale_inv", DType::F32, {1, 2});
    EXPECT_EQ(stored.message(), "accepted");
    stored.put(weight, DType::I8, {8, 12});
    EXPECT_THAT(stored.message(), HasSubstr("is stored as I8"));
}

TEST(TensorCheck, Mxfp4NeedsBlocksAndScales) {
    const std::string weight = "model.layers.0.mlp.experts.gate_up_proj";
    Stored stored(kMxfp4);
    EXPECT_EQ(stored.message(), "accepted");
    stored.remove(weight);
    EXPECT_THAT(stored.message(), HasSubstr(weight));
    stored.put(weight + "_blocks", DType::U8, {2, 128, 1, 16});
    EXPECT_THAT(stored.message(), HasSubstr(weight + "_scales"));
    stored.put(weight + "_scales", DType::U8, {2, 128, 2});
    EXPECT_THAT(stored.message(), HasSubstr("asks for [2, 128, 1]"));
    stored.put(weight + "_scales", DType::U8, {2, 128, 1});
    EXPECT_EQ(stored.message(), "accepted");
    stored.put(weight + "_blocks", DType::U8, {2, 64, 1, 16});
    EXPECT_THAT(stored.message(), HasSubstr("asks for [2, 128, 1, 16]"));
}

TEST(TensorCheck, OtherQuantisationsAreRefusedWithTheRemedy) {
    std::string config = kFp8;
    config.replace(config.find("\"fp8\""), 5, "\"gptq\"");
    try {
        parseModelConfig(config, "config.json");
        FAIL() << "was accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("unquantised"));
    }
}

} // namespace
} // namespace moescope

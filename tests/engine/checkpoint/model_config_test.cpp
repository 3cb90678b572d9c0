#include "engine/checkpoint/model_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "tests/support/random_config.h"
#include "tests/support/refusal.h"

namespace moescope {
namespace {

using testing::HasSubstr;

// The public Mixtral 8x7B configuration with one key replaced or added.
std::string mixtral(const std::string& key = "", const std::string& value = "") {
    std::vector<std::pair<std::string, std::string>> entries{
        {"model_type", "\"mixtral\""},   {"hidden_size", "4096"},
        {"intermediate_size", "14336"},  {"num_hidden_layers", "32"},
        {"num_attention_heads", "32"},   {"num_key_value_heads", "8"},
        {"num_local_experts", "8"},      {"num_experts_per_tok", "2"},
        {"vocab_size", "32000"},         {"rms_norm_eps", "1e-05"},
        {"rope_theta", "1000000.0"},     {"sliding_window", "null"},
        {"bos_token_id", "1"},           {"eos_token_id", "2"},
        {"torch_dtype", "\"bfloat16\""}, {"max_position_embeddings", "32768"}};
    std::string text;
    bool replaced = key.empty();
    for (auto& [name, old] : entries) {
        if (name == key)
            replaced = true;
        text += (text.empty() ? "{\"" : ",\"") + name + "\":" + (name == key ? value : old);
    }
    return text + (replaced ? "}" : ",\"" + key + "\":" + value + "}");
}

std::string refusalOfConfig(const std::string& config) {
    return test::refusal([&] { parseModelConfig(config, "config.json"); });
}

TEST(ModelConfig, ReadsMixtral) {
    const ModelConfig config = parseModelConfig(mixtral(), "config.json");
    EXPECT_EQ(config.hidden, 4096);
    EXPECT_EQ(config.attention.headDim, 128);
    EXPECT_EQ(config.attention.kvHeads, 8);
    EXPECT_FALSE(config.attention.slidingWindow);
    EXPECT_EQ(config.dtype, DType::BF16);
    EXPECT_EQ(config.eos, std::vector<std::int32_t>{2});
    ASSERT_EQ(config.moeLayers.size(), 32U);
    EXPECT_EQ(config.moeLayers[31].moe.topK, 2);
    EXPECT_TRUE(config.moeLayers[31].moe.renormalize);
    EXPECT_EQ(weightName(config.names.expertUp, 3, 5), "model.layers.3.block_sparse_moe.experts.5.w3.weight");
}

TEST(ModelConfig, ReadsTheVariantsPeopleHave) {
    EXPECT_EQ(parseModelConfig(mixtral("eos_token_id", "[2,7]"), "c").eos, (std::vector<std::int32_t>{2, 7}));
    EXPECT_EQ(parseModelConfig(mixtral("sliding_window", "4096"), "c").attention.slidingWindow, 4096);
    EXPECT_EQ(parseModelConfig(mixtral("head_dim", "64"), "c").attention.headDim, 64);
    EXPECT_EQ(parseModelConfig(mixtral("torch_dtype", "null"), "c").dtype, DType::F32);
    const auto yarn = parseModelConfig(
        mixtral("rope_scaling", R"({"type":"yarn","factor":4,"original_max_position_embeddings":512})"), "c");
    EXPECT_EQ(yarn.attention.rope.kind, RopeConfig::Kind::Yarn);
    EXPECT_EQ(yarn.attention.rope.originalMaxPosition, 512);
    const auto newer =
        parseModelConfig(mixtral("rope_parameters", R"({"rope_type":"default","rope_theta":5000})"), "c");
    EXPECT_EQ(newer.attention.rope.theta, 5000);
}

TEST(ModelConfig, RejectsImpossibleValues) {
    for (const char* key : {"hidden_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
                            "num_local_experts", "num_experts_per_tok", "vocab_size", "intermediate_size"})
        for (const char* value : {"0", "-1", "1000000000000000000", "18446744073709551615", "1.5", "\"8\"", "[8]"})
            EXPECT_THAT(refusalOfConfig(mixtral(key, value)), HasSubstr(key)) << key << " = " << value;
    EXPECT_THAT(refusalOfConfig(mixtral("num_experts_per_tok", "9")), HasSubstr("exceeds num_local_experts"));
    EXPECT_THAT(refusalOfConfig(mixtral("num_key_value_heads", "5")), HasSubstr("must divide"));
    EXPECT_THAT(refusalOfConfig(mixtral("rms_norm_eps", "0")), HasSubstr("rms_norm_eps"));
    EXPECT_THAT(refusalOfConfig(mixtral("torch_dtype", "\"int4\"")), HasSubstr("int4"));
    EXPECT_THAT(refusalOfConfig(mixtral("model_type", "\"llama\"")), HasSubstr("known: mixtral"));
    EXPECT_THAT(refusalOfConfig("{\"hidden_size\":"), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusalOfConfig("[]"), HasSubstr("not a JSON object"));
}

TEST(ModelConfig, RejectsSizesThatAreImpossibleTogether) {
    std::string config = mixtral("num_hidden_layers", "16384"); // each of these is allowed by itself
    for (const std::string key : {"num_local_experts\":8", "hidden_size\":4096", "intermediate_size\":14336"}) {
        const auto at = config.find(key);
        ASSERT_NE(at, std::string::npos) << key;
        config.replace(at, key.size(), key.substr(0, key.find(':') + 1) + "65472");
    }
    EXPECT_THAT(refusalOfConfig(config), HasSubstr("no such model"));
}

TEST(ModelConfig, SaysWhichFamilyIsNearest) {
    EXPECT_THAT(refusalOfConfig(mixtral("model_type", "\"newtral\"")), HasSubstr("nearest to mixtral"));
    EXPECT_THAT(refusalOfConfig(R"({"model_type":"x","num_experts":8,"num_experts_per_tok":2,"hidden_size":64,
        "num_hidden_layers":2,"num_attention_heads":4,"vocab_size":100,"moe_intermediate_size":32,
        "intermediate_size":64,"linear_conv_kernel_dim":4})"),
                HasSubstr("nearest to qwen3_moe, which does not know its linear_conv_kernel_dim"));
    EXPECT_THAT(refusalOfConfig(R"({"model_type":"x","n_routed_experts":8,"hidden_size":64,"num_hidden_layers":2,
        "num_attention_heads":4,"vocab_size":100,"scoring_func":"sigmoid"})"),
                HasSubstr("nearest to deepseek_v3, but there \"kv_lora_rank\" is missing"));
    EXPECT_THAT(refusalOfConfig(R"({"model_type":"gpt2"})"), testing::Not(HasSubstr("nearest")));
}

TEST(ModelConfig, RejectsImpossibleValuesOfEveryFamily) {
    for (const char* family : kFamilyNames) {
        const std::string good = RandomConfig(family, 1).text();
        EXPECT_EQ(refusalOfConfig(good), "accepted") << good;
        for (const char* key :
             {"vocab_size", "num_experts_per_tok", "num_experts", "num_local_experts", "n_routed_experts",
              "kv_lora_rank", "expert_capacity", "num_attention_heads", "d_kv", "moe_intermediate_size", "n_group"}) {
            const auto at = good.find(std::string("\"") + key + "\":");
            if (at == std::string::npos)
                continue;
            const auto begin = at + std::string(key).size() + 3;
            for (const char* value : {"0", "-1", "1000000000000000000", "\"8\""}) {
                std::string bad = good;
                bad.replace(begin, bad.find_first_of(",}", begin) - begin, value);
                EXPECT_THAT(refusalOfConfig(bad), HasSubstr(key)) << bad;
            }
        }
    }
}

} // namespace
} // namespace moescope

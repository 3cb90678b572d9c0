#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

namespace moescope {

inline constexpr std::array<const char*, 10> kFamilyNames{
    "mixtral",     "qwen2_moe", "qwen3_moe",  "olmoe",  "deepseek_v2",
    "deepseek_v3", "gpt_oss",   "granitemoe", "phimoe", "switch_transformers"};

// A small configuration of a family with dimensions and flags drawn at random.
class RandomConfig {
public:
    RandomConfig(const std::string& family, unsigned seed) : m_random(seed) {
        add("model_type", "\"" + family + "\"");
        add("vocab_size", number(60, 90));
        add("torch_dtype", "\"float32\"");
        if (family == "switch_transformers")
            addSwitch();
        else
            addDecoder(family);
    }

    std::string text() const { return "{" + m_text + "}"; }

private:
    void addDecoder(const std::string& family) {
        const int heads = pick({2, 4});
        const int experts = pick({4, 6, 8});
        m_hidden = heads * pick({16, 20, 32});
        add("hidden_size", std::to_string(m_hidden));
        add("num_hidden_layers", number(2, 3));
        add("num_attention_heads", std::to_string(heads));
        add("rms_norm_eps", pick({0, 1}) == 0 ? "1e-6" : "1e-5");
        add("rope_theta", pick({0, 1}) == 0 ? "10000.0" : "1000000.0");
        add("max_position_embeddings", "512");
        const bool sparse = family == "phimoe";
        add("num_experts_per_tok", sparse ? "2" : number(1, 3));
        if (family.rfind("deepseek", 0) == 0) {
            addDeepseek(family, heads);
            return;
        }
        add("num_key_value_heads", std::to_string(heads / pick({1, 2})));
        add("tie_word_embeddings", flag());
        const bool local = family != "qwen2_moe" && family != "qwen3_moe" && family != "olmoe";
        add(local ? "num_local_experts" : "num_experts", std::to_string(experts));
        add("intermediate_size", number(20, 40));
        if (family == "qwen2_moe" || family == "qwen3_moe") {
            add("moe_intermediate_size", number(16, 32));
            add("norm_topk_prob", flag());
            add("decoder_sparse_step", number(1, 2));
            add("mlp_only_layers", pick({0, 1}) == 0 ? "[]" : "[0]");
        }
        if (family == "qwen2_moe")
            add("shared_expert_intermediate_size", number(16, 40));
        if (family == "qwen3_moe" || family == "gpt_oss" || family == "mixtral")
            add("head_dim", std::to_string(pick({16, 24, 32})));
        if (family == "qwen3_moe" || family == "phimoe" || family == "granitemoe" || family == "olmoe")
            add("attention_bias", flag());
        if (family == "olmoe")
            add("clip_qkv", "1.5");
        if (family == "mixtral" || family == "gpt_oss" || family == "phimoe")
            add("sliding_window", number(3, 12));
        if (family == "granitemoe")
            append(R"("attention_multiplier":0.2,"embedding_multiplier":6.0,"logits_scaling":3.0,
                      "residual_multiplier":0.3)");
        if (family == "phimoe")
            append(R"("lm_head_bias":true,"router_jitter_noise":0.1)");
        if (family == "phimoe")
            addLongRope(heads);
        else
            addRope();
    }

    // Of what models were trained on less than the test's sequences have, so that every rule applies.
    void addRope() {
        const std::string yarn = R"("rope_type":"yarn","factor":8.0,"beta_fast":32.0,"beta_slow":1.0,
                                    "original_max_position_embeddings":64)";
        const std::vector<std::string> kinds{
            "",
            R"("type":"linear","factor":2.5)",
            R"("rope_type":"dynamic","factor":3.0,"original_max_position_embeddings":16)",
            R"("rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,
               "original_max_position_embeddings":64)",
            yarn,
            yarn + R"(,"truncate":false)",
            yarn + R"(,"attention_factor":0.7)",
        };
        const std::string kind = kinds[std::size_t(draw(0, int(kinds.size()) - 1))];
        if (!kind.empty())
            add(pick({0, 1}) == 0 ? "rope_scaling" : "rope_parameters", "{" + kind + "}");
    }

    void addLongRope(int heads) {
        if (pick({0, 1}) == 0)
            return;
        std::string factors;
        for (int i = 0; i < m_hidden / heads / 2; ++i)
            factors += (i > 0 ? "," : "") + number(10, 40) + "e-1";
        add("original_max_position_embeddings", std::to_string(pick({16, 64})));
        append(R"("rope_scaling":{"type":"longrope","short_factor":[)" + factors + R"(],"long_factor":[)" + factors +
               R"(],"short_mscale":1.1,"long_mscale":1.3})");
    }

    void addDeepseek(const std::string& family, int heads) {
        add("num_key_value_heads", std::to_string(heads));
        add("n_routed_experts", "8");
        add("n_shared_experts", number(1, 2));
        add("intermediate_size", number(30, 60));
        add("moe_intermediate_size", number(12, 30));
        add("first_k_dense_replace", number(0, 1));
        add("routed_scaling_factor", "2.5");
        add("kv_lora_rank", number(12, 24));
        add("q_lora_rank", pick({0, 1}) == 0 ? "null" : number(16, 30));
        add("qk_nope_head_dim", number(8, 16));
        add("qk_rope_head_dim", std::to_string(pick({4, 8, 16})));
        add("v_head_dim", number(8, 20));
        add("n_group", "4");
        add("topk_group", "2");
        if (family == "deepseek_v2")
            add("topk_method", pick({0, 1}) == 0 ? "\"greedy\"" : "\"group_limited_greedy\"");
        else
            add("rope_interleave", flag());
        const std::vector<std::string> scales{"", R"("mscale":0.7,"mscale_all_dim":0.7,)", R"("mscale":1.2,)",
                                              R"("mscale":0.9,"mscale_all_dim":1.3,)"};
        if (pick({0, 1}) == 0)
            append(R"("rope_scaling":{"type":"yarn","factor":4.0,"beta_fast":32,"beta_slow":1,)" +
                   scales[std::size_t(draw(0, int(scales.size()) - 1))] + R"("original_max_position_embeddings":128})");
    }

    void addSwitch() {
        add("d_model", number(30, 50));
        add("d_kv", std::to_string(pick({8, 10, 16})));
        add("d_ff", number(30, 60));
        add("num_heads", number(2, 4));
        add("num_layers", number(2, 4));
        add("num_decoder_layers", number(0, 3));
        add("tie_word_embeddings", flag());
        add("feed_forward_proj", pick({0, 1}) == 0 ? "\"relu\"" : "\"gelu_new\"");
        add("encoder_sparse_step", number(1, 2));
        add("decoder_sparse_step", number(1, 2));
        add("decoder_start_token_id", number(0, 5));
        add("num_experts", number(4, 8));
        add("expert_capacity", number(2, 9));
        add("relative_attention_num_buckets", std::to_string(pick({8, 16, 32})));
        add("relative_attention_max_distance", number(20, 60));
        add("router_bias", flag());
    }

    int draw(int least, int most) { return std::uniform_int_distribution<int>(least, most)(m_random); }
    int pick(const std::vector<int>& values) { return values[std::size_t(draw(0, int(values.size()) - 1))]; }
    std::string number(int least, int most) { return std::to_string(draw(least, most)); }
    std::string flag() { return draw(0, 1) == 0 ? "false" : "true"; }
    void add(const std::string& key, const std::string& value) { append("\"" + key + "\":" + value); }
    void append(const std::string& text) { m_text += (m_text.empty() ? "" : ",") + text; }

    int m_hidden = 0;
    std::mt19937 m_random;
    std::string m_text;
};

} // namespace moescope

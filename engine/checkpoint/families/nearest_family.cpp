#include "engine/checkpoint/families/nearest_family.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/checkpoint/families/family.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

// By the keys that tell the layouts apart.
std::string_view guess(const ConfigReader& config) {
    if (config.has("n_routed_experts"))
        return config.text("scoring_func", "") == "sigmoid" ? "deepseek_v3" : "deepseek_v2";
    if (config.has("d_model") && config.has("num_experts"))
        return "switch_transformers";
    if (config.has("num_local_experts")) {
        if (config.has("residual_multiplier"))
            return "granitemoe";
        return config.has("swiglu_limit") ? "gpt_oss" : config.has("input_jitter_noise") ? "phimoe" : "mixtral";
    }
    if (!config.has("num_experts"))
        return "";
    if (config.has("shared_expert_intermediate_size"))
        return "qwen2_moe";
    return config.has("moe_intermediate_size") ? "qwen3_moe" : "olmoe";
}

// What every configuration holds and no engine needs.
bool isHousekeeping(const std::string& key) {
    static constexpr std::array<std::string_view, 22> kKeys{"architectures",
                                                            "model_type",
                                                            "transformers_version",
                                                            "use_cache",
                                                            "initializer_range",
                                                            "attention_dropout",
                                                            "auto_map",
                                                            "pad_token_id",
                                                            "_name_or_path",
                                                            "torch_dtype",
                                                            "dtype",
                                                            "hidden_dropout",
                                                            "pretraining_tp",
                                                            "output_router_logits",
                                                            "router_aux_loss_coef",
                                                            "ep_size",
                                                            "aux_loss_alpha",
                                                            "seq_aux",
                                                            "embd_pdrop",
                                                            "resid_pdrop",
                                                            "tokenizer_class",
                                                            "rope_theta"};
    return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

std::string strangeKeys(const ConfigReader& config) {
    constexpr std::size_t shown = 8;
    std::string text;
    std::size_t count = 0;
    for (const std::string& key : config.unaskedKeys())
        if (!isHousekeeping(key) && count++ < shown)
            text += (text.empty() ? "" : ", ") + key;
    return count > shown ? text + " and " + std::to_string(count - shown) + " more" : text;
}

} // namespace

std::string nearestFamily(const ConfigReader& config) {
    const std::string_view name = guess(config);
    for (const Family& family : families()) {
        if (family.modelType != name)
            continue;
        std::string text = "nearest to " + std::string(name);
        try {
            family.read(config);
        } catch (const Error& error) {
            std::string what = error.what();
            if (what.starts_with(config.where() + ": "))
                what.erase(0, config.where().size() + 2);
            return text.append(", but there ").append(what);
        }
        const std::string strange = strangeKeys(config);
        return strange.empty() ? text.append(", whose keys it has: setting model_type to that may do")
                               : text.append(", which does not know its ").append(strange);
    }
    return "";
}

} // namespace moescope

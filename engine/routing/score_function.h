#pragma once

#include <cstdint>

namespace moescope {

// How router logits become the scores that experts are chosen by ("prob" in the exports).
enum class ScoreFunction : std::uint8_t {
    Softmax,           // softmax over all experts, then top-k (Mixtral, Qwen-MoE, OLMoE, DeepSeek-V2)
    Sigmoid,           // sigmoid per expert, chosen on score + bias (DeepSeek-V3)
    SoftmaxOverChosen, // top-k on logits, softmax over the k (gpt-oss, Granite); prob is the softmax over all
    SparseMixer,       // Phi-3.5-MoE
};

enum class GroupScore : std::uint8_t { None, Max, TopTwoSum }; // group-limited routing of DeepSeek-V2 and -V3

} // namespace moescope

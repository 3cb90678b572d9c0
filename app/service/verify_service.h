#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace moescope {

class InferenceSession;

struct VerifyTolerance {
    double absolute = 1e-4; // of logits, hidden states and router logits
    double relative = 1e-4;
};

// How far one tensor of a reference dump is from what the engine computes.
struct VerifiedTensor {
    std::string name;
    double largestError = 0; // absolute; 0 for ids
    double allowed = 0;      // what the tolerance allows where the error uses it up most; 0: must be equal
    std::int64_t elements = 0;
    std::int64_t mismatches = 0; // elements out of tolerance; for ids, tokens whose sets of experts differ
    std::int64_t nearTies = 0;   // tokens routed elsewhere within the tolerance of a narrow compute type
    std::string where;           // the first mismatch, "token 17: ..."; empty where there is none

    bool passed() const { return mismatches == 0; }
};

struct ModelVerification {
    std::vector<VerifiedTensor> tensors; // in order of layer
    bool passed() const;
};

// Runs `input_ids` of a reference dump and compares every tensor of it that the model has: logits, hidden.I,
// router_logits.I, topk_ids.I and topk_weights.I (as sets per token), greedy_ids; of encoders last_hidden_state,
// top1_ids.I, top1_prob.I, dispatch_mask.I and dropped.I. With decoder_input_ids [B, n] in the dump the decoder beside
// an encoder runs them, too: logits, greedy_ids, and the others with decoder_ in front. Other tensors are left alone.
// In f32, weights must agree within 1e-5 x max(1, scaling factor / 8) and ids exactly. In bf16 and f16 the tolerance
// governs the weights too, and a token may go to another expert where the reference's own router logits were closer
// than the tolerance; such tokens are counted in `nearTies`. Throws Error (Corruption, NotFound) when
// the dump cannot be read or does not fit the model.
ModelVerification verifyModel(InferenceSession& session, const std::filesystem::path& expected,
                              const VerifyTolerance& tolerance);

} // namespace moescope

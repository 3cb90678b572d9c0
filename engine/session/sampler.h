#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "engine/session/engine.h"

namespace moescope {

// Chooses next tokens: the likeliest, or drawn from softmax(logits / temperature) cut to the likeliest tokens that
// together have probability top-p (nucleus sampling, Holtzman et al., arXiv 1904.09751). The same seed draws the same.
class Sampler {
public:
    // `stream`: what tells one text's draws from another's.
    Sampler(const GenerateOptions& options, std::uint64_t stream);

    std::int32_t choose(std::span<const float> logits);

private:
    void weigh(std::span<const float> logits);
    void keepLikeliest();
    std::int32_t draw();

    GenerateOptions m_options;
    std::mt19937_64 m_random;
    std::vector<float> m_weights;      // of every token: its probability over that of the likeliest
    std::vector<std::int32_t> m_order; // tokens, the likelier ones in front
};

// -ln softmax(logits)[token].
float nllOf(std::span<const float> logits, std::int32_t token);

} // namespace moescope

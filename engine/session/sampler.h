#pragma once

#include <cstdint>
#include <random>
#include <span>

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
    std::int32_t draw(std::span<const float> logits);

    GenerateOptions m_options;
    std::mt19937_64 m_random;
};

// -ln softmax(logits)[token].
float nllOf(std::span<const float> logits, std::int32_t token);

} // namespace moescope

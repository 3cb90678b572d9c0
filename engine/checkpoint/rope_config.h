#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace moescope {

// Rotary position embedding as config.json states it (`rope_theta`, `rope_scaling` or `rope_parameters`).
struct RopeConfig {
    enum class Kind : std::uint8_t { Default, Linear, DynamicNtk, Yarn, LongRope, Llama3, None };

    Kind kind = Kind::Default;
    double theta = 10000.0;
    double partialRotary = 1.0; // fraction of the head that is rotated
    bool interleaved = false;   // pairs (2i, 2i+1) as in DeepSeek's code; else halves (i, i + d/2)
    double factor = 1.0;
    std::int64_t maxPosition = 0;         // the longest sequence the model is made for
    std::int64_t originalMaxPosition = 0; // the longest it was trained on before its range was extended
    // Llama 3
    double lowFreqFactor = 1.0;
    double highFreqFactor = 4.0;
    // YaRN
    double betaFast = 32.0;
    double betaSlow = 1.0;
    std::optional<double> mscale;
    double mscaleAllDim = 0.0;
    bool truncate = true;
    std::optional<double> attentionFactor;
    // LongRope: one factor for each pair, and the cosine's scale below and above originalMaxPosition
    std::vector<double> shortFactor;
    std::vector<double> longFactor;
    std::optional<double> shortMscale;
    std::optional<double> longMscale;
};

} // namespace moescope

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace moescope {

// Noisy top-k gating (Shazeer et al., arXiv 1701.06538, eq. 3-5):
//
//   H = clean + normal * sigma,   sigma = softplus(raw) + 0.01,   clean = x W_g,   raw = x W_noise
//   G = softmax(KeepTopK(H, k))
//
// The floor under sigma is the one of the authors' implementation; the paper has none. The noise is trained in and
// taken away when the model is used: then G comes from the clean logits alone, plain top-k.
inline constexpr float kNoiseFloor = 1e-2F;

// sigma of every raw noise logit, and its derivative.
float noiseDeviation(float raw);
float noiseDeviationSlope(float raw);

// One batch's noisy gate. All [tokens, experts].
struct NoisyLogits {
    std::int32_t experts = 0;
    std::int32_t topK = 0;
    std::span<const float> clean, deviation, noisy;
};

// P(x, e), the probability that e is among the k if its own noise is drawn anew and all else stays (eq. 8-9):
// Phi((clean_e - (k-th largest of H without e)) / sigma_e). 1 where k = E. [tokens, experts]
std::vector<float> chanceInTopK(const NoisyLogits& gate);

// Smooth load, sum_t P(x_t, e). (eq. 10) [experts]
std::vector<double> smoothLoad(const NoisyLogits& gate);

// CV(smooth load)^2, population variance (eq. 11 without its weight). Where they are not empty, `scale` times the
// gradient is added: by the clean logits and by sigma with H = clean + normal sigma, the normal draws held fixed.
// dClean, dDeviation: [tokens, experts].
double smoothLoadLoss(const NoisyLogits& gate, double scale, std::span<float> dClean, std::span<float> dDeviation);

// Standard normal numbers from a counter: the same for the same seed, step and layer, on every machine.
void normalNumbers(std::uint64_t seed, std::int64_t step, std::int32_t layer, std::span<float> out);

} // namespace moescope

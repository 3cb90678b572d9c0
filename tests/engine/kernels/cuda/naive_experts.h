#pragma once

#include <cmath>
#include <vector>

#include "engine/routing/no_expert.h"

namespace moescope::test {

// SwiGLU experts in double, token by token: x += sum over slots of weight * expert(normed). weights: of each expert
// gate and up [inner, width], down [width, inner].
struct NaiveExperts {
    int width, inner;
    std::vector<float> weights;

    std::size_t perExpert() const { return std::size_t(3 * width * inner); }
    std::vector<double> run(int expert, const float* in) const {
        const float* gate = weights.data() + std::size_t(expert) * perExpert();
        const float* up = gate + width * inner;
        const float* down = up + width * inner;
        std::vector<double> y(static_cast<std::size_t>(width));
        for (int i = 0; i < inner; ++i) {
            double g = 0, u = 0;
            for (int d = 0; d < width; ++d) {
                g += double(gate[i * width + d]) * double(in[d]);
                u += double(up[i * width + d]) * double(in[d]);
            }
            for (int d = 0; d < width; ++d)
                y[std::size_t(d)] += double(down[d * inner + i]) * (g / (1 + std::exp(-g)) * u);
        }
        return y;
    }
    void addTo(const std::vector<std::uint16_t>& ids, const std::vector<float>& slotWeights, int topK,
               const std::vector<float>& normed, std::vector<double>& x) const {
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            if (ids[slot] == kNoExpert)
                continue;
            const std::size_t token = slot / std::size_t(topK) * std::size_t(width);
            const std::vector<double> y = run(ids[slot], normed.data() + token);
            for (std::size_t d = 0; d < y.size(); ++d)
                x[token + d] += double(slotWeights[slot]) * y[d];
        }
    }
};

} // namespace moescope::test

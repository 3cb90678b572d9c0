#include "engine/routing/random_dispatch.h"

#include <random>

#include "engine/routing/routing_block.h"

namespace moescope {

void dispatchSecondAtRandom(std::span<const float> weights, std::span<const float> uniform,
                            std::span<std::uint16_t> ids) {
    for (std::size_t t = 0; t < uniform.size(); ++t)
        if (!(2 * weights[2 * t + 1] > uniform[t]))
            ids[2 * t + 1] = kNoExpert;
}

std::vector<float> uniformNumbers(std::uint64_t seed, std::int64_t step, std::int32_t layer, std::size_t count) {
    std::seed_seq sequence{std::uint32_t(seed),       std::uint32_t(seed >> 32), std::uint32_t(step),
                           std::uint32_t(step >> 32), std::uint32_t(layer),      std::uint32_t(0x756e6966)};
    std::mt19937_64 random(sequence);
    std::vector<float> numbers(count);
    for (float& number : numbers)
        number = float(random() >> 40) * 0x1.0p-24F; // 24 bits: every value is exact and below 1
    return numbers;
}

} // namespace moescope

#include "engine/training/strategies/gshard_strategy.h"

#include "engine/routing/random_dispatch.h"

namespace moescope {

void GshardStrategy::dispatch(const RouterInput& input, RouterOutput& output) const {
    const std::vector<float> uniform = uniformNumbers(m_seed, input.step, input.layer, std::size_t(input.tokens));
    dispatchSecondAtRandom(output.weights, uniform, output.served);
}

} // namespace moescope

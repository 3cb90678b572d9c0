#include "engine/model/switch_capacity.h"

#include <ATen/TensorOperators.h>

#include "engine/routing/routing_block.h"

namespace moescope {

void dropOverCapacity(std::int32_t capacity, std::span<const Sequence> sequences, const at::Tensor& normed_TD,
                      const at::Tensor& x_TD, BatchRouting& routing) {
    std::vector<std::int32_t> served;
    for (const Sequence& sequence : sequences) {
        served.assign(std::size_t(routing.experts), 0);
        for (std::int64_t t = sequence.begin; t < sequence.begin + sequence.rows; ++t) {
            std::uint16_t& id = routing.ids[std::size_t(t)];
            if (id == kNoExpert || ++served[id] <= capacity)
                continue;
            float& weight = routing.weights[std::size_t(t)];
            x_TD.select(0, t).add_(normed_TD.select(0, t), double(weight));
            id = kNoExpert;
            weight = 0;
        }
    }
}

} // namespace moescope

#include "engine/kernels/inference/expert_order.h"

#include "engine/routing/routing_block.h"

namespace moescope {

void sortByExpert(std::span<const std::uint16_t> ids, std::int32_t experts, std::int32_t topK, ExpertOrder& order) {
    order.begin.assign(std::size_t(experts) + 1, 0);
    for (const std::uint16_t id : ids)
        if (id != kNoExpert)
            ++order.begin[std::size_t(id) + 1];
    for (std::size_t e = 1; e < order.begin.size(); ++e)
        order.begin[e] += order.begin[e - 1];
    order.tokenOf.resize(std::size_t(order.begin.back()));
    order.rowOf.resize(ids.size());
    std::vector<std::int64_t> next(order.begin.begin(), order.begin.end() - 1);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (ids[i] == kNoExpert) {
            order.rowOf[i] = -1;
            continue;
        }
        const std::int64_t row = next[ids[i]]++;
        order.tokenOf[std::size_t(row)] = std::int32_t(i / std::size_t(topK));
        order.rowOf[i] = std::int32_t(row);
    }
}

} // namespace moescope

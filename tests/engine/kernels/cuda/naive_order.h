#pragma once

#include <cstdint>
#include <vector>

#include "engine/routing/no_expert.h"

namespace moescope::test {

struct NaiveOrder {
    std::vector<std::int32_t> begin, tokenOf, rowOf;
};

// Assignments by expert, as one would write them down.
inline NaiveOrder naiveOrder(const std::vector<std::uint16_t>& ids, int experts, int topK) {
    NaiveOrder order;
    order.rowOf.assign(ids.size(), -1);
    for (int e = 0; e < experts; ++e) {
        order.begin.push_back(std::int32_t(order.tokenOf.size()));
        for (std::size_t i = 0; i < ids.size(); ++i)
            if (ids[i] == e) {
                order.rowOf[i] = std::int32_t(order.tokenOf.size());
                order.tokenOf.push_back(std::int32_t(i / std::size_t(topK)));
            }
    }
    order.begin.push_back(std::int32_t(order.tokenOf.size()));
    return order;
}

} // namespace moescope::test

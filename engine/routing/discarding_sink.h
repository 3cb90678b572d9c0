#pragma once

#include "engine/routing/routing_sink.h"

namespace moescope {

// For runs whose routing nobody asks for.
class DiscardingSink final : public RoutingSink {
public:
    void tokens(const TokenBlock&) override {}
    void routing(const RoutingBlock&) override {}
    void nll(TokenIndex, std::span<const float>) override {}
    void commit(TokenIndex) override {}
};

} // namespace moescope

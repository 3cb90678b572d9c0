#pragma once

#include <span>

#include "engine/routing/routing_block.h"

namespace moescope {

// Where an engine writes what its routers did. Called from one thread; every view is valid during the call only.
// An implementation throws Error when the record can no longer be kept (full disk), from any call.
class RoutingSink {
public:
    virtual ~RoutingSink() = default;

    // Tokens arrive in order, before their routing.
    virtual void tokens(const TokenBlock& block) = 0;

    // Per layer, tokens arrive in order without gaps; layers may arrive in any order within a batch.
    virtual void routing(const RoutingBlock& block) = 0;

    // -ln P(token | earlier tokens of its window) in nats; NaN where the token has none.
    virtual void nll(TokenIndex first, std::span<const float> values) = 0;

    // Everything below `end` has been delivered for every layer: the record may become durable up to here.
    virtual void commit(TokenIndex end) = 0;
};

} // namespace moescope

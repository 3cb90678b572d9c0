#pragma once

#include <cstdint>
#include <functional>

#include "engine/routing/routing_sink.h"

namespace moescope {

// Passes everything on to another sink; on the way it tells how far the engine is.
class ObservedSink : public RoutingSink {
public:
    // `layers` MoE layers make a token whole; `progress` is told how many tokens are (a fraction counts by layers).
    ObservedSink(RoutingSink& target, std::int64_t layers, std::function<void(TokenIndex)> progress)
        : m_target(target), m_layers(layers), m_progress(std::move(progress)) {}

    void tokens(const TokenBlock& block) override { m_target.tokens(block); }
    void routing(const RoutingBlock& block) override {
        m_target.routing(block);
        m_tokenLayers += block.tokens;
        m_progress(m_committed + m_tokenLayers / m_layers);
    }
    void nll(TokenIndex first, std::span<const float> values) override { m_target.nll(first, values); }
    void commit(TokenIndex end) override {
        m_target.commit(end);
        startAt(end);
        m_progress(end);
    }

    void startAt(TokenIndex committed) {
        m_committed = committed;
        m_tokenLayers = 0;
    }
    TokenIndex committed() const { return m_committed; }

private:
    RoutingSink& m_target;
    std::int64_t m_layers;
    std::function<void(TokenIndex)> m_progress;
    TokenIndex m_committed = 0;
    std::int64_t m_tokenLayers = 0; // delivered since the last commit
};

} // namespace moescope

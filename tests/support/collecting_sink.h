#pragma once

#include <map>
#include <vector>

#include "engine/routing/routing_sink.h"

namespace moescope {

// Keeps everything an engine delivers.
class CollectingSink final : public RoutingSink {
public:
    struct Layer {
        std::vector<std::uint16_t> ids;
        std::vector<float> weights;
        std::vector<float> logits;
        TokenIndex end = 0;
        bool inOrder = true;
        friend bool operator==(const Layer&, const Layer&) = default;
    };

    void tokens(const TokenBlock& block) override {
        m_tokens.insert(m_tokens.end(), block.ids.begin(), block.ids.end());
        m_phases.insert(m_phases.end(), block.ids.size(), block.phase);
    }
    void routing(const RoutingBlock& block) override {
        Layer& layer = m_layers[block.layer];
        layer.inOrder &= layer.ids.empty() || layer.end == block.first;
        layer.end = block.end();
        layer.ids.insert(layer.ids.end(), block.ids.begin(), block.ids.end());
        layer.weights.insert(layer.weights.end(), block.weights.begin(), block.weights.end());
        layer.logits.insert(layer.logits.end(), block.logits.begin(), block.logits.end());
    }
    void nll(TokenIndex, std::span<const float> values) override {
        m_nll.insert(m_nll.end(), values.begin(), values.end());
    }
    void commit(TokenIndex end) override { m_committed = end; }

    const std::map<LayerId, Layer>& layers() const { return m_layers; }
    const std::vector<std::int32_t>& tokenIds() const { return m_tokens; }
    const std::vector<Phase>& phases() const { return m_phases; }
    const std::vector<float>& losses() const { return m_nll; }

private:
    std::map<LayerId, Layer> m_layers;
    std::vector<std::int32_t> m_tokens;
    std::vector<Phase> m_phases;
    std::vector<float> m_nll;
    TokenIndex m_committed = 0;
};

} // namespace moescope

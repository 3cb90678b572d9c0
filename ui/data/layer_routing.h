#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "app/service/recording.h"
#include "ui/text/token_text.h"

namespace moescope {

// The choices of consecutive tokens in one layer.
struct LayerRoutingPart {
    LayerId layer;
    TokenIndex first = 0;
    std::int32_t topK = 0;
    std::int32_t experts = 0;
    std::vector<std::uint16_t> ids; // [tokens, topK]
    std::vector<float> weights;     // [tokens, topK]
    std::vector<float> margins;     // [tokens]; empty where not asked for or without logits
};

// One layer's choices for every token of a run, as far as they have arrived; kNoExpert where they have not, or where
// the filter leaves a token out.
class LayerRouting {
public:
    LayerRouting() = default;
    LayerRouting(LayerId layer, TokenIndex tokens) : m_layer(layer), m_tokens(tokens) {}

    void append(const LayerRoutingPart& part);
    LayerId layer() const { return m_layer; }
    std::int32_t topK() const { return m_topK; }
    std::int32_t experts() const { return m_experts; }
    bool has(TokenIndex token) const;
    std::span<const std::uint16_t> idsOf(TokenIndex token) const;
    std::span<const float> weightsOf(TokenIndex token) const;
    float marginOf(TokenIndex token) const; // NaN: none
    bool chose(TokenIndex token, ExpertId expert) const;

private:
    LayerId m_layer;
    TokenIndex m_tokens = 0;
    std::int32_t m_topK = 0;
    std::int32_t m_experts = 0;
    std::vector<std::uint16_t> m_ids;
    std::vector<float> m_weights;
    std::vector<float> m_margins;
};

using DeliverRouting = std::function<void(std::shared_ptr<const LayerRoutingPart>)>;
void readLayerRouting(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                      bool margins, std::stop_token stop, const DeliverRouting& deliver);

using DeliverText = std::function<void(std::shared_ptr<const TokenTextPart>)>;
// From token `from` on. The last part of a run that still grows is not marked as last.
void readTokenText(const Recording& recording, const RunInfo& run, TokenIndex from, std::stop_token stop,
                   const DeliverText& deliver);

// Every layer's choices for a few tokens.
struct RouteWindow {
    TokenIndex first = 0;
    std::int64_t tokens = 0;
    std::vector<LayerRoutingPart> layers;
};
RouteWindow readRouteWindow(const Recording& recording, const RunInfo& run, TokenIndex centre, std::int64_t around);

} // namespace moescope

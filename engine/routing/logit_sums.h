#pragma once

namespace moescope {

struct LayerSummary;
struct MoeLayerInfo;
struct RoutingBlock;

// Adds to a layer's sums what its logits tell: prob, z and margin sums. The block has logits of every token.
// Tokens are added in their order, so that the sums do not depend on how a run was cut into blocks.
void addLogitSums(LayerSummary& sums, const MoeLayerInfo& layer, const RoutingBlock& block);

} // namespace moescope

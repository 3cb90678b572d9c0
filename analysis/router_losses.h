#pragma once

#include <cstdint>
#include <span>

#include "engine/routing/layer_summary.h"

namespace moescope {

// Balancing losses from a layer's sums. Each is NaN where the layer has no tokens or no recorded logits.
// f_e is the share of tokens whose top-1 choice is e, n_e / T the mean number of choices of e, P_e the mean prob.

// E sum_e f_e P_e, all tokens as one group; 1 when balanced. Switch Transformer, arXiv 2101.03961 eq. 4.
double switchAuxLoss(const LayerSummary& layer);

// E sum_e (n_e / T) P_e, rows of all layers pooled; k when balanced. As Hugging Face computes it.
double hfLoadBalancingLoss(std::span<const LayerSummary> layers);

// (1/E) sum_e f_e P_e. GShard, arXiv 2006.16668 algorithm 1.
double gshardAuxLoss(const LayerSummary& layer);

// Mean over tokens of logsumexp(logits)^2. ST-MoE, arXiv 2202.08906 eq. 5.
double routerZLoss(const LayerSummary& layer);

// CV^2 (population) of the importance sum_t G_te, G the combine weights. Shazeer 2017, arXiv 1701.06538 eq. 7.
double importanceLoss(const LayerSummary& layer);

// E sum_e (n_e / (kT))^2: 1 when balanced, E when one expert takes all.
double squaredCountLoss(const LayerSummary& layer);

// Mean router margin over the tokens that have one.
double meanMargin(const LayerSummary& layer);

} // namespace moescope

#pragma once

#include "engine/model/batch_routing.h"

namespace moescope {

// Routes a whole batch by expert choice (engine/routing/expert_choice.h) from its logits: each expert takes
// perToken T / E of the T recorded tokens, weighed with the softmax score. The batch is the group: a token's experts
// depend on what else is in it, later tokens included. Rows that are not recorded compete with no token; they take
// their perToken best experts. routing.topK slots must hold every expert.
void routeByExpertChoice(std::int32_t perToken, BatchRouting& routing);

} // namespace moescope

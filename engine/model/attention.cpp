#include "engine/model/attention.h"

#include "engine/model/grouped_attention.h"
#include "engine/model/latent_attention.h"

namespace moescope {

std::unique_ptr<Attention> makeAttention(const WeightSource& weights, std::int32_t layer, const Execution& execution) {
    if (weights.config().attention.latent)
        return std::make_unique<LatentAttention>(weights, layer, execution);
    return std::make_unique<GroupedAttention>(weights, layer, execution);
}

} // namespace moescope

#pragma once

#include "engine/model/batch_routing.h"
#include "engine/model/linear.h"
#include "engine/model/norm.h"
#include "engine/model/weight_source.h"
#include "engine/routing/moe_config.h"

namespace moescope {

// Normalises the residual stream and routes each token: logits in f32 from the unrounded normed state, whatever the
// compute type, then routeTopK, the function that replays use; or expert choice, where each expert takes its best
// tokens of the batch.
class TopKRouter {
public:
    TopKRouter(const WeightSource& weights, const MoeLayerInfo& info, Norm norm, const Execution& execution);

    // normed_TD receives the experts' input, `routing` the batch's routes, as its intervention leaves them. Throws
    // Error naming the layer.
    void forward(const at::Tensor& x_TD, const at::Tensor& normed_TD, BatchRouting& routing) const;

private:
    void routeOnDevice(const MoeLayerInfo& gate, const at::Tensor& x_TD, const at::Tensor& normed_TD,
                       BatchRouting& routing) const;
    void route(const at::Tensor& x_TD, const at::Tensor& normed_TD, BatchRouting& routing) const;
    void intervene(BatchRouting& routing) const;
    void routeRows(std::int64_t begin, std::int64_t rows, BatchRouting& routing) const;
    void logitsWithTorch(const at::Tensor& x_TD, const at::Tensor& normed_TD, const at::Tensor& logits_TE) const;

    MoeLayerInfo m_info;
    Norm m_norm;
    Linear m_gate;               // f32
    std::int32_t m_expertChoice; // experts choose among the batch's tokens; 0: tokens choose
    bool m_ownKernels;
    std::shared_ptr<DeviceBackend> m_backend; // routes on the device; null: the host does
};

} // namespace moescope

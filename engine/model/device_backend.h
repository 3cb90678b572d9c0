#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "engine/kernels/cuda/expert_layer.h"
#include "engine/kernels/cuda/layer_stream.h"
#include "engine/kernels/cuda/route_limiter.h"
#include "engine/kernels/cuda/routing_ring.h"
#include "engine/model/batch_routing.h"
#include "engine/model/cpu_experts.h"
#include "engine/routing/intervention.h"

namespace moescope {

// What a GPU's own kernels need: memory and streams, the kernels, matrix products, the stream that LibTorch computes
// on.
struct DeviceParts {
    std::unique_ptr<cuda::Device> device;
    std::unique_ptr<cuda::Kernels> kernels;
    std::unique_ptr<cuda::ExpertProducts> products;
    std::function<cuda::Stream()> stream;
};

// Routers and experts of a model on a GPU's own kernels; LibTorch computes the rest on the same stream. Routing comes
// to the host through a ring of pinned memory, layers behind where the batch needs no look at it before. For one
// thread.
class DeviceBackend {
public:
    static constexpr int kSlots = 4; // layers whose routing may be on its way

    explicit DeviceBackend(DeviceParts parts);
    ~DeviceBackend();

    // Whether the device can route with this gate and then do what the intervention does to its routes.
    static bool canRoute(const MoeLayerInfo& gate, const Intervention* intervention = nullptr);
    // Memory [tokens, experts] on the device for the router's logits in f32.
    at::Tensor beginRouting(const MoeLayerInfo& gate, std::int64_t tokens, const at::TensorOptions& options);
    // Routes by those logits as `gate` does, the layer's under the routing's intervention (intervenedGate), and
    // constrains the routes as the intervention says. The host's side of `routing` is filled, or where it may be, left
    // for fetch().
    void route(const MoeLayerInfo& gate, BatchRouting& routing);
    // Fills in the oldest routing that was left. Throws Error(InvalidArgument) for a logit that is NaN or +inf.
    void fetch(BatchRouting& routing);
    void forget() noexcept; // whatever was left

    // Whether weights of so many bytes fit on the device, with room for activations.
    bool holds(std::int64_t weightBytes) const;
    using LoadLayerExpert = std::function<ExpertWeights(std::int32_t layer, std::int32_t expert)>;
    // From now on the experts of these layers stay in the host's memory and come when they are needed, until `load` is
    // taken away by stopStreaming().
    void streamExperts(const std::vector<MoeLayerInfo>& layers, at::ScalarType dtype, LoadLayerExpert load);
    void stopStreaming();

private:
    friend class DeviceExperts;
    const float* biasOf(const MoeLayerInfo& gate);
    void constrain(const MoeLayerInfo& gate, const Intervention& intervention);
    cuda::DeviceRoutes routesOf(const BatchRouting& routing);
    void startStream(std::int64_t partBytes);

    struct Left {
        LayerId layer;
        std::int32_t experts;
    };
    // A layer's selection bias, which changes with interventions.
    struct SelectionBias {
        std::vector<float> values;
        cuda::DeviceMemory memory; // holds them
    };
    DeviceParts m_parts;
    cuda::RoutingRing m_ring;
    cuda::RouteLimiter m_limiter;
    cuda::ExpertLayer m_layer;
    cuda::RoutingMemory m_routing; // begun
    std::deque<Left> m_left;
    std::map<std::int32_t, SelectionBias> m_bias; // by layer
    cuda::DeviceMemory m_uploaded;                // routes that only the host has
    cuda::PinnedMemory m_upload;
    cuda::OwnedEvent m_uploadDone;
    std::vector<MoeLayerInfo> m_streamed;
    at::ScalarType m_streamedType = at::kFloat;
    LoadLayerExpert m_load;
    std::unique_ptr<cuda::LayerStream> m_stream; // last: its thread reads the others
};

// A layer's experts on a DeviceBackend, kept on the device or streamed.
class DeviceExperts {
public:
    // Reads and uploads the weights now, unless the backend streams them.
    DeviceExperts(DeviceBackend& backend, std::int32_t layer, std::int32_t experts, const LoadExpert& load,
                  at::ScalarType dtype);

    std::size_t bytes() const { return m_weights.bytes(); }
    // x_TD += sum over the token's experts of weight * expert(normed_TD).
    void addTo(const at::Tensor& normed_TD, const BatchRouting& routing, const at::Tensor& x_TD) const;

private:
    void upload(const LoadExpert& load, at::ScalarType dtype);
    const float* uploadBias(const std::vector<float>& values, cuda::DeviceMemory& memory);

    DeviceBackend& m_backend;
    std::int32_t m_streamIndex = -1; // among the streamed layers
    cuda::ExpertTable m_table;
    cuda::DeviceMemory m_weights, m_gateBias, m_upBias, m_downBias;
};

} // namespace moescope

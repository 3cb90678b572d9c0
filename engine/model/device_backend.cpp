#include "engine/model/device_backend.h"

#include <algorithm>
#include <cstring>

#include <ATen/Functions.h>

#include "engine/kernels/cuda/make_gate.h"

namespace moescope {

DeviceBackend::DeviceBackend(DeviceParts parts)
    : m_parts(std::move(parts)), m_ring(*m_parts.device, kSlots), m_limiter(*m_parts.device, *m_parts.kernels),
      m_layer(*m_parts.device, *m_parts.kernels, *m_parts.products), m_uploadDone(*m_parts.device) {}

DeviceBackend::~DeviceBackend() = default;

bool DeviceBackend::canRoute(const MoeLayerInfo& gate, const Intervention* intervention) {
    return gate.moe.experts <= cuda::kMostExperts && gate.moe.topK <= cuda::kMostChosen &&
           (intervention == nullptr || !intervention->capacity ||
            cuda::RouteLimiter::canServe(intervention->capacity->policy));
}

at::Tensor DeviceBackend::beginRouting(const MoeLayerInfo& gate, std::int64_t tokens,
                                       const at::TensorOptions& options) {
    m_routing = m_ring.acquire({tokens, gate.moe.experts, gate.moe.topK}, m_parts.stream());
    return at::from_blob(m_routing.logits, {tokens, gate.moe.experts}, options.dtype(at::kFloat));
}

void DeviceBackend::route(const MoeLayerInfo& gate, BatchRouting& routing) {
    m_parts.kernels->route({cuda::makeGate(gate, biasOf(gate)), m_routing.shape.tokens, m_routing.logits, m_routing.ids,
                            m_routing.weights, m_routing.firstBad},
                           m_parts.stream());
    if (routing.intervention != nullptr)
        constrain(gate, *routing.intervention);
    m_ring.commit(m_parts.stream());
    m_left.push_back({gate.layer, gate.moe.experts});
    if (!routing.mayDefer)
        fetch(routing);
    routing.isDeferred = routing.mayDefer;
    routing.deviceIds = m_routing.ids;
    routing.deviceWeights = m_routing.weights;
}

// On the device, where they stay until they change; null: the gate has none.
const float* DeviceBackend::biasOf(const MoeLayerInfo& gate) {
    if (gate.selectionBias.empty())
        return nullptr;
    SelectionBias& bias = m_bias[gate.layer.value];
    if (bias.values != gate.selectionBias) {
        cuda::Device& device = *m_parts.device;
        bias.values.clear(); // should the copy fail
        bias.memory.grow(device, gate.selectionBias.size() * sizeof(float));
        device.copyToDevice(bias.memory.get(), gate.selectionBias.data(), gate.selectionBias.size() * sizeof(float),
                            m_parts.stream()); // behind the kernels that read the old ones
        device.synchronize(m_parts.stream());  // the host's memory is not pinned
        bias.values = gate.selectionBias;
    }
    return bias.memory.get<float>();
}

// As constrainRoutes does on the host.
void DeviceBackend::constrain(const MoeLayerInfo& gate, const Intervention& intervention) {
    cuda::AblateCall ablate{{}, gate.moe.topK, m_routing.shape.tokens, m_routing.ids, m_routing.weights};
    bool any = false;
    for (const auto& [layer, expert] : intervention.ablated)
        if (layer == gate.layer) {
            ablate.out.add(expert);
            any = true;
        }
    if (any)
        m_parts.kernels->ablate(ablate, m_parts.stream());
    if (intervention.capacity)
        m_limiter.limit(gate, *intervention.capacity,
                        {m_routing.shape.tokens, m_routing.logits, m_routing.ids, m_routing.weights}, m_parts.stream());
}

void DeviceBackend::fetch(BatchRouting& routing) {
    const Left left = m_left.front();
    m_left.pop_front();
    const cuda::RoutingMemory memory = m_ring.take();
    const cuda::RoutingShape& shape = memory.shape;
    routing.resize(shape.tokens, shape.experts, shape.topK);
    std::copy_n(memory.ids, routing.ids.size(), routing.ids.begin());
    std::copy_n(memory.weights, routing.weights.size(), routing.weights.begin());
    std::copy_n(memory.logits, routing.logits.size(), routing.logits.begin());
    const std::uint64_t firstBad = *memory.firstBad;
    m_ring.giveBack();
    if (firstBad != ~std::uint64_t(0))
        cuda::reportBadLogit(left.layer, left.experts, firstBad);
}

void DeviceBackend::forget() noexcept {
    m_ring.clear();
    m_left.clear();
}

// The device's copy of the routes, or a new one where the host changed them.
cuda::DeviceRoutes DeviceBackend::routesOf(const BatchRouting& routing) {
    if (routing.deviceIds != nullptr)
        return {routing.tokens, routing.topK, routing.deviceIds, routing.deviceWeights, routing.deviceScale};
    cuda::Device& device = *m_parts.device;
    const std::size_t weightBytes = routing.weights.size() * sizeof(float);
    const std::size_t bytes = weightBytes + routing.ids.size() * sizeof(std::uint16_t);
    device.synchronize(cuda::Event(m_uploadDone));
    m_upload.grow(device, bytes);
    m_uploaded.grow(device, bytes);
    std::memcpy(m_upload.get(), routing.weights.data(), weightBytes);
    std::memcpy(m_upload.get<std::byte>() + weightBytes, routing.ids.data(), bytes - weightBytes);
    device.copyToDevice(m_uploaded.get(), m_upload.get(), bytes, m_parts.stream());
    device.record(m_uploadDone, m_parts.stream());
    auto* weights = m_uploaded.get<float>();
    return {routing.tokens, routing.topK, reinterpret_cast<const std::uint16_t*>(weights + routing.weights.size()),
            weights};
}

bool DeviceBackend::holds(std::int64_t weightBytes) const {
    return double(weightBytes) < 0.8 * double(m_parts.device->freeBytes());
}

void DeviceBackend::streamExperts(const std::vector<MoeLayerInfo>& layers, at::ScalarType dtype, LoadLayerExpert load) {
    m_streamed = layers;
    m_streamedType = dtype;
    m_load = std::move(load);
}

void DeviceBackend::stopStreaming() {
    m_stream.reset();
    m_streamed.clear();
    m_load = nullptr;
}

} // namespace moescope

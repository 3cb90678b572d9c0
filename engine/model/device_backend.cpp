#include "engine/model/device_backend.h"

#include <algorithm>
#include <cstring>

#include <ATen/Functions.h>

#include "engine/kernels/cuda/make_gate.h"

namespace moescope {

DeviceBackend::DeviceBackend(DeviceParts parts)
    : m_parts(std::move(parts)), m_ring(*m_parts.device, kSlots),
      m_layer(*m_parts.device, *m_parts.kernels, *m_parts.products), m_uploadDone(*m_parts.device) {}

DeviceBackend::~DeviceBackend() = default;

bool DeviceBackend::canRoute(const MoeLayerInfo& layer) {
    return layer.moe.experts <= cuda::kMostExperts && layer.moe.topK <= cuda::kMostChosen;
}

at::Tensor DeviceBackend::beginRouting(const MoeLayerInfo& layer, std::int64_t tokens,
                                       const at::TensorOptions& options) {
    if (!layer.selectionBias.empty() && !m_bias.contains(layer.layer.value)) {
        const std::vector<float>& values = layer.selectionBias;
        cuda::DeviceMemory& bias = m_bias[layer.layer.value];
        bias = cuda::DeviceMemory(*m_parts.device, values.size() * sizeof(float));
        m_parts.device->copyToDevice(bias.get(), values.data(), bias.bytes(), m_parts.stream());
        m_parts.device->synchronize(m_parts.stream()); // once a layer
    }
    m_routing = m_ring.acquire({tokens, layer.moe.experts, layer.moe.topK}, m_parts.stream());
    return at::from_blob(m_routing.logits, {tokens, layer.moe.experts}, options.dtype(at::kFloat));
}

void DeviceBackend::route(const MoeLayerInfo& layer, BatchRouting& routing) {
    const auto bias = m_bias.find(layer.layer.value);
    const cuda::Gate gate = cuda::makeGate(layer, bias == m_bias.end() ? nullptr : bias->second.get<float>());
    m_parts.kernels->route(
        {gate, m_routing.shape.tokens, m_routing.logits, m_routing.ids, m_routing.weights, m_routing.firstBad},
        m_parts.stream());
    m_ring.commit(m_parts.stream());
    m_left.push_back({layer.layer, layer.moe.experts});
    if (!routing.mayDefer)
        fetch(routing);
    routing.isDeferred = routing.mayDefer;
    routing.deviceIds = m_routing.ids;
    routing.deviceWeights = m_routing.weights;
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

void DeviceBackend::forget() {
    m_ring.clear();
    m_left.clear();
}

// The device's copy of the routes, or a new one where the host changed them.
cuda::DeviceRoutes DeviceBackend::routesOf(const BatchRouting& routing) {
    if (routing.deviceIds != nullptr)
        return {routing.tokens, routing.topK, routing.deviceIds, routing.deviceWeights};
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

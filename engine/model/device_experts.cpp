#include <algorithm>
#include <array>
#include <cstring>

#include "engine/model/device_backend.h"

namespace moescope {

namespace {

cuda::Element elementOf(at::ScalarType dtype) {
    return dtype == at::kFloat ? cuda::Element::F32 : dtype == at::kHalf ? cuda::Element::F16 : cuda::Element::BF16;
}

std::size_t copyMatrix(std::span<const StoredMatrix> parts, at::ScalarType dtype, std::byte* to) {
    const at::Tensor matrix = WeightSource::matrix(parts, dtype);
    std::memcpy(to, matrix.data_ptr(), matrix.nbytes());
    return matrix.nbytes();
}

// As ExpertTable has them: gate above up, then down.
void pack(const ExpertWeights& weights, at::ScalarType dtype, std::byte* to) {
    const std::array front{weights.gate, weights.up};
    to += copyMatrix(std::span(front).subspan(weights.gate.isEmpty() ? 1 : 0), dtype, to);
    copyMatrix(std::span(&weights.down, 1), dtype, to);
}

} // namespace

DeviceExperts::DeviceExperts(DeviceBackend& backend, std::int32_t layer, std::int32_t experts, const LoadExpert& load,
                             at::ScalarType dtype)
    : m_backend(backend) {
    const ExpertWeights first = load(0);
    m_table.element = elementOf(dtype);
    m_table.activation = first.activation;
    m_table.limit = first.limit;
    m_table.experts = experts;
    m_table.width = first.up.columns;
    m_table.inner = first.up.rows;
    m_table.expertBytes = (m_table.bytesOfWeights() + 15) / 16 * 16;
    std::vector<float> gateBias, upBias, downBias;
    for (std::int32_t e = 0; e < experts; ++e) {
        const ExpertWeights weights = load(e);
        gateBias.insert(gateBias.end(), weights.gateBias.begin(), weights.gateBias.end());
        upBias.insert(upBias.end(), weights.upBias.begin(), weights.upBias.end());
        downBias.insert(downBias.end(), weights.downBias.begin(), weights.downBias.end());
    }
    m_table.gateBias = uploadBias(gateBias, m_gateBias);
    m_table.upBias = uploadBias(upBias, m_upBias);
    m_table.downBias = uploadBias(downBias, m_downBias);
    const auto& streamed = backend.m_streamed;
    const auto found = std::find_if(streamed.begin(), streamed.end(),
                                    [&](const MoeLayerInfo& info) { return info.layer.value == layer; });
    if (found == streamed.end()) {
        upload(load, dtype);
    } else {
        m_streamIndex = std::int32_t(found - streamed.begin());
        backend.startStream(m_table.expertBytes);
    }
}

const float* DeviceExperts::uploadBias(const std::vector<float>& values, cuda::DeviceMemory& memory) {
    if (values.empty())
        return nullptr;
    cuda::Device& device = *m_backend.m_parts.device;
    memory = cuda::DeviceMemory(device, values.size() * sizeof(float));
    device.copyToDevice(memory.get(), values.data(), memory.bytes(), m_backend.m_parts.stream());
    device.synchronize(m_backend.m_parts.stream());
    return memory.get<float>();
}

void DeviceExperts::upload(const LoadExpert& load, at::ScalarType dtype) {
    cuda::Device& device = *m_backend.m_parts.device;
    const cuda::Stream stream = m_backend.m_parts.stream();
    const auto bytes = std::size_t(m_table.expertBytes);
    m_weights = cuda::DeviceMemory(device, bytes * std::size_t(m_table.experts));
    std::array<cuda::PinnedMemory, 2> staging{cuda::PinnedMemory(device, bytes), cuda::PinnedMemory(device, bytes)};
    std::array<cuda::OwnedEvent, 2> copied{cuda::OwnedEvent(device), cuda::OwnedEvent(device)};
    for (std::int32_t e = 0; e < m_table.experts; ++e) {
        const auto turn = std::size_t(e) % 2; // one is read while the other is copied
        device.synchronize(cuda::Event(copied[turn]));
        pack(load(e), dtype, staging[turn].get<std::byte>());
        device.copyToDevice(m_weights.get<std::byte>() + std::size_t(e) * bytes, staging[turn].get(), bytes, stream);
        device.record(copied[turn], stream);
    }
    device.synchronize(stream);
    m_table.weights = m_weights.get<std::byte>();
}

void DeviceBackend::startStream(std::int64_t partBytes) {
    if (m_stream)
        return;
    m_stream = std::make_unique<cuda::LayerStream>(
        *m_parts.device,
        cuda::LayerStream::Sizes{std::int32_t(m_streamed.size()), m_streamed.front().moe.experts,
                                 std::size_t(partBytes)},
        [this](std::int32_t index, std::int32_t expert, std::byte* to) {
            pack(m_load(m_streamed[std::size_t(index)].layer.value, expert), m_streamedType, to);
        });
}

void DeviceExperts::addTo(const at::Tensor& normed_TD, const BatchRouting& routing, const at::Tensor& x_TD) const {
    const cuda::Stream stream = m_backend.m_parts.stream();
    cuda::ExpertTable table = m_table;
    if (m_streamIndex >= 0)
        table.weights = m_backend.m_stream->use(m_streamIndex, stream);
    m_backend.m_layer.addTo(table, m_backend.routesOf(routing), normed_TD.data_ptr(), dataOf<float>(x_TD), stream);
    if (m_streamIndex >= 0)
        m_backend.m_stream->release(stream);
}

} // namespace moescope

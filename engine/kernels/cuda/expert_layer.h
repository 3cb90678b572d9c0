#pragma once

#include "engine/kernels/cuda/expert_products.h"
#include "engine/kernels/cuda/kernels.h"
#include "engine/kernels/cuda/owned.h"

namespace moescope::cuda {

// A layer's experts in the device's memory.
struct ExpertTable {
    Element element = Element::F32;
    ExpertActivation activation = ExpertActivation::SwiGlu;
    float limit = 0; // of ClampedSwiGlu
    std::int32_t experts = 0;
    std::int64_t width = 0;
    std::int64_t inner = 0;
    std::int64_t expertBytes = 0; // from one expert's weights to the next one's
    const std::byte* weights =
        nullptr; // of each expert: [2 inner, width] gate above up, or [inner, width]; [width, inner]
    const float* gateBias = nullptr; // [experts, inner]; null: none
    const float* upBias = nullptr;   // [experts, inner]; null: none
    const float* downBias = nullptr; // [experts, width]; null: none

    std::int64_t frontRows() const { return isGated(activation) ? 2 * inner : inner; }
    std::int64_t bytesOfRow() const { return (width + frontRows() + inner) * bytesOf(element); } // on its way through
    std::int64_t bytesOfWeights() const { return (frontRows() + inner) * width * bytesOf(element); } // of one expert
};

// Which experts a batch's tokens take, in the device's memory.
struct DeviceRoutes {
    std::int64_t tokens = 0;
    std::int32_t topK = 0;
    const std::uint16_t* ids = nullptr; // [tokens, topK]
    const float* weights = nullptr;     // [tokens, topK]
    float scale = 1.0F;                 // of the weights
};

// Runs a batch through a layer's experts: sorts the assignments by expert, brings each expert's rows together,
// multiplies all experts at once, adds the weighted results in the order of each token's slots. The host waits once a
// piece of the batch, for the number of rows of each expert. For one thread at a time; buffers are kept.
class ExpertLayer {
public:
    // A piece's rows before, inside and behind the experts take at most `mostBytes` on the device.
    ExpertLayer(Device& device, Kernels& kernels, ExpertProducts& products,
                std::int64_t mostBytes = std::int64_t(1) << 31)
        : m_device(device), m_kernels(kernels), m_products(products), m_mostBytes(mostBytes), m_counted(device) {}

    // x [tokens, width] += the experts' weighted results for normed [tokens, width], on `stream`.
    void addTo(const ExpertTable& table, const DeviceRoutes& routes, const void* normed, float* x, Stream stream);

private:
    void addPiece(const ExpertTable& table, const DeviceRoutes& routes, const void* normed, float* x, Stream stream);
    void reserve(const ExpertTable& table, const OrderCall& order);
    OrderCall orderOf(const ExpertTable& table, const DeviceRoutes& routes);
    std::vector<ExpertProduct> products(const ExpertTable& table, bool front) const;

    Device& m_device;
    Kernels& m_kernels;
    ExpertProducts& m_products;
    std::int64_t m_mostBytes; // of a piece
    OwnedEvent m_counted;
    DeviceMemory m_order, m_rows, m_front, m_inner;
    PinnedMemory m_begin;
};

} // namespace moescope::cuda

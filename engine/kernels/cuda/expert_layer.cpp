#include "engine/kernels/cuda/expert_layer.h"

#include <algorithm>

namespace moescope::cuda {

void ExpertLayer::addTo(const ExpertTable& table, const DeviceRoutes& routes, const void* normed, float* x,
                        Stream stream) {
    const std::int64_t piece = std::max<std::int64_t>(1, m_mostBytes / table.bytesOfRow() / routes.topK);
    for (std::int64_t first = 0; first < routes.tokens; first += piece) {
        const std::int64_t slots = first * routes.topK;
        addPiece(table,
                 {std::min(piece, routes.tokens - first), routes.topK, routes.ids + slots, routes.weights + slots,
                  routes.scale},
                 static_cast<const std::byte*>(normed) + first * table.width * bytesOf(table.element),
                 x + first * table.width, stream);
    }
}

OrderCall ExpertLayer::orderOf(const ExpertTable& table, const DeviceRoutes& routes) {
    OrderCall call;
    call.experts = table.experts;
    call.topK = routes.topK;
    call.tokens = routes.tokens;
    call.ids = routes.ids;
    const std::int64_t n = call.assignments();
    m_order.grow(m_device, std::size_t(table.experts + 1 + 2 * n + call.scratchCounts()) * sizeof(std::int32_t));
    call.begin = m_order.get<std::int32_t>();
    call.tokenOf = call.begin + table.experts + 1;
    call.rowOf = call.tokenOf + n;
    call.counts = call.rowOf + n;
    return call;
}

void ExpertLayer::reserve(const ExpertTable& table, const OrderCall& order) {
    const std::int64_t perColumn = order.assignments() * bytesOf(table.element);
    m_rows.grow(m_device, std::size_t(perColumn * table.width));
    m_front.grow(m_device, std::size_t(perColumn * table.frontRows()));
    m_inner.grow(m_device, std::size_t(perColumn * table.inner));
    m_begin.grow(m_device, std::size_t(table.experts + 1) * sizeof(std::int32_t));
}

// Of the matrices in front of the activation, or of the one behind it.
std::vector<ExpertProduct> ExpertLayer::products(const ExpertTable& table, bool front) const {
    const auto* begin = m_begin.get<const std::int32_t>();
    const std::int64_t bytes = bytesOf(table.element);
    const std::int64_t outputs = front ? table.frontRows() : table.width;
    const std::int64_t inputs = front ? table.width : table.inner;
    const std::byte* x = (front ? m_rows : m_inner).get<const std::byte>();
    std::byte* y = (front ? m_front : m_rows).get<std::byte>(); // results take the place of the gathered rows
    std::vector<ExpertProduct> all;
    for (std::int32_t e = 0; e < table.experts; ++e) {
        const std::byte* w = table.weights + e * table.expertBytes;
        if (!front)
            w += table.frontRows() * table.width * bytes;
        all.push_back({begin[e + 1] - begin[e], outputs, inputs, x + begin[e] * inputs * bytes, w,
                       y + begin[e] * outputs * bytes});
    }
    return all;
}

void ExpertLayer::addPiece(const ExpertTable& table, const DeviceRoutes& routes, const void* normed, float* x,
                           Stream stream) {
    const OrderCall order = orderOf(table, routes);
    reserve(table, order);
    m_kernels.order(order, stream);
    m_device.copyToHost(m_begin.get(), order.begin, std::size_t(table.experts + 1) * sizeof(std::int32_t), stream);
    m_device.record(m_counted, stream);
    m_kernels.gather({order.assignments(), order.begin + table.experts, order.tokenOf,
                      table.width * bytesOf(table.element), normed, m_rows.get()},
                     stream); // meanwhile
    m_device.synchronize(Event(m_counted));
    m_products.multiply(table.element, products(table, true), stream);
    m_kernels.activate({table.element, table.activation, isGated(table.activation), table.limit, table.experts,
                        table.inner, order.assignments(), order.begin, table.gateBias, table.upBias, m_front.get(),
                        m_inner.get()},
                       stream);
    m_products.multiply(table.element, products(table, false), stream);
    m_kernels.combine({table.element, routes.topK, routes.tokens, table.width, routes.ids, routes.weights, order.rowOf,
                       table.downBias, m_rows.get(), x, routes.scale},
                      stream);
}

} // namespace moescope::cuda

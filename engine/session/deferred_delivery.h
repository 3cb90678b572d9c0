#pragma once

#include <deque>

#include "engine/model/device_backend.h"
#include "engine/routing/routing_sink.h"
#include "engine/session/window_batch.h"

namespace moescope {

// Delivers a batch's routing layer by layer; where a GPU's own kernels route, some layers behind, so that it has work
// queued while a layer is recorded.
class DeferredDelivery {
public:
    // The references are kept. `backend`: null where there is none.
    DeferredDelivery(DeviceBackend* backend, const WindowBatch& batch, BatchRouting& routing, RoutingSink& sink)
        : m_backend(backend), m_batch(batch), m_routing(routing), m_sink(sink) {
        m_routing.mayDefer = m_backend != nullptr;
    }
    // What a batch that was given up has left behind goes.
    ~DeferredDelivery() {
        m_routing.mayDefer = false;
        if (m_backend != nullptr)
            m_backend->forget();
    }
    DeferredDelivery(const DeferredDelivery&) = delete;
    DeferredDelivery& operator=(const DeferredDelivery&) = delete;

    // The layer has been run.
    void deliver(LayerId layer) {
        if (!m_routing.isDeferred) {
            m_batch.deliver(layer, m_routing, m_sink);
            return;
        }
        m_left.push_back(layer);
        if (m_left.size() == std::size_t(DeviceBackend::kSlots))
            deliverOldest();
    }
    void finish() {
        while (!m_left.empty())
            deliverOldest();
    }

private:
    void deliverOldest() {
        const LayerId layer = m_left.front();
        m_left.pop_front();
        m_backend->fetch(m_routing);
        m_batch.deliver(layer, m_routing, m_sink);
    }

    DeviceBackend* m_backend;
    const WindowBatch& m_batch;
    BatchRouting& m_routing;
    RoutingSink& m_sink;
    std::deque<LayerId> m_left;
};

} // namespace moescope

#include "engine/kernels/cuda/layer_stream.h"

#include <utility>

namespace moescope::cuda {

LayerStream::LayerStream(Device& device, const Sizes& sizes, Fill fill)
    : m_device(device), m_sizes(sizes), m_fill(std::move(fill)), m_copies(device) {
    for (Place& place : m_places) {
        place.memory = DeviceMemory(device, std::size_t(sizes.parts) * sizes.partBytes);
        place.arrived = OwnedEvent(device);
        place.released = OwnedEvent(device);
    }
    for (Staging& staging : m_staging) {
        staging.memory = PinnedMemory(device, sizes.partBytes);
        staging.copied = OwnedEvent(device);
    }
    m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

LayerStream::~LayerStream() {
    m_thread.request_stop();
    m_thread.join();
    try {
        m_device.synchronize(Stream(m_copies));
    } catch (...) { // the device is lost, and its copies with it
    }
}

void LayerStream::work(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [&] { return m_wanted >= 0; })) {
        Place& place = m_places[std::size_t(m_wanted)];
        const std::int32_t layer = place.layer;
        lock.unlock();
        std::exception_ptr failure;
        try {
            bring(layer, place);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        place.failure = failure;
        m_wanted = -1;
        m_changed.notify_all();
    }
}

void LayerStream::bring(std::int32_t layer, Place& place) {
    m_device.wait(m_copies, place.released); // by whoever computed with the layer that was here
    for (std::int32_t part = 0; part < m_sizes.parts; ++part) {
        Staging& staging = m_staging[std::size_t(m_staged++) % m_staging.size()];
        m_device.synchronize(Event(staging.copied));
        m_fill(layer, part, staging.memory.get<std::byte>());
        m_device.copyToDevice(place.memory.get<std::byte>() + std::size_t(part) * m_sizes.partBytes,
                              staging.memory.get(), m_sizes.partBytes, m_copies);
        m_device.record(staging.copied, m_copies);
    }
    m_device.record(place.arrived, m_copies);
}

// With the lock held.
void LayerStream::request(std::int32_t layer, int place) {
    m_places[std::size_t(place)].layer = layer;
    m_wanted = place;
    m_changed.notify_all();
}

const std::byte* LayerStream::use(std::int32_t layer, Stream compute) {
    std::unique_lock lock(m_mutex);
    const auto isIdle = [&] { return m_wanted < 0; };
    m_changed.wait(lock, isIdle);
    if (m_places[0].layer != layer && m_places[1].layer != layer) {
        request(layer, 1 - m_inUse);
        m_changed.wait(lock, isIdle);
    }
    m_inUse = m_places[0].layer == layer ? 0 : 1;
    Place& place = m_places[std::size_t(m_inUse)];
    if (place.failure) {
        place.layer = -1;
        std::rethrow_exception(std::exchange(place.failure, nullptr));
    }
    m_device.wait(compute, place.arrived);
    const std::int32_t next = (layer + 1) % m_sizes.layers;
    if (next != layer && m_places[std::size_t(1 - m_inUse)].layer != next)
        request(next, 1 - m_inUse);
    return place.memory.get<std::byte>();
}

void LayerStream::release(Stream compute) {
    m_device.record(m_places[std::size_t(m_inUse)].released, compute);
}

} // namespace moescope::cuda

#include "engine/kernels/cuda/routing_ring.h"

namespace moescope::cuda {

RoutingRing::RoutingRing(Device& device, int slots) : m_device(device), m_side(device) {
    for (int i = 0; i < slots; ++i)
        m_slots.push_back({{}, {}, OwnedEvent(device), OwnedEvent(device), {}});
}

RoutingRing::~RoutingRing() {
    settle(); // copies under way still write to the slots
}

void RoutingRing::settle() noexcept {
    try {
        m_device.synchronize(Stream(m_side));
    } catch (...) { // the device is lost, and its copies with it
    }
}

bool RoutingRing::isFull() const {
    const std::lock_guard lock(m_mutex);
    return m_committed - m_returned == std::int64_t(m_slots.size());
}

bool RoutingRing::isEmpty() const {
    const std::lock_guard lock(m_mutex);
    return m_committed == m_returned;
}

RoutingMemory RoutingRing::acquire(const RoutingShape& shape, Stream compute) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_committed - m_returned < std::int64_t(m_slots.size()); });
    Slot& slot = at(m_committed);
    lock.unlock(); // the slot is nobody else's now
    slot.shape = shape;
    slot.memory.grow(m_device, RoutingMemory::bytes(shape));
    slot.pinned.grow(m_device, RoutingMemory::bytes(shape));
    const RoutingMemory memory(shape, slot.memory.get());
    m_device.fill(memory.firstBad, 0xFF, sizeof *memory.firstBad, compute);
    return memory;
}

void RoutingRing::commit(Stream compute) {
    Slot& slot = at(m_committed); // only this thread changes m_committed
    m_device.record(slot.ready, compute);
    m_device.wait(m_side, slot.ready);
    m_device.copyToHost(slot.pinned.get(), slot.memory.get(), RoutingMemory::bytes(slot.shape), m_side);
    m_device.record(slot.copied, m_side);
    const std::lock_guard lock(m_mutex);
    ++m_committed;
    m_changed.notify_all();
}

RoutingMemory RoutingRing::take() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_committed > m_returned || m_closed; });
    if (m_committed == m_returned)
        return {};
    Slot& slot = at(m_returned);
    lock.unlock();
    m_device.synchronize(Event(slot.copied));
    return {slot.shape, slot.pinned.get()};
}

void RoutingRing::giveBack() {
    const std::lock_guard lock(m_mutex);
    ++m_returned;
    m_changed.notify_all();
}

void RoutingRing::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_changed.notify_all();
}

void RoutingRing::clear() noexcept {
    settle();
    const std::lock_guard lock(m_mutex);
    m_returned = m_committed;
}

} // namespace moescope::cuda

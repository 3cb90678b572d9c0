#pragma once

#include <condition_variable>
#include <mutex>
#include <vector>

#include "engine/kernels/cuda/owned.h"
#include "engine/kernels/cuda/routing_memory.h"

namespace moescope::cuda {

// Brings routing from the device to whoever records it, on a stream of its own: each slot has memory on the device,
// where the router writes, and pinned memory on the host, where a copy that runs beside the next layers puts it. The
// compute stream never waits for a copy or for the recorder; the computing thread does so only in acquire(), where
// every slot is on its way. Slots come out in the order in which they went in.
//
// One thread acquires and commits, one takes and gives back; they may be the same, which then must take when isFull().
class RoutingRing {
public:
    RoutingRing(Device& device, int slots);
    ~RoutingRing();
    RoutingRing(const RoutingRing&) = delete;
    RoutingRing& operator=(const RoutingRing&) = delete;

    // The computing thread. Memory on the device for the next layer's routing; *firstBad is all ones once `compute`
    // gets here. It holds what is written until as many slots as there are have been acquired after it.
    RoutingMemory acquire(const RoutingShape& shape, Stream compute);
    // The routing is complete where `compute` has got to now.
    void commit(Stream compute);
    bool isFull() const;

    // The recording thread. The oldest committed routing, on the host; waits for it, and for its commit unless close()
    // has been called: then its shape is empty once all are taken. Valid until giveBack().
    RoutingMemory take();
    void giveBack();
    bool isEmpty() const;

    void close();
    void clear() noexcept; // forgets what is on its way; nobody may be inside another call

private:
    struct Slot {
        DeviceMemory memory;
        PinnedMemory pinned;
        OwnedEvent ready, copied;
        RoutingShape shape;
    };
    void settle() noexcept; // copies under way are done
    Slot& at(std::int64_t number) { return m_slots[std::size_t(number) % m_slots.size()]; }

    Device& m_device;
    OwnedStream m_side;
    std::vector<Slot> m_slots;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::int64_t m_committed = 0; // slots so far
    std::int64_t m_returned = 0;
    bool m_closed = false;
};

} // namespace moescope::cuda

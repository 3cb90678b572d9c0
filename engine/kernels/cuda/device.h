#pragma once

#include <cstddef>

namespace moescope::cuda {

// Handles of a Device's streams (queues whose work runs in order) and events (marks in them).
struct Stream {
    void* handle = nullptr; // cudaStream_t
};
struct Event {
    void* handle = nullptr; // cudaEvent_t
};

// What the buffers of recording and of streamed layers need of a GPU: memory, copies and order between streams. The
// calls return when the work is queued, but for those that say otherwise. Thread safe. Throws Error(OutOfMemory) where
// memory is short, Error(Unsupported) for whatever else a driver reports.
class Device {
public:
    virtual ~Device() = default;

    virtual void* allocate(std::size_t bytes) = 0;       // on the device
    virtual void release(void* memory) noexcept = 0;     // waits for all that is queued, which may still use it
    virtual void* allocatePinned(std::size_t bytes) = 0; // on the host, where copies can run beside other work
    virtual void releasePinned(void* memory) noexcept = 0;

    virtual std::size_t freeBytes() const = 0; // on the device

    virtual Stream createStream() = 0; // waits for no other stream
    virtual void destroy(Stream stream) noexcept = 0;
    virtual Event createEvent() = 0;
    virtual void destroy(Event event) noexcept = 0;

    virtual void record(Event event, Stream stream) = 0; // passed once the stream's work up to here is done
    virtual void wait(Stream stream, Event event) = 0;   // the stream's further work begins after the event
    virtual void synchronize(Event event) = 0;           // the calling thread waits; an event never recorded is passed
    virtual void synchronize(Stream stream) = 0;         // the calling thread waits for all of the stream's work

    virtual void copyToHost(void* pinned, const void* memory, std::size_t bytes, Stream stream) = 0;
    virtual void copyToDevice(void* memory, const void* pinned, std::size_t bytes, Stream stream) = 0;
    virtual void fill(void* memory, int byte, std::size_t bytes, Stream stream) = 0;
};

} // namespace moescope::cuda

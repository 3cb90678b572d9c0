#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "engine/kernels/cuda/owned.h"

namespace moescope::cuda {

// Layers of a model larger than the card pass through two places on it: while one is computed with, the next one comes,
// on a stream and a thread of its own. A layer is `parts` blocks of `partBytes`; each is written into pinned memory
// and copied from there while the next one is written.
class LayerStream {
public:
    // Writes a part of a layer to pinned memory. Called from the stream's thread; what it throws, use() throws.
    using Fill = std::function<void(std::int32_t layer, std::int32_t part, std::byte* to)>;
    struct Sizes {
        std::int32_t layers = 0;
        std::int32_t parts = 0; // of a layer
        std::size_t partBytes = 0;
    };

    LayerStream(Device& device, const Sizes& sizes, Fill fill);
    ~LayerStream();
    LayerStream(const LayerStream&) = delete;
    LayerStream& operator=(const LayerStream&) = delete;

    // The layer's memory on the device [parts, partBytes], complete once `compute` gets here, until release(). Begins
    // to fetch the layer after it (the first one after the last). One layer is in use at a time.
    const std::byte* use(std::int32_t layer, Stream compute);
    // The layer in use is needed no more by what is queued on `compute` from here on.
    void release(Stream compute);

private:
    struct Place {
        DeviceMemory memory;
        OwnedEvent arrived, released;
        std::int32_t layer = -1;    // there or on its way
        std::exception_ptr failure; // of bringing it
    };
    struct Staging {
        PinnedMemory memory;
        OwnedEvent copied;
    };
    void work(const std::stop_token& stop);
    void bring(std::int32_t layer, Place& place);
    void request(std::int32_t layer, int place);

    Device& m_device;
    Sizes m_sizes;
    Fill m_fill;
    OwnedStream m_copies;
    std::array<Place, 2> m_places;
    std::array<Staging, 2> m_staging;
    std::int64_t m_staged = 0; // parts so far
    int m_inUse = 0;           // place
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    int m_wanted = -1;     // place that the thread is to fill; -1: none
    std::jthread m_thread; // last: it ends first
};

} // namespace moescope::cuda

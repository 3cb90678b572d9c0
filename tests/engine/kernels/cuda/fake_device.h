#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <vector>

#include "engine/kernels/cuda/device.h"

namespace moescope::cuda {

// A Device in host memory whose streams run only when somebody waits for them, and then in random order as far as
// their events allow: what is not ordered by an event goes wrong with some seed. Fresh memory holds junk; memory that
// is released while work is queued is first waited for, as cudaFree does.
class FakeDevice final : public Device {
public:
    // `eager`: all that can run does so at once, for callers that share memory with code that knows no streams.
    explicit FakeDevice(unsigned seed, bool eager = false) : m_random(seed), m_eager(eager) {}
    ~FakeDevice() override;

    void enqueue(Stream stream, std::function<void()> work); // a kernel
    bool isClean() const;                                    // everything handed out has come back
    std::size_t largestBytes() const { return m_largest; }   // on the device at any time
    int hostWaits() const { return m_hostWaits; }            // synchronize() calls that had to run something

    void setFreeBytes(std::size_t bytes) { m_free = bytes; }
    std::size_t freeBytes() const override { return m_free; }

    void* allocate(std::size_t bytes) override;
    void release(void* memory) noexcept override;
    void* allocatePinned(std::size_t bytes) override;
    void releasePinned(void* memory) noexcept override;
    Stream createStream() override;
    void destroy(Stream stream) noexcept override;
    Event createEvent() override;
    void destroy(Event event) noexcept override;
    void record(Event event, Stream stream) override;
    void wait(Stream stream, Event event) override;
    void synchronize(Event event) override;
    void synchronize(Stream stream) override;
    void copyToHost(void* pinned, const void* memory, std::size_t bytes, Stream stream) override;
    void copyToDevice(void* memory, const void* pinned, std::size_t bytes, Stream stream) override;
    void fill(void* memory, int byte, std::size_t bytes, Stream stream) override;

private:
    struct Mark {
        int recorded = 0;
        int passed = 0;
    };
    struct Step {
        std::function<bool()> ready;
        std::function<void()> work;
    };
    struct Queue {
        std::deque<Step> steps;
    };
    static Queue& of(Stream stream) { return *static_cast<Queue*>(stream.handle); }
    static Mark& of(Event event) { return *static_cast<Mark*>(event.handle); }

    void push(Stream stream, Step step);
    void runUntil(const std::function<bool()>& done);
    bool runOne();

    mutable std::recursive_mutex m_mutex;
    std::mt19937 m_random;
    bool m_eager;
    std::size_t m_free = std::size_t(1) << 40;
    std::vector<std::unique_ptr<Queue>> m_queues;
    std::vector<std::unique_ptr<Mark>> m_marks;
    std::map<void*, std::size_t> m_memory, m_pinned;
    std::size_t m_held = 0;
    std::size_t m_largest = 0;
    int m_hostWaits = 0;
};

} // namespace moescope::cuda

#pragma once

#include <functional>
#include <string>

#include "engine/kernels/cuda/device.h"

namespace moescope::cuda {

// Device over the CUDA runtime. Every call makes its GPU the calling thread's current one.
class CudaDevice final : public Device {
public:
    // Throws Error(NotFound) where there is no GPU of this number.
    explicit CudaDevice(int index = 0);

    // GPUs that can be used; 0 without any, without a driver, or with one too old.
    static int count();
    // Why count() is 0, as CUDA says it.
    static std::string absence();

    int index() const { return m_index; }
    void makeCurrent() const; // the calling thread's GPU
    // Called where memory is short, before allocate() tries once more: frees what another allocator keeps in reserve.
    void whenShort(std::function<void()> freeReserve) { m_freeReserve = std::move(freeReserve); }

    void* allocate(std::size_t bytes) override;
    void release(void* memory) noexcept override;
    void* allocatePinned(std::size_t bytes) override;
    void releasePinned(void* memory) noexcept override;
    std::size_t freeBytes() const override;
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
    int m_index;
    std::function<void()> m_freeReserve;
};

} // namespace moescope::cuda

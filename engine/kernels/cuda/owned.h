#pragma once

#include <cstddef>
#include <utility>

#include "engine/kernels/cuda/device.h"

namespace moescope::cuda {

// Owners of what a Device hands out. Move-only; the device must outlive them.

template <void* (Device::*Allocate)(std::size_t), void (Device::*Release)(void*) noexcept>
class OwnedMemory {
public:
    OwnedMemory() = default;
    OwnedMemory(Device& device, std::size_t bytes)
        : m_device(&device), m_memory(bytes > 0 ? (device.*Allocate)(bytes) : nullptr), m_bytes(bytes) {}
    ~OwnedMemory() {
        if (m_memory != nullptr)
            (m_device->*Release)(m_memory);
    }
    OwnedMemory(OwnedMemory&& other) noexcept { swap(other); }
    OwnedMemory& operator=(OwnedMemory&& other) noexcept {
        OwnedMemory(std::move(other)).swap(*this);
        return *this;
    }

    std::size_t bytes() const { return m_bytes; }
    template <class T = void>
    T* get() const {
        return static_cast<T*>(m_memory);
    }
    // At least so many bytes from now on; where it grows, what was in the memory is lost once all that is queued is
    // done.
    void grow(Device& device, std::size_t bytes) {
        if (bytes <= m_bytes)
            return;
        OwnedMemory().swap(*this); // first the old memory goes
        *this = OwnedMemory(device, bytes);
    }

private:
    void swap(OwnedMemory& other) noexcept {
        std::swap(m_device, other.m_device);
        std::swap(m_memory, other.m_memory);
        std::swap(m_bytes, other.m_bytes);
    }

    Device* m_device = nullptr;
    void* m_memory = nullptr;
    std::size_t m_bytes = 0;
};

using DeviceMemory = OwnedMemory<&Device::allocate, &Device::release>;
using PinnedMemory = OwnedMemory<&Device::allocatePinned, &Device::releasePinned>;

template <class Handle, Handle (Device::*Create)()>
class Owned {
public:
    Owned() = default;
    explicit Owned(Device& device) : m_device(&device), m_handle((device.*Create)()) {}
    ~Owned() {
        if (m_device != nullptr)
            m_device->destroy(m_handle);
    }
    Owned(Owned&& other) noexcept { swap(other); }
    Owned& operator=(Owned&& other) noexcept {
        Owned(std::move(other)).swap(*this);
        return *this;
    }

    operator Handle() const { return m_handle; }

private:
    void swap(Owned& other) noexcept {
        std::swap(m_device, other.m_device);
        std::swap(m_handle, other.m_handle);
    }

    Device* m_device = nullptr;
    Handle m_handle{};
};

using OwnedStream = Owned<Stream, &Device::createStream>;
using OwnedEvent = Owned<Event, &Device::createEvent>;

} // namespace moescope::cuda

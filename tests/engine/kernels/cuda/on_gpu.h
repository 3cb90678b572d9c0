#pragma once

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/cuda/cuda_device.h"
#include "engine/kernels/cuda/cuda_kernels.h"
#include "engine/kernels/cuda/owned.h"

namespace moescope::cuda {

// Tests that run kernels on a GPU and compare with the CPU; skipped where there is none.
class OnGpu : public testing::Test {
protected:
    void SetUp() override {
        if (CudaDevice::count() == 0)
            GTEST_SKIP() << "skipped: no CUDA device (" << CudaDevice::absence() << ")";
        m_device = std::make_unique<CudaDevice>();
        m_stream = OwnedStream(*m_device);
    }

    template <class T>
    DeviceMemory upload(const std::vector<T>& values) {
        DeviceMemory memory(*m_device, values.size() * sizeof(T));
        if (!values.empty())
            m_device->copyToDevice(memory.get(), values.data(), memory.bytes(), m_stream);
        m_device->synchronize(m_stream);
        return memory;
    }
    template <class T>
    std::vector<T> download(const DeviceMemory& memory) {
        std::vector<T> values(memory.bytes() / sizeof(T));
        if (!values.empty())
            m_device->copyToHost(values.data(), memory.get(), memory.bytes(), m_stream);
        m_device->synchronize(m_stream);
        return values;
    }

    std::unique_ptr<CudaDevice> m_device;
    OwnedStream m_stream;
    CudaKernels m_kernels{0};
};

} // namespace moescope::cuda

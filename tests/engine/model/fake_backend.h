#pragma once

#include <cmath>
#include <functional>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "engine/model/device_backend.h"
#include "engine/session/decoder_session.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/engine/kernels/cuda/emulated_kernels.h"

namespace moescope::test {

constexpr std::size_t kPlenty = std::size_t(1) << 40;

using MakeKernels = std::function<std::unique_ptr<cuda::Kernels>(cuda::FakeDevice&)>;

// A GPU's way, its kernels emulated on the CPU.
inline std::shared_ptr<DeviceBackend> fakeBackend(
    std::size_t freeBytes = kPlenty, const MakeKernels& makeKernels = [](cuda::FakeDevice& device) {
        return std::make_unique<cuda::EmulatedKernels>(device);
    }) {
    auto device = std::make_unique<cuda::FakeDevice>(1, true);
    device->setFreeBytes(freeBytes);
    auto kernels = makeKernels(*device);
    auto products = std::make_unique<cuda::NaiveProducts>(*device);
    const cuda::Stream stream = device->createStream();
    return std::make_shared<DeviceBackend>(
        DeviceParts{std::move(device), std::move(kernels), std::move(products), [stream] { return stream; }});
}

// On that backend; null: on the engine's own CPU kernels.
inline DecoderSession openOn(const TempFolder& folder, std::shared_ptr<DeviceBackend> backend) {
    Execution execution{at::kCPU, at::kFloat, backend == nullptr, std::move(backend)};
    return DecoderSession(folder.path(), {std::move(execution), "cpu", "f32"}, 2);
}

// NaN where NaN is wanted.
inline void expectNear(const std::vector<float>& got, const std::vector<float>& want) {
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_EQ(std::isnan(got[i]), std::isnan(want[i]));
        if (std::isnan(want[i]))
            continue;
        ASSERT_NEAR(got[i], want[i], 2e-4F * (1 + std::fabs(want[i])));
    }
}

} // namespace moescope::test

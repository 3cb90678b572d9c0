#pragma once

#include "engine/kernels/cuda/expert_products.h"
#include "engine/kernels/cuda/kernels.h"
#include "tests/engine/kernels/cuda/emulated_grid.h"
#include "tests/engine/kernels/cuda/fake_device.h"

namespace moescope::cuda {

// The kernels on a FakeDevice: each runs on the CPU when its stream gets to it.
class EmulatedKernels : public Kernels {
public:
    explicit EmulatedKernels(FakeDevice& device) : m_device(device) {}

    void route(const RouteCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { launchRoute(m_launcher, call); });
    }
    void ablate(const AblateCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { m_launcher.run<AblateRows>(call); });
    }
    void limit(const LimitCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { launchLimit(m_launcher, call); });
    }
    void order(const OrderCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { launchOrder(m_launcher, call); });
    }
    void gather(const GatherCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { launchGather(m_launcher, call); });
    }
    void activate(const ActivateCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { launchActivate(m_launcher, call); });
    }
    void combine(const CombineCall& call, Stream stream) override {
        m_device.enqueue(stream, [this, call] { launchCombine(m_launcher, call); });
    }

private:
    FakeDevice& m_device;
    EmulatedLauncher m_launcher;
};

// BLAS's definition of a product, on column-major matrices: c = a^T b, in double.
template <class T>
void columnMajorProduct(const GroupedArguments& arguments, std::size_t i) {
    const T* a = static_cast<const T*>(arguments.a[i]);
    const T* b = static_cast<const T*>(arguments.b[i]);
    T* c = static_cast<T*>(arguments.c[i]);
    for (int col = 0; col < arguments.n[i]; ++col)
        for (int row = 0; row < arguments.m[i]; ++row) {
            double sum = 0;
            for (int l = 0; l < arguments.k[i]; ++l)
                sum += double(toFloat(a[row * arguments.lda[i] + l])) * double(toFloat(b[col * arguments.ldb[i] + l]));
            store(float(sum), c[col * arguments.ldc[i] + row]);
        }
}

class NaiveProducts final : public ExpertProducts {
public:
    explicit NaiveProducts(FakeDevice& device) : m_device(device) {}

    void multiply(Element element, const std::vector<ExpertProduct>& products, Stream stream) override {
        m_device.enqueue(stream, [element, arguments = GroupedArguments(products)] {
            for (std::size_t i = 0; i < arguments.size(); ++i) {
                if (element == Element::F32)
                    columnMajorProduct<float>(arguments, i);
                else if (element == Element::F16)
                    columnMajorProduct<HalfBits>(arguments, i);
                else
                    columnMajorProduct<Bf16Bits>(arguments, i);
            }
        });
    }

private:
    FakeDevice& m_device;
};

} // namespace moescope::cuda

#include "engine/kernels/inference/packed_expert.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "engine/kernels/inference/amx/amx_packed.h"
#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/packed_matrix.h"

namespace moescope {

namespace {

// The two ways to run an expert.
template <class T>
class ExpertKernel {
public:
    virtual ~ExpertKernel() = default;
    virtual std::size_t bytes() const = 0;
    virtual void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const = 0;
};

// Library products with a pass over their results between them; any processor, any shape.
template <class T>
class PlainExpert final : public ExpertKernel<T> {
public:
    PlainExpert(std::int64_t width, std::int64_t inner, const T* gate, const T* up, const T* down)
        : m_width(width), m_inner(inner), m_gateUp(stack(width, inner, gate, up)), m_down(width, inner, down) {}

    std::size_t bytes() const override { return m_gateUp.bytes() + m_down.bytes(); }

    void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const override {
        thread_local std::vector<T> input, gateUp, inner, output;
        const std::int64_t padded = paddedRows(rows);
        input.resize(std::size_t(PackedExpert<T>::kLargestRows * m_width));
        gateUp.resize(std::size_t(PackedExpert<T>::kLargestRows * 2 * m_inner));
        inner.resize(std::size_t(PackedExpert<T>::kLargestRows * m_inner));
        output.resize(input.size());
        const InferenceLoops<T>& loops = inferenceLoops<T>();
        loops.gatherRows(rows, m_width, tokens, x, input.data());
        m_gateUp.multiply(padded, input.data(), m_width, gateUp.data(), 2 * m_inner);
        loops.silu(rows, m_inner, gateUp.data(), inner.data());
        m_down.multiply(padded, inner.data(), m_inner, padded == rows ? y : output.data(), m_width);
        if (padded != rows)
            std::copy_n(output.begin(), rows * m_width, y);
    }

private:
    // The library compiles a kernel for each number of rows, which costs more than a few rows too many.
    static std::int64_t paddedRows(std::int64_t rows) {
        return rows > 16 ? (rows + 15) / 16 * 16 : std::int64_t(std::bit_ceil(std::uint64_t(rows)));
    }

    static PackedMatrix<T> stack(std::int64_t width, std::int64_t inner, const T* gate, const T* up) {
        std::vector<T> both(gate, gate + inner * width);
        both.insert(both.end(), up, up + inner * width);
        return {2 * inner, width, both.data()};
    }

    std::int64_t m_width, m_inner;
    PackedMatrix<T> m_gateUp, m_down;
};

// Tiles: gate and up of the same 16 columns are made side by side, so that silu and product happen where they are.
class AmxExpert final : public ExpertKernel<Bf16> {
public:
    AmxExpert(std::int64_t width, std::int64_t inner, const Bf16* gate, const Bf16* up, const Bf16* down)
        : m_width(width), m_inner(inner), m_gateUp(std::size_t(2 * inner * width)), m_down(width, inner, down) {
        for (std::int64_t pair = 0; pair < inner / 16; ++pair) {
            Bf16* to = m_gateUp.data() + amxWeightElements(pair, width);
            amxPackTileColumn(gate + pair * 16 * width, width, 16, width, 0, to);
            amxPackTileColumn(up + pair * 16 * width, width, 16, width, 1, to);
        }
    }

    static bool suits(std::int64_t width, std::int64_t inner) {
        return AmxPackedMatrix::suits(width) && AmxPackedMatrix::suits(inner);
    }

    std::size_t bytes() const override { return m_gateUp.bytes() + m_down.bytes(); }

    void run(std::int64_t rows, const std::int32_t* tokens, const Bf16* x, Bf16* y) const override {
        constexpr std::int64_t largest = PackedExpert<Bf16>::kLargestRows;
        thread_local TileBuffer<Bf16> inputMemory, innerMemory;
        thread_local TileBuffer<float> scratchMemory;
        Bf16* input = inputMemory.reserve(std::size_t(largest * m_width));
        Bf16* inner = innerMemory.reserve(std::size_t(largest * m_inner));
        float* scratch = scratchMemory.reserve(std::size_t(amxScratchFloats(largest)));
        amxGatherTiled(x, tokens, rows, m_width, input);
        amxToSwiGlu(AmxOperand::tiled(input, m_width), rows, {m_gateUp.data(), m_width, m_inner / 16}, scratch, inner,
                    m_inner);
        const AmxWeights down = m_down.weights();
        amxToBf16(AmxOperand::tiled(inner, m_inner), rows, down, 0, down.pairs, m_width, scratch, y, m_width);
    }

private:
    std::int64_t m_width, m_inner;
    TileBuffer<Bf16> m_gateUp;
    AmxPackedMatrix m_down;
};

template <class T>
std::unique_ptr<ExpertKernel<T>> makeKernel(std::int64_t width, std::int64_t inner, const T* gate, const T* up,
                                            const T* down) {
    if constexpr (sizeof(T) == sizeof(Bf16))
        if (AmxExpert::suits(width, inner))
            return std::make_unique<AmxExpert>(width, inner, gate, up, down);
    return std::make_unique<PlainExpert<T>>(width, inner, gate, up, down);
}

} // namespace

template <class T>
struct PackedExpert<T>::Impl {
    std::unique_ptr<ExpertKernel<T>> kernel;
};

template <class T>
PackedExpert<T>::PackedExpert() = default;
template <class T>
PackedExpert<T>::~PackedExpert() = default;
template <class T>
PackedExpert<T>::PackedExpert(PackedExpert&&) noexcept = default;
template <class T>
PackedExpert<T>& PackedExpert<T>::operator=(PackedExpert&&) noexcept = default;

template <class T>
PackedExpert<T>::PackedExpert(std::int64_t width, std::int64_t inner, const T* gate, const T* up, const T* down)
    : m_impl(std::make_unique<Impl>(Impl{makeKernel<T>(width, inner, gate, up, down)})) {}

template <class T>
std::size_t PackedExpert<T>::bytes() const {
    return m_impl ? m_impl->kernel->bytes() : 0;
}

template <class T>
void PackedExpert<T>::run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const {
    m_impl->kernel->run(rows, tokens, x, y);
}

template class PackedExpert<float>;
template class PackedExpert<Bf16>;

} // namespace moescope

#include "engine/kernels/inference/packed_expert.h"

#include <algorithm>
#include <vector>

#include "engine/kernels/inference/amx/amx_packed.h"
#include "engine/kernels/inference/amx/amx_row.h"
#include "engine/kernels/inference/expert_kernel.h"
#include "engine/kernels/inference/int8_expert.h"
#include "engine/kernels/inference/loops.h"
#include "engine/kernels/inference/packed_matrix.h"

namespace moescope {

namespace {

// Library products with a pass over their results between them; any processor, shape and activation.
template <class T>
class PlainExpert final : public ExpertKernel<T> {
public:
    explicit PlainExpert(const ExpertMatrices<T>& m)
        : m_width(m.width), m_inner(m.inner), m_first(isGated(m.activation) ? 2 * m.inner : m.inner),
          m_activation(m.activation), m_limit(m.limit), m_gateUp(stack(m)), m_down(m.width, m.inner, m.down),
          m_firstBias(firstBias(m)), m_downBias(downBias(m)) {}

    std::size_t bytes() const override { return m_gateUp.bytes() + m_down.bytes(); }

    void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const override {
        thread_local std::vector<T> input, gateUp, inner, output;
        const std::int64_t padded = libraryRows(rows);
        input.resize(std::size_t(PackedExpert<T>::kLargestRows * m_width));
        gateUp.resize(std::size_t(PackedExpert<T>::kLargestRows * m_first));
        inner.resize(std::size_t(PackedExpert<T>::kLargestRows * m_inner));
        output.resize(input.size());
        const InferenceLoops<T>& loops = inferenceLoops<T>();
        loops.gatherRows(rows, m_width, tokens, x, input.data());
        m_gateUp.multiply(padded, input.data(), m_width, gateUp.data(), m_first);
        addBias(m_firstBias, rows, gateUp.data(), gateUp.data());
        activateRows(m_activation, m_limit, rows, m_inner, gateUp.data(), inner.data());
        const bool direct = padded == rows;
        m_down.multiply(padded, inner.data(), m_inner, direct ? y : output.data(), m_width);
        if (!m_downBias.empty())
            addBias(m_downBias, rows, direct ? y : output.data(), y);
        else if (!direct)
            std::copy_n(output.begin(), rows * m_width, y);
    }

private:
    static PackedMatrix<T> stack(const ExpertMatrices<T>& m) {
        if (!isGated(m.activation))
            return {m.inner, m.width, m.up};
        std::vector<T> both(m.gate, m.gate + m.inner * m.width);
        both.insert(both.end(), m.up, m.up + m.inner * m.width);
        return {2 * m.inner, m.width, both.data()};
    }

    static void addBias(const std::vector<float>& bias, std::int64_t rows, const T* x, T* y) {
        const auto width = std::int64_t(bias.size());
        for (std::int64_t r = 0; r < rows && width > 0; ++r)
            inferenceLoops<T>().addVector(width, x + r * width, bias.data(), y + r * width);
    }

    std::int64_t m_width, m_inner, m_first; // m_first: outputs of the first product
    ExpertActivation m_activation;
    float m_limit;
    PackedMatrix<T> m_gateUp, m_down;
    std::vector<float> m_firstBias, m_downBias; // empty: none
};

// Tiles: gate and up of the same 16 columns are made side by side, so that silu and product happen where they are.
class AmxExpert final : public ExpertKernel<Bf16> {
public:
    explicit AmxExpert(const ExpertMatrices<Bf16>& m)
        : m_width(m.width), m_inner(m.inner),
          m_gateUp(TileBuffer<Bf16>::uninitialised(std::size_t(2 * m.inner * m.width))),
          m_down(m.width, m.inner, m.down) {
        packGateUp(m);
    }

    bool repack(const ExpertMatrices<Bf16>& m) override {
        if (m.int8 || !suits(m) || m.width != m_width || m.inner != m_inner)
            return false;
        packGateUp(m);
        m_down.pack(m.down);
        return true;
    }

    static bool suits(const ExpertMatrices<Bf16>& m) {
        return m.activation == ExpertActivation::SwiGlu && !m.isBiased() && AmxPackedMatrix::suits(m.width) &&
               AmxPackedMatrix::suits(m.inner);
    }

    std::size_t bytes() const override { return m_gateUp.bytes() + m_down.bytes(); }

    void run(std::int64_t rows, const std::int32_t* tokens, const Bf16* x, Bf16* y) const override {
        constexpr std::int64_t largest = PackedExpert<Bf16>::kLargestRows;
        thread_local TileBuffer<Bf16> inputMemory, innerMemory;
        thread_local TileBuffer<float> scratchMemory;
        Bf16* input = inputMemory.reserve(std::size_t(largest * m_width));
        Bf16* inner = innerMemory.reserve(std::size_t(largest * m_inner));
        if (rows == 1) {
            runRow(x + tokens[0] * m_width, inner, y);
            return;
        }
        float* scratch = scratchMemory.reserve(std::size_t(amxScratchFloats(largest)));
        amxGatherTiled(x, tokens, rows, m_width, input);
        amxToSwiGlu(AmxOperand::tiled(input, m_width), rows, gateUp(), scratch, inner, m_inner);
        const AmxWeights down = m_down.weights();
        amxToBf16(AmxOperand::tiled(inner, m_inner), rows, down, 0, down.pairs, m_width, scratch, y, m_width);
    }

    RowBlocks rowBlocks() const override { return {m_inner, m_inner / 16, m_down.weights().pairs}; }
    void rowInner(const Bf16* x, std::int64_t begin, std::int64_t end, Bf16* inner) const override {
        amxRowToSwiGlu(x, gateUp(), begin, end, inner);
    }
    void rowOutput(const Bf16* inner, std::int64_t begin, std::int64_t end, Bf16* y) const override {
        amxRowToBf16(inner, m_down.weights(), begin, end, m_width, y);
    }

private:
    AmxWeights gateUp() const { return {m_gateUp.data(), m_width, m_inner / 16}; }

    // One row, whole.
    void runRow(const Bf16* x, Bf16* inner, Bf16* y) const {
        const RowBlocks blocks = rowBlocks();
        rowInner(x, 0, blocks.inner, inner);
        rowOutput(inner, 0, blocks.output, y);
    }

    void packGateUp(const ExpertMatrices<Bf16>& m) {
        for (std::int64_t pair = 0; pair < m.inner / 16; ++pair) {
            Bf16* to = m_gateUp.data() + amxWeightElements(pair, m.width);
            amxPackTileColumn(m.gate + pair * 16 * m.width, m.width, 16, m.width, 0, to);
            amxPackTileColumn(m.up + pair * 16 * m.width, m.width, 16, m.width, 1, to);
        }
    }

    std::int64_t m_width, m_inner;
    TileBuffer<Bf16> m_gateUp;
    AmxPackedMatrix m_down;
};

template <class T>
std::unique_ptr<ExpertKernel<T>> makeKernel(const ExpertMatrices<T>& matrices) {
    if (matrices.int8)
        return makeInt8Kernel(matrices);
    if constexpr (sizeof(T) == sizeof(Bf16))
        if (AmxExpert::suits(matrices))
            return std::make_unique<AmxExpert>(matrices);
    return std::make_unique<PlainExpert<T>>(matrices);
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
PackedExpert<T>::PackedExpert(const ExpertMatrices<T>& matrices)
    : m_impl(std::make_unique<Impl>(Impl{makeKernel<T>(matrices)})) {}

template <class T>
void PackedExpert<T>::assign(const ExpertMatrices<T>& matrices) {
    if (!m_impl || !m_impl->kernel->repack(matrices))
        *this = PackedExpert(matrices);
}

template <class T>
std::size_t PackedExpert<T>::bytes() const {
    return m_impl ? m_impl->kernel->bytes() : 0;
}

template <class T>
void PackedExpert<T>::run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const {
    m_impl->kernel->run(rows, tokens, x, y);
}

template <class T>
RowBlocks PackedExpert<T>::rowBlocks() const {
    return m_impl->kernel->rowBlocks();
}

template <class T>
void PackedExpert<T>::rowInner(const T* x, std::int64_t begin, std::int64_t end, T* inner) const {
    m_impl->kernel->rowInner(x, begin, end, inner);
}

template <class T>
void PackedExpert<T>::rowOutput(const T* inner, std::int64_t begin, std::int64_t end, T* y) const {
    m_impl->kernel->rowOutput(inner, begin, end, y);
}

template class PackedExpert<float>;
template class PackedExpert<Bf16>;

} // namespace moescope

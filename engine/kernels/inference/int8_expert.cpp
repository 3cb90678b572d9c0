#include "engine/kernels/inference/int8_expert.h"

#include <algorithm>
#include <vector>

#include "engine/kernels/inference/amx/amx_int8.h"
#include "engine/kernels/inference/amx/amx_packed.h"
#include "engine/kernels/inference/int8_matrix.h"
#include "engine/kernels/inference/loops.h"

namespace moescope {

namespace {

template <class T>
class PlainInt8Expert final : public ExpertKernel<T> {
public:
    explicit PlainInt8Expert(const ExpertMatrices<T>& m)
        : m_width(m.width), m_inner(m.inner), m_outputs(isGated(m.activation) ? 2 * m.inner : m.inner),
          m_activation(m.activation), m_limit(m.limit), m_firstBias(firstBias(m)), m_downBias(downBias(m)) {
        packFirst(m);
        std::vector<std::int8_t> codes(std::size_t(m.width * m.inner));
        m_downScales.resize(std::size_t(m.width));
        inferenceLoops<T>().quantizeRows(m.width, m.inner, nullptr, m.down, codes.data(), m_downScales.data());
        m_down = Int8Matrix(m.width, m.inner, codes.data());
    }

    std::size_t bytes() const override {
        return m_first.bytes() + m_down.bytes() + (m_firstScales.size() + m_downScales.size()) * sizeof(float);
    }

    void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const override {
        thread_local std::vector<T> first, inner;
        thread_local std::vector<std::int8_t> codes;
        thread_local std::vector<std::int32_t> sums;
        thread_local std::vector<float> scales(PackedExpert<T>::kLargestRows);
        const std::int64_t padded = libraryRows(rows);
        first.resize(std::size_t(rows * m_outputs));
        inner.resize(std::size_t(rows * m_inner));
        codes.resize(std::size_t(padded * std::max(m_width, m_inner)));
        sums.resize(std::size_t(padded * std::max(m_width, m_outputs)));
        const InferenceLoops<T>& loops = inferenceLoops<T>();
        const auto biasOf = [](const std::vector<float>& bias) { return bias.empty() ? nullptr : bias.data(); };
        loops.quantizeRows(rows, m_width, tokens, x, codes.data(), scales.data());
        m_first.multiply(padded, codes.data(), sums.data());
        loops.scaleSums(rows, m_outputs, sums.data(), scales.data(), m_firstScales.data(), biasOf(m_firstBias),
                        first.data());
        activateRows(m_activation, m_limit, rows, m_inner, first.data(), inner.data());
        loops.quantizeRows(rows, m_inner, nullptr, inner.data(), codes.data(), scales.data());
        m_down.multiply(padded, codes.data(), sums.data());
        loops.scaleSums(rows, m_width, sums.data(), scales.data(), m_downScales.data(), biasOf(m_downBias), y);
    }

private:
    // Gate above up.
    void packFirst(const ExpertMatrices<T>& m) {
        std::vector<std::int8_t> codes(std::size_t(m_outputs * m.width));
        m_firstScales.resize(std::size_t(m_outputs));
        std::int64_t row = 0;
        const auto append = [&](const T* matrix) {
            inferenceLoops<T>().quantizeRows(m.inner, m.width, nullptr, matrix, codes.data() + row * m.width,
                                             m_firstScales.data() + row);
            row += m.inner;
        };
        if (isGated(m.activation))
            append(m.gate);
        append(m.up);
        m_first = Int8Matrix(m_outputs, m.width, codes.data());
    }

    std::int64_t m_width, m_inner, m_outputs; // m_outputs: of the first product
    ExpertActivation m_activation;
    float m_limit;
    Int8Matrix m_first, m_down;
    std::vector<float> m_firstScales, m_downScales;
    std::vector<float> m_firstBias, m_downBias; // empty: none
};

// Gate and up of the same 16 columns are made side by side, as in the bf16 kernel. Widths are filled up with zeros.
template <class T>
class AmxInt8Expert final : public ExpertKernel<T> {
public:
    explicit AmxInt8Expert(const ExpertMatrices<T>& m)
        : m_width(m.width), m_inner(m.inner), m_innerPairs((m.inner + 15) / 16), m_widthPairs((m.width + 31) / 32),
          m_depth(amxInt8Depth(m.width)), m_innerDepth(amxInt8Depth(m.inner)),
          m_codes(TileBuffer<std::int8_t>::uninitialised(
              std::size_t(m_innerPairs * 32 * m_depth + m_widthPairs * 32 * m_innerDepth))),
          m_gateUpScales(std::size_t(m_innerPairs * 32)), m_downScales(std::size_t(m_widthPairs * 32)) {
        pack(m);
    }

    static bool suits(const ExpertMatrices<T>& m) {
        return m.activation == ExpertActivation::SwiGlu && !m.isBiased() && hasAmxInt8() &&
               std::max(m.width, m.inner) <= Int8Matrix::kMostColumns;
    }

    bool repack(const ExpertMatrices<T>& m) override {
        if (!m.int8 || !suits(m) || m.width != m_width || m.inner != m_inner)
            return false;
        pack(m);
        return true;
    }

    std::size_t bytes() const override {
        return m_codes.bytes() + (m_gateUpScales.size() + m_downScales.size()) * sizeof(float);
    }

    void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const override {
        constexpr std::int64_t largest = PackedExpert<T>::kLargestRows;
        thread_local TileBuffer<std::int8_t> codesMemory;
        thread_local TileBuffer<T> innerMemory;
        thread_local TileBuffer<std::int32_t> scratchMemory;
        thread_local TileBuffer<float> scalesMemory;
        std::int8_t* codes = codesMemory.reserve(std::size_t(largest * std::max(m_depth, m_innerDepth)));
        const std::int64_t innerDepth = (m_inner + kTileDepth<T> - 1) / kTileDepth<T> * kTileDepth<T>;
        T* inner = innerMemory.reserve(std::size_t(largest * innerDepth));
        std::int32_t* scratch = scratchMemory.reserve(std::size_t(amxScratchFloats(largest)));
        float* scales = scalesMemory.reserve(std::size_t(largest));
        amxInt8Quantize(TileOperand<T>::rowMajor(x, m_width), tokens, rows, m_width, codes, scales);
        amxInt8ToSwiGlu({codes, scales, rows}, {{gateUp(), m_depth, m_innerPairs}, m_gateUpScales.data()}, scratch,
                        inner, innerDepth);
        amxInt8Quantize(TileOperand<T>::tiled(inner, innerDepth), nullptr, rows, m_inner, codes, scales);
        amxInt8To({codes, scales, rows}, {{down(), m_innerDepth, m_widthPairs}, m_downScales.data()}, m_width, scratch,
                  y, m_width);
    }

private:
    std::int8_t* gateUp() const { return m_codes.data(); }
    std::int8_t* down() const { return m_codes.data() + m_innerPairs * 32 * m_depth; }

    void pack(const ExpertMatrices<T>& m) {
        for (std::int64_t pair = 0; pair < m_innerPairs; ++pair) {
            std::int8_t* to = gateUp() + pair * 32 * m_depth;
            float* scales = m_gateUpScales.data() + pair * 32;
            packColumns(m.gate, pair * 16, m.inner, m.width, 0, to, scales);
            packColumns(m.up, pair * 16, m.inner, m.width, 1, to, scales + 16);
        }
        for (std::int64_t tile = 0; tile < 2 * m_widthPairs; ++tile)
            packColumns(m.down, tile * 16, m.width, m.inner, int(tile % 2), down() + tile / 2 * 32 * m_innerDepth,
                        m_downScales.data() + tile * 16);
    }

    // 16 columns of the product from `begin` on, as many of them as there are: rows of `matrix` [rows, k].
    static void packColumns(const T* matrix, std::int64_t begin, std::int64_t rows, std::int64_t k, int half,
                            std::int8_t* pair, float* scales) {
        thread_local std::vector<std::int8_t> codes, filled;
        const std::int64_t depth = amxInt8Depth(k);
        const std::int64_t count = std::clamp<std::int64_t>(rows - begin, 0, 16);
        codes.resize(std::size_t(16 * k));
        filled.assign(std::size_t(16 * depth), 0);
        inferenceLoops<T>().quantizeRows(count, k, nullptr, matrix + std::min(begin, rows) * k, codes.data(), scales);
        std::fill(scales + count, scales + 16, 0.0F);
        for (std::int64_t r = 0; r < count; ++r)
            std::copy_n(codes.data() + r * k, k, filled.data() + r * depth);
        amxInt8PackTileColumn(filled.data(), count, depth, half, pair);
    }

    std::int64_t m_width, m_inner, m_innerPairs, m_widthPairs;
    std::int64_t m_depth, m_innerDepth; // width and inner, filled up
    TileBuffer<std::int8_t> m_codes;    // both matrices, so that more of them lies on large pages
    std::vector<float> m_gateUpScales, m_downScales;
};

} // namespace

template <class T>
std::unique_ptr<ExpertKernel<T>> makeInt8Kernel(const ExpertMatrices<T>& matrices) {
    if (AmxInt8Expert<T>::suits(matrices))
        return std::make_unique<AmxInt8Expert<T>>(matrices);
    return std::make_unique<PlainInt8Expert<T>>(matrices);
}

template std::unique_ptr<ExpertKernel<float>> makeInt8Kernel(const ExpertMatrices<float>&);
template std::unique_ptr<ExpertKernel<Bf16>> makeInt8Kernel(const ExpertMatrices<Bf16>&);

} // namespace moescope

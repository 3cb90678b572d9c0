#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/kernels/bf16.h"
#include "engine/routing/expert_activation.h"

namespace moescope {

// The matrices an expert is made of, row-major, with biases in f32 where not null.
template <class T>
struct ExpertMatrices {
    std::int64_t width = 0;
    std::int64_t inner = 0;
    ExpertActivation activation = ExpertActivation::SwiGlu;
    float limit = 0;         // of ClampedSwiGlu
    const T* gate = nullptr; // [inner, width]; null where the activation is not gated
    const T* up = nullptr;   // [inner, width]
    const T* down = nullptr; // [width, inner]
    const float* gateBias = nullptr;
    const float* upBias = nullptr;
    const float* downBias = nullptr;
    bool int8 = false; // each row of each matrix is kept as int8 codes with a scale (see quantised.h)

    bool isBiased() const { return gateBias != nullptr || upBias != nullptr || downBias != nullptr; }
};

// In how many blocks of columns threads can share one row's product with an expert.
struct RowBlocks {
    std::int64_t width = 0;  // of the inner values
    std::int64_t inner = 0;  // blocks of them; 0: this expert cannot be shared
    std::int64_t output = 0; // blocks of the results, each of which needs all inner values
};

// One expert, y = W_down act(W_gate x, W_up x), its weights packed for this machine. T is float or Bf16; sums are f32.
// Kept in int8, its products are of int8 too: x and what the activation makes of it are quantised row by row, sums are
// exact, and T is what comes in and goes out.
// Const functions may be called from several threads at once, each working alone.
template <class T>
class PackedExpert {
public:
    PackedExpert();
    explicit PackedExpert(const ExpertMatrices<T>& matrices); // copied
    ~PackedExpert();
    PackedExpert(PackedExpert&&) noexcept;
    PackedExpert& operator=(PackedExpert&&) noexcept;

    // Packs other matrices, into the memory of those before where their shapes agree: fresh pages from the system cost
    // as much as the packing.
    void assign(const ExpertMatrices<T>& matrices);

    std::size_t bytes() const;

    // Rows `tokens[0 .. rows)` of x [., width] through the expert into consecutive rows of y. At most kLargestRows.
    void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const;
    static constexpr std::int64_t kLargestRows = 256;

    // One row in two steps, blocks [begin, end) of the columns each: what run() gives for it, whoever does which block.
    RowBlocks rowBlocks() const;
    void rowInner(const T* x, std::int64_t begin, std::int64_t end, T* inner) const;
    void rowOutput(const T* inner, std::int64_t begin, std::int64_t end, T* y) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

extern template class PackedExpert<float>;
extern template class PackedExpert<Bf16>;

} // namespace moescope

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/kernels/bf16.h"

namespace moescope {

// One expert, y = W_down (silu(W_gate x) * W_up x), its weights packed for this machine. T is float or Bf16; sums are
// f32. Const functions may be called from several threads at once, each working alone.
template <class T>
class PackedExpert {
public:
    PackedExpert();
    // gate and up [inner, width], down [width, inner], row-major; copied.
    PackedExpert(std::int64_t width, std::int64_t inner, const T* gate, const T* up, const T* down);
    ~PackedExpert();
    PackedExpert(PackedExpert&&) noexcept;
    PackedExpert& operator=(PackedExpert&&) noexcept;

    std::size_t bytes() const;

    // Rows `tokens[0 .. rows)` of x [., width] through the expert into consecutive rows of y. At most kLargestRows.
    void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const;
    static constexpr std::int64_t kLargestRows = 256;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

extern template class PackedExpert<float>;
extern template class PackedExpert<Bf16>;

} // namespace moescope

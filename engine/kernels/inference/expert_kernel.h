#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/kernels/inference/packed_expert.h"

namespace moescope {

// A way to run an expert.
template <class T>
class ExpertKernel {
public:
    virtual ~ExpertKernel() = default;
    virtual std::size_t bytes() const = 0;
    // Whether these matrices are in place of the former; nothing is changed where not.
    virtual bool repack(const ExpertMatrices<T>&) { return false; }
    virtual void run(std::int64_t rows, const std::int32_t* tokens, const T* x, T* y) const = 0;
    // See PackedExpert.
    virtual RowBlocks rowBlocks() const { return {}; }
    virtual void rowInner(const T*, std::int64_t, std::int64_t, T*) const {}
    virtual void rowOutput(const T*, std::int64_t, std::int64_t, T*) const {}
};

// What the activation makes of the first products' rows, [gate | up] where it is gated.
template <class T>
void activateRows(ExpertActivation activation, float limit, std::int64_t rows, std::int64_t inner, const T* in, T* out);

// The first products' bias, gate's before up's where it is gated, zero for one that has none; empty where neither has.
template <class T>
std::vector<float> firstBias(const ExpertMatrices<T>& matrices);

// The down product's; empty where there is none.
template <class T>
std::vector<float> downBias(const ExpertMatrices<T>& matrices);

// oneDNN compiles a kernel for each number of rows, which costs more than a few rows too many.
std::int64_t libraryRows(std::int64_t rows);

} // namespace moescope

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "engine/kernels/inference/amx/amx_matrix.h"

namespace moescope {

// Uninitialised memory on a line of the cache; large ones on large pages, which matrices are read through faster.
// To be freed with std::free. Throws std::bad_alloc.
void* allocateTiles(std::size_t bytes);

// Memory for tiles: lines of the cache are never shared by two tile rows.
template <class T>
class TileBuffer {
public:
    TileBuffer() = default;

    // For what will be written whole: clearing as many megabytes as a model has would take as long as packing them.
    static TileBuffer uninitialised(std::size_t count) {
        TileBuffer buffer;
        buffer.allocate(count);
        return buffer;
    }

    // At least `count` elements; what was there is lost when it grows. New memory is zero.
    T* reserve(std::size_t count) {
        if (count > m_count) {
            allocate(count);
            __builtin_memset(static_cast<void*>(m_memory.get()), 0, count * sizeof(T));
        }
        return m_memory.get();
    }
    T* data() const { return m_memory.get(); }
    std::size_t bytes() const { return m_count * sizeof(T); }

private:
    struct Free {
        void operator()(T* memory) const { std::free(memory); }
    };

    void allocate(std::size_t count) {
        m_memory.reset();
        m_memory.reset(static_cast<T*>(allocateTiles((count * sizeof(T) + 63) / 64 * 64)));
        m_count = count;
    }

    std::unique_ptr<T, Free> m_memory;
    std::size_t m_count = 0;
};

// W [n, k] as the right operand of W^T products, over the engine's threads.
class AmxPackedMatrix {
public:
    AmxPackedMatrix(std::int64_t n, std::int64_t k, const Bf16* weight);
    // Another matrix of the same shape into the same memory.
    void pack(const Bf16* weight);

    // Whether this machine has AMX and the shape suits it.
    static bool suits(std::int64_t k) { return k % kAmxDepth == 0 && hasAmx(); }

    AmxWeights weights() const { return {m_tiles.data(), m_k, m_pairs}; }
    std::size_t bytes() const { return m_tiles.bytes(); }

    void multiply(std::int64_t m, const Bf16* x, std::int64_t ldx, Bf16* y, std::int64_t ldy) const;
    // -ln softmax(x W^T)[target] of every row; NaN for a negative target.
    void tokenLoss(std::int64_t m, const Bf16* x, const std::int32_t* targets, float* loss) const;
    void multiplyFloat(std::int64_t m, const Bf16* x, std::int64_t ldx, float* y, std::int64_t ldy,
                       bool accumulate) const;

private:
    template <class Multiply>
    void divideColumns(const Multiply& multiplyPart) const;

    std::int64_t m_n, m_k, m_pairs;
    TileBuffer<Bf16> m_tiles;
};

} // namespace moescope

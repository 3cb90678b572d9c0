#pragma once

#include <cstdint>

#include <immintrin.h>

#include "engine/kernels/inference/amx/amx_matrix.h"

namespace moescope {
namespace { // each file that includes this is compiled for its own instruction set

// Tiles 0-3 hold results, 4-5 the left operand, 6-7 the right one: all 16 rows of 64 bytes.
struct alignas(64) TileShapes {
    std::uint8_t palette = 1;
    std::uint8_t startRow = 0;
    std::uint8_t reserved[14] = {};
    std::uint16_t rowBytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
    std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// Tile state belongs to the thread and other libraries use it too: set for one call, then given back.
class TileSession {
public:
    TileSession() {
        const TileShapes shapes;
        _tile_loadconfig(&shapes);
    }
    ~TileSession() { _tile_release(); }
    TileSession(const TileSession&) = delete;
    TileSession& operator=(const TileSession&) = delete;
};

// What is fetched into the second-level cache beside a product: weights come from far, and a few lines a step hide
// what a burst would stall on.
struct Prefetch {
    const char* next = nullptr;
    std::int64_t lines = 0; // a step of k

    void step() {
        for (std::int64_t i = 0; i < lines; ++i)
            _mm_prefetch(next + i * 64, _MM_HINT_T1);
        next += lines * 64;
    }
};

// The products of an element type and what they are summed in: result tiles 0-3 += left 4, 5 x right 6, 7.
template <class Element>
struct Tiles;

template <>
struct Tiles<Bf16> {
    using Sum = float;
    static void multiply0() { _tile_dpbf16ps(0, 4, 6); }
    static void multiply1() { _tile_dpbf16ps(1, 4, 7); }
    static void multiply2() { _tile_dpbf16ps(2, 5, 6); }
    static void multiply3() { _tile_dpbf16ps(3, 5, 7); }
};

// 32 x 32 results over `blocks` steps of k as four 16 x 16 tiles in `c`; they continue what is there unless `first`.
// a0 and a1: the upper and lower 16 rows, rowBytes apart, `step` elements from one block of k to the next.
// b: tile pairs one behind another, which stay in the first-level cache while the left operand streams past them (the
// non-temporal load keeps it from driving them out: a quarter faster). beside.step() is called in each step of k, for
// what the other units can do.
template <class Element, class Beside>
inline void multiplyBlock(std::int64_t blocks, const Element* a0, const Element* a1, std::int64_t rowBytes,
                          std::int64_t step, const Element* b, typename Tiles<Element>::Sum* c, bool first,
                          Beside& beside) {
    constexpr std::int64_t tile = 16 * kTileDepth<Element>;
    if (first) {
        _tile_zero(0);
        _tile_zero(1);
        _tile_zero(2);
        _tile_zero(3);
    } else {
        _tile_loadd(0, c, 64);
        _tile_loadd(1, c + 256, 64);
        _tile_loadd(2, c + 512, 64);
        _tile_loadd(3, c + 768, 64);
    }
    for (std::int64_t i = 0; i < blocks; ++i) {
        _tile_loadd(6, b, 64);
        _tile_stream_loadd(4, a0, rowBytes);
        _tile_loadd(7, b + tile, 64);
        Tiles<Element>::multiply0();
        beside.step();
        _tile_stream_loadd(5, a1, rowBytes);
        Tiles<Element>::multiply1();
        Tiles<Element>::multiply2();
        Tiles<Element>::multiply3();
        b += 2 * tile;
        a0 += step;
        a1 += step;
    }
    _tile_stored(0, c, 64);
    _tile_stored(1, c + 256, 64);
    _tile_stored(2, c + 512, 64);
    _tile_stored(3, c + 768, 64);
}

// Row r of results made by multiplyBlock, 32 rows a block: columns 0-15; columns 16-31 are 256 further.
template <class Sum>
inline Sum* resultRow(Sum* c, std::int64_t row) {
    const auto r = std::uint64_t(row);
    return c + r / 32 * 1024 + (r / 16 % 2) * 512 + r % 16 * 16;
}

// The first `columns` of 16.
inline __mmask16 columnMask(std::int64_t columns) {
    return columns >= 16 ? __mmask16(0xFFFF) : columns <= 0 ? __mmask16(0) : __mmask16((1U << columns) - 1U);
}

inline void storeBf16(Bf16* to, __mmask16 mask, __m512 values) {
    _mm256_mask_storeu_epi16(to, mask, __m256i(_mm512_cvtneps_pbh(values)));
}

} // namespace
} // namespace moescope

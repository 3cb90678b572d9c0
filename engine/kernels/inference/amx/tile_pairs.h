#pragma once

#include "engine/kernels/inference/amx/tile_product.h"

namespace moescope {
namespace { // each file that includes this is compiled for its own instruction set

// Blocks of depth taken at a time, at most: the right operand's 2 x 16 KiB then stay in the first-level cache for all
// rows.
constexpr std::int64_t kDepthBlocks = 16;

// What is done beside the tile unit's work, a little at each step of k: the next weights are fetched, and results that
// are complete are finished, row by row.
template <class Sum, class FinishRow>
class Beside {
public:
    explicit Beside(const FinishRow& finish) : m_finish(finish) {}

    // What is fetched from now on, so many lines a step.
    void fetch(const void* next, std::int64_t lines) { m_prefetch = {static_cast<const char*>(next), lines}; }

    // Rows [begin, end) of a pair, at most 32 of them, are complete in `results`; they take about `steps` steps.
    void complete(std::int64_t pair, std::int64_t begin, std::int64_t end, std::int64_t steps, const Sum* results) {
        finishAll();
        m_pair = pair;
        m_begin = begin;
        m_done = 0;
        m_count = end - begin;
        m_rowsAStep = (m_count + steps - 1) / steps;
        m_results = results;
    }

    void step() {
        m_prefetch.step();
        for (std::int64_t i = 0; i < m_rowsAStep && m_done < m_count; ++i)
            finishRow();
    }

    void finishAll() {
        while (m_done < m_count)
            finishRow();
    }

private:
    void finishRow() {
        m_finish(m_pair, m_begin + m_done, resultRow(m_results, m_done));
        ++m_done;
    }

    const FinishRow& m_finish;
    Prefetch m_prefetch;
    const Sum* m_results = nullptr;
    std::int64_t m_pair = 0, m_begin = 0, m_done = 0, m_count = 0, m_rowsAStep = 0;
};

// Calls finish(pair, row, results) for each row of each pair, while the tile unit is at the next 32 rows: columns 0-15
// are at results, 16-31 at results + 256.
template <class Element, class FinishRow>
void multiplyPairs(const TileOperand<Element>& x, std::int64_t rows, const TileWeights<Element>& w,
                   std::int64_t pairBegin, std::int64_t pairEnd, typename Tiles<Element>::Sum* scratch,
                   const FinishRow& finish) {
    constexpr std::int64_t tilePair = 2 * 16 * kTileDepth<Element>;
    const TileSession session;
    const std::int64_t depth = w.k / kTileDepth<Element>;
    const std::int64_t chunks = (depth + kDepthBlocks - 1) / kDepthBlocks;
    const std::int64_t rowBlocks = (rows + kAmxRows - 1) / kAmxRows;
    const std::int64_t linesAStep = (32 + rowBlocks - 1) / rowBlocks; // of the 32 that a step of one row block uses
    std::int64_t turn = 0; // where depth is taken at once, two blocks of results are enough and stay in the cache
    Beside<typename Tiles<Element>::Sum, FinishRow> beside(finish);
    for (std::int64_t pair = pairBegin; pair < pairEnd; ++pair) {
        const Element* panel = w.data + pair * depth * tilePair;
        beside.fetch(panel + depth * tilePair, pair + 1 < pairEnd ? linesAStep : 0);
        if (rowBlocks == 1 && chunks > 1)
            beside.finishAll(); // its results would be overwritten
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
            const std::int64_t begin = depth * chunk / chunks;
            const std::int64_t count = depth * (chunk + 1) / chunks - begin;
            for (std::int64_t block = 0; block < rowBlocks; ++block) {
                auto* results = scratch + (chunks == 1 ? turn++ % 2 : block) * 1024;
                const Element* a = x.data + 2 * block * x.rowBlock + begin * x.depthBlock;
                multiplyBlock(count, a, a + x.rowBlock, x.row * std::int64_t(sizeof(Element)), x.depthBlock,
                              panel + begin * tilePair, results, chunk == 0, beside);
                if (chunk + 1 == chunks)
                    beside.complete(pair, block * 32, block * 32 + 32 < rows ? block * 32 + 32 : rows, count, results);
            }
        }
    }
    beside.finishAll();
}

// The row's results of the next pair go here: without this, stores to rows far apart wait for their lines one by one.
template <class T>
inline void prefetchNextPair(T* to) {
    __builtin_prefetch(to + kAmxColumns, 1, 3);
}

} // namespace
} // namespace moescope

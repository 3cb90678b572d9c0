#include "engine/kernels/inference/amx/amx_packed.h"

#include <algorithm>
#include <new>

#include <sys/mman.h>

#include "engine/kernels/inference/amx/amx_row.h"
#include "engine/kernels/inference/task_loop.h"
#include "engine/kernels/parallel.h"

namespace moescope {

namespace {

constexpr std::int64_t kChunk = 256; // rows at a time: their operand stays in the second-level cache

struct Part {
    std::int64_t rowBegin, rows, pairBegin, pairEnd;
};

// Rows go over the threads in chunks; where there are fewer chunks than threads, columns are divided too.
std::vector<Part> divide(std::int64_t m, std::int64_t pairs) {
    const std::int64_t threads = threadCount();
    const std::int64_t chunks = (m + kChunk - 1) / kChunk;
    const std::int64_t columnParts =
        std::min<std::int64_t>(pairs, chunks >= threads ? 1 : (threads + chunks - 1) / chunks);
    std::vector<Part> parts;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk)
        for (std::int64_t c = 0; c < columnParts; ++c)
            parts.push_back({chunk * kChunk, std::min(kChunk, m - chunk * kChunk), pairs * c / columnParts,
                             pairs * (c + 1) / columnParts});
    return parts;
}

// The part's left operand. Tiles one behind another stream better than rows far apart, so it is copied where enough
// columns profit, and at a ragged end, where whole blocks of rows cannot be read.
AmxOperand operandOf(const Part& part, const Bf16* x, std::int64_t ldx, std::int64_t k) {
    thread_local TileBuffer<Bf16> copy;
    const Bf16* rows = x + part.rowBegin * ldx;
    constexpr std::int64_t manyPairs = 16;
    if (part.rows % kAmxRows == 0 && part.pairEnd - part.pairBegin < manyPairs)
        return AmxOperand::rowMajor(rows, ldx);
    Bf16* tiled = copy.reserve(std::size_t(kChunk * k));
    amxCopyTiled(rows, ldx, part.rows, k, tiled);
    return AmxOperand::tiled(tiled, k);
}

float* scratch() {
    thread_local TileBuffer<float> memory;
    return memory.reserve(std::size_t(amxScratchFloats(kChunk)));
}

} // namespace

void* allocateTiles(std::size_t bytes) {
    constexpr std::size_t largePage = std::size_t(1) << 21;
    void* memory = nullptr;
    if (::posix_memalign(&memory, bytes >= largePage ? largePage : 64, bytes) != 0)
        throw std::bad_alloc();
    if (bytes >= largePage)
        ::madvise(memory, bytes / largePage * largePage, MADV_HUGEPAGE); // a hint
    return memory;
}

AmxPackedMatrix::AmxPackedMatrix(std::int64_t n, std::int64_t k, const Bf16* weight)
    : m_n(n), m_k(k), m_pairs((n + kAmxColumns - 1) / kAmxColumns),
      m_tiles(TileBuffer<Bf16>::uninitialised(std::size_t(amxWeightElements(m_pairs, k)))) {
    pack(weight);
}

void AmxPackedMatrix::pack(const Bf16* weight) {
    for (std::int64_t tile = 0; tile < 2 * m_pairs; ++tile)
        amxPackTileColumn(weight + tile * 16 * m_k, m_k, std::clamp<std::int64_t>(m_n - tile * 16, 0, 16), m_k,
                          int(tile % 2), m_tiles.data() + amxWeightElements(tile / 2, m_k));
}

// Calls multiplyPart(pairBegin, pairEnd) on the threads, in parts large enough for memory to run at speed and small
// enough that threads end together; one not worth waking another thread for stays whole.
template <class Multiply>
void AmxPackedMatrix::divideColumns(const Multiply& multiplyPart) const {
    constexpr std::int64_t partBytes = std::int64_t(1) << 18;
    const std::int64_t pairBytes = amxWeightElements(1, m_k) * std::int64_t(sizeof(Bf16));
    const std::int64_t part = std::max<std::int64_t>(1, partBytes / pairBytes);
    parallelTasks((m_pairs + part - 1) / part,
                  [&](std::int64_t index) { multiplyPart(index * part, std::min((index + 1) * part, m_pairs)); });
}

void AmxPackedMatrix::multiply(std::int64_t m, const Bf16* x, std::int64_t ldx, Bf16* y, std::int64_t ldy) const {
    if (m == 1) {
        divideColumns([&](std::int64_t begin, std::int64_t end) { amxRowToBf16(x, weights(), begin, end, m_n, y); });
        return;
    }
    const std::vector<Part> parts = divide(m, m_pairs);
    parallelTasks(std::int64_t(parts.size()), [&](std::int64_t index) {
        const Part& part = parts[std::size_t(index)];
        amxToBf16(operandOf(part, x, ldx, m_k), part.rows, weights(), part.pairBegin, part.pairEnd, m_n, scratch(),
                  y + part.rowBegin * ldy, ldy);
    });
}

void AmxPackedMatrix::multiplyFloat(std::int64_t m, const Bf16* x, std::int64_t ldx, float* y, std::int64_t ldy,
                                    bool accumulate) const {
    if (m == 1) {
        divideColumns(
            [&](std::int64_t begin, std::int64_t end) { amxRowToFloat(x, weights(), begin, end, m_n, y, accumulate); });
        return;
    }
    const std::vector<Part> parts = divide(m, m_pairs);
    parallelTasks(std::int64_t(parts.size()), [&](std::int64_t index) {
        const Part& part = parts[std::size_t(index)];
        amxToFloat(operandOf(part, x, ldx, m_k), part.rows, weights(), part.pairBegin, part.pairEnd, m_n, scratch(),
                   y + part.rowBegin * ldy, ldy, accumulate);
    });
}

void AmxPackedMatrix::tokenLoss(std::int64_t m, const Bf16* x, const std::int32_t* targets, float* loss) const {
    constexpr std::int64_t chunk = 512; // the weights of a vocabulary come from memory: many rows for each pass
    parallelTasks((m + chunk - 1) / chunk, [&](std::int64_t index) {
        thread_local TileBuffer<Bf16> tiled;
        thread_local TileBuffer<float> scratchMemory, state;
        const std::int64_t begin = index * chunk;
        const std::int64_t rows = std::min(chunk, m - begin);
        amxCopyTiled(x + begin * m_k, m_k, rows, m_k, tiled.reserve(std::size_t(chunk * m_k)));
        amxTokenLoss(AmxOperand::tiled(tiled.data(), m_k), rows, weights(), m_n, targets + begin,
                     scratchMemory.reserve(std::size_t(amxScratchFloats(chunk))),
                     state.reserve(std::size_t(amxLossState(chunk))), loss + begin);
    });
}

} // namespace moescope

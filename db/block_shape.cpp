#include "db/block_shape.h"

namespace moescope::sqlite {

namespace {

constexpr std::size_t kRowHeader = 16; // record header, row id and block columns of our rows
constexpr double kEnough = 1.13;       // stored / raw that is good enough to prefer the larger block
constexpr std::int32_t kSmallest = 128;

} // namespace

// From SQLite's file format, table b-tree leaf cells: a payload that does not fit a page keeps between `least` and a
// page of it in the leaf, the rest goes to a chain of overflow pages.
double storedBytes(std::size_t payload) {
    constexpr std::size_t kMost = kPageSize - 35;
    constexpr std::size_t kLeast = (kPageSize - 12) * 32 / 255 - 23;
    constexpr std::size_t kOverflow = kPageSize - 4;
    const std::size_t bytes = payload + kRowHeader;
    std::size_t local = bytes;
    if (bytes > kMost) {
        const std::size_t spill = kLeast + (bytes - kLeast) % kOverflow;
        local = spill <= kMost ? spill : kLeast;
    }
    const std::size_t chain = (bytes - local + kOverflow - 1) / kOverflow;
    const std::size_t cell = local + 12; // pointer, sizes, row id, overflow page
    const std::size_t cellsPerPage = (kPageSize - 8) / cell;
    return double(chain * kPageSize) + double(kPageSize) / double(cellsPerPage == 0 ? 1 : cellsPerPage);
}

std::int32_t blockTokens(std::int32_t largest, std::size_t bytesPerToken) {
    std::int32_t best = largest;
    double bestRatio = 0;
    for (std::int32_t tokens = largest; tokens >= kSmallest; tokens /= 2) {
        const double raw = double(tokens) * double(bytesPerToken);
        const double ratio = storedBytes(std::size_t(tokens) * bytesPerToken) / raw;
        if (ratio <= kEnough) {
            return tokens;
        }
        if (bestRatio == 0 || ratio < bestRatio - 0.02) {
            best = tokens;
            bestRatio = ratio;
        }
    }
    return best;
}

std::int32_t routeBlockTokens(std::int32_t topK, std::size_t idBytes) {
    return blockTokens(kTokenBlock, std::size_t(topK) * (idBytes + sizeof(float)));
}

std::int32_t logitBlockTokens(std::int32_t experts, std::size_t logitBytes) {
    const std::int32_t largest = experts <= 32 ? 1024 : (experts < 64 ? 512 : 256);
    return blockTokens(largest, std::size_t(experts) * logitBytes);
}

} // namespace moescope::sqlite

#include "app/service/token_chunk.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::int64_t kChunkBytes = std::int64_t(32) << 20;
constexpr std::int64_t kMostTokens = 8192;

// The memory behind one layer's part of a chunk.
struct LayerBuffer {
    const MoeLayerInfo* info = nullptr;
    std::vector<std::uint16_t> ids;
    std::vector<float> weights, logits;

    // isWhole: every token will be put.
    void resize(std::int64_t tokens, const ChunkOptions& options, bool isWhole) {
        if (!isWhole) {
            ids.clear();
            weights.clear();
        }
        ids.resize(std::size_t(tokens * info->moe.topK), kNoExpert);
        weights.resize(ids.size(), 0.0F);
        logits.resize(options.logits ? std::size_t(tokens * info->moe.experts) : 0);
    }

    void put(const RoutingBlock& block, TokenIndex first) {
        if (block.topK != info->moe.topK) {
            throw Error(ErrorCode::Corruption, "a block of layer " + std::to_string(block.layer.value) + " has " +
                                                   std::to_string(block.topK) + " slots a token instead of " +
                                                   std::to_string(info->moe.topK) + "; check the file with verify-db");
        }
        const auto at = std::size_t(block.first - first);
        std::copy(block.ids.begin(), block.ids.end(), ids.begin() + std::ptrdiff_t(at * std::size_t(block.topK)));
        std::copy(block.weights.begin(), block.weights.end(),
                  weights.begin() + std::ptrdiff_t(at * std::size_t(block.topK)));
        if (!logits.empty()) {
            std::copy(block.logits.begin(), block.logits.end(),
                      logits.begin() + std::ptrdiff_t(at * std::size_t(block.experts)));
        }
    }

    RoutingBlock block(TokenRange range) const {
        return {info->layer, range.begin, std::int32_t(range.end - range.begin), info->moe.topK, info->moe.experts, ids,
                weights,     logits};
    }
};

std::int64_t chunkTokens(const std::vector<MoeLayerInfo>& layers, const ChunkOptions& options) {
    std::int64_t bytes = 1;
    for (const MoeLayerInfo& layer : layers) {
        bytes += 6 * layer.moe.topK + (options.logits ? 4 * layer.moe.experts : 0);
    }
    const std::int64_t fit = std::min(kMostTokens, kChunkBytes / bytes);
    return std::max(options.align, fit / options.align * options.align);
}

} // namespace

void eachChunk(const Recording& recording, const RunInfo& run, const RunFilter& filter, const ChunkOptions& options,
               const std::function<void(double)>& progress, const std::function<void(const TokenChunk&)>& visit) {
    const std::vector<TokenRange> ranges = tokenRanges(recording, run, filter);
    const std::vector<MoeLayerInfo> layers = layersOf(run, filter);
    if (ranges.empty() || layers.empty()) {
        return;
    }
    std::vector<LayerBuffer> buffers(layers.size());
    const std::int64_t step = chunkTokens(layers, options);
    const TokenIndex end = ranges.back().end;
    TokenChunk chunk;
    for (TokenIndex first = ranges.front().begin / step * step; first < end; first += step) {
        chunk.range = {std::max(first, ranges.front().begin), std::min(first + step, end)};
        chunk.taken = tokenFlags(ranges, chunk.range);
        if (std::find(chunk.taken.begin(), chunk.taken.end(), 1) == chunk.taken.end()) {
            continue;
        }
        const bool isWhole = std::find(chunk.taken.begin(), chunk.taken.end(), 0) == chunk.taken.end();
        RunFilter part = filter;
        part.experts.clear();
        part.tokenBegin = chunk.range.begin;
        part.tokenEnd = chunk.range.end;
        for (std::size_t l = 0; l < layers.size(); ++l) {
            buffers[l].info = &layers[l];
            buffers[l].resize(chunk.range.end - chunk.range.begin, options, isWhole);
        }
        recording.eachRouting(run, part, options.logits, [&](const RoutingBlock& block) {
            const auto buffer = std::find_if(buffers.begin(), buffers.end(),
                                             [&](const LayerBuffer& b) { return b.info->layer == block.layer; });
            buffer->put(block, chunk.range.begin);
        });
        chunk.layers.clear();
        for (const LayerBuffer& buffer : buffers) {
            chunk.layers.push_back(buffer.block(chunk.range));
        }
        visit(chunk);
        progress(double(chunk.range.end - ranges.front().begin) / double(end - ranges.front().begin));
    }
}

} // namespace moescope

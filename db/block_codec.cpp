#include "db/block_codec.h"

#include <bit>
#include <cstring>

#include "db/block_shape.h"
#include "db/half.h"
#include "engine/routing/routing_block.h"

namespace moescope::sqlite {

static_assert(std::endian::native == std::endian::little, "blocks are stored as they lie in memory");

LayerStorage LayerStorage::choose(const MoeLayerInfo& layer, LogitStorage logits) {
    LayerStorage s;
    s.info = layer;
    s.logits = logits;
    s.idBytes = layer.moe.experts <= 255 ? 1 : 2;
    s.routeBlock = routeBlockTokens(layer.moe.topK, s.idBytes);
    s.logitBlock = logitBlockTokens(layer.moe.experts, logits == LogitStorage::None ? 4 : logitBytes(logits));
    return s;
}

void encodeIds(std::span<const std::uint16_t> ids, std::size_t idBytes, std::byte* to) {
    if (idBytes == 2) {
        std::memcpy(to, ids.data(), ids.size_bytes());
        return;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        to[i] = std::byte(ids[i] & 0xFF); // kNoExpert becomes 255
    }
}

void decodeIds(const std::byte* from, std::size_t idBytes, std::span<std::uint16_t> ids) {
    if (idBytes == 2) {
        std::memcpy(ids.data(), from, ids.size_bytes());
        return;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto id = std::uint16_t(from[i]);
        ids[i] = id == 0xFF ? kNoExpert : id;
    }
}

// Blobs lie at any address, so halves are read through memory of their own alignment.
void encodeLogits(std::span<const float> logits, LogitStorage storage, std::byte* to) {
    if (storage == LogitStorage::F32) {
        std::memcpy(to, logits.data(), logits.size_bytes());
        return;
    }
    std::uint16_t halves[256];
    for (std::size_t i = 0; i < logits.size(); i += 256) {
        const std::size_t n = std::min<std::size_t>(256, logits.size() - i);
        floatToHalf(logits.subspan(i, n), halves);
        std::memcpy(to + i * 2, halves, n * 2);
    }
}

void decodeLogits(const std::byte* from, LogitStorage storage, std::span<float> logits) {
    if (storage == LogitStorage::F32) {
        std::memcpy(logits.data(), from, logits.size_bytes());
        return;
    }
    std::uint16_t halves[256];
    for (std::size_t i = 0; i < logits.size(); i += 256) {
        const std::size_t n = std::min<std::size_t>(256, logits.size() - i);
        std::memcpy(halves, from + i * 2, n * 2);
        halfToFloat(halves, logits.subspan(i, n));
    }
}

} // namespace moescope::sqlite

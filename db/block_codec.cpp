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

void encodeLogits(std::span<const float> logits, LogitStorage storage, std::byte* to) {
    if (storage == LogitStorage::F16) {
        floatToHalf(logits, to);
    } else {
        std::memcpy(to, logits.data(), logits.size_bytes());
    }
}

void decodeLogits(const std::byte* from, LogitStorage storage, std::span<float> logits) {
    if (storage == LogitStorage::F16) {
        halfToFloat(from, logits);
    } else {
        std::memcpy(logits.data(), from, logits.size_bytes());
    }
}

} // namespace moescope::sqlite

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/routing/moe_config.h"
#include "engine/routing/run_spec.h"

namespace moescope::sqlite {

// How one layer of a run lies in the file. Numbers are little-endian, rows by token.
struct LayerStorage {
    std::int64_t id = 0; // of the layer table
    MoeLayerInfo info;
    LogitStorage logits = LogitStorage::None;
    std::size_t idBytes = 1;     // 1: ids below 255, 255 = no expert; 2: kNoExpert
    std::int64_t logitLayer = 0; // whose logit blocks these are: id, or a layer of the run that was replayed
    std::int32_t routeBlock = 0;
    std::int32_t logitBlock = 0;

    bool storesLogits() const { return logits != LogitStorage::None && logitLayer == id; }
    std::size_t idRow() const { return std::size_t(info.moe.topK) * idBytes; } // bytes of a token
    std::size_t weightRow() const { return std::size_t(info.moe.topK) * sizeof(float); }
    std::size_t logitRow() const { return std::size_t(info.moe.experts) * logitBytes(logits); }

    static std::size_t logitBytes(LogitStorage storage) {
        return storage == LogitStorage::None ? 0 : (storage == LogitStorage::F16 ? 2 : 4);
    }
    // The layout new runs are written in.
    static LayerStorage choose(const MoeLayerInfo& layer, LogitStorage logits);
};

void encodeIds(std::span<const std::uint16_t> ids, std::size_t idBytes, std::byte* to);
void decodeIds(const std::byte* from, std::size_t idBytes, std::span<std::uint16_t> ids);
void encodeLogits(std::span<const float> logits, LogitStorage storage, std::byte* to);
void decodeLogits(const std::byte* from, LogitStorage storage, std::span<float> logits);

} // namespace moescope::sqlite

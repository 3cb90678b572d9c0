#include "db/choice_scan.h"

#include <algorithm>

#include "db/block_reader.h"

namespace moescope::sqlite {

namespace {
constexpr int kBlocks = 64; // of a transaction
}

ChoiceScan::ChoiceScan(sqlite3* db)
    : m_blocks(db, "SELECT block, tokens, ids FROM route_block WHERE layer_id=? AND block>=? ORDER BY block") {}

void ChoiceScan::each(const LayerStorage& layer, const TokenRange& range,
                      const std::function<void(const RoutingBlock&)>& visit) {
    const auto k = std::size_t(layer.info.moe.topK);
    for (TokenIndex at = range.begin; at < range.end;) {
        Reset reset(m_blocks);
        m_blocks.bind(1, layer.id).bind(2, at / layer.routeBlock);
        for (int i = 0; i < kBlocks && at < range.end; ++i) {
            const std::int64_t number = at / layer.routeBlock;
            decode(layer, number);
            const TokenIndex first = number * layer.routeBlock;
            const TokenIndex end = std::min(range.end, first + m_tokens);
            if (end <= at) {
                throwDamagedBlock(layer, "routing", number);
            }
            const auto skipped = std::size_t(at - first) * k;
            visit({layer.info.layer,
                   at,
                   std::int32_t(end - at),
                   layer.info.moe.topK,
                   layer.info.moe.experts,
                   std::span(m_ids).subspan(skipped, std::size_t(end - at) * k),
                   {},
                   {}});
            at = end;
        }
    }
}

void ChoiceScan::decode(const LayerStorage& layer, std::int64_t block) {
    if (!m_blocks.step() || m_blocks.integer(0) != block) {
        throwDamagedBlock(layer, "routing", block);
    }
    m_tokens = std::clamp<std::int64_t>(m_blocks.integer(1), 0, layer.routeBlock);
    const auto ids = m_blocks.blob(2);
    if (m_tokens == 0 || ids.size() != std::size_t(m_tokens) * layer.idRow()) {
        throwDamagedBlock(layer, "routing", block);
    }
    m_ids.resize(std::size_t(m_tokens) * std::size_t(layer.info.moe.topK));
    decodeIds(ids.data(), layer.idBytes, m_ids);
}

} // namespace moescope::sqlite

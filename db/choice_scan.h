#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "db/block_codec.h"
#include "db/statement.h"
#include "db/token_ranges.h"
#include "engine/routing/routing_block.h"

namespace moescope::sqlite {

// Reads the ids of one layer after the other in the order of their blocks, without weights and logits.
class ChoiceScan {
public:
    explicit ChoiceScan(sqlite3* db);

    // Blocks of the range's tokens, in order; they live until `visit` returns. Throws Error(Corruption) for a missing
    // or short block. A read transaction lasts some dozens of blocks, so that a writer's checkpoints wait for none
    // long.
    void each(const LayerStorage& layer, const TokenRange& range,
              const std::function<void(const RoutingBlock&)>& visit);

private:
    void decode(const LayerStorage& layer, std::int64_t block);

    Statement m_blocks;
    std::vector<std::uint16_t> m_ids;
    std::int64_t m_tokens = 0; // of m_ids
};

} // namespace moescope::sqlite

#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "db/block_codec.h"
#include "db/statement.h"
#include "db/token_ranges.h"
#include "engine/routing/routing_block.h"

namespace moescope::sqlite {

// What to read in which order: of each layer all ranges, one layer after the other; or, with a stretch, so many tokens
// of every layer before the next ones.
struct ChoiceOrder {
    std::span<const LayerStorage> layers;
    std::span<const TokenRange> ranges;
    std::int64_t stretch = 0; // tokens; 0: all
};

// Reads ids in the order of their blocks, without weights and logits. A thread of its own reads ahead while the
// caller's thread works on what has come.
class ChoiceScan {
public:
    explicit ChoiceScan(sqlite3* db);

    // Blocks of the ranges' tokens, in order; they live until `visit` returns, which must not use the connection.
    // Throws Error(Corruption) for a missing or short block, once those before it were visited. A read transaction
    // lasts some dozens of blocks, so that a writer's checkpoints wait for none long.
    void each(const ChoiceOrder& order, const std::function<void(const RoutingBlock&)>& visit);

private:
    Statement m_blocks;
};

} // namespace moescope::sqlite

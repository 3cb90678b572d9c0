#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace moescope {

// The assignments of a batch sorted by expert, tokens ascending within an expert: each expert's tokens are one
// contiguous block of rows.
struct ExpertOrder {
    std::vector<std::int64_t> begin;   // [experts + 1] expert e owns rows begin[e] .. begin[e + 1]
    std::vector<std::int32_t> tokenOf; // [rows] token of a sorted row
    std::vector<std::int32_t> rowOf;   // [tokens, topK] sorted row of an assignment; -1 where the slot is empty
};

// ids [tokens, topK], kNoExpert where a slot is empty. Reuses the vectors' memory.
void sortByExpert(std::span<const std::uint16_t> ids, std::int32_t experts, std::int32_t topK, ExpertOrder& order);

} // namespace moescope

#pragma once

#include <vector>

#include "db/block_codec.h"
#include "db/connection.h"
#include "db/run_info.h"
#include "db/statement.h"

namespace moescope::sqlite {

// The decoded block of one layer that was read last; asking for it again costs nothing. Missing or short blocks throw
// Error(Corruption). No statement stays open between calls.
class LayerReader {
public:
    enum Parts : unsigned { Ids = 1, Weights = 2, Logits = 4 };

    explicit LayerReader(sqlite3* db);

    // From now on of this layer. `storage` must live on.
    void use(const LayerStorage& storage);

    // The longest block of decoded tokens that starts at `first` and ends at `end` at the latest. Views live until the
    // next call. Parts that were not asked for are empty.
    RoutingBlock read(TokenIndex first, TokenIndex end, unsigned parts);

private:
    void readRoutes(std::int64_t block, unsigned parts);
    void readLogits(std::int64_t block);

    const LayerStorage* m_layer = nullptr;
    Statement m_ids, m_routes, m_logits;
    std::int64_t m_routeBlock = -1, m_logitBlock = -1;
    unsigned m_have = 0; // parts of m_routeBlock
    std::int64_t m_routeTokens = 0, m_logitTokens = 0;
    std::vector<std::uint16_t> m_idValues;
    std::vector<float> m_weightValues, m_logitValues;
};

// One token in one layer, without decoding its block.
class TokenRouteReader {
public:
    explicit TokenRouteReader(sqlite3* db);
    TokenRouteLayer read(const LayerStorage& layer, TokenIndex token);

private:
    Statement m_routes, m_logits;
};

// Token blocks of a run.
class TokenReader {
public:
    TokenReader(sqlite3* db, RunId run);

    struct Block {
        TokenIndex first = 0;
        std::vector<std::int32_t> ids;
        std::vector<std::uint8_t> phases;
        std::vector<float> nll;
    };
    // The block that holds the token; the same one again costs nothing.
    const Block& blockOf(TokenIndex token);

private:
    Statement m_find;
    RunId m_run;
    std::int64_t m_number = -1;
    Block m_block;
};

} // namespace moescope::sqlite

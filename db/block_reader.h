#pragma once

#include <vector>

#include "db/block_codec.h"
#include "db/connection.h"
#include "db/run_info.h"
#include "db/statement.h"

struct sqlite3_blob;

namespace moescope::sqlite {

// Throws Error(Corruption): a block (kind: routing or logit) is missing or shorter than its layer says.
[[noreturn]] void throwDamagedBlock(const LayerStorage& layer, const char* kind, std::int64_t block);

// Ids of a routing block as decodeIds gives them. Throws Error(Corruption) for an expert that the layer does not have:
// whoever counts by expert would write outside its tables.
void decodeExperts(const LayerStorage& layer, std::int64_t block, const std::byte* from, std::span<std::uint16_t> ids);

// The queries of block readers; one set serves any number of them, one after the other.
struct BlockQueries {
    explicit BlockQueries(sqlite3* connection);
    Statement ids, routes, logits; // by layer and block
    Statement logitRow;            // the id of the row that `logits` gives
    sqlite3* db;
};

// The decoded block of one layer that was read last; asking for it again costs nothing. Missing or short blocks throw
// Error(Corruption). No statement stays open between calls.
class LayerReader {
public:
    enum Parts : unsigned {
        Ids = 1,
        Weights = 2,
        Logits = 4,
        Unchecked = 8, // ids as they are stored, for whoever says what is wrong with them
    };

    // Both must outlive the reader.
    LayerReader(BlockQueries& queries, const LayerStorage& layer) : m_queries(&queries), m_layer(&layer) {}

    // The longest block of decoded tokens that starts at `first` and ends at `end` at the latest. Views live until the
    // next call. Parts that were not asked for are empty (ids are always there).
    RoutingBlock read(TokenIndex first, TokenIndex end, unsigned parts);

private:
    void readRoutes(std::int64_t block, unsigned parts);
    void readLogits(std::int64_t block);

    BlockQueries* m_queries;
    const LayerStorage* m_layer;
    std::int64_t m_routeBlock = -1, m_logitBlock = -1;
    unsigned m_have = 0; // parts of m_routeBlock
    std::int64_t m_routeTokens = 0, m_logitTokens = 0;
    std::vector<std::uint16_t> m_idValues;
    std::vector<float> m_weightValues, m_logitValues;
};

// One token in one layer, without decoding its block; of the logits only that token's bytes are read. Holds a read
// transaction while it lives: make one for a token and let it go.
class TokenRouteReader {
public:
    explicit TokenRouteReader(BlockQueries& queries) : m_queries(&queries) {}
    ~TokenRouteReader();
    TokenRouteReader(const TokenRouteReader&) = delete;
    TokenRouteReader& operator=(const TokenRouteReader&) = delete;

    TokenRouteLayer read(const LayerStorage& layer, TokenIndex token);

private:
    void readLogits(const LayerStorage& layer, TokenIndex token, TokenRouteLayer& route);

    BlockQueries* m_queries;
    sqlite3_blob* m_blob = nullptr;
    std::vector<std::byte> m_row;
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

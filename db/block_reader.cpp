#include "db/block_reader.h"

#include <algorithm>
#include <cstring>

#include "db/block_shape.h"
#include "db/sqlite_api.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

[[noreturn]] void damaged(const std::string& what) {
    throw Error(ErrorCode::Corruption, what + "; `moescope verify-db` says what else is damaged");
}

// Where token `at` of a blob with `row` bytes a token lies; throws unless the blob holds it.
std::span<const std::byte> rowOf(std::span<const std::byte> blob, std::int64_t at, std::size_t row,
                                 const LayerStorage& layer, const char* kind, std::int64_t block) {
    if (blob.size() < std::size_t(at + 1) * row) {
        throwDamagedBlock(layer, kind, block);
    }
    return blob.subspan(std::size_t(at) * row, row);
}

} // namespace

void throwDamagedBlock(const LayerStorage& layer, const char* kind, std::int64_t block) {
    damaged(std::string(kind) + " block " + std::to_string(block) + " of layer " +
            std::to_string(layer.info.layer.value) + " is missing or cut short");
}

void decodeExperts(const LayerStorage& layer, std::int64_t block, const std::byte* from, std::span<std::uint16_t> ids) {
    decodeIds(from, layer.idBytes, ids);
    std::uint16_t most = 0; // plus one; kNoExpert becomes 0
    for (const std::uint16_t id : ids) {
        most = std::max(most, std::uint16_t(id + 1));
    }
    if (most > layer.info.moe.experts) {
        damaged("routing block " + std::to_string(block) + " of layer " + std::to_string(layer.info.layer.value) +
                " names expert " + std::to_string(most - 1) + "; the layer has experts 0 to " +
                std::to_string(layer.info.moe.experts - 1));
    }
}

BlockQueries::BlockQueries(sqlite3* connection)
    : ids(connection, "SELECT tokens, ids FROM route_block WHERE layer_id=? AND block=?"),
      routes(connection, "SELECT tokens, ids, weights FROM route_block WHERE layer_id=? AND block=?"),
      logits(connection, "SELECT tokens, logits FROM logit_block WHERE layer_id=? AND block=?"),
      logitRow(connection, "SELECT id FROM logit_block WHERE layer_id=? AND block=?"), db(connection) {}

RoutingBlock LayerReader::read(TokenIndex first, TokenIndex end, unsigned parts) {
    const LayerStorage& layer = *m_layer;
    RoutingBlock block{layer.info.layer, first, 0, layer.info.moe.topK, layer.info.moe.experts, {}, {}, {}};
    const std::int64_t route = first / layer.routeBlock;
    if (route != m_routeBlock || (parts & ~m_have & (Ids | Weights)) != 0) {
        readRoutes(route, parts);
    }
    const std::int64_t at = first - route * layer.routeBlock;
    std::int64_t tokens = std::min(m_routeTokens - at, end - first);
    const bool logits = (parts & Logits) != 0 && layer.logits != LogitStorage::None;
    std::int64_t logitAt = 0;
    if (logits) {
        const std::int64_t number = first / layer.logitBlock;
        if (number != m_logitBlock) {
            readLogits(number);
        }
        logitAt = first - number * layer.logitBlock;
        tokens = std::min(tokens, m_logitTokens - logitAt);
    }
    if (tokens <= 0) {
        throwDamagedBlock(layer, "routing", route);
    }
    const auto n = std::size_t(tokens);
    const auto k = std::size_t(block.topK);
    block.tokens = std::int32_t(tokens);
    block.ids = std::span(m_idValues).subspan(std::size_t(at) * k, n * k);
    if ((parts & Weights) != 0) {
        block.weights = std::span(m_weightValues).subspan(std::size_t(at) * k, n * k);
    }
    if (logits) {
        const auto experts = std::size_t(block.experts);
        block.logits = std::span(m_logitValues).subspan(std::size_t(logitAt) * experts, n * experts);
    }
    return block;
}

void LayerReader::readRoutes(std::int64_t block, unsigned parts) {
    const bool weights = (parts & Weights) != 0;
    Statement& find = weights ? m_queries->routes : m_queries->ids;
    Reset reset(find);
    m_routeBlock = -1;
    if (!find.bind(1, m_layer->id).bind(2, block).step()) {
        throwDamagedBlock(*m_layer, "routing", block);
    }
    m_routeTokens = find.integer(0);
    const auto n = std::size_t(std::clamp<std::int64_t>(m_routeTokens, 0, m_layer->routeBlock));
    const auto ids = find.blob(1);
    if (n == 0 || ids.size() != n * m_layer->idRow()) {
        throwDamagedBlock(*m_layer, "routing", block);
    }
    m_idValues.resize(n * std::size_t(m_layer->info.moe.topK));
    if ((parts & Unchecked) != 0) {
        decodeIds(ids.data(), m_layer->idBytes, m_idValues);
    } else {
        decodeExperts(*m_layer, block, ids.data(), m_idValues);
    }
    if (weights) {
        const auto values = find.blob(2);
        if (values.size() != n * m_layer->weightRow()) {
            throwDamagedBlock(*m_layer, "routing", block);
        }
        m_weightValues.resize(m_idValues.size());
        std::memcpy(m_weightValues.data(), values.data(), values.size());
    }
    m_routeBlock = block;
    m_have = weights ? Ids | Weights : Ids;
}

void LayerReader::readLogits(std::int64_t block) {
    Statement& find = m_queries->logits;
    Reset reset(find);
    m_logitBlock = -1;
    if (!find.bind(1, m_layer->logitLayer).bind(2, block).step()) {
        throwDamagedBlock(*m_layer, "logit", block);
    }
    m_logitTokens = find.integer(0);
    const auto n = std::size_t(std::clamp<std::int64_t>(m_logitTokens, 0, m_layer->logitBlock));
    const auto blob = find.blob(1);
    if (n == 0 || blob.size() != n * m_layer->logitRow()) {
        throwDamagedBlock(*m_layer, "logit", block);
    }
    m_logitValues.resize(n * std::size_t(m_layer->info.moe.experts));
    decodeLogits(blob.data(), m_layer->logits, m_logitValues);
    m_logitBlock = block;
}

TokenRouteLayer TokenRouteReader::read(const LayerStorage& layer, TokenIndex token) {
    TokenRouteLayer route;
    route.layer = layer.info.layer;
    const std::int64_t block = token / layer.routeBlock;
    const std::int64_t at = token % layer.routeBlock;
    {
        Statement& find = m_queries->routes;
        Reset reset(find);
        if (!find.bind(1, layer.id).bind(2, block).step()) {
            throwDamagedBlock(layer, "routing", block);
        }
        route.ids.resize(std::size_t(layer.info.moe.topK));
        route.weights.resize(route.ids.size());
        decodeExperts(layer, block, rowOf(find.blob(1), at, layer.idRow(), layer, "routing", block).data(), route.ids);
        const auto weights = rowOf(find.blob(2), at, layer.weightRow(), layer, "routing", block);
        std::memcpy(route.weights.data(), weights.data(), weights.size());
    }
    if (layer.logits != LogitStorage::None) {
        readLogits(layer, token, route);
    }
    return route;
}

TokenRouteReader::~TokenRouteReader() {
    sqlite3_blob_close(m_blob);
}

void TokenRouteReader::readLogits(const LayerStorage& layer, TokenIndex token, TokenRouteLayer& route) {
    const std::int64_t number = token / layer.logitBlock;
    Statement& find = m_queries->logitRow;
    Reset reset(find);
    if (!find.bind(1, layer.logitLayer).bind(2, number).step()) {
        throwDamagedBlock(layer, "logit", number);
    }
    const std::int64_t row = find.integer(0);
    const int rc = m_blob == nullptr
                       ? sqlite3_blob_open(m_queries->db, "main", "logit_block", "logits", row, 0, &m_blob)
                       : sqlite3_blob_reopen(m_blob, row);
    m_row.resize(layer.logitRow());
    const auto offset = int(std::size_t(token % layer.logitBlock) * m_row.size());
    if (rc != SQLITE_OK || sqlite3_blob_read(m_blob, m_row.data(), int(m_row.size()), offset) != SQLITE_OK) {
        throwDamagedBlock(layer, "logit", number);
    }
    route.logits.resize(std::size_t(layer.info.moe.experts));
    decodeLogits(m_row.data(), layer.logits, route.logits);
}

TokenReader::TokenReader(sqlite3* db, RunId run)
    : m_find(db, "SELECT tokens, ids, phases, nll FROM token_block WHERE run_id=? AND block=?"), m_run(run) {}

const TokenReader::Block& TokenReader::blockOf(TokenIndex token) {
    const std::int64_t number = token / kTokenBlock;
    const TokenIndex first = number * kTokenBlock;
    if (number == m_number && token < first + TokenIndex(m_block.ids.size())) {
        return m_block;
    }
    Reset reset(m_find);
    m_number = -1;
    const bool found = m_find.bind(1, m_run.value).bind(2, number).step();
    const auto n = found ? std::size_t(std::clamp<std::int64_t>(m_find.integer(0), 0, kTokenBlock)) : 0;
    if (token >= first + TokenIndex(n) || m_find.blob(1).size() != n * 4 || m_find.blob(2).size() != n ||
        m_find.blob(3).size() != n * 4) {
        damaged("token block " + std::to_string(number) + " is missing or cut short");
    }
    m_block.first = first;
    m_block.ids.resize(n);
    m_block.phases.resize(n);
    m_block.nll.resize(n);
    std::memcpy(m_block.ids.data(), m_find.blob(1).data(), n * 4);
    std::memcpy(m_block.phases.data(), m_find.blob(2).data(), n);
    std::memcpy(m_block.nll.data(), m_find.blob(3).data(), n * 4);
    m_number = number;
    return m_block;
}

} // namespace moescope::sqlite

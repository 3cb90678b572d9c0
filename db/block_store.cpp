#include "db/block_store.h"

#include <algorithm>
#include <limits>

#include "db/block_shape.h"
#include "db/layer_repository.h"
#include "db/liveness.h"
#include "db/names.h"
#include "db/run_repository.h"
#include "db/sqlite_api.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

constexpr std::size_t kTransactionBytes = 8U << 20;
constexpr std::size_t kTileLogits = 8192; // decoded at a time for the sums: they stay in the first-level cache

} // namespace

BlockStore::BlockStore(Connection& connection, const RunInfo& run)
    : m_connection(connection), m_run(run.id), m_identity(processIdentity()),
      m_layers(loadLayers(connection.handle(), run.id, run.spec.logits)), m_domains(run.documents),
      m_routeTable(connection.handle(), "route_block", "layer_id", {"ids", "weights"}),
      m_logitTable(connection.handle(), "logit_block", "layer_id", {"logits"}),
      m_tokenTable(connection.handle(), "token_block", "run_id", {"ids", "phases", "nll"}),
      m_tokens(m_tokenTable, run.id.value, kTokenBlock, {4, 1, 4}), m_sums(connection, m_layers),
      m_progress(connection.handle(), "UPDATE run SET tokens=?, heartbeat=? WHERE id=? AND writer=?") {
    for (const LayerStorage& layer : m_layers) {
        LayerAppenders appenders;
        appenders.routes = std::make_unique<BlockAppender>(m_routeTable, layer.id, layer.routeBlock,
                                                           std::vector{layer.idRow(), layer.weightRow()});
        if (layer.storesLogits()) {
            appenders.logits = std::make_unique<BlockAppender>(m_logitTable, layer.id, layer.logitBlock,
                                                               std::vector{layer.logitRow()});
        }
        m_appenders.push_back(std::move(appenders));
    }
}

BlockStore::~BlockStore() = default;

void BlockStore::continueRun(TokenIndex tokens) {
    begin();
    Statement take(m_connection.handle(), "UPDATE run SET state='recording', writer=?, heartbeat=? WHERE id=?");
    take.bind(1, m_identity).bind(2, secondsNow()).bind(3, m_run.value).run();
    for (LayerAppenders& layer : m_appenders) {
        layer.routes->continueAt(tokens);
        if (layer.logits) {
            layer.logits->continueAt(tokens);
        }
    }
    m_tokens.continueAt(tokens);
    m_sums.load();
    m_committed = tokens;
    endTransaction();
}

void BlockStore::take(RouteMessage& message) {
    begin();
    const LayerStorage& layer = m_layers[message.layer];
    const auto tokens = std::size_t(message.tokens);
    const RouteMessage::Columns from = message.columns(layer);
    m_appenders[message.layer].routes->append({from.ids, from.weights}, message.tokens);
    std::size_t bytes = tokens * (layer.idRow() + layer.weightRow());
    if (auto& logits = m_appenders[message.layer].logits) {
        logits->append({from.logits}, message.tokens);
        bytes += tokens * layer.logitRow();
    }
    addToSums(message);
    wrote(bytes);
}

// The sums are made from what is stored, so that a recount of the blocks gives the same.
void BlockStore::addToSums(const RouteMessage& message) {
    const LayerStorage& layer = m_layers[message.layer];
    const auto k = std::size_t(layer.info.moe.topK);
    const auto experts = std::size_t(layer.info.moe.experts);
    const RouteMessage::Columns from = message.columns(layer);
    const auto* weights = reinterpret_cast<const float*>(from.weights);
    const auto tile = std::int32_t(std::max<std::size_t>(16, kTileLogits / experts));
    for (std::int32_t t = 0; t < message.tokens; t += tile) {
        const auto at = std::size_t(t);
        const auto n = std::size_t(std::min(tile, message.tokens - t));
        m_ids.resize(n * k);
        decodeIds(from.ids + at * layer.idRow(), layer.idBytes, m_ids);
        RoutingBlock block{layer.info.layer,          message.first + t,
                           std::int32_t(n),           layer.info.moe.topK,
                           layer.info.moe.experts,    m_ids,
                           {weights + at * k, n * k}, {}};
        if (layer.logits == LogitStorage::F32) {
            block.logits = {reinterpret_cast<const float*>(from.logits) + at * experts, n * experts};
        } else if (layer.logits == LogitStorage::F16) {
            m_logits.resize(n * experts);
            decodeLogits(from.logits + at * layer.logitRow(), layer.logits, m_logits);
            block.logits = m_logits;
        }
        m_sums.add(message.layer, block, m_domains);
    }
}

void BlockStore::take(TokenMessage& message) {
    m_newIds.insert(m_newIds.end(), message.ids.begin(), message.ids.end());
    m_newPhases.resize(m_newIds.size(), std::uint8_t(message.phase));
    m_newNll.resize(m_newIds.size(), std::numeric_limits<float>::quiet_NaN());
}

void BlockStore::take(NllMessage& message) {
    std::ranges::copy(message.values, m_newNll.begin() + std::ptrdiff_t(message.first - m_committed));
}

void BlockStore::take(DocumentsMessage& message) {
    begin();
    m_domains = DomainMap(message.documents);
    replaceDocuments(m_connection, m_run, message.documents);
}

void BlockStore::take(PiecesMessage& message) {
    begin();
    insertPieces(m_connection, m_run, message.pieces);
}

void BlockStore::take(CommitMessage& message) {
    begin();
    for (LayerAppenders& layer : m_appenders) {
        layer.routes->flush();
        if (layer.logits) {
            layer.logits->flush();
        }
    }
    flushTokens(message.end);
    m_sums.flush();
    m_committed = message.end;
    updateRun();
    endTransaction();
}

void BlockStore::flushTokens(TokenIndex end) {
    const auto n = std::ptrdiff_t(end - m_committed);
    m_tokens.append({reinterpret_cast<const std::byte*>(m_newIds.data()),
                     reinterpret_cast<const std::byte*>(m_newPhases.data()),
                     reinterpret_cast<const std::byte*>(m_newNll.data())},
                    n);
    m_tokens.flush();
    m_newIds.erase(m_newIds.begin(), m_newIds.begin() + n);
    m_newPhases.erase(m_newPhases.begin(), m_newPhases.begin() + n);
    m_newNll.erase(m_newNll.begin(), m_newNll.begin() + n);
}

void BlockStore::begin() {
    if (!m_transaction) {
        m_transaction.emplace(m_connection);
        m_transactionBytes = 0;
    }
}

void BlockStore::wrote(std::size_t bytes) {
    m_transactionBytes += bytes;
    if (m_transactionBytes >= kTransactionBytes) {
        if (isBeatDue()) {
            updateRun();
        }
        endTransaction();
    }
}

void BlockStore::endTransaction() {
    if (m_transaction) {
        m_transaction->commit();
        m_transaction.reset();
    }
}

void BlockStore::updateRun() {
    m_lastBeat = secondsNow();
    m_progress.bind(1, m_committed).bind(2, m_lastBeat).bind(3, m_run.value).bind(4, m_identity).run();
    if (sqlite3_changes(m_connection.handle()) == 0) {
        throw Error(ErrorCode::Conflict, "the run was deleted or taken over by another process in '" +
                                             m_connection.file().string() + "'; recording stops here");
    }
}

bool BlockStore::isBeatDue() const {
    return secondsNow() - m_lastBeat >= kHeartbeatSeconds;
}

void BlockStore::beat() {
    if (isBeatDue()) {
        begin();
        updateRun();
        endTransaction();
    }
}

void BlockStore::abandon() {
    m_transaction.reset();
    finish(RunState::Interrupted);
}

void BlockStore::finish(RunState state) {
    begin();
    Statement end(m_connection.handle(), "UPDATE run SET state=?, writer=NULL, heartbeat=NULL WHERE id=? AND writer=?");
    end.bind(1, nameOf(state)).bind(2, m_run.value).bind(3, m_identity).run();
    endTransaction();
}

} // namespace moescope::sqlite

#include "db/verify_run.h"

#include <algorithm>
#include <cmath>

#include "db/block_reader.h"
#include "db/layer_repository.h"
#include "db/run_repository.h"
#include "db/statement.h"
#include "db/summary_book.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

bool close(double a, double b) {
    return (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= 1e-9 * (1 + std::fabs(a) + std::fabs(b));
}

bool close(const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b, [](double x, double y) { return close(x, y); });
}

bool sameSums(const LayerSummary& a, const LayerSummary& b) {
    return a.tokens == b.tokens && a.tokensWithLogits == b.tokensWithLogits &&
           a.tokensWithMargin == b.tokensWithMargin && a.assignments == b.assignments && a.top1 == b.top1 &&
           close(a.weightSum, b.weightSum) && close(a.probSum, b.probSum) && close(a.zSum, b.zSum) &&
           close(a.marginSum, b.marginSum);
}

// What is wrong with a token's slots; empty: nothing.
std::string wrongSlots(std::span<const std::uint16_t> ids, std::span<const float> weights, std::int32_t experts) {
    for (std::size_t slot = 0; slot < ids.size(); ++slot) {
        if (ids[slot] == kNoExpert) {
            continue;
        }
        if (ids[slot] >= experts) {
            return "expert " + std::to_string(ids[slot]) + " of " + std::to_string(experts);
        }
        if (std::isinf(weights[slot])) { // NaN: the source had no weights
            return "a weight that is no number";
        }
        if (std::find(ids.begin(), ids.begin() + std::ptrdiff_t(slot), ids[slot]) !=
            ids.begin() + std::ptrdiff_t(slot)) {
            return "expert " + std::to_string(ids[slot]) + " twice";
        }
    }
    return "";
}

} // namespace

RunVerifier::RunVerifier(Connection& connection, const RunInfo& run, VerifyReport& report)
    : m_connection(connection), m_run(run), m_report(report),
      m_layers(loadLayers(connection.handle(), run.id, run.spec.logits)), m_domains(run.documents) {
    for (const Piece& piece : loadPieces(connection, run.id)) {
        m_pieces.insert(piece.tokenId);
    }
}

void RunVerifier::problem(const std::string& what) {
    m_report.problems.push_back("run '" + m_run.spec.name + "': " + what);
}

void RunVerifier::checkDocuments() {
    if (m_domains.end() < m_run.tokens) {
        problem("its documents end at token " + std::to_string(m_domains.end()) + ", its routing at " +
                std::to_string(m_run.tokens));
    }
    if (m_run.state == RunState::Complete && m_domains.end() > m_run.tokens) {
        problem("it is complete but " + std::to_string(m_domains.end() - m_run.tokens) +
                " tokens of its documents are missing");
    }
}

void RunVerifier::checkTokens() {
    checkDocuments();
    if (m_run.spec.content == RunContent::CountsOnly) {
        return;
    }
    try {
        TokenReader reader(m_connection.handle(), m_run.id);
        for (TokenIndex t = 0; t < m_run.tokens;) {
            const auto& block = reader.blockOf(t);
            checkTokenIds(block.ids, block.first);
            if (std::ranges::any_of(block.phases, [](std::uint8_t p) { return p > 1; }) ||
                std::ranges::any_of(block.nll, [](float v) { return std::isinf(v) || v < 0; })) {
                problem("the token block at " + std::to_string(block.first) + " has a phase or nll that cannot be");
            }
            t = block.first + TokenIndex(block.ids.size());
        }
    } catch (const Error& e) {
        problem(e.what());
    }
}

void RunVerifier::checkTokenIds(const std::vector<std::int32_t>& ids, TokenIndex first) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const std::int32_t id = ids[i];
        if (id < 0 || (m_run.spec.vocabulary > 0 && id >= m_run.spec.vocabulary)) {
            problem("token " + std::to_string(first + TokenIndex(i)) + " has id " + std::to_string(id) +
                    " of a vocabulary of " + std::to_string(m_run.spec.vocabulary));
            return;
        }
        if (m_run.spec.text && !m_pieces.contains(id) && m_missing.insert(id).second) {
            problem("the text of token id " + std::to_string(id) + " is missing");
        }
    }
}

void RunVerifier::checkLayer(std::size_t index) {
    const LayerStorage& layer = m_layers[index];
    if (m_run.spec.content == RunContent::CountsOnly) {
        return;
    }
    checkBlockRows(layer, {"route_block", layer.id, layer.routeBlock, false});
    if (layer.logits != LogitStorage::None) {
        checkBlockRows(layer, {"logit_block", layer.logitLayer, layer.logitBlock, !layer.storesLogits()});
    }
    DomainSums sums;
    try {
        BlockQueries queries(m_connection.handle());
        LayerReader reader(queries, layer);
        for (TokenIndex t = 0; t < m_run.tokens;) {
            const auto block =
                reader.read(t, m_run.tokens, LayerReader::Weights | LayerReader::Logits | LayerReader::Unchecked);
            if (!checkBlock(layer, block)) {
                return;
            }
            recount(layer, block, sums);
            t = block.end();
        }
    } catch (const Error& e) {
        problem(e.what());
        return;
    }
    compareSums(layer, sums);
}

// Blocks are numbered from 0 without gaps, all full but the last.
void RunVerifier::checkBlockRows(const LayerStorage& layer, const BlockRows& blocks) {
    Statement rows(m_connection.handle(),
                   std::string("SELECT block, tokens FROM ") + blocks.table + " WHERE layer_id=? ORDER BY block");
    rows.bind(1, blocks.key);
    const std::string where = std::string(blocks.table) + " of layer " + std::to_string(layer.info.layer.value) + " ";
    std::int64_t due = 0;
    TokenIndex end = 0;
    while (rows.step()) {
        if (rows.integer(0) != due || end != due * blocks.tokens) {
            problem(where + "has a gap before block " + std::to_string(rows.integer(0)));
            return;
        }
        end += rows.integer(1);
        ++due;
        m_report.blocks += blocks.shared ? 0 : 1;
    }
    const bool finished = m_run.state == RunState::Complete && !blocks.shared;
    if (end < m_run.tokens || (finished && end != m_run.tokens)) {
        problem(where + "holds " + std::to_string(end) + " tokens of " + std::to_string(m_run.tokens));
    }
}

bool RunVerifier::checkBlock(const LayerStorage& layer, const RoutingBlock& block) {
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        const std::string wrong = wrongSlots(block.idsOf(t), block.weightsOf(t), block.experts);
        if (!wrong.empty()) {
            problem("token " + std::to_string(block.first + t) + " in layer " + std::to_string(layer.info.layer.value) +
                    " has " + wrong);
            return false;
        }
    }
    return true;
}

void RunVerifier::recount(const LayerStorage& layer, const RoutingBlock& block, DomainSums& sums) {
    for (TokenIndex at = block.first; at < block.end() && at < m_domains.end();) {
        const auto& span = m_domains.spanOf(at);
        const TokenIndex end = std::min(block.end(), span.end);
        const auto [entry, isNew] = sums.try_emplace(span.domain);
        if (isNew) {
            entry->second = LayerSummary::empty(layer.info, 0);
        }
        entry->second.add(slice(block, std::int32_t(at - block.first), std::int32_t(end - block.first)), layer.info,
                          {});
        at = end;
    }
}

void RunVerifier::compareSums(const LayerStorage& layer, const DomainSums& recounted) {
    const std::string where = "the sums of layer " + std::to_string(layer.info.layer.value);
    Statement rows(m_connection.handle(), "SELECT domain, tokens, sums FROM layer_summary WHERE layer_id=?");
    rows.bind(1, layer.id);
    std::size_t found = 0;
    while (rows.step()) {
        const auto domain = recounted.find(std::int32_t(rows.integer(0)));
        try {
            const auto stored = decodeSummary(layer.info, rows.integer(1), rows.blob(2));
            if (domain == recounted.end() || !sameSums(stored, domain->second)) {
                problem(where + " differ from a recount of its blocks in domain " + std::to_string(rows.integer(0)));
            }
        } catch (const Error& e) {
            problem(e.what());
        }
        ++found;
    }
    if (found != recounted.size()) {
        problem(where + " are there for " + std::to_string(found) + " domains of " + std::to_string(recounted.size()));
    }
}

} // namespace moescope::sqlite

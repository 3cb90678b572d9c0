#include "db/summary_book.h"

#include <algorithm>
#include <cstring>

#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

// Visits the fields of the stored form in their order.
template <class Sums, class Visit>
void eachField(Sums& sums, const Visit& visit) {
    visit(&sums.tokensWithLogits, 1);
    visit(&sums.tokensWithMargin, 1);
    visit(&sums.zSum, 1);
    visit(&sums.marginSum, 1);
    visit(sums.assignments.data(), sums.assignments.size());
    visit(sums.top1.data(), sums.top1.size());
    visit(sums.weightSum.data(), sums.weightSum.size());
    visit(sums.probSum.data(), sums.probSum.size());
}

std::size_t encodedBytes(std::int32_t experts) {
    return 8 * (4 + 4 * std::size_t(experts));
}

void addDomain(LayerSummary& into, const LayerSummary& sums, std::int32_t domain) {
    into.tokens += sums.tokens;
    into.tokensWithLogits += sums.tokensWithLogits;
    into.tokensWithMargin += sums.tokensWithMargin;
    into.zSum += sums.zSum;
    into.marginSum += sums.marginSum;
    into.domainTokens[std::size_t(domain)] += sums.tokens;
    const std::size_t row = std::size_t(domain) * std::size_t(sums.experts);
    for (std::size_t e = 0; e < std::size_t(sums.experts); ++e) {
        into.assignments[e] += sums.assignments[e];
        into.top1[e] += sums.top1[e];
        into.weightSum[e] += sums.weightSum[e];
        into.probSum[e] += sums.probSum[e];
        into.byDomain[row + e] += sums.assignments[e];
    }
}

} // namespace

std::vector<std::byte> encodeSummary(const LayerSummary& sums) {
    std::vector<std::byte> bytes(encodedBytes(sums.experts));
    std::byte* to = bytes.data();
    eachField(sums, [&](const auto* values, std::size_t n) {
        std::memcpy(to, values, n * 8);
        to += n * 8;
    });
    return bytes;
}

LayerSummary decodeSummary(const MoeLayerInfo& layer, std::int64_t tokens, std::span<const std::byte> bytes) {
    if (bytes.size() != encodedBytes(layer.moe.experts)) {
        throw Error(ErrorCode::Corruption, "the stored sums of layer " + std::to_string(layer.layer.value) + " have " +
                                               std::to_string(bytes.size()) + " bytes where " +
                                               std::to_string(encodedBytes(layer.moe.experts)) +
                                               " are due; `moescope verify-db` says more");
    }
    auto sums = LayerSummary::empty(layer, 0);
    sums.tokens = tokens;
    const std::byte* from = bytes.data();
    eachField(sums, [&](auto* values, std::size_t n) {
        std::memcpy(values, from, n * 8);
        from += n * 8;
    });
    return sums;
}

RoutingBlock slice(const RoutingBlock& block, std::int32_t begin, std::int32_t end) {
    RoutingBlock part = block;
    const auto at = std::size_t(begin);
    const auto n = std::size_t(end - begin);
    const auto k = std::size_t(block.topK);
    part.first += begin;
    part.tokens = end - begin;
    part.ids = block.ids.subspan(at * k, n * k);
    part.weights = block.weights.subspan(at * k, n * k);
    if (!block.logits.empty()) {
        part.logits = block.logits.subspan(at * std::size_t(block.experts), n * std::size_t(block.experts));
    }
    return part;
}

SummaryBook::SummaryBook(Connection& connection, const std::vector<LayerStorage>& layers)
    : m_connection(connection), m_layers(layers), m_entries(layers.size()),
      m_store(connection.handle(), "INSERT OR REPLACE INTO layer_summary VALUES(?,?,?,?)") {}

void SummaryBook::load() {
    Statement rows(m_connection.handle(), "SELECT domain, tokens, sums FROM layer_summary WHERE layer_id=?");
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        Reset reset(rows);
        rows.bind(1, m_layers[l].id);
        while (rows.step()) {
            m_entries[l][std::int32_t(rows.integer(0))] = {
                decodeSummary(m_layers[l].info, rows.integer(1), rows.blob(2)), false};
        }
    }
}

SummaryBook::Entry& SummaryBook::entry(std::size_t layer, std::int32_t domain) {
    auto [at, isNew] = m_entries[layer].try_emplace(domain);
    if (isNew) {
        at->second.sums = LayerSummary::empty(m_layers[layer].info, 0);
    }
    at->second.changed = true;
    return at->second;
}

void SummaryBook::add(std::size_t layer, const RoutingBlock& block, const DomainMap& domains) {
    for (TokenIndex at = block.first; at < block.end();) {
        const auto& span = domains.spanOf(at);
        const TokenIndex end = std::min(block.end(), span.end);
        const auto part = slice(block, std::int32_t(at - block.first), std::int32_t(end - block.first));
        entry(layer, span.domain).sums.add(part, m_layers[layer].info, {});
        at = end;
    }
}

void SummaryBook::flush() {
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        for (auto& [domain, entry] : m_entries[l]) {
            if (entry.changed) {
                const auto bytes = encodeSummary(entry.sums);
                m_store.bind(1, m_layers[l].id).bind(2, domain).bind(3, entry.sums.tokens).bind(4, std::span(bytes));
                m_store.run();
                entry.changed = false;
            }
        }
    }
}

std::vector<LayerSummary> loadSummaries(Connection& connection, const std::vector<LayerStorage>& layers,
                                        std::int32_t domainCount, const std::vector<std::int32_t>& domains) {
    std::map<std::int64_t, std::size_t> indexOf;
    std::vector<LayerSummary> sums;
    std::string ids;
    for (const LayerStorage& layer : layers) {
        indexOf[layer.id] = sums.size();
        sums.push_back(LayerSummary::empty(layer.info, domainCount));
        ids += (ids.empty() ? "" : ",") + std::to_string(layer.id);
    }
    Statement rows(connection.handle(), "SELECT layer_id, domain, tokens, sums FROM layer_summary WHERE layer_id IN (" +
                                            ids + ") ORDER BY layer_id, domain");
    while (rows.step()) {
        const std::size_t l = indexOf.at(rows.integer(0));
        const auto domain = std::int32_t(rows.integer(1));
        // A domain beyond the caller's run appeared since it was read.
        const bool wanted = domains.empty() || std::ranges::find(domains, domain) != domains.end();
        if (wanted && domain < domainCount) {
            addDomain(sums[l], decodeSummary(layers[l].info, rows.integer(2), rows.blob(3)), domain);
        }
    }
    return sums;
}

} // namespace moescope::sqlite

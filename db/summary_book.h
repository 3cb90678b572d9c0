#pragma once

#include <map>
#include <vector>

#include "db/block_codec.h"
#include "db/connection.h"
#include "db/domain_map.h"
#include "db/statement.h"
#include "engine/routing/layer_summary.h"

namespace moescope::sqlite {

std::vector<std::byte> encodeSummary(const LayerSummary& sums);
// `sums.tokens` is not part of the bytes. Throws Error(Corruption) for bytes of another length.
LayerSummary decodeSummary(const MoeLayerInfo& layer, std::int64_t tokens, std::span<const std::byte> bytes);

// The sums of every layer of a run, domain by domain (without byDomain: a domain's assignments say that already),
// as they grow. Those of a domain grow token by token, so a resumed run ends with the same bits.
class SummaryBook {
public:
    SummaryBook(Connection& connection, const std::vector<LayerStorage>& layers);

    // Starts from what the file holds.
    void load();
    void add(std::size_t layer, const RoutingBlock& block, const DomainMap& domains);
    // Stores those that have changed.
    void flush();

private:
    struct Entry {
        LayerSummary sums;
        bool changed = false;
    };
    Entry& entry(std::size_t layer, std::int32_t domain);

    Connection& m_connection;
    const std::vector<LayerStorage>& m_layers;
    std::vector<std::map<std::int32_t, Entry>> m_entries; // [layers] by domain
    Statement m_store;
};

// The sums as stored: [layers], those of `domains` added up (empty: all), byDomain filled for them. One snapshot.
std::vector<LayerSummary> loadSummaries(Connection& connection, const std::vector<LayerStorage>& layers,
                                        std::int32_t domainCount, const std::vector<std::int32_t>& domains);

// The part [begin, end) of a block, indices within it.
RoutingBlock slice(const RoutingBlock& block, std::int32_t begin, std::int32_t end);

} // namespace moescope::sqlite

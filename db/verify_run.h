#pragma once

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "db/block_codec.h"
#include "db/connection.h"
#include "db/domain_map.h"
#include "db/run_info.h"
#include "db/verify.h"
#include "engine/routing/layer_summary.h"

namespace moescope::sqlite {

// The checks of one run; problems go to the report.
class RunVerifier {
public:
    RunVerifier(Connection& connection, const RunInfo& run, VerifyReport& report);

    void checkTokens();
    void checkLayer(std::size_t layer);

private:
    using DomainSums = std::map<std::int32_t, LayerSummary>;

    void problem(const std::string& what);
    void checkDocuments();
    void checkTokenIds(const std::vector<std::int32_t>& ids, TokenIndex first);
    struct BlockRows {
        const char* table;
        std::int64_t key;    // of the layer whose blocks these are
        std::int32_t tokens; // of a full block
        bool shared;         // read from another run, which may go further
    };
    void checkBlockRows(const LayerStorage& layer, const BlockRows& blocks);
    bool checkBlock(const LayerStorage& layer, const RoutingBlock& block);
    void recount(const LayerStorage& layer, const RoutingBlock& block, DomainSums& sums);
    void compareSums(const LayerStorage& layer, const DomainSums& recounted);

    Connection& m_connection;
    const RunInfo& m_run;
    VerifyReport& m_report;
    std::vector<LayerStorage> m_layers;
    DomainMap m_domains;
    std::unordered_set<std::int32_t> m_pieces;
    std::unordered_set<std::int32_t> m_missing; // ids already told of
};

} // namespace moescope::sqlite

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "db/block_reader.h"
#include "db/views/view_catalog.h"

namespace moescope::sqlite {

// Walks the blocks of the parts a plan leaves. Decoded blocks stay, layer by layer, from one filter to the next, so
// that a join that asks token by token decodes each block once.
class LayerCursor {
public:
    explicit LayerCursor(sqlite3* db) : m_db(db) {}

    void start(const ViewPlan& plan, int tokenColumn, int layerColumn, unsigned parts);
    bool nextBlock(); // false: at the end
    const RoutingBlock& block() const { return m_block; }
    const ViewPart& part() const { return m_parts[m_part]; }

private:
    sqlite3* m_db;
    std::optional<BlockQueries> m_queries;
    std::vector<ViewRun> m_runs;
    std::map<const LayerStorage*, LayerReader> m_readers;
    std::vector<ViewPart> m_parts;
    std::size_t m_part = 0;
    TokenIndex m_at = 0;
    unsigned m_wanted = 0;
    RoutingBlock m_block;
};

} // namespace moescope::sqlite

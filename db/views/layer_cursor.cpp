#include "db/views/layer_cursor.h"

namespace moescope::sqlite {

void LayerCursor::start(const ViewPlan& plan, int tokenColumn, int layerColumn, unsigned parts) {
    if (!m_queries) {
        m_queries.emplace(m_db);
        m_runs = loadViewRuns(m_db);
    }
    m_parts = partsOf(m_runs, plan, tokenColumn, layerColumn);
    m_part = 0;
    m_at = m_parts.empty() ? 0 : m_parts[0].begin;
    m_wanted = parts;
}

bool LayerCursor::nextBlock() {
    while (m_part < m_parts.size() && m_at >= m_parts[m_part].end) {
        ++m_part;
        m_at = m_part < m_parts.size() ? m_parts[m_part].begin : 0;
    }
    if (m_part == m_parts.size()) {
        return false;
    }
    const ViewPart& part = m_parts[m_part];
    LayerReader& reader = m_readers.try_emplace(part.layer, *m_queries, *part.layer).first->second;
    m_block = reader.read(m_at, part.end, m_wanted);
    m_at = m_block.end();
    return true;
}

} // namespace moescope::sqlite

#include "db/ablation_log.h"

#include <span>

#include "db/blob_values.h"
#include "db/connection.h"
#include "db/recording_file.h"
#include "db/statement.h"
#include "engine/routing/error.h"

namespace moescope {

using namespace sqlite;

struct AblationLog::Impl {
    std::unique_ptr<Connection> connection;
    RunId run;
    LayerId layer;
};

AblationLog::AblationLog(const std::filesystem::path& file, RunId run, LayerId layer)
    : m_impl(std::make_unique<Impl>(Impl{openToWrite(file).connection, run, layer})) {}

AblationLog::~AblationLog() = default;

std::vector<AblationPart> AblationLog::parts() const {
    std::vector<AblationPart> parts;
    Statement select(m_impl->connection->handle(), "SELECT batch, variant, sums, counts FROM ablation_part "
                                                   "WHERE run_id=? AND layer=? ORDER BY batch, variant");
    select.bind(1, m_impl->run.value).bind(2, m_impl->layer.value);
    while (select.step()) {
        parts.push_back({select.integer(0), std::int32_t(select.integer(1)), valuesOf<double>(select.blob(2)),
                         valuesOf<double>(select.blob(3))});
        if (parts.back().sums.size() != parts.back().counts.size()) {
            throw Error(ErrorCode::Corruption, "what an ablation measured is damaged; restore the file from a copy");
        }
    }
    return parts;
}

void AblationLog::add(const AblationPart& part) {
    Statement insert(m_impl->connection->handle(), "INSERT OR REPLACE INTO ablation_part VALUES(?,?,?,?,?,?)");
    insert.bind(1, m_impl->run.value).bind(2, m_impl->layer.value).bind(3, part.batch).bind(4, part.variant);
    insert.bind(5, std::as_bytes(std::span(part.sums))).bind(6, std::as_bytes(std::span(part.counts))).run();
}

} // namespace moescope

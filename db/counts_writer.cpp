#include "db/counts_writer.h"

#include "db/domain_map.h"
#include "db/layer_repository.h"
#include "db/recording_file.h"
#include "db/run_repository.h"
#include "db/statement.h"
#include "db/summary_book.h"
#include "db/transaction.h"

namespace moescope {

using namespace sqlite;

namespace {

void insertSums(sqlite3* db, RunId run, const std::vector<std::vector<LayerSummary>>& sums) {
    Statement insert(db, "INSERT INTO layer_summary VALUES(?,?,?,?)");
    const auto layers = loadLayers(db, run, LogitStorage::None);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        for (std::size_t d = 0; d < sums[l].size(); ++d) {
            const auto bytes = encodeSummary(sums[l][d]);
            insert.bind(1, layers[l].id).bind(2, std::int64_t(d)).bind(3, sums[l][d].tokens).bind(4, std::span(bytes));
            insert.run();
        }
    }
}

RunId insertWhole(Connection& connection, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
                  const std::vector<std::vector<LayerSummary>>& sums) {
    const DomainMap map(documents);
    Transaction transaction(connection);
    const RunId run = insertRun(connection, spec);
    insertLayers(connection.handle(), run, spec, RunId{});
    replaceDocuments(connection, run, documents);
    insertSums(connection.handle(), run, sums);
    Statement finish(connection.handle(),
                     "UPDATE run SET state='complete', tokens=?, writer=NULL, heartbeat=NULL WHERE id=?");
    finish.bind(1, map.end()).bind(2, run.value).run();
    transaction.commit();
    return run;
}

} // namespace

RunId writeCounts(const std::filesystem::path& file, const RunSpec& spec, const std::vector<DocumentInfo>& documents,
                  const std::vector<std::vector<LayerSummary>>& sums) {
    WritableRecording recording = openToWrite(file);
    try {
        return insertWhole(*recording.connection, spec, documents, sums);
    } catch (...) {
        recording.connection.reset();
        if (recording.created) {
            removeRecording(file);
        }
        throw;
    }
}

} // namespace moescope

#include "db/run_repository.h"

#include <charconv>

#include "db/domain_map.h"
#include "db/layer_repository.h"
#include "db/liveness.h"
#include "db/names.h"
#include "db/statement.h"
#include "db/train_snapshots.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, name, state, model, family, stack, vocabulary, context, logits, content, text, nll, provenance, "
    "resume_key, note, created, tokens, writer, heartbeat, coalesce(linked_run, 0) FROM run ";

// The run's place in a training where it is a snapshot of one.
void findTraining(Connection& connection, RunInfo& run) {
    Statement row(connection.handle(), "SELECT training_run, step FROM train_snapshot WHERE run_id=?");
    if (row.bind(1, run.id.value).step()) {
        run.training = RunId{row.integer(0)};
        run.trainingStep = row.integer(1);
    }
}

std::vector<std::pair<std::string, std::string>> parseFacts(sqlite3* db, const std::string& json) {
    std::vector<std::pair<std::string, std::string>> facts;
    Statement each(db, "SELECT key, value FROM json_each(?)");
    each.bind(1, json);
    while (each.step()) {
        facts.emplace_back(each.text(0), each.text(1));
    }
    return facts;
}

std::vector<DocumentInfo> loadDocuments(sqlite3* db, RunId run) {
    std::vector<DocumentInfo> documents;
    Statement rows(db, "SELECT name, domain, first, tokens FROM document WHERE run_id=? ORDER BY ordinal");
    rows.bind(1, run.value);
    while (rows.step()) {
        documents.push_back({rows.text(0), rows.text(1), rows.integer(2), rows.integer(3)});
    }
    return documents;
}

RunState stateOf(const Statement& row) {
    const RunState stored = runStateFrom(row.text(2));
    const bool written = stored == RunState::Recording && isWriting(row.text(17), row.integer(18));
    return stored == RunState::Recording && !written ? RunState::Interrupted : stored;
}

RunInfo runOf(Connection& connection, const Statement& row) {
    RunInfo run;
    run.id = RunId{row.integer(0)};
    run.spec.name = row.text(1);
    run.state = stateOf(row);
    run.spec.model = row.text(3);
    run.spec.family = row.text(4);
    run.spec.stack = row.text(5);
    run.spec.vocabulary = std::int32_t(row.integer(6));
    run.spec.context = std::int32_t(row.integer(7));
    run.spec.logits = logitStorageFrom(row.text(8));
    run.spec.content = runContentFrom(row.text(9));
    run.spec.text = row.integer(10) != 0;
    run.spec.nll = row.integer(11) != 0;
    run.spec.provenance = parseFacts(connection.handle(), row.text(12));
    run.spec.resumeKey = row.text(13);
    run.note = row.text(14);
    run.created = row.text(15);
    run.tokens = row.integer(16);
    run.linked = RunId{row.integer(19)};
    for (LayerStorage& layer : loadLayers(connection.handle(), run.id, run.spec.logits)) {
        run.spec.layers.push_back(std::move(layer.info));
    }
    if (hasTrainSnapshots(connection)) {
        findTraining(connection, run);
    }
    run.documents = loadDocuments(connection.handle(), run.id);
    const DomainMap map(run.documents);
    run.domains = map.domains();
    run.documentDomains = map.documentDomains();
    return run;
}

std::optional<RunInfo> findRun(Connection& connection, std::string_view condition, std::string_view name) {
    Statement row(connection.handle(), std::string(kRunColumns) + std::string(condition));
    if (!name.empty()) {
        row.bind(1, name);
    }
    return row.step() ? std::optional(runOf(connection, row)) : std::nullopt;
}

bool isNameTaken(Connection& connection, const std::string& name) {
    Statement row(connection.handle(), "SELECT 1 FROM run WHERE name=?");
    return row.bind(1, name).step();
}

} // namespace

RunId insertRun(Connection& connection, const RunSpec& spec) {
    if (isNameTaken(connection, spec.name)) {
        throw Error(ErrorCode::Conflict, "'" + connection.file().string() + "' already holds a run named '" +
                                             spec.name + "'; choose another with --name");
    }
    Statement insert(connection.handle(),
                     "INSERT INTO run(name, state, model, family, stack, vocabulary, context, logits, content, text, "
                     "nll, provenance, resume_key, created, writer, heartbeat) "
                     "VALUES(?,'recording',?,?,?,?,?,?,?,?,?,?,?,strftime('%Y-%m-%dT%H:%M:%SZ','now'),?,?) "
                     "RETURNING id");
    insert.bind(1, spec.name).bind(2, spec.model).bind(3, spec.family).bind(4, spec.stack);
    insert.bind(5, spec.vocabulary).bind(6, spec.context).bind(7, nameOf(spec.logits)).bind(8, nameOf(spec.content));
    insert.bind(9, int(spec.text)).bind(10, int(spec.nll)).bind(11, jsonObject(spec.provenance));
    insert.bind(12, spec.resumeKey).bind(13, processIdentity()).bind(14, secondsNow());
    insert.step();
    const RunId run{insert.integer(0)};
    insert.run();
    return run;
}

void linkRuns(Connection& connection, RunId a, RunId b) {
    Statement link(connection.handle(), "UPDATE run SET linked_run=? WHERE id=?");
    link.bind(1, a.value).bind(2, b.value).run();
    link.bind(1, b.value).bind(2, a.value).run();
}

void replaceDocuments(Connection& connection, RunId run, const std::vector<DocumentInfo>& documents) {
    Statement clear(connection.handle(), "DELETE FROM document WHERE run_id=?");
    clear.bind(1, run.value).run();
    Statement insert(connection.handle(), "INSERT INTO document VALUES(?,?,?,?,?,?)");
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const DocumentInfo& document = documents[i];
        insert.bind(1, run.value).bind(2, std::int64_t(i)).bind(3, document.name).bind(4, document.domain);
        insert.bind(5, document.first).bind(6, document.tokens).run();
    }
}

void insertPieces(Connection& connection, RunId run, const std::vector<Piece>& pieces) {
    Statement insert(connection.handle(), "INSERT OR IGNORE INTO piece VALUES(?,?,?)");
    for (const Piece& piece : pieces) {
        insert.bind(1, run.value).bind(2, piece.tokenId).bind(3, std::as_bytes(std::span(piece.bytes))).run();
    }
}

void deleteRun(Connection& connection, RunId run) {
    handOverLogits(connection.handle(), run);
    Statement remove(connection.handle(), "DELETE FROM run WHERE id=?"); // the rest goes by its foreign keys
    remove.bind(1, run.value).run();
}

std::vector<RunInfo> loadRuns(Connection& connection) {
    std::vector<RunInfo> runs;
    Statement rows(connection.handle(), std::string(kRunColumns) + "ORDER BY id");
    while (rows.step()) {
        runs.push_back(runOf(connection, rows));
    }
    return runs;
}

RunInfo loadRun(Connection& connection, std::string_view idOrName) {
    const std::string file = "'" + connection.file().string() + "'";
    if (idOrName.empty()) {
        // Snapshots of a training are not what somebody recorded last.
        const char* latest = hasTrainSnapshots(connection)
                                 ? "ORDER BY id IN (SELECT run_id FROM train_snapshot), id DESC LIMIT 1"
                                 : "ORDER BY id DESC LIMIT 1";
        if (auto run = findRun(connection, latest, "")) {
            return *std::move(run);
        }
        throw Error(ErrorCode::NotFound, file + " holds no run yet; record one first");
    }
    if (auto run = findRun(connection, "WHERE name=?", idOrName)) {
        return *std::move(run);
    }
    std::int64_t id = 0;
    const char* last = idOrName.data() + idOrName.size();
    if (std::from_chars(idOrName.data(), last, id).ptr == last) {
        if (auto run = findRun(connection, "WHERE id=CAST(? AS INTEGER)", idOrName)) {
            return *std::move(run);
        }
    }
    throw Error(ErrorCode::NotFound,
                file + " holds no run '" + std::string(idOrName) + "'; `moescope runs` lists those it holds");
}

RunInfo loadRun(Connection& connection, RunId run) {
    if (auto found = findRun(connection, "WHERE id=CAST(? AS INTEGER)", std::to_string(run.value))) {
        return *std::move(found);
    }
    throw Error(ErrorCode::NotFound, "run " + std::to_string(run.value) + " is no longer in '" +
                                         connection.file().string() + "'; it was deleted");
}

std::vector<Piece> loadPieces(Connection& connection, RunId run) {
    std::vector<Piece> pieces;
    Statement rows(connection.handle(), "SELECT token_id, bytes FROM piece WHERE run_id=?");
    rows.bind(1, run.value);
    while (rows.step()) {
        const auto bytes = rows.blob(1);
        pieces.push_back(
            {std::int32_t(rows.integer(0)), std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
    }
    return pieces;
}

} // namespace moescope::sqlite

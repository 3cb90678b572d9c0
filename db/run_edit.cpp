#include "db/run_edit.h"

#include "db/recording_file.h"
#include "db/run_repository.h"
#include "db/statement.h"
#include "db/transaction.h"
#include "engine/routing/error.h"

namespace moescope {

using namespace sqlite;

namespace {

std::unique_ptr<Connection> openExisting(const std::filesystem::path& file) {
    openToRead(file); // says what is wrong with it, and makes none
    return openToWrite(file).connection;
}

void setColumn(const std::filesystem::path& file, std::string_view run, const char* sql, const std::string& value) {
    const auto connection = openExisting(file);
    Transaction transaction(*connection);
    const RunInfo info = loadRun(*connection, run);
    Statement update(connection->handle(), sql);
    update.bind(1, value).bind(2, info.id.value).run();
    transaction.commit();
}

} // namespace

void renameRun(const std::filesystem::path& file, std::string_view run, const std::string& name) {
    if (name.empty()) {
        throw Error(ErrorCode::InvalidArgument, "a run needs a name");
    }
    {
        const auto connection = openToRead(file);
        Statement taken(connection->handle(), "SELECT id FROM run WHERE name=?");
        if (taken.bind(1, name).step() && taken.integer(0) != loadRun(*connection, run).id.value) {
            throw Error(ErrorCode::Conflict,
                        "'" + file.string() + "' already holds a run named '" + name + "'; choose another name");
        }
    }
    setColumn(file, run, "UPDATE run SET name=? WHERE id=?", name);
}

void noteRun(const std::filesystem::path& file, std::string_view run, const std::string& note) {
    setColumn(file, run, "UPDATE run SET note=? WHERE id=?", note);
}

void setSelectionBias(const std::filesystem::path& file, RunId run, const std::vector<MoeLayerInfo>& layers) {
    const auto connection = openExisting(file);
    Transaction transaction(*connection);
    const RunInfo info = loadRun(*connection, run);
    if (info.tokens > 0) {
        throw Error(ErrorCode::Conflict, "run '" + info.spec.name + "' holds tokens routed with other biases");
    }
    Statement update(connection->handle(), "UPDATE layer SET selection_bias=? WHERE run_id=? AND layer=?");
    for (const MoeLayerInfo& layer : layers) {
        layer.selectionBias.empty() ? update.bindNull(1)
                                    : update.bind(1, std::as_bytes(std::span(layer.selectionBias)));
        update.bind(2, run.value).bind(3, layer.layer.value).run();
    }
    transaction.commit();
}

void removeRun(const std::filesystem::path& file, std::string_view run) {
    const auto connection = openExisting(file);
    Transaction transaction(*connection);
    const RunInfo info = loadRun(*connection, run);
    if (info.state == RunState::Recording) {
        throw Error(ErrorCode::Conflict, "run '" + info.spec.name + "' is still being recorded; stop that first");
    }
    deleteRun(*connection, info.id);
    transaction.commit();
}

} // namespace moescope

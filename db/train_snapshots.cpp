#include "db/train_snapshots.h"

#include "db/recording_file.h"
#include "db/statement.h"
#include "db/transaction.h"
#include "engine/routing/error.h"

namespace moescope {

using namespace sqlite;

void addTrainSnapshot(const std::filesystem::path& file, RunId training, const TrainSnapshot& snapshot) {
    const auto opened = openToWrite(file);
    Connection& connection = *opened.connection;
    Transaction transaction(connection);
    Statement taken(connection.handle(), "SELECT run_id FROM train_snapshot WHERE training_run=? AND step=?");
    if (taken.bind(1, training.value).bind(2, snapshot.step).step() && taken.integer(0) != snapshot.run.value)
        throw Error(ErrorCode::Conflict, "'" + file.string() + "' holds another recording of step " +
                                             std::to_string(snapshot.step) + " of this training; delete that run");
    Statement insert(connection.handle(), "INSERT OR REPLACE INTO train_snapshot VALUES(?,?,?)");
    insert.bind(1, snapshot.run.value).bind(2, training.value).bind(3, snapshot.step).run();
    transaction.commit();
}

namespace sqlite {

bool hasTrainSnapshots(Connection& connection) {
    return queryInteger(connection.handle(), "SELECT count(*) FROM sqlite_schema WHERE name='train_snapshot'") > 0;
}

std::vector<TrainSnapshot> loadTrainSnapshots(Connection& connection, RunId training) {
    std::vector<TrainSnapshot> snapshots;
    if (!hasTrainSnapshots(connection))
        return snapshots; // a file of an older schema, opened to read
    Statement rows(connection.handle(), "SELECT step, run_id FROM train_snapshot WHERE training_run=? ORDER BY step");
    rows.bind(1, training.value);
    while (rows.step())
        snapshots.push_back({rows.integer(0), RunId{rows.integer(1)}});
    return snapshots;
}

} // namespace sqlite

} // namespace moescope

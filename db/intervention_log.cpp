#include "db/intervention_log.h"

#include <cmath>
#include <limits>

#include "db/connection.h"
#include "db/recording_file.h"
#include "db/statement.h"
#include "db/transaction.h"

namespace moescope {

using namespace sqlite;

namespace {

void bindNumber(Statement& statement, int index, double value) {
    std::isnan(value) ? statement.bindNull(index) : statement.bind(index, value);
}

double numberOf(Statement& row, int column) {
    return row.isNull(column) ? std::numeric_limits<double>::quiet_NaN() : row.real(column);
}

} // namespace

void storeInterventions(const std::filesystem::path& file, RunId run, LayerId layer,
                        const std::vector<InterventionRow>& rows) {
    const auto connection = openToWrite(file).connection;
    Transaction transaction(*connection);
    Statement clear(connection->handle(), "DELETE FROM intervention WHERE run_id=? AND layer=?");
    clear.bind(1, run.value).bind(2, layer.value).run();
    Statement done(connection->handle(), "DELETE FROM ablation_part WHERE run_id=? AND layer=?");
    done.bind(1, run.value).bind(2, layer.value).run();
    Statement insert(connection->handle(), "INSERT INTO intervention VALUES(?,?,?,?,?,?,?,?,?,?,?)");
    for (const InterventionRow& row : rows) {
        insert.bind(1, run.value).bind(2, row.layer.value).bind(3, row.expert).bind(4, row.domain);
        insert.bind(5, row.tokens).bind(6, row.nll).bind(7, row.change);
        bindNumber(insert, 8, row.low);
        bindNumber(insert, 9, row.high);
        bindNumber(insert, 10, row.p);
        insert.bind(11, int(row.significant)).run();
    }
    transaction.commit();
}

namespace sqlite {

std::vector<InterventionRow> loadInterventions(Connection& connection, RunId run) {
    std::vector<InterventionRow> rows;
    if (queryInteger(connection.handle(), "SELECT count(*) FROM sqlite_schema WHERE name='intervention'") == 0) {
        return rows; // a file of an older schema, opened to read
    }
    Statement select(connection.handle(),
                     "SELECT layer, expert, domain, tokens, nll, change, low, high, p, significant "
                     "FROM intervention WHERE run_id=? ORDER BY layer, expert, domain");
    select.bind(1, run.value);
    while (select.step()) {
        rows.push_back({LayerId(std::int32_t(select.integer(0))), std::int32_t(select.integer(1)), select.text(2),
                        select.integer(3), select.real(4), select.real(5), numberOf(select, 6), numberOf(select, 7),
                        numberOf(select, 8), select.integer(9) != 0});
    }
    return rows;
}

} // namespace sqlite

} // namespace moescope

#include "db/merge.h"

#include <map>

#include "db/recording_file.h"
#include "db/run_repository.h"
#include "db/statement.h"
#include "db/transaction.h"
#include "engine/routing/error.h"

namespace moescope {

using namespace sqlite;

namespace {

// Columns of table `run` that a copy takes as they are.
constexpr const char* kCopied = "model, family, stack, vocabulary, context, logits, content, text, nll, provenance, "
                                "resume_key, note, created, tokens";

// Copies the runs of the attached database `source` into `main`.
class RunCopier {
public:
    RunCopier(Connection& connection, MergeResult& result) : m_connection(connection), m_result(result) {}

    void copyAll() {
        Statement runs(db(), "SELECT id, name FROM source.run ORDER BY id");
        while (runs.step()) {
            copyRun(runs.integer(0), runs.text(1));
        }
        relink("linked_run");
        relink("origin_run");
        relinkLogits();
        copySnapshots();
    }

private:
    sqlite3* db() const { return m_connection.handle(); }

    void copyRun(std::int64_t old, const std::string& name) {
        const std::string fresh = freeName(name);
        if (fresh != name) {
            m_result.renamed.emplace_back(name, fresh);
        }
        Statement insert(db(), std::string("INSERT INTO main.run(name, state, ") + kCopied +
                                   ") SELECT ?, CASE state WHEN 'recording' THEN 'interrupted' ELSE state END, " +
                                   kCopied + " FROM source.run WHERE id=? RETURNING id");
        insert.bind(1, fresh).bind(2, old).step();
        const std::int64_t id = insert.integer(0);
        insert.run();
        m_newId[old] = id;
        copyRows("document", "ordinal, name, domain, first, tokens", "", old, id);
        copyRows("piece", "token_id, bytes", "", old, id);
        copyRows("token_block", "block, tokens, ids, phases, nll", "ORDER BY block", old, id);
        copySteps(old, id);
        copyRows("intervention", "layer, expert, domain, tokens, nll, change, low, high, p, significant", "", old, id);
        copyLayers(old, id);
        ++m_result.runs;
    }

    void copySteps(std::int64_t old, std::int64_t id) {
        std::string columns =
            "step, tokens, loss, aux_loss, z_loss, gradient_norm, learning_rate, tokens_per_second, load";
        for (const std::string newer : {"losses", "importance"})
            if (queryInteger(db(), "SELECT count(*) FROM pragma_table_info('train_step', 'source') WHERE name='" +
                                       newer + "'") > 0)
                columns += ", " + newer;
        copyRows("train_step", columns, "", old, id);
    }

    void copyRows(const std::string& table, const std::string& columns, const std::string& order, std::int64_t old,
                  std::int64_t id) {
        Statement has(db(), "SELECT 1 FROM source.sqlite_schema WHERE name=?");
        if (!has.bind(1, table).step()) {
            return; // an older schema
        }
        Statement copy(db(), "INSERT INTO main." + table + "(run_id, " + columns + ") SELECT ?, " + columns +
                                 " FROM source." + table + " WHERE run_id=? " + order);
        copy.bind(1, id).bind(2, old).run();
    }

    void copyLayers(std::int64_t old, std::int64_t id) {
        std::string columns = "layer, experts, top_k, score, renormalize, scale, group_score, groups, topk_groups, "
                              "selection_bias, id_bytes, route_block, logit_block";
        if (queryInteger(db(), "SELECT count(*) FROM pragma_table_info('layer', 'source') WHERE name='jitter'") > 0) {
            columns += ", jitter";
        }
        Statement insert(db(), "INSERT INTO main.layer(run_id, " + columns + ") SELECT ?, " + columns +
                                   " FROM source.layer WHERE id=? RETURNING id");
        Statement layers(db(), "SELECT id FROM source.layer WHERE run_id=? ORDER BY layer");
        layers.bind(1, old);
        while (layers.step()) {
            insert.bind(1, id).bind(2, layers.integer(0)).step();
            const std::int64_t layer = insert.integer(0);
            insert.run();
            m_newLayer[layers.integer(0)] = layer;
            copyBlocks("route_block", "route_block", "ids, weights", layers.integer(0), layer);
            copyBlocks("logit_block", "logit_block", "logits", layers.integer(0), layer);
            Statement sums(db(), "INSERT INTO main.layer_summary SELECT ?, domain, tokens, sums "
                                 "FROM source.layer_summary WHERE layer_id=?");
            sums.bind(1, layer).bind(2, layers.integer(0)).run();
        }
    }

    // Blocks beyond the last commit stay behind.
    void copyBlocks(const std::string& table, const std::string& size, const std::string& columns, std::int64_t old,
                    std::int64_t layer) {
        Statement copy(db(), "INSERT INTO main." + table + "(layer_id, block, tokens, " + columns +
                                 ") SELECT ?, block, tokens, " + columns + " FROM source." + table +
                                 " WHERE layer_id=?2 AND block < (SELECT (r.tokens + l." + size + " - 1) / l." + size +
                                 " FROM source.layer l JOIN source.run r ON r.id=l.run_id WHERE l.id=?2) "
                                 "ORDER BY block");
        copy.bind(1, layer).bind(2, old).run();
    }

    // Layers that read the logits of another run's.
    void relinkLogits() {
        if (queryInteger(db(), "SELECT count(*) FROM pragma_table_info('layer', 'source') WHERE name='logit_layer'") ==
            0) {
            return; // an older schema
        }
        Statement links(db(), "SELECT id, logit_layer FROM source.layer WHERE logit_layer IS NOT NULL");
        Statement update(db(), "UPDATE main.layer SET logit_layer=? WHERE id=?");
        while (links.step()) {
            update.bind(1, m_newLayer.at(links.integer(1))).bind(2, m_newLayer.at(links.integer(0))).run();
        }
    }

    void copySnapshots() {
        if (queryInteger(db(), "SELECT count(*) FROM source.sqlite_schema WHERE name='train_snapshot'") == 0) {
            return; // an older schema
        }
        Statement all(db(), "SELECT run_id, training_run, step FROM source.train_snapshot");
        Statement insert(db(), "INSERT INTO main.train_snapshot VALUES(?,?,?)");
        while (all.step()) {
            insert.bind(1, m_newId.at(all.integer(0)))
                .bind(2, m_newId.at(all.integer(1)))
                .bind(3, all.integer(2))
                .run();
        }
    }

    // References between runs, to runs that were copied too.
    void relink(const std::string& column) {
        Statement links(db(), "SELECT id, " + column + " FROM source.run WHERE " + column + " IS NOT NULL");
        Statement update(db(), "UPDATE main.run SET " + column + "=? WHERE id=?");
        while (links.step()) {
            if (m_newId.contains(links.integer(1))) {
                update.bind(1, m_newId.at(links.integer(1))).bind(2, m_newId.at(links.integer(0))).run();
            }
        }
    }

    std::string freeName(const std::string& name) const {
        Statement taken(db(), "SELECT 1 FROM main.run WHERE name=?");
        std::string fresh = name;
        for (int n = 2;; ++n) {
            Reset reset(taken);
            if (!taken.bind(1, fresh).step()) {
                return fresh;
            }
            fresh = name + "-" + std::to_string(n);
        }
    }

    Connection& m_connection;
    MergeResult& m_result;
    std::map<std::int64_t, std::int64_t> m_newId, m_newLayer;
};

void addRuns(Connection& connection, const std::filesystem::path& input, MergeResult& result) {
    Statement attach(connection.handle(), "ATTACH ? AS source");
    attach.bind(1, std::filesystem::absolute(input).string()).run();
    {
        Transaction transaction(connection);
        RunCopier(connection, result).copyAll();
        transaction.commit();
    }
    connection.execute("DETACH source");
}

} // namespace

MergeResult mergeRecordings(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output) {
    if (std::filesystem::exists(output)) {
        throw Error(ErrorCode::Conflict, "'" + output.string() + "' exists already; choose another name with -o");
    }
    for (const auto& input : inputs) {
        openToRead(input); // throws for what is no recording
    }
    MergeResult result;
    const bool ours = createWhole(output, [&](Connection& connection) {
        // Nobody else has the file yet: what fails is thrown away whole, so there is nothing to journal.
        connection.execute("PRAGMA journal_mode=OFF");
        for (const auto& input : inputs) {
            addRuns(connection, input, result);
        }
        connection.execute("PRAGMA journal_mode=WAL");
    });
    if (!ours) {
        throw Error(ErrorCode::Conflict, "'" + output.string() + "' was made by another process meanwhile");
    }
    return result;
}

} // namespace moescope

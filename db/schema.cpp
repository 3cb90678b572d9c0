#include "db/schema.h"

#include <array>

namespace moescope::sqlite {

namespace {

// Blocks have ids in order of arrival, so that they are always appended and pages stay full; small unique indexes find
// them by layer. Ids are never reused (AUTOINCREMENT): a reader may hold on to the ones of a run that is deleted.
// run.tokens says up to where a run is whole; whatever lies beyond is not there for readers.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE run(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK(state IN ('recording', 'complete', 'interrupted')),
    model TEXT NOT NULL,
    family TEXT NOT NULL,
    stack TEXT NOT NULL,
    vocabulary INTEGER NOT NULL,
    context INTEGER NOT NULL,
    logits TEXT NOT NULL CHECK(logits IN ('none', 'f16', 'f32')),
    content TEXT NOT NULL CHECK(content IN ('full', 'routes', 'counts')),
    text INTEGER NOT NULL,
    nll INTEGER NOT NULL,
    provenance TEXT NOT NULL,
    resume_key TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    tokens INTEGER NOT NULL DEFAULT 0,
    writer TEXT,
    heartbeat INTEGER,
    linked_run INTEGER REFERENCES run(id) ON DELETE SET NULL,
    origin_run INTEGER REFERENCES run(id) ON DELETE SET NULL
);
CREATE TABLE layer(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    layer INTEGER NOT NULL,
    experts INTEGER NOT NULL,
    top_k INTEGER NOT NULL,
    score TEXT NOT NULL CHECK(score IN ('softmax', 'sigmoid', 'softmax_over_chosen', 'sparse_mixer')),
    renormalize INTEGER NOT NULL,
    scale REAL NOT NULL,
    group_score TEXT NOT NULL CHECK(group_score IN ('none', 'max', 'top_two_sum')),
    groups INTEGER NOT NULL,
    topk_groups INTEGER NOT NULL,
    selection_bias BLOB,
    id_bytes INTEGER NOT NULL,
    route_block INTEGER NOT NULL,
    logit_block INTEGER NOT NULL,
    UNIQUE(run_id, layer)
);
CREATE TABLE document(
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    domain TEXT NOT NULL,
    first INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY(run_id, ordinal)
) WITHOUT ROWID;
CREATE TABLE piece(
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    token_id INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY(run_id, token_id)
) WITHOUT ROWID;
CREATE TABLE token_block(
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    block INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    ids BLOB NOT NULL,
    phases BLOB NOT NULL,
    nll BLOB NOT NULL
);
CREATE UNIQUE INDEX token_block_key ON token_block(run_id, block);
CREATE TABLE route_block(
    id INTEGER PRIMARY KEY,
    layer_id INTEGER NOT NULL REFERENCES layer(id) ON DELETE CASCADE,
    block INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    ids BLOB NOT NULL,
    weights BLOB NOT NULL
);
CREATE UNIQUE INDEX route_block_key ON route_block(layer_id, block);
CREATE TABLE logit_block(
    id INTEGER PRIMARY KEY,
    layer_id INTEGER NOT NULL REFERENCES layer(id) ON DELETE CASCADE,
    block INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    logits BLOB NOT NULL
);
CREATE UNIQUE INDEX logit_block_key ON logit_block(layer_id, block);
CREATE TABLE layer_summary(
    layer_id INTEGER NOT NULL REFERENCES layer(id) ON DELETE CASCADE,
    domain INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    sums BLOB NOT NULL,
    PRIMARY KEY(layer_id, domain)
);
)sql";

// Steps of the training that a run comes from. load: see train_steps.cpp.
constexpr std::string_view kVersion2 = R"sql(
CREATE TABLE train_step(
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    loss REAL NOT NULL,
    aux_loss REAL NOT NULL,
    z_loss REAL NOT NULL,
    gradient_norm REAL NOT NULL,
    learning_rate REAL NOT NULL,
    tokens_per_second REAL NOT NULL,
    load BLOB NOT NULL,
    PRIMARY KEY(run_id, step)
) WITHOUT ROWID;
)sql";

// A replay routes the logits of another run anew: they are read from that run's layer, not stored twice.
constexpr std::string_view kVersion3 = R"sql(
ALTER TABLE layer ADD COLUMN logit_layer INTEGER REFERENCES layer(id) ON DELETE SET NULL;
)sql";

// What a strategy's own losses were, as a JSON object; and recordings of a model on its way through a training.
constexpr std::string_view kVersion4 = R"sql(
ALTER TABLE train_step ADD COLUMN losses TEXT NOT NULL DEFAULT '{}';
CREATE TABLE train_snapshot(
    run_id INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE,
    training_run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    step INTEGER NOT NULL
);
CREATE UNIQUE INDEX train_snapshot_key ON train_snapshot(training_run, step);
)sql";

// What taking an expert out costs: nll of its run's tokens by domain ('' for all).
constexpr std::string_view kVersion5 = R"sql(
CREATE TABLE intervention(
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    layer INTEGER NOT NULL,
    expert INTEGER NOT NULL,
    domain TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    nll REAL NOT NULL,
    change REAL NOT NULL,
    low REAL,
    high REAL,
    p REAL,
    significant INTEGER NOT NULL,
    PRIMARY KEY(run_id, layer, expert, domain)
) WITHOUT ROWID;
)sql";

// How much weight each expert had in a training step: see train_steps.cpp.
constexpr std::string_view kVersion6 = R"sql(
ALTER TABLE train_step ADD COLUMN importance BLOB NOT NULL DEFAULT x'';
)sql";

// SparseMixer's threshold. Phi-3.5-MoE's own is 0.01, which runs of older versions are taken to have had.
constexpr std::string_view kVersion7 = R"sql(
ALTER TABLE layer ADD COLUMN jitter REAL NOT NULL DEFAULT 0.01;
)sql";

// An ablation under way: a batch without an expert (variant 1 + expert; 0: the model as it is), f64 by window.
constexpr std::string_view kVersion8 = R"sql(
CREATE TABLE ablation_part(
    run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
    layer INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    variant INTEGER NOT NULL,
    sums BLOB NOT NULL,
    counts BLOB NOT NULL,
    PRIMARY KEY(run_id, layer, batch, variant)
) WITHOUT ROWID;
)sql";

constexpr std::array kMigrations = {kVersion1, kVersion2, kVersion3, kVersion4,
                                    kVersion5, kVersion6, kVersion7, kVersion8};

} // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

} // namespace moescope::sqlite

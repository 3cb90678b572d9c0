#include "db/layer_repository.h"

#include <cstring>

#include "db/names.h"
#include "db/statement.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

MoeLayerInfo layerInfoOf(const Statement& row) {
    MoeLayerInfo layer;
    layer.layer = LayerId{std::int32_t(row.integer(1))};
    layer.moe.experts = std::int32_t(row.integer(2));
    layer.moe.topK = std::int32_t(row.integer(3));
    layer.moe.score = scoreFunctionFrom(row.text(4));
    layer.moe.renormalize = row.integer(5) != 0;
    layer.moe.scale = float(row.real(6));
    layer.moe.groupScore = groupScoreFrom(row.text(7));
    layer.moe.groups = std::int32_t(row.integer(8));
    layer.moe.topkGroups = std::int32_t(row.integer(9));
    const auto bias = row.blob(10);
    layer.selectionBias.resize(bias.size() / sizeof(float));
    if (!bias.empty()) {
        std::memcpy(layer.selectionBias.data(), bias.data(), layer.selectionBias.size() * sizeof(float));
    }
    return layer;
}

// The layer that `layer` of another run lends its logits from.
LayerStorage lenderOf(const std::vector<LayerStorage>& lenders, const MoeLayerInfo& layer) {
    for (const LayerStorage& lender : lenders) {
        if (lender.info.layer == layer.layer && lender.info.moe.experts == layer.moe.experts) {
            return lender;
        }
    }
    throw Error(ErrorCode::Conflict, "layer " + std::to_string(layer.layer.value) +
                                         " has no logits in the run that is replayed; record them");
}

// A column of table `layer`, or what stands for it where a file of an older schema is open to read.
std::string columnOr(sqlite3* db, const std::string& column, const std::string& expression, const std::string& older) {
    Statement has(db, "SELECT 1 FROM pragma_table_info('layer') WHERE name=?");
    return has.bind(1, column).step() ? expression : older;
}

} // namespace

void insertLayers(sqlite3* db, RunId run, const RunSpec& spec, RunId logitsOf) {
    Statement insert(db,
                     "INSERT INTO layer(run_id, layer, experts, top_k, score, renormalize, scale, group_score, groups, "
                     "topk_groups, selection_bias, id_bytes, route_block, logit_block, logit_layer, jitter) "
                     "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    const auto lenders = logitsOf == RunId{} ? std::vector<LayerStorage>() : loadLayers(db, logitsOf, spec.logits);
    for (const MoeLayerInfo& layer : spec.layers) {
        const MoeConfig& moe = layer.moe;
        auto storage = LayerStorage::choose(layer, spec.logits);
        if (logitsOf != RunId{}) {
            const LayerStorage lender = lenderOf(lenders, layer);
            storage.logitBlock = lender.logitBlock;
            storage.logitLayer = lender.logitLayer;
        }
        insert.bind(1, run.value).bind(2, layer.layer.value).bind(3, moe.experts).bind(4, moe.topK);
        insert.bind(5, nameOf(moe.score)).bind(6, int(moe.renormalize)).bind(7, double(moe.scale));
        insert.bind(8, nameOf(moe.groupScore)).bind(9, moe.groups).bind(10, moe.topkGroups);
        layer.selectionBias.empty() ? insert.bindNull(11)
                                    : insert.bind(11, std::as_bytes(std::span(layer.selectionBias)));
        insert.bind(12, int(storage.idBytes)).bind(13, storage.routeBlock).bind(14, storage.logitBlock);
        logitsOf == RunId{} ? insert.bindNull(15) : insert.bind(15, storage.logitLayer);
        insert.bind(16, double(moe.jitter)).run();
    }
}

std::vector<LayerStorage> loadLayers(sqlite3* db, RunId run, LogitStorage logits) {
    std::vector<LayerStorage> layers;
    const std::string logitLayer = columnOr(db, "logit_layer", "coalesce(logit_layer, id)", "id");
    const std::string jitter = columnOr(db, "jitter", "jitter", "0.01");
    Statement rows(db, "SELECT id, layer, experts, top_k, score, renormalize, scale, group_score, groups, topk_groups, "
                       "selection_bias, id_bytes, route_block, logit_block, " +
                           logitLayer + ", " + jitter + " FROM layer WHERE run_id=? ORDER BY layer");
    rows.bind(1, run.value);
    while (rows.step()) {
        LayerStorage layer;
        layer.id = rows.integer(0);
        layer.info = layerInfoOf(rows);
        layer.logits = logits;
        layer.idBytes = std::size_t(rows.integer(11));
        layer.routeBlock = std::int32_t(rows.integer(12));
        layer.logitBlock = std::int32_t(rows.integer(13));
        layer.logitLayer = rows.integer(14);
        layer.info.moe.jitter = float(rows.real(15));
        layers.push_back(std::move(layer));
    }
    return layers;
}

void handOverLogits(sqlite3* db, RunId run) {
    Statement heirs(db, "SELECT l.logit_layer, l.id, max(r.tokens) FROM layer l JOIN run r ON r.id = l.run_id "
                        "WHERE l.logit_layer IN (SELECT id FROM layer WHERE run_id=?) GROUP BY l.logit_layer");
    Statement blocks(db, "UPDATE logit_block SET layer_id=?1 WHERE layer_id=?2");
    Statement readers(db, "UPDATE layer SET logit_layer=nullif(?1, id) WHERE logit_layer=?2");
    heirs.bind(1, run.value);
    std::vector<std::pair<std::int64_t, std::int64_t>> moves; // (from, to)
    while (heirs.step()) {
        moves.emplace_back(heirs.integer(0), heirs.integer(1));
    }
    for (const auto& [from, to] : moves) {
        blocks.bind(1, to).bind(2, from).run();
        readers.bind(1, to).bind(2, from).run();
    }
}

} // namespace moescope::sqlite

#include "db/layer_repository.h"

#include <cstring>

#include "db/names.h"
#include "db/statement.h"

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

} // namespace

void insertLayers(sqlite3* db, RunId run, const RunSpec& spec) {
    Statement insert(db,
                     "INSERT INTO layer(run_id, layer, experts, top_k, score, renormalize, scale, group_score, groups, "
                     "topk_groups, selection_bias, id_bytes, route_block, logit_block) "
                     "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (const MoeLayerInfo& layer : spec.layers) {
        const MoeConfig& moe = layer.moe;
        const auto storage = LayerStorage::choose(layer, spec.logits);
        insert.bind(1, run.value).bind(2, layer.layer.value).bind(3, moe.experts).bind(4, moe.topK);
        insert.bind(5, nameOf(moe.score)).bind(6, int(moe.renormalize)).bind(7, double(moe.scale));
        insert.bind(8, nameOf(moe.groupScore)).bind(9, moe.groups).bind(10, moe.topkGroups);
        layer.selectionBias.empty() ? insert.bindNull(11)
                                    : insert.bind(11, std::as_bytes(std::span(layer.selectionBias)));
        insert.bind(12, int(storage.idBytes)).bind(13, storage.routeBlock).bind(14, storage.logitBlock);
        insert.run();
    }
}

std::vector<LayerStorage> loadLayers(sqlite3* db, RunId run, LogitStorage logits) {
    std::vector<LayerStorage> layers;
    Statement rows(db, "SELECT id, layer, experts, top_k, score, renormalize, scale, group_score, groups, topk_groups, "
                       "selection_bias, id_bytes, route_block, logit_block FROM layer WHERE run_id=? ORDER BY layer");
    rows.bind(1, run.value);
    while (rows.step()) {
        LayerStorage layer;
        layer.id = rows.integer(0);
        layer.info = layerInfoOf(rows);
        layer.logits = logits;
        layer.idBytes = std::size_t(rows.integer(11));
        layer.routeBlock = std::int32_t(rows.integer(12));
        layer.logitBlock = std::int32_t(rows.integer(13));
        layers.push_back(std::move(layer));
    }
    return layers;
}

} // namespace moescope::sqlite

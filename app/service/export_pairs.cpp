#include <algorithm>
#include <memory>
#include <vector>

#include "analysis/coactivation.h"
#include "analysis/transitions.h"
#include "analysis/vocabulary.h"
#include "app/service/export_filter.h"
#include "app/service/export_tables.h"

// The tables counted from blocks: tokens by expert, expert by expert, layer by layer. Cells without a count have no
// row.
namespace moescope {

namespace {

// The filter with one layer only.
RunFilter within(const RunFilter& filter, LayerId layer) {
    RunFilter one = filter;
    one.layers = {layer};
    one.experts.clear();
    return one;
}

void writeVocabulary(const ExportContext& context, LayerId layer, std::int32_t expert,
                     const VocabularyCounts& vocabulary) {
    TableWriter& out = context.out;
    for (const VocabularyCounts::Entry& entry : vocabulary.of(expert)) {
        out.beginRow();
        out.cell(std::int64_t(layer.value));
        out.cell(std::int64_t(expert));
        out.cell(std::int64_t(entry.tokenId));
        if (context.run.spec.text) {
            out.cell(context.recording.piece(context.run, entry.tokenId));
        } else {
            out.none();
        }
        out.cell(entry.count);
        out.cell(entry.shareOfToken());
        out.endRow();
    }
}

void writePairs(const ExportContext& context, LayerId layer, const CoactivationCounts& pairs) {
    TableWriter& out = context.out;
    for (std::int32_t a = 0; a < pairs.experts(); ++a) {
        for (std::int32_t b = 0; b < pairs.experts() && takesExpert(context.filter, a); ++b) {
            if (a == b || pairs.count(a, b) == 0) {
                continue;
            }
            out.beginRow();
            out.cell(std::int64_t(layer.value));
            out.cell(std::int64_t(a));
            out.cell(std::int64_t(b));
            out.cell(pairs.count(a, b));
            out.cell(pairs.conditional(b, a));
            out.endRow();
        }
    }
}

void writeTransitions(const ExportContext& context, LayerId layer, LayerId next, const TransitionCounts& moves) {
    TableWriter& out = context.out;
    for (std::int32_t from = 0; from < moves.experts(); ++from) {
        for (std::int32_t to = 0; to < moves.nextExperts() && takesExpert(context.filter, from); ++to) {
            if (moves.count(from, to) == 0) {
                continue;
            }
            out.beginRow();
            out.cell(std::int64_t(layer.value));
            out.cell(std::int64_t(from));
            out.cell(std::int64_t(next.value));
            out.cell(std::int64_t(to));
            out.cell(moves.count(from, to));
            out.endRow();
        }
    }
}

// Counts the steps from each layer to the next one. Blocks come by stretches of tokens, of each stretch every layer.
class TransitionScan {
public:
    explicit TransitionScan(const std::vector<MoeLayerInfo>& layers) : m_layers(layers) {
        for (std::size_t l = 0; l + 1 < layers.size(); ++l) {
            m_moves.emplace_back(layers[l].moe.experts, layers[l + 1].moe.experts);
        }
    }

    void add(const RoutingBlock& block) {
        if (block.layer != m_layers[m_now.layer].layer) {
            endLayer();
        }
        if (m_now.ids.empty()) {
            m_now.first = block.first;
        }
        m_now.ids.insert(m_now.ids.end(), block.ids.begin(), block.ids.end());
    }

    const std::vector<TransitionCounts>& finish() {
        endLayer();
        return m_moves;
    }

private:
    struct LayerIds { // of one stretch
        std::size_t layer = 0;
        TokenIndex first = 0;
        std::vector<std::uint16_t> ids;
    };

    RoutingBlock blockOf(const LayerIds& part) const {
        const MoeLayerInfo& layer = m_layers[part.layer];
        const std::size_t tokens = part.ids.size() / std::size_t(layer.moe.topK);
        return {layer.layer, part.first, std::int32_t(tokens), layer.moe.topK, layer.moe.experts, part.ids, {}, {}};
    }

    void endLayer() {
        if (m_now.layer > 0) {
            m_moves[m_now.layer - 1].add(blockOf(m_before), blockOf(m_now));
        }
        std::swap(m_before, m_now);
        m_now.layer = (m_before.layer + 1) % m_layers.size();
        m_now.ids.clear();
    }

    const std::vector<MoeLayerInfo>& m_layers;
    std::vector<TransitionCounts> m_moves;
    LayerIds m_before, m_now;
};

} // namespace

void fillVocabulary(const ExportContext& context) {
    const auto index = std::make_shared<const VocabularyIndex>(context.recording.tokenIds(context.run));
    const std::vector<MoeLayerInfo> layers = layersOf(context.run, context.filter);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        context.progress(double(l) / double(layers.size()));
        VocabularyCounts vocabulary(index, layers[l].moe.experts);
        context.recording.eachChoice(context.run, within(context.filter, layers[l].layer),
                                     [&](const RoutingBlock& block) { vocabulary.add(block); });
        for (std::int32_t e = 0; e < layers[l].moe.experts; ++e) {
            if (takesExpert(context.filter, e)) {
                writeVocabulary(context, layers[l].layer, e, vocabulary);
            }
        }
    }
}

void fillCoactivation(const ExportContext& context) {
    const std::vector<MoeLayerInfo> layers = layersOf(context.run, context.filter);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        context.progress(double(l) / double(layers.size()));
        CoactivationCounts pairs(layers[l].moe.experts);
        context.recording.eachChoice(context.run, within(context.filter, layers[l].layer),
                                     [&](const RoutingBlock& block) { pairs.add(block); });
        writePairs(context, layers[l].layer, pairs);
    }
}

void fillTransitions(const ExportContext& context) {
    constexpr std::int64_t kStretch = 16384;
    const std::vector<MoeLayerInfo>& layers = context.run.spec.layers;
    if (layers.size() < 2) {
        return;
    }
    RunFilter everyLayer = context.filter;
    everyLayer.layers.clear();
    everyLayer.experts.clear();
    TransitionScan scan(layers);
    context.recording.eachChoice(context.run, everyLayer, kStretch, [&](const RoutingBlock& block) {
        if (block.layer == layers.front().layer) {
            context.progress(double(block.first) / double(context.run.tokens));
        }
        scan.add(block);
    });
    const std::vector<TransitionCounts>& moves = scan.finish();
    for (std::size_t l = 0; l < moves.size(); ++l) {
        const LayerId layer = layers[l].layer;
        if (takesLayer(context.filter, layer)) {
            writeTransitions(context, layer, layers[l + 1].layer, moves[l]);
        }
    }
}

} // namespace moescope

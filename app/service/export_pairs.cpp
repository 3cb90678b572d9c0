#include <algorithm>
#include <vector>

#include "analysis/coactivation.h"
#include "analysis/transitions.h"
#include "analysis/vocabulary.h"
#include "app/service/export_tables.h"
#include "app/service/token_chunk.h"

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

} // namespace

void fillVocabulary(const ExportContext& context) {
    const std::vector<std::int32_t> tokenIds = context.recording.tokenIds(context.run);
    const std::vector<MoeLayerInfo> layers = layersOf(context.run, context.filter);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        context.progress(double(l) / double(layers.size()));
        VocabularyCounts vocabulary(layers[l].moe.experts);
        context.recording.eachChoice(
            context.run, within(context.filter, layers[l].layer), [&](const RoutingBlock& block) {
                vocabulary.add(block, std::span(tokenIds).subspan(std::size_t(block.first), std::size_t(block.tokens)));
            });
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
    const std::vector<MoeLayerInfo>& layers = context.run.spec.layers;
    std::vector<TransitionCounts> moves;
    for (std::size_t l = 0; l + 1 < layers.size(); ++l) {
        moves.emplace_back(layers[l].moe.experts, layers[l + 1].moe.experts);
    }
    RunFilter everyLayer = context.filter;
    everyLayer.layers.clear();
    eachChunk(context.recording, context.run, everyLayer, {.weights = false}, context.progress,
              [&](const TokenChunk& chunk) {
                  for (std::size_t l = 0; l < moves.size(); ++l) {
                      moves[l].add(chunk.layers[l], chunk.layers[l + 1]); // tokens not taken have no experts here
                  }
              });
    for (std::size_t l = 0; l < moves.size(); ++l) {
        const LayerId layer = layers[l].layer;
        if (takesLayer(context.filter, layer)) {
            writeTransitions(context, layer, layers[l + 1].layer, moves[l]);
        }
    }
}

} // namespace moescope

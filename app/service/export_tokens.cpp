#include <algorithm>
#include <cmath>

#include "app/service/export_tables.h"
#include "app/service/token_chunk.h"
#include "engine/routing/scores.h"

// The tables with a row per token, slot or logit.
namespace moescope {

namespace {

void writeToken(const ExportContext& context, const TokenRecord& token) {
    TableWriter& out = context.out;
    const auto document = std::size_t(token.document);
    out.beginRow();
    out.cell(context.run.documents[document].name);
    out.cell(context.run.domains[std::size_t(context.run.documentDomains[document])]);
    out.cell(std::int64_t(token.token));
    out.cell(token.position);
    out.cell(std::string_view(token.phase == Phase::Prompt ? "prompt" : "generated"));
    out.cell(std::int64_t(token.tokenId));
    if (context.run.spec.text) {
        out.cell(token.text);
    } else {
        out.none();
    }
    out.cell(token.nll);
    out.endRow();
}

// The rows of one token in one layer.
class SlotRows {
public:
    explicit SlotRows(const ExportContext& context) : m_context(context) {}

    void write(const MoeLayerInfo& layer, const RoutingBlock& block, std::int32_t t) {
        const bool logits = !block.logits.empty();
        if (logits) {
            m_probs.resize(std::size_t(block.experts));
            probabilities(layer.moe, block.logitsOf(t), m_probs);
        }
        TableWriter& out = m_context.out;
        const auto ids = block.idsOf(t);
        for (std::size_t slot = 0; slot < ids.size(); ++slot) {
            const std::uint16_t e = ids[slot];
            if (e == kNoExpert || !takesExpert(m_context.filter, e)) {
                continue;
            }
            out.beginRow();
            out.cell(block.first + t);
            out.cell(std::int64_t(block.layer.value));
            out.cell(std::int64_t(slot));
            out.cell(std::int64_t(e));
            out.cell(block.weightsOf(t)[slot]);
            if (logits) {
                out.cell(m_probs[e]);
                out.cell(block.logitsOf(t)[e]);
            } else {
                out.none();
                out.none();
            }
            out.endRow();
        }
    }

private:
    const ExportContext& m_context;
    std::vector<float> m_probs;
};

void writeLogits(const ExportContext& context, const RoutingBlock& block, std::int32_t t) {
    const auto logits = block.logitsOf(t);
    for (std::size_t e = 0; e < logits.size(); ++e) {
        if (takesExpert(context.filter, std::int32_t(e))) {
            context.out.beginRow();
            context.out.cell(block.first + t);
            context.out.cell(std::int64_t(block.layer.value));
            context.out.cell(std::int64_t(e));
            context.out.cell(logits[e]);
            context.out.endRow();
        }
    }
}

// Token by token, layer by layer.
template <class Write>
void eachTokenLayer(const ExportContext& context, bool logits, Write write) {
    eachChunk(context.recording, context.run, context.filter, {logits}, context.progress, [&](const TokenChunk& chunk) {
        for (std::size_t t = 0; t < chunk.taken.size(); ++t) {
            for (std::size_t l = 0; chunk.taken[t] != 0 && l < chunk.layers.size(); ++l) {
                write(l, chunk.layers[l], std::int32_t(t));
            }
        }
    });
}

} // namespace

void fillTokens(const ExportContext& context) {
    constexpr TokenIndex kStep = 4096;
    const std::vector<TokenRange> ranges = tokenRanges(context.recording, context.run, context.filter);
    for (const TokenRange& range : ranges) {
        for (TokenIndex first = range.begin; first < range.end; first += kStep) {
            for (const TokenRecord& token :
                 context.recording.tokens(context.run, first, std::min(first + kStep, range.end))) {
                writeToken(context, token);
            }
            context.progress(double(first) / double(ranges.back().end));
        }
    }
}

void fillRouting(const ExportContext& context) {
    const std::vector<MoeLayerInfo> layers = layersOf(context.run, context.filter);
    SlotRows rows(context);
    eachTokenLayer(context, context.run.spec.logits != LogitStorage::None,
                   [&](std::size_t l, const RoutingBlock& block, std::int32_t t) { rows.write(layers[l], block, t); });
}

void fillLogits(const ExportContext& context) {
    eachTokenLayer(context, true, [&](std::size_t /*layer*/, const RoutingBlock& block, std::int32_t t) {
        writeLogits(context, block, t);
    });
}

} // namespace moescope

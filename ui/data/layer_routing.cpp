#include "ui/data/layer_routing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/margins.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr TokenIndex kPart = 16384; // tokens handed over at once

void check(const std::stop_token& stop) {
    if (stop.stop_requested()) {
        throw Error(ErrorCode::Cancelled, "reading stopped");
    }
}

LayerRoutingPart partOf(const RoutingBlock& block) {
    LayerRoutingPart part{block.layer, block.first, block.topK, block.experts, {}, {}, {}};
    part.ids.assign(block.ids.begin(), block.ids.end());
    part.weights.assign(block.weights.begin(), block.weights.end());
    return part;
}

void extend(LayerRoutingPart& part, const RoutingBlock& block) {
    part.ids.insert(part.ids.end(), block.ids.begin(), block.ids.end());
    part.weights.insert(part.weights.end(), block.weights.begin(), block.weights.end());
}

TokenIndex endOf(const LayerRoutingPart& part) {
    return part.first + TokenIndex(part.ids.size()) / part.topK;
}

// A filter may take every tenth token: short gaps are filled, so that parts stay large.
void fillGap(LayerRoutingPart& part, TokenIndex upTo) {
    if (upTo - part.first > kPart || upTo < endOf(part)) {
        return;
    }
    if (!part.margins.empty()) {
        part.margins.resize(std::size_t(upTo - part.first), std::numeric_limits<float>::quiet_NaN());
    }
    part.ids.resize(std::size_t(upTo - part.first) * std::size_t(part.topK), kNoExpert);
    part.weights.resize(part.ids.size());
}

void addMargins(LayerRoutingPart& part, const RoutingBlock& block, const MoeLayerInfo& info) {
    for (std::int32_t t = 0; t < block.tokens; ++t) {
        part.margins.push_back(block.logits.empty() ? std::numeric_limits<float>::quiet_NaN()
                                                    : tokenMargin(info, block.logitsOf(t)));
    }
}

} // namespace

void LayerRouting::append(const LayerRoutingPart& part) {
    const auto k = std::size_t(part.topK);
    if (m_topK == 0) {
        m_topK = part.topK;
        m_experts = part.experts;
        m_ids.assign(std::size_t(m_tokens) * k, kNoExpert);
        m_weights.assign(m_ids.size(), 0);
    }
    const std::size_t at = std::size_t(part.first) * k;
    const std::size_t n = at >= m_ids.size() ? 0 : std::min(part.ids.size(), m_ids.size() - at);
    std::copy_n(part.ids.begin(), n, m_ids.begin() + std::ptrdiff_t(at));
    std::copy_n(part.weights.begin(), n, m_weights.begin() + std::ptrdiff_t(at));
    if (!part.margins.empty()) {
        if (m_margins.empty()) {
            m_margins.assign(std::size_t(m_tokens), std::numeric_limits<float>::quiet_NaN());
        }
        std::copy_n(part.margins.begin(), n / k, m_margins.begin() + std::ptrdiff_t(part.first));
    }
}

bool LayerRouting::has(TokenIndex token) const {
    return m_topK > 0 && token < m_tokens && idsOf(token).front() != kNoExpert;
}

std::span<const std::uint16_t> LayerRouting::idsOf(TokenIndex token) const {
    return std::span(m_ids).subspan(std::size_t(token) * std::size_t(m_topK), std::size_t(m_topK));
}

std::span<const float> LayerRouting::weightsOf(TokenIndex token) const {
    return std::span(m_weights).subspan(std::size_t(token) * std::size_t(m_topK), std::size_t(m_topK));
}

float LayerRouting::marginOf(TokenIndex token) const {
    return m_margins.empty() ? std::numeric_limits<float>::quiet_NaN() : m_margins[std::size_t(token)];
}

bool LayerRouting::chose(TokenIndex token, ExpertId expert) const {
    if (!has(token)) {
        return false;
    }
    const auto ids = idsOf(token);
    return std::find(ids.begin(), ids.end(), std::uint16_t(expert.value)) != ids.end();
}

void readLayerRouting(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                      bool margins, std::stop_token stop, const DeliverRouting& deliver) {
    RunFilter one = filter;
    one.layers = {layer};
    const MoeLayerInfo* info = run.spec.findLayer(layer);
    std::shared_ptr<LayerRoutingPart> part;
    recording.eachRouting(run, one, margins, [&](const RoutingBlock& block) {
        check(stop);
        if (part) {
            fillGap(*part, block.first);
        }
        const bool follows = part && endOf(*part) == block.first;
        if (part && (!follows || endOf(*part) - part->first >= kPart)) {
            deliver(std::move(part));
            part.reset();
        }
        if (part) {
            extend(*part, block);
        } else {
            part = std::make_shared<LayerRoutingPart>(partOf(block));
        }
        if (margins && info) {
            addMargins(*part, block, *info);
        }
    });
    if (part) {
        deliver(std::move(part));
    }
}

void readTokenText(const Recording& recording, const RunInfo& run, TokenIndex from, std::stop_token stop,
                   const DeliverText& deliver) {
    for (TokenIndex at = from; at < run.tokens; at += kPart) {
        check(stop);
        auto part = std::make_shared<TokenTextPart>();
        part->first = at;
        const TokenIndex end = std::min(run.tokens, at + kPart);
        for (const TokenRecord& token : recording.tokens(run, at, end)) {
            part->bytes += run.spec.text ? token.text : "⟨" + std::to_string(token.tokenId) + "⟩ ";
            part->ends.push_back(std::uint32_t(part->bytes.size()));
            part->ids.push_back(token.tokenId);
            part->nll.push_back(token.nll);
        }
        part->last = end == run.tokens && run.state != RunState::Recording;
        deliver(std::move(part));
    }
    if (from == run.tokens && run.state != RunState::Recording) { // nothing new but the end
        auto end = std::make_shared<TokenTextPart>();
        end->first = from;
        end->last = true;
        deliver(std::move(end));
    }
}

RouteWindow readRouteWindow(const Recording& recording, const RunInfo& run, TokenIndex centre, std::int64_t around) {
    RouteWindow out;
    RunFilter filter;
    filter.tokenBegin = std::max<TokenIndex>(0, centre - around);
    filter.tokenEnd = std::min(run.tokens, centre + around + 1);
    out.first = filter.tokenBegin;
    out.tokens = filter.tokenEnd - filter.tokenBegin;
    recording.eachRouting(run, filter, false, [&](const RoutingBlock& block) {
        if (!out.layers.empty() && out.layers.back().layer == block.layer) {
            extend(out.layers.back(), block);
        } else {
            out.layers.push_back(partOf(block));
        }
    });
    return out;
}

} // namespace moescope

#include "ui/data/same_route.h"

#include <algorithm>

#include "engine/routing/error.h"

namespace moescope {

namespace {

std::vector<std::uint16_t> setOf(std::span<const std::uint16_t> ids) {
    std::vector<std::uint16_t> set;
    std::ranges::copy_if(ids, std::back_inserter(set), [](std::uint16_t id) { return id != kNoExpert; });
    std::ranges::sort(set);
    return set;
}

bool isSet(std::span<const std::uint16_t> ids, const std::vector<std::uint16_t>& set) {
    std::size_t used = 0;
    for (const std::uint16_t id : ids) {
        if (id == kNoExpert) {
            continue;
        }
        if (!std::ranges::binary_search(set, id)) {
            return false;
        }
        ++used;
    }
    return used == set.size();
}

// The document of consecutive tokens, asked for in ascending order.
class DocumentWalk {
public:
    explicit DocumentWalk(const RunInfo& run) : m_run(run) {}
    std::int32_t of(TokenIndex token) {
        while (token >= m_run.documents[m_at].first + m_run.documents[m_at].tokens) {
            ++m_at;
        }
        return std::int32_t(m_at);
    }

private:
    const RunInfo& m_run;
    std::size_t m_at = 0;
};

void addPlace(SameRoute& out, std::int32_t document, TokenIndex token) {
    if (out.places.empty() || out.places.back().document != document) {
        out.places.push_back({document, 0, token});
    }
    SameRoute::Place& place = out.places.back();
    if (place.first == out.token) {
        place.first = token;
    }
    ++place.tokens;
    ++out.tokens;
}

} // namespace

SameRoute readSameRoute(const Recording& recording, const RunInfo& run, const RunFilter& filter, LayerId layer,
                        TokenIndex token, std::stop_token stop) {
    SameRoute out;
    out.layer = layer;
    out.token = token;
    for (const TokenRouteLayer& route : recording.route(run, token)) {
        if (route.layer == layer) {
            out.experts = setOf(route.ids);
        }
    }
    RunFilter one = filter;
    one.layers = {layer};
    DocumentWalk documents(run);
    recording.eachRouting(run, one, false, [&](const RoutingBlock& block) {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Cancelled, "reading stopped");
        }
        for (std::int32_t t = 0; t < block.tokens; ++t) {
            if (isSet(block.idsOf(t), out.experts)) {
                addPlace(out, documents.of(block.first + t), block.first + t);
            }
        }
        out.of += block.tokens;
    });
    std::ranges::stable_sort(out.places, [](const auto& a, const auto& b) { return a.tokens > b.tokens; });
    return out;
}

} // namespace moescope

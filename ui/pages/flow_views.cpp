#include "ui/pages/flow_views.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <QCoreApplication>

#include "analysis/findings.h"
#include "analysis/none.h"
#include "ui/charts/number_format.h"

namespace moescope {

namespace {

struct FlowViews {
    Q_DECLARE_TR_FUNCTIONS(FlowViews)
};

constexpr double kTellingLift = 1.25; // links below are drawn as what loads explain

using Experts = std::vector<int>;

// The largest by load, with those that must be there; in order of their number. -1 last where some are left out.
Experts chooseNodes(const RouteFlow::Layer& layer, const std::set<int>& wanted) {
    Experts all(std::size_t(layer.experts));
    std::iota(all.begin(), all.end(), 0);
    if (all.size() <= kFlowNodes) {
        return all;
    }
    std::stable_sort(all.begin(), all.end(), [&](int a, int b) {
        const bool first = wanted.contains(a), second = wanted.contains(b);
        return first != second ? first : layer.load[std::size_t(a)] > layer.load[std::size_t(b)];
    });
    all.resize(kFlowNodes - 1);
    std::sort(all.begin(), all.end());
    all.push_back(-1);
    return all;
}

// From expert to its node's place in the column.
std::vector<int> placesOf(const Experts& nodes, std::int32_t experts) {
    std::vector<int> places(std::size_t(experts), int(nodes.size()) - 1);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i] >= 0) {
            places[std::size_t(nodes[i])] = int(i);
        }
    }
    return places;
}

QString labelOf(int expert) {
    return expert < 0 ? FlowViews::tr("others") : QStringLiteral("E%1").arg(expert);
}

std::vector<SankeyNode> nodesOf(const RouteFlow::Layer& layer, const Experts& experts, std::int64_t tokens) {
    const std::vector<int> places = placesOf(experts, layer.experts);
    std::vector<SankeyNode> nodes(experts.size());
    for (std::int32_t e = 0; e < layer.experts; ++e) {
        nodes[std::size_t(places[std::size_t(e)])].weight += double(layer.load[std::size_t(e)]);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].expert = experts[i];
        nodes[i].toolTip = FlowViews::tr("<b>layer %1 · %2</b><br>%3 choices, %4 of the tokens")
                               .arg(layer.layer.value)
                               .arg(labelOf(experts[i]), count(qint64(nodes[i].weight)),
                                    percent(nodes[i].weight / double(std::max<std::int64_t>(1, tokens))));
    }
    return nodes;
}

void addLinks(SankeyData& data, const RouteFlow& flow, std::size_t step, const std::vector<int>& from,
              const std::vector<int>& to) {
    const std::size_t columns = data.nodes[step + 1].size();
    std::vector<double> seen(data.nodes[step].size() * columns), expected(seen.size());
    const TransitionCounts& counts = flow.steps[step];
    for (std::int32_t a = 0; a < counts.experts(); ++a) {
        for (std::int32_t b = 0; b < counts.nextExperts(); ++b) {
            const std::size_t i = std::size_t(from[std::size_t(a)]) * columns + std::size_t(to[std::size_t(b)]);
            seen[i] += double(counts.count(a, b));
            expected[i] += flow.expected(step, a, b);
        }
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i] <= 0) {
            continue;
        }
        SankeyLink link{int(step), int(i / columns), int(i % columns), seen[i], 1, false, {}};
        link.lift = expected[i] > 0 ? seen[i] / expected[i] : 1;
        link.beyondChance = link.lift >= kTellingLift && seen[i] > expected[i] + 1.96 * std::sqrt(expected[i]);
        const SankeyNode &here = data.nodes[step][i / columns], &there = data.nodes[step + 1][i % columns];
        link.toolTip =
            FlowViews::tr("<b>%1 of layer %2 → %3 of layer %4</b><br>%5 pairs of choices, <b>%6</b> what "
                          "their loads alone would give<br>%7 of the tokens of %1")
                .arg(labelOf(here.expert))
                .arg(flow.layers[step].layer.value)
                .arg(labelOf(there.expert))
                .arg(flow.layers[step + 1].layer.value)
                .arg(count(qint64(seen[i])), times(link.lift), percent(seen[i] / std::max(1.0, here.weight)));
        data.links.push_back(link);
    }
}

std::set<int> wantedIn(LayerId layer, const TokenRoute* route, std::optional<ExpertId> expert, LayerId selected) {
    std::set<int> wanted;
    if (const TokenLayerRoute* own = route ? route->find(layer) : nullptr) {
        wanted.insert(own->ids.begin(), own->ids.end());
    }
    if (expert && layer == selected) {
        wanted.insert(expert->value);
    }
    return wanted;
}

} // namespace

std::shared_ptr<const HeatmapData> partnerHeatmap(const LayerPartners& partners) {
    auto data = std::make_shared<HeatmapData>();
    const CoactivationCounts& counts = partners.counts;
    data->rows = data->columns = counts.experts();
    data->rowAxis = FlowViews::tr("expert a");
    data->columnAxis = FlowViews::tr("expert b");
    data->valueName = FlowViews::tr("P(b | a)");
    data->countName = FlowViews::tr("tokens with both");
    data->definition = FlowViews::tr("of the tokens that have a, the share that has b too");
    std::int64_t fewest = partners.tokens;
    for (std::int32_t a = 0; a < counts.experts(); ++a) {
        data->rowLabels << QString::number(a);
        data->columnLabels << QString::number(a);
        fewest = counts.count(a, a) > 0 ? std::min(fewest, counts.count(a, a)) : fewest;
        for (std::int32_t b = 0; b < counts.experts(); ++b) {
            data->values.push_back(a == b ? kNone : counts.conditional(b, a));
            data->counts.push_back(counts.count(a, b));
        }
    }
    data->scale = ColorScale::sequential(ColorMap::Viridis, 0, niceCeiling(data->largest()));
    const double even = CoactivationCounts::uniform(partners.topK, counts.experts());
    const double spread = 1.96 * std::sqrt(even * (1 - even) / double(std::max<std::int64_t>(1, fewest)));
    data->chanceLow = std::max(0.0, even - spread);
    data->chanceHigh = even + spread;
    return data;
}

std::shared_ptr<const SankeyData> sankeyOf(const RouteFlow& flow, const TokenRoute* route,
                                           std::optional<ExpertId> expert, LayerId layer) {
    auto data = std::make_shared<SankeyData>();
    std::vector<std::vector<int>> places;
    for (const RouteFlow::Layer& own : flow.layers) {
        const Experts experts = chooseNodes(own, wantedIn(own.layer, route, expert, layer));
        data->columns << FlowViews::tr("layer %1").arg(own.layer.value);
        data->experts = std::max(data->experts, int(own.experts));
        data->nodes.push_back(nodesOf(own, experts, flow.tokens));
        places.push_back(placesOf(experts, own.experts));
        data->path.emplace_back();
        if (const TokenLayerRoute* way = route ? route->find(own.layer) : nullptr) {
            for (const std::uint16_t id : way->ids) {
                data->path.back().push_back(id == kNoExpert ? -1 : places.back()[id]);
            }
        }
    }
    for (std::size_t step = 0; step < flow.steps.size(); ++step) {
        addLinks(*data, flow, step, places[step], places[step + 1]);
    }
    return data;
}

Finding flowFinding(const LayerPartners& partners, const RouteFlow* flow) {
    constexpr std::int64_t kFewest = 20;
    QString text;
    const auto found = partners.topK > 1 ? strongestPartners(partners.counts, partners.topK, kFewest) : std::nullopt;
    if (found && found->conditional > found->uniform) {
        text = FlowViews::tr("In layer %1, %2 of the tokens of expert %3 go to expert %4 too; chance would give %5.")
                   .arg(strong(partners.layer.value), strong(percent(found->conditional, 0)),
                        strong(found->expert.value), strong(found->partner.value), percent(found->uniform, 0));
    } else {
        text = partners.topK > 1
                   ? FlowViews::tr("In layer %1 no two experts serve the same tokens more than chance explains.")
                         .arg(strong(partners.layer.value))
                   : FlowViews::tr("Layer %1 chooses one expert a token, so no two act together.")
                         .arg(strong(partners.layer.value));
    }
    QString more;
    for (std::size_t s = 0; flow && s < flow->steps.size(); ++s) {
        if (flow->layers[s].layer != partners.layer) {
            continue;
        }
        if (const auto next = surestTransition(flow->steps[s], kFewest)) {
            more =
                FlowViews::tr("From expert %1 most surely on to expert %2 of layer %3: %4 of its choices there. Grey "
                              "flows are what loads alone explain.")
                    .arg(next->expert.value)
                    .arg(next->next.value)
                    .arg(flow->layers[s + 1].layer.value)
                    .arg(percent(next->share, 0));
        }
    }
    return {text, more.isEmpty() ? FlowViews::tr("Grey flows are what loads alone explain.") : more};
}

} // namespace moescope

#include "app/service/compare_service.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "analysis/bootstrap.h"
#include "app/service/compare_figures.h"
#include "app/service/group_routing.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

bool sameShape(const std::vector<ComparedLayer>& a, const std::vector<ComparedLayer>& b) {
    return std::ranges::equal(a, b, [](const ComparedLayer& x, const ComparedLayer& y) {
        return x.layer == y.layer && x.experts == y.experts && x.choices == y.choices;
    });
}

// Whether the metric's scale depends on how many experts there are and how many a token has.
bool dependsOnShape(const std::string& metric) {
    return metric == "cv" || metric == "max_vio" || metric == "dead_experts";
}

bool comparesWithFirst(const std::string& metric) {
    return metric == "changed_tokens" || metric == "jaccard" || metric == "saturation";
}

std::set<std::int32_t> countsOf(const ComparedRun& run, std::int32_t ComparedLayer::*count) {
    std::set<std::int32_t> out;
    for (const ComparedLayer& layer : run.layers) {
        out.insert(layer.*count);
    }
    return out;
}

// How the numbers of experts, or else those for a token, are others than the first run's; empty: they are not.
std::string otherCounts(const ComparedRun& first, const ComparedRun& run) {
    constexpr std::array<std::pair<std::int32_t ComparedLayer::*, const char*>, 2> kCounts{
        {{&ComparedLayer::experts, "experts"}, {&ComparedLayer::choices, "experts per token"}}};
    for (const auto& [count, name] : kCounts) {
        const auto then = countsOf(first, count), now = countsOf(run, count);
        if (then != now) {
            return fmt::format("{} {}, not {}", fmt::join(now, " or "), name, fmt::join(then, " or "));
        }
    }
    return {};
}

bool sameDomains(const RunInfo& a, const RunInfo& b) {
    return std::set(a.domains.begin(), a.domains.end()) == std::set(b.domains.begin(), b.domains.end());
}

// Why the difference of a figure from the first run's says nothing; empty: it does.
std::string reasonAgainst(const CompareFigure& figure, const ComparedRun& first, const ComparedRun& run) {
    if (figure.metric == "perplexity" || figure.metric == "nll") {
        return first.seesLaterTokens || run.seesLaterTokens ? "routing saw later tokens: not comparable"
               : !run.sameTokens                            ? "other tokens: not comparable"
                                                            : "";
    }
    const std::string other = otherCounts(first, run);
    if (!run.sameExperts && figure.layer.has_value()) {
        return (other.empty() ? "other layers" : other) + ": not comparable";
    }
    if (dependsOnShape(figure.metric) && !other.empty()) {
        return other + ": not comparable";
    }
    return figure.metric == "separability" && !sameDomains(first.info, run.info) ? "other domains: not comparable" : "";
}

// What to know of a capacity's groups of tokens where a run is even over others; empty: nothing.
std::string cautionOfCapacity(const RunInfo& run, const CapacityOptions& capacity) {
    if (!evenOverOtherGroups(run, capacity.groupTokens)) {
        return {};
    }
    const std::int64_t atOnce = tokensAssignedAtOnce(run);
    return fmt::format(
        "{} assigns {} at once: over groups of {} consecutive tokens, in which this is counted, its loads "
        "need not be even",
        groupRouting(run), atOnce > 0 ? fmt::format("{} tokens", atOnce) : "all tokens that run together",
        capacity.groupTokens);
}

const CompareFigure* find(const RunFigures& figures, const CompareFigure& like) {
    const auto at = std::ranges::find_if(figures.figures, [&](const CompareFigure& figure) {
        return figure.metric == like.metric && figure.layer == like.layer && figure.domain == like.domain;
    });
    return at == figures.figures.end() ? nullptr : &*at;
}

void setDifference(CompareRow& row, const CompareFigure& figure, const CompareFigure& first) {
    row.difference = figure.value - first.value;
    std::vector<double> differences(std::min(figure.replicates.size(), first.replicates.size()));
    for (std::size_t b = 0; b < differences.size(); ++b) {
        differences[b] = figure.replicates[b] - first.replicates[b];
    }
    differences = withoutBias(differences, row.difference);
    const Interval interval = percentileInterval(differences);
    row.differenceLow = interval.low;
    row.differenceHigh = interval.high;
    row.p = bootstrapP(differences);
}

// The rows of one run; `figures` of the first run come first.
void addRows(CompareResult& result, const std::vector<RunFigures>& figures, std::size_t run,
             const CompareRequest& request) {
    for (const CompareFigure& figure : figures[run].figures) {
        const Interval interval = percentileInterval(withoutBias(figure.replicates, figure.value));
        CompareRow row;
        row.run = run;
        row.metric = figure.metric;
        row.layer = figure.layer;
        row.domain = figure.domain;
        row.value = figure.value;
        row.low = interval.low;
        row.high = interval.high;
        const CompareFigure* const first = run == 0 ? nullptr : find(figures[0], figure);
        if (first != nullptr) {
            row.note = reasonAgainst(figure, result.runs[0], result.runs[run]);
            if (row.note.empty()) {
                setDifference(row, figure, *first);
            }
        } else if (run == 0 && result.runs[0].seesLaterTokens &&
                   (figure.metric == "perplexity" || figure.metric == "nll")) {
            row.note = "routing saw later tokens: not comparable";
        } else if (comparesWithFirst(figure.metric)) {
            row.note = "against run " + result.runs[0].info.spec.name;
        }
        if (figure.metric == "dropped" && row.note.empty()) {
            row.note = cautionOfCapacity(result.runs[run].info, request.capacity);
        }
        result.rows.push_back(std::move(row));
    }
}

void markSignificant(CompareResult& result, double q) {
    std::vector<double> p;
    for (const CompareRow& row : result.rows) {
        p.push_back(row.p);
    }
    const std::vector<bool> marks = benjaminiHochberg(p, q);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        result.rows[i].significant = marks[i];
    }
}

} // namespace

std::vector<std::vector<double>> shareDifferences(const CompareResult& result, std::size_t run) {
    std::vector<std::vector<double>> differences;
    if (!result.runs[run].sameExperts) {
        return differences;
    }
    for (std::size_t l = 0; l < result.runs[run].layers.size(); ++l) {
        differences.push_back(result.runs[run].layers[l].share);
        for (std::size_t e = 0; e < differences[l].size(); ++e) {
            differences[l][e] -= result.runs[0].layers[l].share[e];
        }
    }
    return differences;
}

CompareResult CompareService::compare(const CompareRequest& request, CompareObserver& observer, std::stop_token stop) {
    if (request.runs.size() < 2) {
        throw Error(ErrorCode::InvalidArgument, "one run alone cannot be compared: name two or more, with commas");
    }
    checkCapacity(request.capacity);
    CompareResult result;
    result.factors = request.factors;
    std::vector<RunFigures> figures;
    for (const std::string& name : request.runs) {
        const double done = double(result.runs.size()) / double(request.runs.size());
        const auto progress = [&](double share) {
            if (stop.stop_requested()) {
                throw Error(ErrorCode::Cancelled, "comparison stopped");
            }
            observer.progress(done + share / double(request.runs.size()));
        };
        progress(0);
        ComparedRun run;
        run.info = m_recording.run(name);
        run.seesLaterTokens = !groupRouting(run.info).empty();
        const bool isFirst = result.runs.empty();
        run.sameTokens = isFirst || haveSameTokens(m_recording, result.runs[0].info, run.info);
        // Routes of other numbers of experts are not those of the same experts.
        const bool sameRoutes = !isFirst && run.sameTokens &&
                                std::ranges::equal(result.runs[0].info.spec.layers, run.info.spec.layers,
                                                   [](const MoeLayerInfo& a, const MoeLayerInfo& b) {
                                                       return a.layer == b.layer && a.moe.experts == b.moe.experts;
                                                   });
        figures.push_back(
            measureRun(m_recording, run.info, sameRoutes ? &result.runs[0].info : nullptr, request, progress));
        run.layers = figures.back().layers;
        run.sameExperts = isFirst || sameShape(result.runs[0].layers, run.layers);
        std::ranges::copy(figures.back().notes, std::back_inserter(result.notes));
        if (!isFirst && !sameRoutes) {
            result.notes.push_back("run '" + run.info.spec.name + "' has other " +
                                   (run.sameTokens ? "layers or experts" : "tokens") + " than '" +
                                   result.runs[0].info.spec.name + "': routes are not compared token by token");
        }
        result.runs.push_back(std::move(run));
    }
    for (std::size_t run = 0; run < figures.size(); ++run) {
        addRows(result, figures, run, request);
    }
    markSignificant(result, request.falseDiscovery);
    observer.progress(1);
    return result;
}

} // namespace moescope

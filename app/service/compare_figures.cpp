#include "app/service/compare_figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/load_balance.h"
#include "app/service/compare_layer.h"

namespace moescope {

namespace {

constexpr TokenIndex kTokensAtOnce = 65536;

CompareWindows windowsFor(const RunInfo& run, const CompareRequest& request) {
    std::vector<DocumentInfo> documents = run.documents;
    for (DocumentInfo& document : documents) { // an interrupted run ends within one
        document.tokens = std::clamp<std::int64_t>(run.tokens - document.first, 0, document.tokens);
    }
    std::erase_if(documents, [](const DocumentInfo& document) { return document.tokens == 0; });
    Windows windows = windowsOf(documents, run.spec.context);
    std::vector<std::int32_t> domainOf;
    for (std::int32_t document : windows.document) {
        domainOf.push_back(run.documentDomains[std::size_t(document)]);
    }
    WindowBootstrap bootstrap(domainOf, request.replicates, request.seed);
    return {std::move(windows), std::move(domainOf), std::int32_t(run.domains.size()), std::move(bootstrap)};
}

// nll and perplexity of the texts with their replicates; what a model generated is its own and compares with nothing.
class NllFigures {
public:
    NllFigures(const RunInfo& run, const CompareWindows& windows)
        : m_run(run), m_windows(windows), m_sum(windows.domainOf.size()), m_count(m_sum.size()) {}

    void read(const Recording& recording, const std::function<void(double)>& progress) {
        std::size_t w = 0;
        for (TokenIndex begin = 0; begin < m_run.tokens; begin += kTokensAtOnce) {
            progress(double(begin) / double(m_run.tokens));
            for (const TokenRecord& token :
                 recording.tokens(m_run, begin, std::min(m_run.tokens, begin + kTokensAtOnce))) {
                while (w < m_sum.size() && token.token >= m_windows.windows.boundaries[w + 1]) {
                    ++w;
                }
                if (w < m_sum.size() && token.phase == Phase::Prompt && !std::isnan(token.nll)) {
                    m_sum[w] += double(token.nll);
                    m_count[w] += 1;
                }
            }
        }
    }

    std::vector<CompareFigure> figures() const {
        std::vector<CompareFigure> figures{{"perplexity", {}, "", 0, {}}, {"nll", {}, "", 0, {}}};
        for (const std::string& domain : m_run.domains) {
            figures.push_back({"nll", {}, domain, 0, {}});
        }
        measure({}, figures);
        for (CompareFigure& figure : figures) {
            figure.value = figure.replicates.front();
            figure.replicates.clear();
        }
        for (std::int32_t b = 0; b < m_windows.bootstrap.replicates() && m_windows.bootstrap.varies(); ++b) {
            measure(m_windows.bootstrap.draws(b), figures);
        }
        std::erase_if(figures, [](const CompareFigure& figure) { return std::isnan(figure.value); });
        return figures;
    }

private:
    void measure(std::span<const std::uint8_t> draws, std::vector<CompareFigure>& figures) const {
        std::vector<double> sum(m_run.domains.size());
        std::vector<double> count(sum.size());
        for (std::size_t w = 0; w < m_sum.size(); ++w) {
            const double times = draws.empty() ? 1.0 : double(draws[w]);
            sum[std::size_t(m_windows.domainOf[w])] += times * m_sum[w];
            count[std::size_t(m_windows.domainOf[w])] += times * m_count[w];
        }
        const double mean =
            std::accumulate(sum.begin(), sum.end(), 0.0) / std::accumulate(count.begin(), count.end(), 0.0);
        figures[0].replicates.push_back(std::exp(mean));
        figures[1].replicates.push_back(mean);
        for (std::size_t d = 0; d < sum.size(); ++d) {
            figures[2 + d].replicates.push_back(sum[d] / count[d]); // NaN for a domain without any
        }
    }

    const RunInfo& m_run;
    const CompareWindows& m_windows;
    std::vector<double> m_sum, m_count; // [windows]
};

// The mean over layers of every metric, in front of its layers' figures.
std::vector<CompareFigure> withMeans(const std::vector<std::vector<CompareFigure>>& layers) {
    std::vector<CompareFigure> figures;
    for (std::size_t m = 0; !layers.empty() && m < layers[0].size(); ++m) {
        CompareFigure mean = layers[0][m];
        mean.layer.reset();
        for (std::size_t l = 1; l < layers.size(); ++l) {
            mean.value += layers[l][m].value;
            std::transform(mean.replicates.begin(), mean.replicates.end(), layers[l][m].replicates.begin(),
                           mean.replicates.begin(), std::plus<>());
        }
        mean.value /= double(layers.size());
        for (double& value : mean.replicates) {
            value /= double(layers.size());
        }
        figures.push_back(std::move(mean));
        for (const auto& layer : layers) {
            figures.push_back(layer[m]);
        }
    }
    return figures;
}

// A run that holds counts only: its balance, without intervals.
RunFigures measureCounts(const std::vector<LayerSummary>& summaries, const RunInfo& run) {
    RunFigures result;
    std::vector<std::vector<CompareFigure>> layers;
    for (const LayerSummary& summary : summaries) {
        const LoadBalance balance = loadBalance(summary.assignments);
        layers.push_back({{"cv", summary.layer, "", balance.cv, {}},
                          {"max_vio", summary.layer, "", balance.maxVio, {}},
                          {"normalized_entropy", summary.layer, "", balance.normalizedEntropy, {}},
                          {"gini", summary.layer, "", balance.gini, {}},
                          {"dead_experts", summary.layer, "", double(balance.deadExperts), {}}});
        ComparedLayer layer{summary.layer, summary.experts, summary.topK, {}, {}};
        for (std::int64_t n : summary.assignments) {
            layer.share.push_back(share(n, balance.assignments));
        }
        result.layers.push_back(std::move(layer));
    }
    result.figures = withMeans(layers);
    result.notes.push_back("run '" + run.spec.name + "' holds counts only: no intervals, routes or perplexity");
    return result;
}

} // namespace

RunFigures measureRun(const Recording& recording, const RunInfo& run, const RunInfo* reference,
                      const CompareRequest& request, const std::function<void(double)>& progress) {
    const std::vector<LayerSummary> summaries = recording.summaries(run, {});
    if (run.spec.content == RunContent::CountsOnly) {
        return measureCounts(summaries, run);
    }
    const CompareWindows windows = windowsFor(run, request);
    const double parts = double(summaries.size() + 1);
    RunFigures result;
    if (run.spec.nll) {
        NllFigures nll(run, windows);
        nll.read(recording, [&](double share) { progress(share / parts); });
        result.figures = nll.figures();
    } else {
        result.notes.push_back("run '" + run.spec.name + "' holds no nll: it has no perplexity");
    }
    if (!windows.bootstrap.varies()) {
        result.notes.push_back("run '" + run.spec.name + "' has one window a domain: no intervals");
    }
    std::vector<std::vector<CompareFigure>> layers;
    for (std::size_t l = 0; l < summaries.size(); ++l) {
        const auto tell = [&, l] { progress(double(l + 1) / parts); };
        LayerFigures layer =
            measureLayer({recording, run, run.spec.layers[l], summaries[l], windows, request, reference, tell});
        layers.push_back(std::move(layer.figures));
        result.layers.push_back(std::move(layer.layer));
    }
    std::vector<CompareFigure> means = withMeans(layers);
    std::ranges::move(means, std::back_inserter(result.figures));
    return result;
}

bool haveSameTokens(const Recording& recording, const RunInfo& a, const RunInfo& b) {
    const auto shape = [](const DocumentInfo& document) {
        return std::tuple(document.domain, document.first, document.tokens);
    };
    if (a.tokens != b.tokens || a.spec.context != b.spec.context || a.spec.content == RunContent::CountsOnly ||
        b.spec.content == RunContent::CountsOnly || !std::ranges::equal(a.documents, b.documents, {}, shape, shape)) {
        return false;
    }
    for (TokenIndex begin = 0; begin < a.tokens; begin += kTokensAtOnce) {
        const TokenIndex end = std::min(a.tokens, begin + kTokensAtOnce);
        if (!std::ranges::equal(recording.tokens(a, begin, end), recording.tokens(b, begin, end), {},
                                &TokenRecord::tokenId, &TokenRecord::tokenId)) {
            return false;
        }
    }
    return true;
}

} // namespace moescope

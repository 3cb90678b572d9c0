#include "app/service/ablation_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "analysis/bootstrap.h"
#include "analysis/segment_counts.h"
#include "app/service/record_input.h"
#include "app/service/recording.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"

namespace moescope {

namespace {

// nll by window, of the unmodified model (0) and without each expert (1 + expert).
class WindowNll {
public:
    WindowNll(const RecordPlan& plan, std::int64_t context, std::int32_t experts)
        : m_windows(windowsOf(plan.documents(), std::int32_t(context))), m_count(m_windows.document.size()),
          m_sum(std::size_t(experts) + 1, std::vector<double>(m_count.size())) {
        std::map<std::string, std::int32_t> known;
        for (const std::int32_t document : m_windows.document) {
            const std::string& domain = plan.documents()[std::size_t(document)].domain;
            const auto [at, isNew] = known.emplace(domain, std::int32_t(known.size()));
            if (isNew) {
                m_domains.push_back(domain);
            }
            m_domainOf.push_back(at->second);
        }
    }

    void add(std::size_t variant, TokenIndex first, std::span<const float> nll) {
        const auto& ends = m_windows.boundaries;
        auto w = std::size_t(std::upper_bound(ends.begin(), ends.end(), first) - ends.begin() - 1);
        for (std::size_t i = 0; i < nll.size(); ++i) {
            while (first + TokenIndex(i) >= ends[w + 1]) {
                ++w;
            }
            if (!std::isnan(nll[i])) {
                m_sum[variant][w] += double(nll[i]);
                m_count[w] += variant == 0 ? 1 : 0;
            }
        }
    }

    std::vector<InterventionRow> rows(const AblationRequest& request) const {
        const WindowBootstrap bootstrap(m_domainOf, request.replicates, request.seed);
        std::vector<InterventionRow> rows;
        for (std::size_t expert = 0; expert + 1 < m_sum.size(); ++expert) {
            addRow(request, bootstrap, expert, -1, rows);
            for (std::size_t d = 0; d < m_domains.size() && m_domains.size() > 1; ++d) {
                addRow(request, bootstrap, expert, std::int32_t(d), rows);
            }
        }
        mark(rows, request.falseDiscovery);
        return rows;
    }

private:
    void addRow(const AblationRequest& request, const WindowBootstrap& bootstrap, std::size_t expert,
                std::int32_t domain, std::vector<InterventionRow>& rows) const {
        InterventionRow row;
        row.layer = request.layer;
        row.expert = std::int32_t(expert);
        row.domain = domain < 0 ? "" : m_domains[std::size_t(domain)];
        const double before = mean(0, domain, {}, row.tokens);
        if (row.tokens == 0) {
            return; // a domain of texts of one token
        }
        row.nll = mean(expert + 1, domain, {}, row.tokens);
        row.change = row.nll - before;
        std::vector<double> changes;
        for (std::int32_t b = 0; b < bootstrap.replicates() && bootstrap.varies(); ++b) {
            std::int64_t tokens = 0;
            const auto draws = bootstrap.draws(b);
            changes.push_back(mean(expert + 1, domain, draws, tokens) - mean(0, domain, draws, tokens));
        }
        const Interval interval = percentileInterval(changes);
        row.low = interval.low;
        row.high = interval.high;
        row.p = bootstrapP(changes);
        rows.push_back(std::move(row));
    }

    // domain -1: all. draws empty: every window once.
    double mean(std::size_t variant, std::int32_t domain, std::span<const std::uint8_t> draws,
                std::int64_t& tokens) const {
        double sum = 0;
        tokens = 0;
        for (std::size_t w = 0; w < m_count.size(); ++w) {
            if (domain < 0 || m_domainOf[w] == domain) {
                const int times = draws.empty() ? 1 : draws[w];
                sum += times * m_sum[variant][w];
                tokens += times * m_count[w];
            }
        }
        return sum / double(tokens);
    }

    static void mark(std::vector<InterventionRow>& rows, double q) {
        std::vector<double> p;
        for (const InterventionRow& row : rows) {
            p.push_back(row.p);
        }
        const std::vector<bool> marks = benjaminiHochberg(p, q);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].significant = marks[i];
        }
    }

    Windows m_windows;
    std::vector<std::int32_t> m_domainOf;
    std::vector<std::string> m_domains;
    std::vector<std::int64_t> m_count;      // [windows] tokens with an nll
    std::vector<std::vector<double>> m_sum; // [1 + experts][windows]
};

const MoeLayerInfo& layerOf(const ModelInfo& model, LayerId layer) {
    const auto at = std::ranges::find(model.moeLayers, layer, &MoeLayerInfo::layer);
    if (at == model.moeLayers.end()) {
        throw Error(ErrorCode::InvalidArgument,
                    fmt::format("layer {} has no experts to ablate; `moescope inspect` shows the layers", layer.value));
    }
    return *at;
}

// The unmodified model, then each expert taken out.
std::vector<Intervention> variantsOf(LayerId layer, std::int32_t experts) {
    std::vector<Intervention> variants(std::size_t(experts) + 1);
    for (std::int32_t expert = 0; expert < experts; ++expert) {
        variants[std::size_t(expert) + 1].ablated.emplace(layer, expert);
    }
    return variants;
}

} // namespace

AblationSummary AblationService::ablate(const AblationRequest& request, AblationObserver& observer,
                                        std::stop_token stop) {
    const RecordRequest& record = request.record;
    if (!record.nll || record.generate > 0 || !record.intervention.isNone()) {
        throw Error(ErrorCode::InvalidArgument,
                    "ablation compares the nll of given texts with the unmodified model's: record with nll, without "
                    "generation and without other interventions");
    }
    const auto session = m_engine.open({record.model, record.device, record.dtype, record.threads});
    const std::int32_t experts = layerOf(session->info(), request.layer).moe.experts;
    AblationSummary summary;
    summary.layer = request.layer;
    RecordInput input = readRecordInput(record, stop);
    summary.run = RecordService(m_engine).record(record, input, *session, observer.recording(), stop);

    const auto start = std::chrono::steady_clock::now();
    const RecordPlan plan(std::move(input.documents), {record.context, record.batchTokens, record.limit, input.bos});
    const std::vector<Intervention> variants = variantsOf(request.layer, experts);
    WindowNll nll(plan, record.context, experts);
    const std::int64_t total = std::int64_t(plan.tokens().size()) * experts;
    for (std::size_t b = 0; b < plan.batches(); ++b) {
        const TokenIndex first = plan.batchBegin(b);
        session->nllUnder(
            plan.batch(b), request.layer, variants,
            [&](std::size_t variant, std::span<const float> values) {
                nll.add(variant, first, values);
                const std::int64_t done = first * experts + std::int64_t(values.size() * variant);
                observer.progress(std::min(done, total), total);
            },
            stop);
    }
    summary.rows = nll.rows(request);
    storeInterventions(record.db, RunId(summary.run.id), request.layer, summary.rows);
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

} // namespace moescope

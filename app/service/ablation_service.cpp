#include "app/service/ablation_service.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "app/service/ablation_windows.h"
#include "app/service/record_input.h"
#include "app/service/recording.h"
#include "db/ablation_log.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"

namespace moescope {

namespace {

const MoeLayerInfo& layerOf(const ModelInfo& model, LayerId layer) {
    const auto at = std::ranges::find(model.moeLayers, layer, &MoeLayerInfo::layer);
    if (at == model.moeLayers.end()) {
        throw Error(ErrorCode::InvalidArgument,
                    fmt::format("layer {} has no experts to ablate; `moescope inspect` shows the layers", layer.value));
    }
    return *at;
}

// Runs every batch under every variant that is not measured yet, and keeps each as it comes.
class Measuring {
public:
    Measuring(InferenceSession& session, const RecordPlan& plan, LayerId layer, std::int32_t experts,
              AblationWindows& nll, AblationLog& log)
        : m_session(session), m_plan(plan), m_layer(layer), m_nll(nll), m_log(log),
          m_measured(plan.batches(), std::vector<bool>(std::size_t(experts) + 1)) {}

    double share() const { return double(m_done) / double(total()); } // that is measured

    void run(AblationObserver& observer, const std::stop_token& stop) {
        for (const AblationPart& part : m_log.parts()) {
            take(part);
        }
        for (std::size_t batch = 0; batch < m_plan.batches(); ++batch) {
            runBatch(batch, observer, stop);
        }
    }

private:
    std::int64_t total() const { return std::int64_t(m_plan.tokens().size() * m_measured.front().size()); }

    void take(const AblationPart& part) {
        m_nll.add(part);
        const auto batch = std::size_t(part.batch);
        m_measured[batch][std::size_t(part.variant)] = true;
        m_done += m_plan.batchEnd(batch) - m_plan.batchBegin(batch);
    }

    void runBatch(std::size_t batch, AblationObserver& observer, const std::stop_token& stop) {
        std::vector<std::size_t> open;
        std::vector<Intervention> variants;
        for (std::size_t v = 0; v < m_measured[batch].size(); ++v) {
            if (!m_measured[batch][v]) {
                open.push_back(v);
                variants.emplace_back();
                if (v > 0) { // the first is the unmodified model
                    variants.back().ablated.emplace(m_layer, std::int32_t(v) - 1);
                }
            }
        }
        if (open.empty()) {
            return;
        }
        m_session.nllUnder(
            m_plan.batch(batch), m_layer, variants,
            [&](std::size_t i, std::span<const float> values) {
                const AblationPart part = m_nll.partOf(batch, open[i], values);
                m_log.add(part);
                take(part);
                observer.progress(m_done, total());
            },
            stop);
    }

    InferenceSession& m_session;
    const RecordPlan& m_plan;
    LayerId m_layer;
    AblationWindows& m_nll;
    AblationLog& m_log;
    std::vector<std::vector<bool>> m_measured; // [batches][1 + experts]
    std::int64_t m_done = 0;                   // tokens x variants
};

void measure(Measuring measuring, const std::string& run, const std::filesystem::path& db, AblationObserver& observer,
             const std::stop_token& stop) {
    try {
        measuring.run(observer, stop);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Cancelled) {
            throw;
        }
        throw Error(ErrorCode::Cancelled,
                    fmt::format("stopped: {:.0f} % of the ablation is measured and kept with run {} of {}; --resume "
                                "goes on with it",
                                100 * measuring.share(), run, db.string()));
    }
}

std::vector<InterventionRow> storedRows(const std::filesystem::path& db, RunId run, LayerId layer) {
    const auto recording = Recording::open(db);
    std::vector<InterventionRow> rows = recording->interventions(recording->run(std::to_string(run.value)));
    std::erase_if(rows, [layer](const InterventionRow& row) { return row.layer != layer; });
    return rows;
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
    const auto session =
        m_engine.open({record.model, record.device, record.dtype, record.threads, record.expertWeights});
    const std::int32_t experts = layerOf(session->info(), request.layer).moe.experts;
    AblationSummary summary;
    summary.layer = request.layer;
    RecordInput input = readRecordInput(record, stop);
    summary.run = RecordService(m_engine).record(record, input, *session, observer.recording(), stop);

    const auto start = std::chrono::steady_clock::now();
    const RecordPlan plan(std::move(input.documents), {record.context, record.batchTokens, record.limit, input.bos});
    const RunId run(summary.run.id);
    if (record.resume) {
        summary.rows = storedRows(record.db, run, request.layer);
    }
    if (summary.rows.empty()) {
        AblationWindows nll(plan, record.context, experts);
        AblationLog log(record.db, run, request.layer);
        measure({*session, plan, request.layer, experts, nll, log}, summary.run.run, record.db, observer, stop);
        summary.rows = nll.rows(request);
        storeInterventions(record.db, run, request.layer, summary.rows);
    }
    summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return summary;
}

} // namespace moescope

#include "app/service/verify_service.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "app/service/reference_dump.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"

namespace moescope {

namespace {

constexpr double kWeightTolerance = 1e-5;

class DiscardingSink final : public RoutingSink {
public:
    void tokens(const TokenBlock&) override {}
    void routing(const RoutingBlock&) override {}
    void nll(TokenIndex, std::span<const float>) override {}
    void commit(TokenIndex) override {}
};

std::string numbered(const char* name, LayerId layer) {
    return std::string(name) + "." + std::to_string(layer.value);
}

// Counts one element; NaN on either side never passes.
void compareElement(VerifiedTensor& result, double got, double want, double allowed, std::int64_t index,
                    double& worstShare) {
    const double error = std::fabs(got - want);
    const bool good = error <= allowed;
    const double share = std::isnan(error) ? std::numeric_limits<double>::infinity() : error / allowed;
    if (share > worstShare) {
        worstShare = share;
        result.allowed = allowed;
    }
    result.largestError = std::isnan(error) ? error : std::max(result.largestError, error);
    if (!good && result.mismatches++ == 0)
        result.where =
            "element " + std::to_string(index) + ": " + std::to_string(got) + " instead of " + std::to_string(want);
}

class Verification {
public:
    Verification(InferenceSession& session, const ReferenceDump& dump, const VerifyTolerance& tolerance)
        : m_session(session), m_dump(dump), m_tolerance(tolerance) {}

    ModelVerification run() {
        const ReferenceRun got = m_session.runReference(m_dump.inputIds(), m_dump.batch(), m_dump.length());
        for (std::size_t i = 0; i < got.hidden.size(); ++i)
            floats(numbered("hidden", LayerId(std::int32_t(i))), got.hidden[i]);
        for (const ReferenceRun::Routing& routing : got.routing)
            compareRouting(routing);
        floats("logits", got.logits);
        if (m_dump.contains("greedy_ids"))
            greedy();
        if (m_report.tensors.empty())
            throw Error(ErrorCode::NotFound, "the reference dump holds no tensor to compare");
        return std::move(m_report);
    }

private:
    void floats(const std::string& name, const std::vector<float>& got) {
        if (!m_dump.contains(name))
            return;
        const std::vector<float> want = m_dump.floats(name, got.size());
        VerifiedTensor result{name, 0, m_tolerance.absolute, std::int64_t(got.size()), 0, ""};
        double worst = 0;
        for (std::size_t i = 0; i < got.size(); ++i)
            compareElement(result, got[i], want[i],
                           m_tolerance.absolute + m_tolerance.relative * std::fabs(double(want[i])), std::int64_t(i),
                           worst);
        m_report.tensors.push_back(std::move(result));
    }

    float scaleOf(LayerId layer) const {
        for (const MoeLayerInfo& info : m_session.info().moeLayers)
            if (info.layer == layer)
                return info.moe.scale;
        return 1.0F;
    }

    void compareRouting(const ReferenceRun::Routing& got) {
        floats(numbered("router_logits", got.layer), got.routerLogits);
        const std::string ids = numbered("topk_ids", got.layer);
        const std::string weights = numbered("topk_weights", got.layer);
        if (!m_dump.contains(ids))
            return;
        const auto wantIds = m_dump.integers(ids, got.ids.size());
        const auto wantWeights =
            m_dump.contains(weights) ? m_dump.floats(weights, got.ids.size()) : std::vector<float>();
        const auto k = std::size_t(m_dump.lastDimension(ids));
        VerifiedTensor idResult{ids, 0, 0, std::int64_t(got.ids.size()), 0, ""};
        VerifiedTensor weightResult{weights, 0, 0, std::int64_t(got.ids.size()), 0, ""};
        double worst = 0;
        const double allowed = kWeightTolerance * std::max(1.0, double(scaleOf(got.layer)) / 8);
        for (std::size_t token = 0; token * k < got.ids.size(); ++token) {
            const auto gotOrder = byId(got.ids, token, k);
            const auto wantOrder = byId(wantIds, token, k);
            bool same = true;
            for (std::size_t i = 0; i < k; ++i)
                same &= got.ids[gotOrder[i]] == wantIds[wantOrder[i]];
            if (!same && idResult.mismatches++ == 0)
                idResult.where = "token " + std::to_string(token) + " goes to other experts";
            for (std::size_t i = 0; same && i < k && !wantWeights.empty(); ++i)
                compareElement(weightResult, got.weights[gotOrder[i]], wantWeights[wantOrder[i]], allowed,
                               std::int64_t(gotOrder[i]), worst);
        }
        m_report.tensors.push_back(std::move(idResult));
        if (!wantWeights.empty())
            m_report.tensors.push_back(std::move(weightResult));
    }

    // The token's slots ordered by expert.
    static std::vector<std::size_t> byId(const std::vector<std::int64_t>& ids, std::size_t token, std::size_t k) {
        std::vector<std::size_t> slots(k);
        std::iota(slots.begin(), slots.end(), token * k);
        std::sort(slots.begin(), slots.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
        return slots;
    }

    void greedy() {
        const std::int64_t count = m_dump.lastDimension("greedy_ids");
        const auto want = m_dump.integers("greedy_ids", std::size_t(m_dump.batch() * count));
        VerifiedTensor result{"greedy_ids", 0, 0, m_dump.batch() * count, 0, ""};
        DiscardingSink sink;
        for (std::int64_t b = 0; b < m_dump.batch(); ++b) {
            const auto begin = m_dump.inputIds().begin() + b * m_dump.length();
            const std::vector<std::int32_t> prompt(begin, begin + m_dump.length());
            const auto got = m_session.generate({0, prompt, std::nullopt}, std::int32_t(count), sink, {});
            for (std::int64_t i = 0; i < count; ++i) {
                // After the end-of-sequence token a dump holds padding.
                if (i < std::int64_t(got.size()) ? got[std::size_t(i)] == want[std::size_t(b * count + i)] : i > 0)
                    continue;
                if (result.mismatches++ == 0)
                    result.where = "sequence " + std::to_string(b) + ", step " + std::to_string(i);
            }
        }
        m_report.tensors.push_back(std::move(result));
    }

    InferenceSession& m_session;
    const ReferenceDump& m_dump;
    VerifyTolerance m_tolerance;
    ModelVerification m_report;
};

} // namespace

bool ModelVerification::passed() const {
    return std::all_of(tensors.begin(), tensors.end(), [](const VerifiedTensor& t) { return t.passed(); });
}

ModelVerification verifyModel(InferenceSession& session, const std::filesystem::path& expected,
                         const VerifyTolerance& tolerance) {
    const ReferenceDump dump(expected);
    return Verification(session, dump, tolerance).run();
}

} // namespace moescope

#include "app/service/verify_service.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "app/service/reference_dump.h"
#include "engine/routing/discarding_sink.h"
#include "engine/routing/error.h"
#include "engine/routing/routing_block.h"
#include "engine/routing/softmax.h"
#include "engine/session/engine.h"

namespace moescope {

namespace {

constexpr double kWeightTolerance = 1e-5;

std::string numbered(const char* name, LayerId layer) {
    return std::string(name) + "." + std::to_string(layer.value);
}

constexpr const char* kDecoderIds = "decoder_input_ids";

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
        : m_session(session), m_dump(dump), m_tolerance(tolerance),
          m_narrow(session.info().dtype != "f32" || session.info().expertWeights == "int8") {}

    ModelVerification run() {
        compare(m_session.runReference(m_dump.inputIds(), m_dump.batch(), m_dump.length()));
        InferenceSession* const decoder = m_session.decoder();
        if (decoder != nullptr && m_dump.contains(kDecoderIds)) {
            const auto rows = std::size_t(m_dump.batch() * m_dump.lastDimension(kDecoderIds));
            m_prefix = "decoder_";
            compare(decoder->decodeReference(m_dump.inputIds(), m_dump.batch(), m_dump.length(),
                                             m_dump.integers(kDecoderIds, rows)));
        }
        if (m_dump.contains("greedy_ids"))
            greedy(decoder != nullptr ? *decoder : m_session);
        if (m_report.tensors.empty())
            throw Error(ErrorCode::NotFound, "the reference dump holds no tensor to compare");
        return std::move(m_report);
    }

private:
    void compare(const ReferenceRun& got) {
        for (std::size_t i = 0; i < got.hidden.size(); ++i)
            floats(numbered("hidden", LayerId(std::int32_t(i))), got.hidden[i]);
        for (const ReferenceRun::Routing& routing : got.routing)
            compareRouting(routing);
        floats("logits", got.logits);
        floats("last_hidden_state", got.lastHiddenState);
    }

    // As the dump calls what this stack computes; logits are the decoder's in any case.
    std::string numbered(const char* name, LayerId layer) const { return m_prefix + moescope::numbered(name, layer); }

    void floats(const std::string& name, const std::vector<float>& got) {
        if (!m_dump.contains(name) || got.empty())
            return;
        const std::vector<float> want = m_dump.floats(name, got.size());
        VerifiedTensor result{name, 0, m_tolerance.absolute, std::int64_t(got.size()), 0, 0, ""};
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
        const std::string logits = numbered("router_logits", got.layer);
        floats(logits, got.routerLogits);
        if (m_dump.contains(numbered("top1_ids", got.layer)))
            compareTopOne(got);
        const std::string ids = numbered("topk_ids", got.layer);
        const std::string weights = numbered("topk_weights", got.layer);
        if (!m_dump.contains(ids))
            return;
        Reference want;
        want.ids = m_dump.integers(ids, got.ids.size());
        if (m_dump.contains(weights))
            want.weights = m_dump.floats(weights, got.ids.size());
        if (m_dump.contains(logits))
            want.logits = m_dump.floats(logits, got.routerLogits.size());
        want.k = std::size_t(m_dump.lastDimension(ids));
        VerifiedTensor idResult{ids, 0, 0, std::int64_t(got.ids.size()), 0, 0, ""};
        VerifiedTensor weightResult{weights, 0, 0, std::int64_t(got.ids.size()), 0, 0, ""};
        double worst = 0;
        const double allowed =
            m_narrow ? m_tolerance.absolute : kWeightTolerance * std::max(1.0, double(scaleOf(got.layer)) / 8);
        for (std::size_t token = 0; token * want.k < got.ids.size(); ++token) {
            const auto gotOrder = byId(got.ids, token, want.k);
            const auto wantOrder = byId(want.ids, token, want.k);
            if (!sameExperts(got, gotOrder, want, wantOrder)) {
                if (m_narrow && isNearTie(got, gotOrder, want, wantOrder, token))
                    ++idResult.nearTies;
                else if (idResult.mismatches++ == 0)
                    idResult.where = "token " + std::to_string(token) + " goes to other experts";
                continue;
            }
            for (std::size_t i = 0; i < want.k && !want.weights.empty(); ++i)
                compareElement(weightResult, got.weights[gotOrder[i]], want.weights[wantOrder[i]], allowed,
                               std::int64_t(gotOrder[i]), worst);
        }
        m_report.tensors.push_back(std::move(idResult));
        if (!want.weights.empty())
            m_report.tensors.push_back(std::move(weightResult));
    }

    // A gate with capacity: the best expert and its probability before any token is dropped, and who was served.
    void compareTopOne(const ReferenceRun::Routing& got) {
        const std::size_t tokens = got.ids.size();
        const std::size_t experts = got.routerLogits.size() / tokens;
        std::vector<std::int64_t> best(tokens);
        std::vector<float> prob(tokens);
        std::vector<std::int64_t> dispatched(got.routerLogits.size()), dropped(tokens);
        std::vector<float> probs(experts);
        for (std::size_t t = 0; t < tokens; ++t) {
            softmax(std::span(got.routerLogits).subspan(t * experts, experts), probs);
            const auto top = std::max_element(probs.begin(), probs.end());
            best[t] = top - probs.begin();
            prob[t] = *top;
            dropped[t] = got.ids[t] == kNoExpert ? 1 : 0;
            if (dropped[t] == 0)
                dispatched[t * experts + std::size_t(got.ids[t])] = 1;
        }
        equal(numbered("top1_ids", got.layer), best, false);
        floats(numbered("top1_prob", got.layer), prob);
        equal(numbered("dispatch_mask", got.layer), dispatched, true);
        equal(numbered("dropped", got.layer), dropped, true);
    }

    void equal(const std::string& name, const std::vector<std::int64_t>& got, bool asFlags) {
        if (!m_dump.contains(name))
            return;
        std::vector<std::int64_t> want;
        if (asFlags) {
            const auto flags = m_dump.flags(name, got.size());
            want.assign(flags.begin(), flags.end());
        } else {
            want = m_dump.integers(name, got.size());
        }
        VerifiedTensor result{name, 0, 0, std::int64_t(got.size()), 0, 0, ""};
        for (std::size_t i = 0; i < got.size(); ++i)
            if (got[i] != want[i] && result.mismatches++ == 0)
                result.where = "element " + std::to_string(i) + ": " + std::to_string(got[i]) + " instead of " +
                               std::to_string(want[i]);
        m_report.tensors.push_back(std::move(result));
    }

    // One layer of the dump.
    struct Reference {
        std::vector<std::int64_t> ids;
        std::vector<float> weights;
        std::vector<float> logits;
        std::size_t k = 1;
    };
    using Slots = std::vector<std::size_t>;

    static bool sameExperts(const ReferenceRun::Routing& got, const Slots& gotOrder, const Reference& want,
                            const Slots& wantOrder) {
        for (std::size_t i = 0; i < want.k; ++i)
            if (got.ids[gotOrder[i]] != want.ids[wantOrder[i]])
                return false;
        return true;
    }

    // Whether the reference's logits of both choices lie within the tolerance of each other.
    bool isNearTie(const ReferenceRun::Routing& got, const Slots& gotOrder, const Reference& want,
                   const Slots& wantOrder, std::size_t token) const {
        if (want.logits.empty())
            return false;
        const std::size_t experts = want.logits.size() / (want.ids.size() / want.k);
        const float* logits = want.logits.data() + token * experts;
        double lowestChosen = std::numeric_limits<double>::infinity();
        for (const std::size_t slot : wantOrder)
            lowestChosen = std::min(lowestChosen, double(logits[want.ids[slot]]));
        double lowestTaken = lowestChosen;
        for (const std::size_t slot : gotOrder)
            lowestTaken = std::min(lowestTaken, double(logits[got.ids[slot]]));
        return lowestChosen - lowestTaken <= m_tolerance.absolute + m_tolerance.relative * std::fabs(lowestChosen);
    }

    // The token's slots ordered by expert.
    static std::vector<std::size_t> byId(const std::vector<std::int64_t>& ids, std::size_t token, std::size_t k) {
        std::vector<std::size_t> slots(k);
        std::iota(slots.begin(), slots.end(), token * k);
        std::sort(slots.begin(), slots.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
        return slots;
    }

    void greedy(InferenceSession& session) {
        const std::int64_t count = m_dump.lastDimension("greedy_ids");
        const auto want = m_dump.integers("greedy_ids", std::size_t(m_dump.batch() * count));
        VerifiedTensor result{"greedy_ids", 0, 0, m_dump.batch() * count, 0, 0, ""};
        DiscardingSink sink;
        for (std::int64_t b = 0; b < m_dump.batch(); ++b) {
            const auto begin = m_dump.inputIds().begin() + b * m_dump.length();
            const std::vector<std::int32_t> prompt(begin, begin + m_dump.length());
            const auto got = session.generate({0, prompt, std::nullopt}, {std::int32_t(count)}, sink, {});
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
    bool m_narrow;        // the session computes in bf16 or f16, or experts in int8
    std::string m_prefix; // of the stack at hand
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

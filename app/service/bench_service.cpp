#include "app/service/bench_service.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

#include "engine/checkpoint/model_inspection.h"
#include "engine/routing/discarding_sink.h"
#include "engine/routing/error.h"
#include "engine/session/engine.h"

namespace moescope {

namespace {

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

using MakeSink = std::function<std::unique_ptr<RoutingSink>(std::int64_t documents)>;

// Batches of the same random tokens, one behind the other as in a recording.
class Workload {
public:
    Workload(const BenchRequest& request, std::int32_t vocabulary) : m_nll(request.nll) {
        std::mt19937 random(1); // NOLINT: the same tokens every time
        m_tokens.resize(std::size_t(request.documents) * std::size_t(request.documentTokens));
        for (std::int32_t& token : m_tokens)
            token = std::int32_t(random() % std::uint32_t(vocabulary));
        m_length = std::size_t(request.documentTokens);
    }

    std::int64_t tokens() const { return m_batches * std::int64_t(m_tokens.size()); }

    // One run: so many batches that it takes about `seconds`, judged by a batch run before.
    void setLength(double seconds, double secondsOfBatch) {
        m_batches = std::max<std::int64_t>(1, std::int64_t(std::ceil(seconds / secondsOfBatch)));
    }

    double secondsOf(InferenceSession& session, const MakeSink& makeSink, const std::stop_token& stop) const {
        const auto start = std::chrono::steady_clock::now();
        std::unique_ptr<RoutingSink> sink = makeSink(tokens() / std::int64_t(m_length));
        for (std::int64_t batch = 0; batch < m_batches; ++batch)
            runBatch(session, batch * std::int64_t(m_tokens.size()), *sink, stop);
        sink.reset();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }

private:
    void runBatch(InferenceSession& session, TokenIndex first, RoutingSink& sink, const std::stop_token& stop) const {
        std::vector<Window> windows;
        for (std::size_t at = 0; at < m_tokens.size(); at += m_length)
            windows.push_back({first + TokenIndex(at), std::span(m_tokens).subspan(at, m_length), std::nullopt});
        sink.tokens({first, m_tokens, Phase::Prompt});
        session.prefill(windows, {m_nll}, sink, stop);
        sink.commit(first + TokenIndex(m_tokens.size()));
    }

    bool m_nll;
    std::vector<std::int32_t> m_tokens; // of one batch
    std::size_t m_length = 0;           // of a window
    std::int64_t m_batches = 1;
};

std::unique_ptr<RoutingSink> discard(std::int64_t) {
    return std::make_unique<DiscardingSink>();
}

double flopsPerToken(const BenchRequest& request) {
    const ModelInspection model = inspectModel(request.model);
    const double meanKeys = (double(request.documentTokens) + 1) / 2;
    return (request.nll ? model.flopsPerTokenWithHead : model.flopsPerToken) + model.attentionFlopsPerKey * meanKeys;
}

} // namespace

BenchResult benchModel(Engine& engine, const BenchRequest& request,
                       const std::function<std::unique_ptr<RoutingSink>(std::int64_t documents)>& makeSink,
                       const std::function<void(int, int)>& progress, std::stop_token stop) {
    if (request.documents < 1 || request.documentTokens < 2 || request.pairs < 1)
        throw Error(ErrorCode::InvalidArgument, "a benchmark needs at least one pair, one document and two tokens");
    const auto session =
        engine.open({request.model, request.device, request.dtype, request.threads, request.expertWeights});
    const ModelInfo& info = session->info();
    Workload work(request, info.vocabulary);
    work.secondsOf(*session, discard, stop); // packs the weights
    work.setLength(request.seconds, work.secondsOf(*session, discard, stop));
    BenchResult result;
    result.device = info.device;
    result.dtype = info.dtype;
    result.expertWeights = info.expertWeights;
    result.threads = info.threads;
    result.tokens = work.tokens();
    const bool measurePeak = info.device == "cpu";
    const double flops = flopsPerToken(request) * double(work.tokens());
    const auto peakNow = [&] { return measurePeak ? engine.gemmPeak(info.dtype, info.threads) : 0.0; };
    std::vector<double> without, with, share, peaks, peakShares;
    double before = peakNow();
    for (int pair = 0; pair < request.pairs; ++pair) {
        // The machine's clock drifts: each pair in turn starts with the other.
        for (int half = 0; half < 2; ++half) {
            if ((pair + half) % 2 == 0)
                without.push_back(work.secondsOf(*session, discard, stop));
            else
                with.push_back(work.secondsOf(*session, makeSink, stop));
        }
        share.push_back(without.back() / with.back());
        const double after = peakNow();
        peaks.push_back((before + after) / 2); // the machine's speed drifts: only what is measured beside counts
        peakShares.push_back(measurePeak ? flops / with.back() / peaks.back() : 0);
        before = after;
        progress(pair + 1, request.pairs);
    }
    result.secondsWithout = median(without);
    result.secondsWith = median(with);
    result.tokensPerSecondWithout = double(work.tokens()) / result.secondsWithout;
    result.tokensPerSecondWith = double(work.tokens()) / result.secondsWith;
    result.recordingShare = median(share);
    result.flopsPerToken = flopsPerToken(request);
    result.gemmPeak = median(peaks);
    result.peakShare = median(peakShares);
    return result;
}

} // namespace moescope

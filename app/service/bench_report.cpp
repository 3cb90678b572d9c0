#include "app/service/bench_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/service/bench_service.h"

namespace moescope {

std::string benchText(const BenchResult& r) {
    const std::string experts = r.expertWeights == r.dtype ? "" : " with " + r.expertWeights + " experts";
    std::string text =
        fmt::format("{} {}{}, {} threads, runs of {} tokens\n", r.device, r.dtype, experts, r.threads, r.tokens);
    text +=
        fmt::format("without recording  {:>8.0f} tokens/s  ({:.2f} s)\n", r.tokensPerSecondWithout, r.secondsWithout);
    text += fmt::format("with recording     {:>8.0f} tokens/s  ({:.2f} s)  {:.1f} % of that without\n",
                        r.tokensPerSecondWith, r.secondsWith, 100 * r.recordingShare);
    if (r.gemmPeak > 0)
        text += fmt::format("matrix products    {:>8.0f} GFLOP/s at best here; {:.1f} % of it reached with recording\n",
                            r.gemmPeak / 1e9, 100 * r.peakShare);
    return text;
}

std::string benchJson(const BenchResult& r) {
    const nlohmann::ordered_json json = {{"device", r.device},
                                         {"dtype", r.dtype},
                                         {"expert_weights", r.expertWeights},
                                         {"threads", r.threads},
                                         {"tokens", r.tokens},
                                         {"seconds_without_recording", r.secondsWithout},
                                         {"seconds_with_recording", r.secondsWith},
                                         {"tokens_per_second_without_recording", r.tokensPerSecondWithout},
                                         {"tokens_per_second_with_recording", r.tokensPerSecondWith},
                                         {"recording_share", r.recordingShare},
                                         {"flops_per_token", r.flopsPerToken},
                                         {"gemm_peak_flops", r.gemmPeak},
                                         {"gemm_peak_share", r.peakShare}};
    return json.dump(2);
}

} // namespace moescope

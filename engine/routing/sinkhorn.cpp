#include "engine/routing/sinkhorn.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/routing/masked.h"
#include "engine/routing/softmax.h"
#include "engine/routing/take_largest.h"
#include "engine/routing/topk.h"

namespace moescope {

namespace {

// The matrix exp(logits), each row divided by its largest entry: a factor that u takes up.
void exponentials(std::span<const float> logits, std::size_t experts, std::span<float> kernel) {
    for (std::size_t begin = 0; begin < logits.size(); begin += experts) {
        const auto row = logits.subspan(begin, experts);
        const float top = *std::max_element(row.begin(), row.end());
        for (std::size_t e = 0; e < experts; ++e) {
            kernel[begin + e] = top == kMasked ? 0.0F : routerExp(row[e] - top);
        }
    }
}

// One turn: u_t = 1 / sum_e K_te v_e, and the columns' sums of diag(u) K, still without v.
void scaleRows(std::span<const float> kernel, std::span<const float> v, std::span<double> columns) {
    const std::size_t experts = v.size();
    std::ranges::fill(columns, 0.0);
    std::vector<float> part(experts); // sums of a few hundred rows in f32, then in f64
    for (std::size_t begin = 0, rows = 0; begin < kernel.size(); begin += experts) {
        const float* row = kernel.data() + begin;
        float sum = 0.0F;
        for (std::size_t e = 0; e < experts; ++e) {
            sum += row[e] * v[e];
        }
        const float u = sum > 0.0F ? 1.0F / sum : 0.0F;
        for (std::size_t e = 0; e < experts; ++e) {
            part[e] += u * row[e];
        }
        if (++rows % 256 == 0 || begin + experts == kernel.size()) {
            std::transform(part.begin(), part.end(), columns.begin(), columns.begin(),
                           [](float p, double c) { return c + double(p); });
            std::ranges::fill(part, 0.0F);
        }
    }
}

// v_e = (T/E) / column sum; returns the largest relative error the old v had.
double scaleColumns(std::span<const double> columns, double target, std::span<float> v) {
    double worst = 0;
    for (std::size_t e = 0; e < v.size(); ++e) {
        if (columns[e] > 0) {
            worst = std::max(worst, std::fabs(columns[e] * double(v[e]) - target) / target);
            v[e] = float(std::clamp(target / columns[e], 1e-30, 1e30));
        }
    }
    return worst;
}

void writePlan(std::span<const float> v, std::span<float> kernel) {
    const std::size_t experts = v.size();
    for (std::size_t begin = 0; begin < kernel.size(); begin += experts) {
        float sum = 0.0F;
        for (std::size_t e = 0; e < experts; ++e) {
            kernel[begin + e] *= v[e];
            sum += kernel[begin + e];
        }
        for (std::size_t e = 0; e < experts && sum > 0.0F; ++e) {
            kernel[begin + e] /= sum;
        }
    }
}

} // namespace

void sinkhornPlan(std::span<const float> logits, std::int32_t experts, const SinkhornOptions& options,
                  std::span<float> plan) {
    const auto width = std::size_t(experts);
    const double target = double(logits.size()) / double(width) / double(width);
    exponentials(logits, width, plan);
    std::vector<float> v(width, 1.0F);
    std::vector<double> columns(width);
    for (std::int32_t i = 0; i < options.maxIterations; ++i) {
        scaleRows(plan, v, columns);
        const std::vector<float> before = v;
        if (scaleColumns(columns, target, v) <= double(options.tolerance)) {
            v = before; // rows sum to 1 exactly, columns within the tolerance
            break;
        }
    }
    writePlan(v, plan);
}

void routeSinkhorn(const MoeLayerInfo& layer, std::span<const float> logits, const SinkhornOptions& options,
                   std::span<std::uint16_t> ids, std::span<float> weights) {
    const auto experts = std::size_t(layer.moe.experts);
    const auto k = std::size_t(layer.moe.topK);
    std::vector<float> plan(logits.size());
    std::vector<float> best(k);
    sinkhornPlan(logits, layer.moe.experts, options, plan);
    for (std::size_t t = 0; t * experts < logits.size(); ++t) {
        const auto row = std::span(plan).subspan(t * experts, experts);
        const auto raw = logits.subspan(t * experts, experts);
        std::transform(row.begin(), row.end(), raw.begin(), row.begin(),
                       [](float p, float l) { return l == kMasked ? kMasked : p; });
        takeLargest(row, ids.subspan(t * k, k), best);
    }
    weighChosen(layer, logits, ids, weights);
}

} // namespace moescope

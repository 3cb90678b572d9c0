#include "engine/training/adamw.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ATen/ATen.h>

#include "engine/kernels/cpu/cpu_kernels.h"
#include "engine/kernels/parallel.h"
#include "engine/routing/error.h"

namespace moescope {

AdamW::AdamW(const TrainModel& model) : m_model(model) {
    for (const TrainModel::Parameter& p : model.parameters()) {
        m_first.push_back(at::zeros_like(p.value, p.value.options().requires_grad(false)));
        m_second.push_back(at::zeros_like(m_first.back()));
    }
}

double AdamW::gradientNorm() const {
    double sum = 0;
    for (const TrainModel::Parameter& p : m_model.parameters()) {
        const at::Tensor& grad = p.value.grad();
        const auto* data = static_cast<const float*>(grad.data_ptr());
        const std::int64_t n = grad.numel();
        const std::int64_t parts = threadCount(); // added in a fixed order
        std::vector<double> partial(std::size_t(parts), 0.0);
        parallelFor(parts, 1, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i)
                partial[std::size_t(i)] =
                    cpuCommonKernels().sumOfSquares(n * (i + 1) / parts - n * i / parts, data + n * i / parts);
        });
        for (const double d : partial)
            sum += d;
    }
    return std::sqrt(sum);
}

double AdamW::apply(std::int64_t step, double learningRate) {
    const TrainConfig& c = m_model.config();
    const double norm = gradientNorm();
    if (!std::isfinite(norm))
        throw Error(ErrorCode::InvalidArgument, "training diverged at step " + std::to_string(step) +
                                                    " (the gradient is not finite); lower --lr and --resume");
    AdamWStep s{};
    s.learningRate = float(learningRate);
    s.beta1 = c.beta1;
    s.beta2 = c.beta2;
    s.epsilon = 1e-8F;
    s.correction1 = float(1.0 - std::pow(double(c.beta1), double(step)));
    s.correction2 = float(1.0 - std::pow(double(c.beta2), double(step)));
    s.gradientScale = float(c.gradientClip > 0 && norm > double(c.gradientClip) ? double(c.gradientClip) / norm : 1.0);
    const auto& parameters = m_model.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        s.decay = parameters[i].decayed ? c.weightDecay : 0.0F;
        at::Tensor value = parameters[i].value;
        at::Tensor grad = value.grad();
        auto* p = static_cast<float*>(value.data_ptr());
        auto* g = static_cast<float*>(grad.data_ptr());
        auto* m = static_cast<float*>(m_first[i].data_ptr());
        auto* v = static_cast<float*>(m_second[i].data_ptr());
        parallelFor(value.numel(), 1 << 14, [&](std::int64_t begin, std::int64_t end) {
            cpuCommonKernels().adamW(end - begin, s, g + begin, p + begin, m + begin, v + begin);
        });
        value.mutable_grad() = at::Tensor();
    }
    return norm;
}

double learningRateAt(const TrainConfig& c, std::int64_t step) {
    const double peak = double(c.learningRate);
    if (step <= c.warmup)
        return peak * double(step) / double(std::max<std::int64_t>(1, c.warmup));
    const double progress =
        std::min(1.0, double(step - c.warmup) / double(std::max<std::int64_t>(1, c.steps - c.warmup)));
    const double floor = double(c.finalLearningRate);
    return peak * (floor + (1.0 - floor) * 0.5 * (1.0 + std::cos(std::numbers::pi * progress)));
}

} // namespace moescope

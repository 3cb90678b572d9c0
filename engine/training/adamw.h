#pragma once

#include <cstdint>
#include <vector>

#include "engine/training/train_model.h"

namespace moescope {

// AdamW with gradient clipping by the global norm (arXiv 1711.05101); state in f32.
class AdamW {
public:
    explicit AdamW(const TrainModel& model);

    // Applies the gradients of the model's parameters and clears them. `step` counts from 1. Returns the gradient's
    // norm before clipping; throws Error(InvalidArgument) when it is not finite.
    double apply(std::int64_t step, double learningRate);

    // First and second moments, in the order of the model's parameters.
    const std::vector<at::Tensor>& firstMoments() const { return m_first; }
    const std::vector<at::Tensor>& secondMoments() const { return m_second; }

private:
    double gradientNorm() const;

    const TrainModel& m_model;
    std::vector<at::Tensor> m_first, m_second;
};

// Linear warm-up to the peak, then a cosine down to `finalLearningRate` of it. `step` counts from 1.
double learningRateAt(const TrainConfig& config, std::int64_t step);

} // namespace moescope

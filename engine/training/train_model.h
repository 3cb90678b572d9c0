#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/training/router_op.h"
#include "engine/training/strategies/strategy.h"
#include "engine/training/train_config.h"

namespace moescope {

// A trainable Mixtral-layout decoder. Parameters are f32 leaves; experts are stacked per layer.
class TrainModel {
public:
    struct Layer {
        at::Tensor attentionNorm, qkv, output, expertNorm, router, gateUp, down;
        at::Tensor noise;                    // [E, H] of noisy strategies, else undefined
        at::Tensor sharedGateUp, sharedDown; // shared experts, else undefined
    };

    struct Result {
        at::Tensor loss; // language-model cross-entropy; its backward pass adds the strategy's losses
        std::vector<RoutedLayer> routing;
    };

    // Normal initialisation of standard deviation 0.02, projections into the residual stream scaled by 1/sqrt(2 layers)
    // (GPT-2); deterministic by config.seed.
    explicit TrainModel(const TrainConfig& given);

    // inputs, targets [N] i64: sequences of config.context tokens one behind the other. step: what noise depends on.
    Result forward(const at::Tensor& inputs, const at::Tensor& targets, std::int64_t step) const;

    // Every parameter with the name it has in a checkpoint's state, in a fixed order; decayed says whether weight decay
    // applies to it (matrices, not gains).
    struct Parameter {
        std::string name;
        at::Tensor value;
        bool decayed;
    };
    const std::vector<Parameter>& parameters() const { return m_parameters; }

    const TrainConfig& config() const { return m_config; }
    BalancingStrategy& strategy() const { return *m_strategy; }
    const at::Tensor& embedding() const { return m_embedding; }
    const at::Tensor& finalNorm() const { return m_finalNorm; }
    const at::Tensor& head() const { return m_head; }
    const std::vector<Layer>& layers() const { return m_layers; }
    at::ScalarType compute() const { return m_compute; }

private:
    at::Tensor add(const std::string& name, at::Tensor value, bool decayed);
    at::Tensor attend(const Layer& layer, const at::Tensor& stream_NH) const;
    at::Tensor mix(std::size_t index, const at::Tensor& stream_NH, std::int64_t step, RoutedLayer& routed) const;
    at::Tensor runLayer(std::size_t index, const at::Tensor& stream_NH, std::int64_t step, RoutedLayer& routed) const;
    at::Tensor jittered(const at::Tensor& x_NH, std::size_t index, std::int64_t step) const;

    TrainConfig m_config;
    std::unique_ptr<BalancingStrategy> m_strategy;
    at::ScalarType m_compute;
    at::Tensor m_cosSin; // [context, head dim]
    at::Tensor m_embedding, m_finalNorm, m_head;
    std::vector<Layer> m_layers;
    std::vector<Parameter> m_parameters;
};

} // namespace moescope

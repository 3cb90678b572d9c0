#pragma once

#include "engine/checkpoint/config_reader.h"
#include "engine/checkpoint/model_config.h"

namespace moescope {

// What MoEScope's own trainings add to a Mixtral-layout config.json where Mixtral's gate is not the one that was
// trained, as the object "moescope_router":
//
//   score             "softmax" or "sigmoid"
//   renormalize       whether the k weights are divided by their sum
//   selection_bias    true: layers hold block_sparse_moe.gate.e_score_correction_bias, added to scores for the choice
//   group_score, groups, topk_groups    group-limited routing: "max" or "top_two_sum"
//   expert_choice     true: each expert takes its best tokens of the batch; a token gets num_experts_per_tok on average
//   shared_experts    experts beside the routed ones that every token passes, as one of so many times the width:
//                     block_sparse_moe.shared_expert.{w1,w2,w3}.weight
//
// Every key may be absent. Other programs read such a model as plain Mixtral and would route it otherwise.
void readTrainedRouter(const ConfigReader& config, ModelConfig& model);

} // namespace moescope

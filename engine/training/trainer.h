#pragma once

#include <stop_token>

#include "engine/training/train_config.h"

namespace moescope {

// Trains a model and writes checkpoints into config.out: config.json and model.safetensors (bf16, Mixtral's names, so
// that any reader of that layout loads it) and trainer_state.safetensors to resume from. The observer is called on the
// calling thread. A stop request ends the run after the step under way, with a checkpoint written.
// Deterministic for a seed, a thread count and a compute type. Throws Error (InvalidArgument, Io, Conflict when a
// resumed folder was trained with another model or data order).
void trainModel(const TrainConfig& config, const TrainData& data, TrainObserver& observer, std::stop_token stop);

} // namespace moescope

#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/training/adamw.h"
#include "engine/training/train_model.h"

namespace moescope {

// Writes config.json and model.safetensors (bf16) in Hugging Face's Mixtral layout.
void writeModel(const TrainModel& model, const std::filesystem::path& folder, std::int32_t bos);

// Everything needed to go on exactly: parameters and moments in f32, and the step they stand at.
void writeTrainerState(const TrainModel& model, const AdamW& optimizer, std::int64_t step,
                       const std::filesystem::path& folder);

// Fills the model and the optimiser from `folder` and returns the step; 0 where there is no state to resume from.
// Throws Error(Conflict) when the state belongs to another configuration.
std::int64_t readTrainerState(const TrainModel& model, const AdamW& optimizer, const std::filesystem::path& folder);

} // namespace moescope

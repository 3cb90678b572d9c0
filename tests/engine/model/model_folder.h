#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/session/choose_execution.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/engine/kernels/inference/random_values.h"

namespace moescope {

inline std::vector<std::int64_t> someIds(std::int64_t count, std::int64_t vocabulary, std::int64_t salt = 0) {
    std::vector<std::int64_t> ids;
    for (std::int64_t i = 0; i < count; ++i)
        ids.push_back((i * 37 + i * i % 11 + salt) % vocabulary);
    return ids;
}

inline ChosenExecution onCpu(at::ScalarType dtype = at::kFloat, bool ownKernels = true) {
    ChosenExecution chosen;
    chosen.execution.dtype = dtype;
    chosen.execution.ownKernels = ownKernels;
    chosen.device = "cpu";
    chosen.dtype = dtype == at::kFloat ? "f32" : "bf16";
    return chosen;
}

// A tensor of f32 values that a test may change before it is written.
struct ModelTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

using ModelTensors = std::map<std::string, ModelTensor>;

// A model with random weights; of both stacks where it has two.
inline ModelTensors randomModel(const ModelConfig& config) {
    ModelTensors tensors;
    unsigned seed = 0;
    std::vector<PlannedTensor> plan = planTensors(config);
    if (config.decoderStack)
        for (PlannedTensor& planned : planTensors(*config.decoderStack))
            plan.push_back(std::move(planned));
    for (const PlannedTensor& planned : plan) {
        std::size_t count = 1;
        for (const std::int64_t size : planned.shape)
            count *= std::size_t(size);
        const float spread = planned.role == TensorRole::Router ? 1.0F : 1.7F / std::sqrt(float(config.hidden));
        ModelTensor tensor{planned.shape, randomValues<float>(count, ++seed, spread)};
        if (planned.role == TensorRole::Norm)
            for (float& value : tensor.values)
                value = 1.0F + value;
        for (float& value : tensor.values) // every dtype a test stores holds these values exactly
            value = float(std::int32_t(value * 128)) / 128;
        tensors.emplace(planned.name, std::move(tensor));
    }
    return tensors;
}

inline std::uint16_t toHalf(float value) { // values here are multiples of 1/128 below 16: exact
    if (value == 0)
        return 0;
    int exponent = 0;
    const float mantissa = std::frexp(std::fabs(value), &exponent);
    const auto bits = std::uint16_t(((exponent + 14) << 10) + std::int32_t(mantissa * 2048) - 1024);
    return std::uint16_t(bits | (value < 0 ? 0x8000 : 0));
}

inline void writeModel(const TempFolder& folder, const std::string& config, const ModelTensors& tensors, DType dtype) {
    folder.write("config.json", config);
    std::vector<std::vector<std::byte>> data;
    std::vector<TensorToWrite> list;
    for (const auto& [name, tensor] : tensors) {
        std::vector<std::byte> bytes(tensor.values.size() * bytesOf(dtype));
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            const float value = tensor.values[i];
            const std::uint16_t narrow = dtype == DType::F16 ? toHalf(value) : toBf16(value).bits;
            if (dtype == DType::F32)
                std::memcpy(bytes.data() + i * 4, &value, 4);
            else
                std::memcpy(bytes.data() + i * 2, &narrow, 2);
        }
        data.push_back(std::move(bytes));
        list.push_back({name, dtype, tensor.shape, data.back()});
    }
    writeSafetensors(folder / "model.safetensors", list);
}

} // namespace moescope

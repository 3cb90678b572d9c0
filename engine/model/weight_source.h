#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/model_config.h"
#include "engine/model/execution.h"
#include "engine/model/stored_matrix.h"

namespace moescope {

// Finds and reads a model's weights, in the type they are computed in whatever they are stored as. Every element read
// is checked: NaN or infinity is an Error(Corruption) naming the tensor. Const functions may be called from several
// threads.
class WeightSource {
public:
    // `ahead`: layers give way to one another, so that weights are read anew for each batch, by this thread; null: they
    // stay.
    WeightSource(const Checkpoint& checkpoint, const ModelConfig& config, ReadAhead* ahead)
        : m_checkpoint(checkpoint), m_config(config), m_ahead(ahead) {}

    const ModelConfig& config() const { return m_config; }
    ReadAhead* ahead() const { return m_ahead; }
    bool contains(const std::string& name) const { return m_checkpoint.contains(name); }

    // A tensor seen as a matrix: all leading dimensions are rows. FP8 comes with its scales.
    StoredMatrix stored(const std::string& name) const;
    // Expert `expert` of a packed tensor [experts, outputs, inputs], or [experts, inputs, outputs] where `transposed`;
    // of the outputs those from `begin` on in steps of `step`, `count` of them. MXFP4 where the tensor is stored so.
    StoredMatrix packed(const std::string& name, std::int64_t expert, bool transposed, std::int64_t begin,
                        std::int64_t step, std::int64_t count) const;

    // A vector in f32 on the execution's device; undefined where the name is empty.
    at::Tensor vector(const std::string& name, const Execution& execution) const;
    // The same as plain numbers.
    std::vector<float> numbers(const std::string& name) const;
    // The parts below one another, in the execution's dtype, on the CPU. One part stored in that dtype is not copied.
    static at::Tensor matrix(std::span<const StoredMatrix> parts, at::ScalarType dtype);

private:
    StoredMatrix packedMxfp4(const std::string& name, std::int64_t expert, std::int64_t begin, std::int64_t step,
                             std::int64_t count) const;

    const Checkpoint& m_checkpoint;
    const ModelConfig& m_config;
    ReadAhead* m_ahead;
};

} // namespace moescope

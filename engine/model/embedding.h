#pragma once

#include <cstdint>
#include <span>

#include "engine/model/execution.h"
#include "engine/model/weight_source.h"

namespace moescope {

// Token ids to the residual stream. On a CPU the rows are read from the memory map as they are needed.
class Embedding {
public:
    // Rows are multiplied by `multiplier`.
    Embedding(const StoredMatrix& table, float multiplier, const Execution& execution);

    // x_TD in f32. Throws Error(InvalidArgument) for an id outside the vocabulary.
    void forward(std::span<const std::int32_t> tokens, const at::Tensor& x_TD) const;

private:
    StoredMatrix m_table;
    float m_multiplier;
    at::Tensor m_weight_VD; // other devices only
};

} // namespace moescope

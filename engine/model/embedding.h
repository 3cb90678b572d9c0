#pragma once

#include <cstdint>
#include <span>

#include "engine/model/execution.h"
#include "engine/model/weight_source.h"

namespace moescope {

// Token ids to the residual stream. On a CPU the rows are read from the memory map as they are needed.
class Embedding {
public:
    Embedding(const WeightRows& table, const Execution& execution);

    // x_TD in f32. Throws Error(InvalidArgument) for an id outside the vocabulary.
    void forward(std::span<const std::int32_t> tokens, const at::Tensor& x_TD) const;

private:
    WeightRows m_table;
    at::Tensor m_weight_VD; // other devices only
};

} // namespace moescope

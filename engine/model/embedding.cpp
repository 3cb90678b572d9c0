#include "engine/model/embedding.h"

#include <array>

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include "engine/kernels/parallel.h"
#include "engine/routing/error.h"

namespace moescope {

Embedding::Embedding(const StoredMatrix& table, float multiplier, const Execution& execution)
    : m_table(table), m_multiplier(multiplier) {
    if (!execution.ownKernels)
        m_weight_VD = WeightSource::matrix(std::span(&table, 1), execution.dtype)
                          .to(execution.options(), /*non_blocking=*/false, /*copy=*/true);
}

void Embedding::forward(std::span<const std::int32_t> tokens, const at::Tensor& x_TD) const {
    for (const std::int32_t token : tokens)
        if (token < 0 || token >= m_table.rows)
            throw Error(ErrorCode::InvalidArgument,
                        "token id " + std::to_string(token) + " is outside the model's vocabulary of " +
                            std::to_string(m_table.rows) + "; the tokenizer or the ids belong to another model");
    if (m_weight_VD.defined()) {
        const at::Tensor ids =
            at::from_blob(const_cast<std::int32_t*>(tokens.data()), {std::int64_t(tokens.size())}, at::kInt);
        x_TD.copy_(m_weight_VD.index_select(0, ids.to(x_TD.device()))).mul_(double(m_multiplier));
        return;
    }
    parallelFor(std::int64_t(tokens.size()), 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t t = begin; t < end; ++t) {
            float* row = dataOf<float>(x_TD) + t * m_table.columns;
            readRows(m_table, tokens[std::size_t(t)], 1, row);
            for (std::int64_t i = 0; i < m_table.columns && m_multiplier != 1.0F; ++i)
                row[i] *= m_multiplier;
        }
    });
}

} // namespace moescope

#include "engine/model/embedding.h"

#include <array>

#include <ATen/Functions.h>

#include "engine/kernels/parallel.h"
#include "engine/routing/error.h"

namespace moescope {

Embedding::Embedding(const WeightRows& table, const Execution& execution) : m_table(table) {
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
        x_TD.copy_(m_weight_VD.index_select(0, ids.to(x_TD.device())));
        return;
    }
    parallelFor(std::int64_t(tokens.size()), 16, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t t = begin; t < end; ++t) {
            WeightRows row = m_table;
            row.firstRow = tokens[std::size_t(t)];
            row.rows = 1;
            readFloats(row, dataOf<float>(x_TD) + t * row.columns);
        }
    });
}

} // namespace moescope

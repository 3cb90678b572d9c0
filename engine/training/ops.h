#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace moescope {

// Differentiable building blocks of the training forward pass. On the CPU each is one autograd node over the engine's
// own kernels; on other devices plain tensor operations. Shapes: N tokens = B sequences x L, H width, T the compute
// type (f32 or bf16). Parameters and the residual stream are f32; N x H activations between products are T.

// x [N, H] f32, gain [H] -> [N, H] T.
at::Tensor rmsNorm(const at::Tensor& x_NH, const at::Tensor& gain_H, double epsilon, at::ScalarType compute);

// x [N, K] T, weight [M, K] f32 -> [N, M] in `result`.
at::Tensor linear(const at::Tensor& x_NK, const at::Tensor& weight_MK, at::ScalarType result);

struct AttentionShape {
    std::int64_t batch, length, heads, kvHeads, headDim;
};

// qkv [N, (heads + 2 kvHeads) headDim] T -> [N, heads headDim] T: rotary embedding (half-split), causal grouped-query
// attention within each sequence. cosSin [L, headDim]: cosines of the headDim / 2 angles, then their sines.
// The CPU path rotates qkv in place: the caller must not use it afterwards.
at::Tensor causalAttention(const at::Tensor& qkv_NC, const at::Tensor& cosSin_LD, const AttentionShape& shape);

// y[n] = sum_j weights[n, j] * expert(ids[n, j])(x[n]); an expert is down(silu(gate x) * up x).
// A slot with id -1 holds no expert. x [N, H] T, ids [N, k] i64, weights [N, k] f32, gateUp [E, 2F, H], down [E, H, F]
// -> [N, H] f32.
at::Tensor mixtureOfExperts(const at::Tensor& x_NH, const at::Tensor& ids_NK, const at::Tensor& weights_NK,
                            const at::Tensor& gateUp_EFH, const at::Tensor& down_EHF);

// Rows of table [V, H] f32 -> [N, H] f32. ids [N] i64.
at::Tensor embed(const at::Tensor& table_VH, const at::Tensor& ids_N);

// Mean over tokens of -ln softmax(x table^T)[target]; never holds more than a chunk of [N, V].
at::Tensor headCrossEntropy(const at::Tensor& x_NH, const at::Tensor& table_VH, const at::Tensor& targets_N);

} // namespace moescope

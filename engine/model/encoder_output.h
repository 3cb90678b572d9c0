#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/model/sequence.h"

namespace moescope {

// What a decoder's layers read of the encoder beside it.
struct EncoderOutput {
    at::Tensor hidden_SD;            // the encoder's last hidden state, in the compute type
    std::vector<Sequence> sequences; // the rows of it that each sequence of the decoder's batch sees
    // By layer, the keys and values made of it, for a generation that goes on step by step; empty: not kept.
    std::vector<at::Tensor> kept_SN;
};

} // namespace moescope

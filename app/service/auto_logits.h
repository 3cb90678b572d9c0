#pragma once

#include "engine/routing/run_spec.h"

namespace moescope {

// What is kept of router logits where nothing else is asked for: half the bytes where rows are long.
inline LogitStorage autoLogits(std::int32_t experts) {
    return experts > 64 ? LogitStorage::F16 : LogitStorage::F32;
}

} // namespace moescope

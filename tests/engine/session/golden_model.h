#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/session/engine_loader.h"

namespace moescope {

// A tiny model with a reference implementation's results beside it (expected.safetensors).
inline std::filesystem::path goldenModel(const std::string& name) {
    return std::filesystem::path(MOESCOPE_SOURCE_DIR) / "tests" / "golden" / name;
}

inline std::unique_ptr<InferenceSession> openGolden(const std::string& name, const std::string& dtype = "auto",
                                                    int threads = 2) {
    return loadEngine().open({goldenModel(name), "cpu", dtype, threads});
}

} // namespace moescope

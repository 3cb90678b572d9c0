#include "engine/checkpoint/fingerprint.h"

#include <gtest/gtest.h>

#include "engine/checkpoint/safetensors_writer.h"
#include "tests/engine/checkpoint/temp_folder.h"

namespace moescope {
namespace {

std::string fingerprintOf(const std::vector<float>& values, const std::string& config) {
    const TempFolder folder;
    folder.write("config.json", config);
    const std::vector<TensorToWrite> tensors{
        {"w", DType::F32, {std::int64_t(values.size())}, std::as_bytes(std::span(values))}};
    writeSafetensors(folder / "model.safetensors", tensors);
    return modelFingerprint(folder.path());
}

TEST(Fingerprint, DependsOnContentsOnly) {
    std::vector<float> values(1000, 0.5F);
    const std::string first = fingerprintOf(values, "{}");
    EXPECT_EQ(first.size(), 32U);
    EXPECT_EQ(fingerprintOf(values, "{}"), first);
    EXPECT_NE(fingerprintOf(values, "{ }"), first);
    values[777] = 0.25F;
    EXPECT_NE(fingerprintOf(values, "{}"), first);
}

TEST(Fingerprint, SeesAnyChangeOfALargeTensorsScale) {
    std::vector<float> values(1 << 20, 0.5F);
    const std::string first = fingerprintOf(values, "{}");
    for (float& value : values)
        value *= 1.001F;
    EXPECT_NE(fingerprintOf(values, "{}"), first);
}

} // namespace
} // namespace moescope

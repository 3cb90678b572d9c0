#include "engine/checkpoint/safetensors_writer.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/checkpoint/checkpoint.h"
#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"

namespace moescope {
namespace {

TEST(SafetensorsWriter, WritesWhatTheReaderReads) {
    const TempFolder folder;
    const std::vector<float> values{1.5F, -2.0F, 3.0F, 4.0F, 5.0F, 6.0F};
    const std::vector<std::int64_t> ids{7};
    const std::vector<TensorToWrite> tensors{{"w", DType::F32, {2, 3}, std::as_bytes(std::span(values))},
                                             {"ids", DType::I64, {1}, std::as_bytes(std::span(ids))}};
    writeSafetensors(folder / "t.safetensors", tensors, {{"format", "pt"}});

    const SafetensorsFile file(folder / "t.safetensors");
    EXPECT_EQ(file.header().metadata.at("format"), "pt");
    const TensorView w = file.tensor("w");
    ASSERT_EQ(w.data.size(), values.size() * sizeof(float));
    EXPECT_EQ(std::memcmp(w.data.data(), values.data(), w.data.size()), 0);
    EXPECT_EQ(file.headerBytes().size() % 64, 0U);
    EXPECT_FALSE(std::filesystem::exists(folder / "t.safetensors.part"));
}

TEST(SafetensorsWriter, LeavesNothingBehindWhenItFails) {
    const TempFolder folder;
    const std::vector<float> values(3);
    const std::vector<TensorToWrite> wrong{{"w", DType::F32, {4}, std::as_bytes(std::span(values))}};
    EXPECT_THROW(writeSafetensors(folder / "t.safetensors", wrong), Error);
    const std::vector<TensorToWrite> twice(2, {"w", DType::F32, {3}, std::as_bytes(std::span(values))});
    EXPECT_THROW(writeSafetensors(folder / "t.safetensors", twice), Error);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_THROW(writeSafetensors(folder / "no" / "t.safetensors", {}), Error);
}

} // namespace
} // namespace moescope

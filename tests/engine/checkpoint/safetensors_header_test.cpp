#include "engine/checkpoint/safetensors_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/support/refusal.h"

namespace moescope {
namespace {

using testing::HasSubstr;

SafetensorsHeader parse(const std::string& bytes) {
    return parseSafetensorsHeader(std::as_bytes(std::span(bytes)), "x.safetensors");
}

std::string refusalOfBytes(const std::string& bytes) {
    return test::refusal([&] { parse(bytes); });
}

std::string refusalOfHeader(const std::string& header, std::size_t dataBytes) {
    return refusalOfBytes(safetensorsBytes(header, dataBytes));
}

TEST(SafetensorsHeader, ReadsTensorsInOrderOfOffset) {
    const auto header = parse(safetensorsBytes(R"({"b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},
        "a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}  )",
                                               12));
    ASSERT_EQ(header.tensors.size(), 2U);
    EXPECT_EQ(header.tensors[0].name, "a");
    EXPECT_EQ(header.tensors[0].shape, (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(header.tensors[1].dtype, DType::BF16);
    EXPECT_EQ(header.tensors[1].end - header.tensors[1].begin, 4U);
    EXPECT_EQ(header.metadata.at("format"), "pt");
}

TEST(SafetensorsHeader, AcceptsScalarsAndEmptyTensors) {
    const auto header = parse(safetensorsBytes(
        R"({"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}})",
        4));
    EXPECT_EQ(header.tensors.size(), 2U);
}

TEST(SafetensorsHeader, RejectsHostileFiles) {
    const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    EXPECT_THAT(refusalOfBytes(std::string("abc")), HasSubstr("too short"));
    EXPECT_THAT(refusalOfBytes(std::string("\0\0\0\0\0\0\0\x10", 8) + "{}"), HasSubstr("not a safetensors file"));
    EXPECT_THAT(refusalOfBytes(safetensorsBytes(good, 8).substr(0, 30)), HasSubstr("truncated inside its header"));
    EXPECT_THAT(refusalOfHeader(good, 7), HasSubstr("truncated"));
    EXPECT_THAT(refusalOfHeader("{]", 0), HasSubstr("not valid JSON"));
    EXPECT_THAT(refusalOfHeader("[1]", 0), HasSubstr("not a JSON object"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})", 8),
                HasSubstr("non-negative"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8),
                HasSubstr("before it"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8),
                HasSubstr("does not match"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8), HasSubstr("shape"));
    EXPECT_THAT(
        refusalOfHeader(R"({"a":{"dtype":"F32","shape":[281474976710656,281474976710656],"data_offsets":[0,8]}})", 8),
        HasSubstr("does not match"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}})", 8), HasSubstr("F7"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                              "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                                12),
                HasSubstr("overlap"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                              "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                                8),
                HasSubstr("occurs twice"));
    EXPECT_THAT(refusalOfHeader(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,1e99]}})", 8),
                HasSubstr("offsets"));
}

} // namespace
} // namespace moescope

#include "engine/checkpoint/safetensors_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"

namespace moescope {
namespace {

using testing::HasSubstr;

SafetensorsHeader parse(const std::string& bytes) {
    return parseSafetensorsHeader(std::as_bytes(std::span(bytes)), "x.safetensors");
}

std::string messageOf(const std::string& bytes) {
    try {
        parse(bytes);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

std::string messageOf(const std::string& header, std::size_t dataBytes) {
    return messageOf(safetensorsBytes(header, dataBytes));
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
    EXPECT_THAT(messageOf(std::string("abc")), HasSubstr("too short"));
    EXPECT_THAT(messageOf(std::string("\0\0\0\0\0\0\0\x10", 8) + "{}"), HasSubstr("not a safetensors file"));
    EXPECT_THAT(messageOf(safetensorsBytes(good, 8).substr(0, 30)), HasSubstr("truncated inside its header"));
    EXPECT_THAT(messageOf(good, 7), HasSubstr("truncated"));
    EXPECT_THAT(messageOf("{]", 0), HasSubstr("not valid JSON"));
    EXPECT_THAT(messageOf("[1]", 0), HasSubstr("not a JSON object"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}})", 8), HasSubstr("non-negative"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8), HasSubstr("before it"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8), HasSubstr("does not match"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8), HasSubstr("shape"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[281474976710656,281474976710656],"data_offsets":[0,8]}})", 8),
                HasSubstr("does not match"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F7","shape":[2],"data_offsets":[0,8]}})", 8), HasSubstr("F7"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                              "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                          12),
                HasSubstr("overlap"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                              "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                          8),
                HasSubstr("occurs twice"));
    EXPECT_THAT(messageOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,1e99]}})", 8), HasSubstr("offsets"));
}

} // namespace
} // namespace moescope

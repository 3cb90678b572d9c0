#include "engine/checkpoint/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/checkpoint/safetensors_writer.h"
#include "engine/routing/error.h"
#include "tests/engine/checkpoint/temp_folder.h"
#include "tests/support/refusal.h"

namespace moescope {
namespace {

using testing::HasSubstr;

void writeShard(const TempFolder& folder, const std::string& file, const std::vector<std::string>& names) {
    static const std::vector<float> kValues(4, 1.0F);
    std::vector<TensorToWrite> tensors;
    for (const std::string& name : names)
        tensors.push_back({name, DType::F32, {2, 2}, std::as_bytes(std::span(kValues))});
    writeSafetensors(folder / file, tensors);
}

void writeIndex(const TempFolder& folder, const std::string& map) {
    folder.write("model.safetensors.index.json", R"({"metadata":{},"weight_map":)" + map + "}");
}

std::string refusalOfFolder(const std::filesystem::path& folder) {
    return test::refusal([&] { const Checkpoint checkpoint(folder); });
}

TEST(Checkpoint, ShardsReadAsOne) {
    const TempFolder folder;
    writeShard(folder, "model-1.safetensors", {"a"});
    writeShard(folder, "model-2.safetensors", {"b", "c"});
    writeIndex(folder, R"({"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-2.safetensors"})");
    const Checkpoint checkpoint(folder.path());
    EXPECT_EQ(checkpoint.tensors().size(), 3U);
    EXPECT_EQ(checkpoint.tensor("c").elements(), 4);
    EXPECT_EQ(checkpoint.dataBytes(), 48U);
    EXPECT_THROW(checkpoint.tensor("d"), Error);
}

TEST(Checkpoint, NamesWhatIsWrong) {
    const TempFolder folder;
    EXPECT_THAT(refusalOfFolder(folder / "none"), HasSubstr("does not exist"));
    EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("neither model.safetensors"));
    folder.write("pytorch_model.bin", "x");
    EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("convert the model to safetensors"));

    writeShard(folder, "one.safetensors", {"a"});
    writeShard(folder, "two.safetensors", {"a", "b"});
    writeIndex(folder, R"({"a":"one.safetensors","b":"two.safetensors"})");
    EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("also in another shard"));
    writeIndex(folder, R"({"a":"one.safetensors","b":"one.safetensors"})");
    EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("lacks tensor \"b\""));
    writeIndex(folder, R"({"a":"missing.safetensors"})");
    EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("missing.safetensors"));
    for (const char* name :
         {"../one.safetensors", "/etc/passwd", "model.safetensors.index.json", "sub/one.safetensors", "", "..", "3"}) {
        writeIndex(folder, std::string(R"({"a":")") + name + "\"}");
        EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("not a .safetensors file name")) << name;
    }
    writeIndex(folder, "{}");
    EXPECT_THAT(refusalOfFolder(folder.path()), HasSubstr("weight_map"));
}

} // namespace
} // namespace moescope

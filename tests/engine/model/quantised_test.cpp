// Weights stored in blocks that share a scale, against their definition in double.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/weight_source.h"
#include "tests/engine/model/model_folder.h"

namespace moescope {
namespace {

double fp8(unsigned code) {
    const double sign = (code & 128U) != 0 ? -1 : 1;
    const int exponent = int(code >> 3 & 15U);
    const double mantissa = code & 7U;
    return sign * (exponent == 0 ? mantissa / 8 * std::pow(2, -6) : (1 + mantissa / 8) * std::pow(2, exponent - 7));
}

constexpr const char* kFp8Config = R"({"model_type":"mixtral","hidden_size":64,"intermediate_size":96,
    "num_hidden_layers":1,"num_attention_heads":4,"num_local_experts":4,"num_experts_per_tok":2,"vocab_size":100,
    "quantization_config":{"quant_method":"fp8","weight_block_size":[16,32]}})";

TEST(Quantised, Fp8BlocksEqualTheirDefinition) {
    const TempFolder folder;
    constexpr std::int64_t rows = 40;
    constexpr std::int64_t columns = 70;
    std::vector<std::uint8_t> codes(rows * columns);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = std::uint8_t(i * 73 + i / 7);
        codes[i] = (codes[i] & 127) == 127 ? 1 : codes[i]; // no NaN
    }
    std::vector<float> scales(3 * 3);
    for (std::size_t i = 0; i < scales.size(); ++i)
        scales[i] = 0.25F + 0.5F * float(i);
    writeSafetensors(
        folder / "model.safetensors",
        std::vector<TensorToWrite>{{"w.weight", DType::F8E4M3, {rows, columns}, std::as_bytes(std::span(codes))},
                                   {"w.weight_scale_inv", DType::F32, {3, 3}, std::as_bytes(std::span(scales))}});
    const Checkpoint checkpoint(folder.path());
    const ModelConfig config = parseModelConfig(kFp8Config, "test");
    const WeightSource source(checkpoint, config, nullptr);
    const std::vector<float> got = source.numbers("w.weight");
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            ASSERT_FLOAT_EQ(got[std::size_t(r * columns + c)], float(fp8(codes[std::size_t(r * columns + c)]) *
                                                                     double(scales[std::size_t(r / 16 * 3 + c / 32)])));
}

TEST(Quantised, Mxfp4EqualsItsDefinition) {
    const TempFolder folder;
    constexpr std::int64_t experts = 2;
    constexpr std::int64_t outputs = 6;
    constexpr std::int64_t groups = 2;
    std::vector<std::uint8_t> blocks(experts * outputs * groups * 16);
    for (std::size_t i = 0; i < blocks.size(); ++i)
        blocks[i] = std::uint8_t(i * 37 + 11);
    std::vector<std::uint8_t> scales(experts * outputs * groups);
    for (std::size_t i = 0; i < scales.size(); ++i)
        scales[i] = std::uint8_t(120 + i % 12);
    writeSafetensors(folder / "model.safetensors",
                     std::vector<TensorToWrite>{
                         {"w_blocks", DType::U8, {experts, outputs, groups, 16}, std::as_bytes(std::span(blocks))},
                         {"w_scales", DType::U8, {experts, outputs, groups}, std::as_bytes(std::span(scales))}});
    const Checkpoint checkpoint(folder.path());
    const ModelConfig config = parseModelConfig(kFp8Config, "test");
    const WeightSource source(checkpoint, config, nullptr);
    constexpr double values[] = {0, 0.5, 1, 1.5, 2, 3, 4, 6};
    for (std::int64_t expert = 0; expert < experts; ++expert)
        for (std::int64_t begin = 0; begin < 2; ++begin) { // gate and up: every other row
            const StoredMatrix part = source.packed("w", expert, true, begin, 2, outputs / 2);
            std::vector<float> got(std::size_t(part.rows * part.columns));
            readRows(part, 0, part.rows, got.data());
            for (std::int64_t r = 0; r < part.rows; ++r)
                for (std::int64_t c = 0; c < part.columns; ++c) {
                    const std::int64_t row = expert * outputs + begin + 2 * r;
                    const std::uint8_t byte = blocks[std::size_t(row * groups * 16 + c / 2)];
                    const unsigned code = c % 2 == 0 ? byte & 15U : byte >> 4U;
                    const double want = ((code & 8U) != 0 ? -1 : 1) * values[code & 7U] *
                                        std::pow(2, int(scales[std::size_t(row * groups + c / 32)]) - 127);
                    ASSERT_FLOAT_EQ(got[std::size_t(r * part.columns + c)], float(want)) << r << " " << c;
                }
        }
}

} // namespace
} // namespace moescope

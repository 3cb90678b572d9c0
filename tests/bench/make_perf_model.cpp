// Writes the model that speed is measured with: Mixtral's layout, random bf16 weights, 0.64 G parameters.
//   make_perf_model FOLDER [--layers N | --config FILE]
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "engine/checkpoint/model_inspection.h"
#include "engine/checkpoint/safetensors_writer.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/kernels/bf16.h"
#include "engine/routing/error.h"

namespace {

using namespace moescope;

std::string configJson(int layers) {
    return R"({"architectures":["MixtralForCausalLM"],"model_type":"mixtral","hidden_size":1024,
 "intermediate_size":1408,"num_hidden_layers":)" +
           std::to_string(layers) + R"(,"num_attention_heads":16,"num_key_value_heads":4,"head_dim":64,
 "num_local_experts":16,"num_experts_per_tok":2,"vocab_size":32000,"max_position_embeddings":4096,
 "rms_norm_eps":1e-05,"rope_theta":1000000.0,"sliding_window":null,"tie_word_embeddings":false,
 "bos_token_id":1,"eos_token_id":2,"hidden_act":"silu","torch_dtype":"bfloat16"}
)";
}

// Uniform numbers whose spread keeps activations of order one through the layers (xorshift64*).
std::vector<Bf16> randomWeights(const PlannedTensor& tensor, std::uint64_t& state) {
    std::size_t count = 1;
    for (const std::int64_t size : tensor.shape)
        count *= std::size_t(size);
    std::vector<Bf16> values(count, toBf16(1.0F));
    if (tensor.role == TensorRole::Norm)
        return values;
    const float spread = std::sqrt(3.0F / float(tensor.shape.back()));
    for (Bf16& value : values) {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        const auto bits = std::int32_t((state * 0x2545F4914F6CDD1DULL) >> 40); // 24 bits
        value = toBf16((float(bits) / 8388608.0F - 1.0F) * spread);
    }
    return values;
}

void write(const std::filesystem::path& folder, const std::string& config) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json") << config;
    std::uint64_t state = 0x9E3779B97F4A7C15ULL;
    std::vector<std::vector<Bf16>> data;
    std::vector<TensorToWrite> tensors;
    for (const PlannedTensor& tensor : planTensors(readModelConfig(folder))) {
        data.push_back(randomWeights(tensor, state));
        tensors.push_back({tensor.name, DType::BF16, tensor.shape, std::as_bytes(std::span(data.back()))});
    }
    writeSafetensors(folder / "model.safetensors", tensors, {{"format", "pt"}});
}

std::string textOf(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string chooseConfig(int argc, char** argv) {
    if (argc == 2 && argv[1][0] != '-')
        return configJson(8);
    const std::string option = argc == 4 ? argv[2] : "";
    if (option == "--layers")
        return configJson(std::stoi(argv[3]));
    if (option == "--config")
        return textOf(argv[3]);
    throw std::invalid_argument("usage: make_perf_model FOLDER [--layers N | --config FILE]");
}

} // namespace

int main(int argc, char** argv) {
    try {
        const std::string config = chooseConfig(argc, argv);
        write(argv[1], config);
        std::cout << inspectModel(argv[1]).totalParameters << " parameters\n";
        return 0;
    } catch (const std::invalid_argument& error) {
        std::cerr << error.what() << "\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "make_perf_model: " << error.what() << "\n";
        return 1;
    }
}

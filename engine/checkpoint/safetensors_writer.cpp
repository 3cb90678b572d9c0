#include "engine/checkpoint/safetensors_writer.h"

#include <set>

#include "engine/checkpoint/atomic_file.h"
#include "engine/checkpoint/json_text.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::size_t kAlignment = 64;

void check(const TensorToWrite& tensor) {
    std::size_t bytes = bytesOf(tensor.dtype);
    for (const std::int64_t size : tensor.shape)
        if (size < 0 || __builtin_mul_overflow(bytes, std::size_t(size), &bytes))
            throw Error(ErrorCode::InvalidArgument, "tensor \"" + tensor.name + "\" has an impossible shape");
    if (bytes != tensor.data.size())
        throw Error(ErrorCode::InvalidArgument, "tensor \"" + tensor.name + "\" has " +
                                                    std::to_string(tensor.data.size()) + " bytes, its shape needs " +
                                                    std::to_string(bytes));
}

std::string headerText(std::span<const TensorToWrite> tensors, const std::map<std::string, std::string>& metadata) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::set<std::string_view> names;
    std::size_t offset = 0;
    for (const TensorToWrite& tensor : tensors) {
        check(tensor);
        if (tensor.name == "__metadata__" || !names.insert(tensor.name).second)
            throw Error(ErrorCode::InvalidArgument, "tensor name \"" + tensor.name + "\" is taken");
        header[tensor.name] = {{"dtype", nameOf(tensor.dtype)},
                               {"shape", tensor.shape},
                               {"data_offsets", {offset, offset + tensor.data.size()}}};
        offset += tensor.data.size();
    }
    std::string text = header.dump();
    text.resize((text.size() + 8 + kAlignment - 1) / kAlignment * kAlignment - 8, ' ');
    return text;
}

} // namespace

void writeSafetensors(const std::filesystem::path& file, std::span<const TensorToWrite> tensors,
                      const std::map<std::string, std::string>& metadata) {
    const std::string header = headerText(tensors, metadata);
    const std::uint64_t length = header.size();
    AtomicFile out(file);
    out.write(std::as_bytes(std::span(&length, 1)));
    out.write(std::as_bytes(std::span(header)));
    for (const TensorToWrite& tensor : tensors)
        out.write(tensor.data);
    out.commit();
}

} // namespace moescope

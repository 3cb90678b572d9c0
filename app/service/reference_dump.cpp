#include "app/service/reference_dump.h"

#include <cstring>

#include "engine/routing/error.h"

namespace moescope {

ReferenceDump::ReferenceDump(const std::filesystem::path& file) : m_file(file) {
    m_inputIds = read<std::int64_t>("input_ids", DType::I64, std::nullopt);
    const auto shape = m_file.tensor("input_ids").shape;
    if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1)
        throw Error(ErrorCode::Corruption, file.string() + ": input_ids must have the shape [batch, length]");
    m_batch = shape[0];
    m_length = shape[1];
}

template <class T>
std::vector<T> ReferenceDump::read(const std::string& name, DType dtype, std::optional<std::size_t> elements) const {
    const TensorView tensor = m_file.tensor(name);
    const std::string where = m_file.path().string() + ": tensor \"" + name + "\"";
    if (tensor.dtype != dtype)
        throw Error(ErrorCode::Corruption, where + " must be " + std::string(nameOf(dtype)));
    if (elements && std::size_t(tensor.elements()) != *elements)
        throw Error(ErrorCode::Corruption, where + " has " + std::to_string(tensor.elements()) +
                                               " elements, this model gives " + std::to_string(*elements));
    std::vector<T> values(tensor.data.size() / sizeof(T));
    if (!values.empty())
        std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    return values;
}

std::vector<float> ReferenceDump::floats(const std::string& name, std::size_t elements) const {
    return read<float>(name, DType::F32, elements);
}

std::vector<std::int64_t> ReferenceDump::integers(const std::string& name, std::size_t elements) const {
    return read<std::int64_t>(name, DType::I64, elements);
}

std::vector<std::uint8_t> ReferenceDump::flags(const std::string& name, std::size_t elements) const {
    return read<std::uint8_t>(name, DType::Bool, elements);
}

std::int64_t ReferenceDump::lastDimension(const std::string& name) const {
    const auto shape = m_file.tensor(name).shape;
    return shape.empty() ? 1 : shape.back();
}

} // namespace moescope

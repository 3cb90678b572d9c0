#include "engine/model/weight_source.h"

#include <cstring>

#include <ATen/Functions.h>

#include "engine/kernels/inference/loops.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::int64_t kChunk = 16384; // elements converted at a time: they stay in the first-level cache

void requireFinite(const WeightRows& part) {
    const auto count = part.rows * part.columns;
    const std::byte* data = part.bytes().data();
    bool finite = true;
    if (part.tensor.dtype == DType::F32)
        finite = commonLoops().finite32(count, reinterpret_cast<const float*>(data));
    else
        finite = commonLoops().finite16(count, reinterpret_cast<const std::uint16_t*>(data),
                                        part.tensor.dtype == DType::BF16 ? 0x7F80 : 0x7C00);
    if (!finite)
        throw Error(ErrorCode::Corruption, "tensor \"" + std::string(part.tensor.name) +
                                               "\" holds NaN or infinity; the checkpoint is damaged");
}

// Elements [begin, begin + count) of the part as f32.
void readFloats(const WeightRows& part, std::int64_t begin, std::int64_t count, float* to) {
    const std::byte* data = part.bytes().data() + std::size_t(begin) * bytesOf(part.tensor.dtype);
    if (part.tensor.dtype == DType::F32)
        std::memcpy(to, data, std::size_t(count) * sizeof(float));
    else if (part.tensor.dtype == DType::BF16)
        inferenceLoops<Bf16>().toFloat(count, reinterpret_cast<const Bf16*>(data), to);
    else
        commonLoops().halfToFloat(count, reinterpret_cast<const std::uint16_t*>(data), to);
}

void readInto(const WeightRows& part, const at::Tensor& to) {
    const std::int64_t count = part.rows * part.columns;
    if (to.scalar_type() == at::kBFloat16 && part.tensor.dtype == DType::BF16) {
        std::memcpy(to.data_ptr(), part.bytes().data(), part.bytes().size());
        return;
    }
    if (to.scalar_type() == at::kFloat) {
        readFloats(part, 0, count, dataOf<float>(to));
        return;
    }
    std::vector<float> chunk(kChunk);
    for (std::int64_t begin = 0; begin < count; begin += kChunk) {
        const std::int64_t length = std::min(kChunk, count - begin);
        readFloats(part, begin, length, chunk.data());
        if (to.scalar_type() == at::kBFloat16)
            inferenceLoops<Bf16>().fromFloat(length, chunk.data(), dataOf<Bf16>(to) + begin);
        else
            to.view({-1}).narrow(0, begin, length).copy_(at::from_blob(chunk.data(), {length}, at::kFloat));
    }
}

bool isStoredAs(const WeightRows& part, at::ScalarType dtype) {
    const bool same = (dtype == at::kFloat && part.tensor.dtype == DType::F32) ||
                      (dtype == at::kBFloat16 && part.tensor.dtype == DType::BF16) ||
                      (dtype == at::kHalf && part.tensor.dtype == DType::F16);
    return same && reinterpret_cast<std::uintptr_t>(part.bytes().data()) % bytesOf(part.tensor.dtype) == 0;
}

} // namespace

std::span<const std::byte> WeightRows::bytes() const {
    const std::size_t rowBytes = std::size_t(columns) * bytesOf(tensor.dtype);
    return tensor.data.subspan(std::size_t(firstRow) * rowBytes, std::size_t(rows) * rowBytes);
}

void readFloats(const WeightRows& part, float* to) {
    readFloats(part, 0, part.rows * part.columns, to);
}

WeightRows WeightSource::rows(const std::string& name) const {
    const TensorView tensor = m_checkpoint.tensor(name);
    const std::int64_t columns = tensor.shape.empty() ? 1 : tensor.shape.back();
    return {tensor, 0, columns == 0 ? 0 : tensor.elements() / columns, columns};
}

WeightRows WeightSource::rows(const std::string& name, std::int64_t firstRow, std::int64_t count) const {
    WeightRows part = rows(name);
    part.firstRow = firstRow;
    part.rows = count;
    return part;
}

at::Tensor WeightSource::vector(const std::string& name, const Execution& execution) const {
    WeightRows part = rows(name);
    requireFinite(part);
    at::Tensor values = at::empty({part.rows * part.columns}, at::kFloat);
    readInto(part, values);
    return values.to(execution.device);
}

at::Tensor WeightSource::matrix(std::span<const WeightRows> parts, at::ScalarType dtype) {
    std::int64_t rows = 0;
    for (const WeightRows& part : parts) {
        requireFinite(part);
        rows += part.rows;
    }
    const std::int64_t columns = parts.front().columns;
    if (parts.size() == 1 && isStoredAs(parts.front(), dtype))
        return at::from_blob(const_cast<std::byte*>(parts.front().bytes().data()), {rows, columns}, dtype);
    at::Tensor whole = at::empty({rows, columns}, dtype);
    std::int64_t row = 0;
    for (const WeightRows& part : parts) {
        readInto(part, whole.narrow(0, row, part.rows));
        row += part.rows;
    }
    return whole;
}

} // namespace moescope

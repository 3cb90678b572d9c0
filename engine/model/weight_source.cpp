#include "engine/model/weight_source.h"

#include <algorithm>
#include <cstring>

#include <ATen/Functions.h>

#include "engine/checkpoint/stored_format.h"
#include "engine/kernels/inference/loops.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

constexpr std::int64_t kChunk = 16384; // elements converted at a time: they stay in the first-level cache

[[noreturn]] void reportNotFiniteWeights(const TensorView& tensor) {
    throw Error(ErrorCode::Corruption,
                "tensor \"" + std::string(tensor.name) + "\" holds NaN or infinity; the checkpoint is damaged");
}

// Plain, contiguous parts, without converting them.
void requireFinite(const StoredMatrix& part) {
    const std::int64_t count = part.rows * part.columns;
    const std::byte* data = part.bytes().data();
    bool finite = true;
    if (part.tensor.dtype == DType::F32)
        finite = commonLoops().finite32(count, reinterpret_cast<const float*>(data));
    else
        finite = commonLoops().finite16(count, reinterpret_cast<const std::uint16_t*>(data),
                                        part.tensor.dtype == DType::BF16 ? 0x7F80 : 0x7C00);
    if (!finite)
        reportNotFiniteWeights(part.tensor);
}

void store(const float* from, std::int64_t count, const at::Tensor& to, std::int64_t begin) {
    if (to.scalar_type() == at::kBFloat16)
        inferenceLoops<Bf16>().fromFloat(count, from, dataOf<Bf16>(to) + begin);
    else
        to.view({-1}).narrow(0, begin, count).copy_(at::from_blob(const_cast<float*>(from), {count}, at::kFloat));
}

// A transposed matrix is read in runs of many rows, the others in blocks that stay in the cache.
std::int64_t rowsAtOnce(const StoredMatrix& part) {
    const std::int64_t elements = part.columnStep == 1 ? kChunk : 16 * kChunk;
    return std::clamp<std::int64_t>(elements / std::max<std::int64_t>(1, part.columns), 1, part.rows);
}

void readInto(const StoredMatrix& part, const at::Tensor& to) {
    if (part.isContiguous() && to.scalar_type() == at::kBFloat16 && part.tensor.dtype == DType::BF16) {
        requireFinite(part);
        std::memcpy(to.data_ptr(), part.bytes().data(), part.bytes().size());
        return;
    }
    const std::int64_t block = rowsAtOnce(part);
    const bool direct = to.scalar_type() == at::kFloat;
    std::vector<float> chunk(direct ? 0 : std::size_t(block * part.columns));
    for (std::int64_t row = 0; row < part.rows; row += block) {
        const std::int64_t rows = std::min(block, part.rows - row);
        float* floats = direct ? dataOf<float>(to) + row * part.columns : chunk.data();
        readRows(part, row, rows, floats);
        if (!commonLoops().finite32(rows * part.columns, floats))
            reportNotFiniteWeights(part.tensor);
        if (!direct)
            store(floats, rows * part.columns, to, row * part.columns);
    }
}

bool isStoredAs(const StoredMatrix& part, at::ScalarType dtype) {
    const bool same = (dtype == at::kFloat && part.tensor.dtype == DType::F32) ||
                      (dtype == at::kBFloat16 && part.tensor.dtype == DType::BF16) ||
                      (dtype == at::kHalf && part.tensor.dtype == DType::F16);
    return same && part.isContiguous() &&
           reinterpret_cast<std::uintptr_t>(part.bytes().data()) % bytesOf(part.tensor.dtype) == 0;
}

} // namespace

StoredMatrix WeightSource::stored(const std::string& name) const {
    StoredMatrix matrix = StoredMatrix::whole(m_checkpoint.tensor(name));
    matrix.ahead = m_ahead;
    if (matrix.tensor.dtype == DType::F8E4M3) {
        matrix.format = StoredMatrix::Format::Fp8Blocks;
        matrix.scales = m_checkpoint.tensor(name + kFp8Scales);
        matrix.blockRows = m_config.scaleBlockRows;
        matrix.blockColumns = m_config.scaleBlockColumns;
    }
    return matrix;
}

StoredMatrix WeightSource::packed(const std::string& name, std::int64_t expert, bool transposed, std::int64_t begin,
                                  std::int64_t step, std::int64_t count) const {
    if (!contains(name) && contains(name + kMxfp4Blocks))
        return packedMxfp4(name, expert, begin, step, count);
    StoredMatrix matrix;
    matrix.tensor = m_checkpoint.tensor(name);
    matrix.ahead = m_ahead;
    const std::int64_t outputs = matrix.tensor.shape[transposed ? 2 : 1];
    const std::int64_t inputs = matrix.tensor.shape[transposed ? 1 : 2];
    matrix.rows = count;
    matrix.columns = inputs;
    matrix.rowStep = transposed ? step : step * inputs;
    matrix.columnStep = transposed ? outputs : 1;
    matrix.first = expert * outputs * inputs + begin * (transposed ? 1 : inputs);
    return matrix;
}

StoredMatrix WeightSource::packedMxfp4(const std::string& name, std::int64_t expert, std::int64_t begin,
                                       std::int64_t step, std::int64_t count) const {
    StoredMatrix matrix;
    matrix.format = StoredMatrix::Format::Mxfp4;
    matrix.ahead = m_ahead;
    matrix.tensor = m_checkpoint.tensor(name + kMxfp4Blocks);
    matrix.scales = m_checkpoint.tensor(name + kMxfp4Scales);
    const std::int64_t outputs = matrix.tensor.shape[1];
    matrix.rows = count;
    matrix.columns = matrix.tensor.shape[2] * kMxfp4Group;
    matrix.rowStep = step * matrix.columns;
    matrix.first = (expert * outputs + begin) * matrix.columns;
    return matrix;
}

std::vector<float> WeightSource::numbers(const std::string& name) const {
    const StoredMatrix part = stored(name);
    std::vector<float> values(std::size_t(part.rows * part.columns));
    readRows(part, 0, part.rows, values.data());
    if (!commonLoops().finite32(std::int64_t(values.size()), values.data()))
        reportNotFiniteWeights(part.tensor);
    return values;
}

at::Tensor WeightSource::vector(const std::string& name, const Execution& execution) const {
    if (name.empty())
        return {};
    std::vector<float> values = numbers(name);
    return at::from_blob(values.data(), {std::int64_t(values.size())}, at::kFloat)
        .to(execution.floats(), /*non_blocking=*/false, /*copy=*/true);
}

at::Tensor WeightSource::matrix(std::span<const StoredMatrix> parts, at::ScalarType dtype) {
    std::int64_t rows = 0;
    for (const StoredMatrix& part : parts) {
        rows += part.rows;
        if (part.ahead != nullptr)
            part.ahead->await(part.bytes());
    }
    const std::int64_t columns = parts.front().columns;
    if (parts.size() == 1 && isStoredAs(parts.front(), dtype)) {
        requireFinite(parts.front());
        return at::from_blob(const_cast<std::byte*>(parts.front().bytes().data()), {rows, columns}, dtype);
    }
    at::Tensor whole = at::empty({rows, columns}, dtype);
    std::int64_t row = 0;
    for (const StoredMatrix& part : parts) {
        readInto(part, whole.narrow(0, row, part.rows));
        row += part.rows;
    }
    return whole;
}

} // namespace moescope

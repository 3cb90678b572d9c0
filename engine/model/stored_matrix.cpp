#include "engine/model/stored_matrix.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "engine/checkpoint/stored_format.h"
#include "engine/kernels/inference/loops.h"

namespace moescope {

namespace {

// F8_E4M3: sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinities, NaN where all are set.
std::array<float, 256> makeFp8Values() {
    std::array<float, 256> values{};
    for (int code = 0; code < 256; ++code) {
        const int exponent = code >> 3 & 15;
        const int mantissa = code & 7;
        float value = exponent == 0 ? std::ldexp(float(mantissa), -9) : std::ldexp(float(8 + mantissa), exponent - 10);
        if (exponent == 15 && mantissa == 7)
            value = std::nanf("");
        values[std::size_t(code)] = (code & 128) != 0 ? -value : value;
    }
    return values;
}

float fp8Value(std::byte code) {
    static const std::array<float, 256> values = makeFp8Values();
    return values[std::size_t(code)];
}

// E2M1: sign, two bits of exponent, one of mantissa.
constexpr std::array<float, 16> kFp4Values{0.0F,  0.5F,  1.0F,  1.5F,  2.0F,  3.0F,  4.0F,  6.0F,
                                           -0.0F, -0.5F, -1.0F, -1.5F, -2.0F, -3.0F, -4.0F, -6.0F};

// Consecutive elements of a plain tensor as f32.
void readPlain(const TensorView& tensor, std::int64_t begin, std::int64_t count, float* to) {
    const std::byte* data = tensor.data.data() + std::size_t(begin) * bytesOf(tensor.dtype);
    if (tensor.dtype == DType::F32)
        std::memcpy(to, data, std::size_t(count) * sizeof(float));
    else if (tensor.dtype == DType::BF16)
        inferenceLoops<Bf16>().toFloat(count, reinterpret_cast<const Bf16*>(data), to);
    else
        commonLoops().halfToFloat(count, reinterpret_cast<const std::uint16_t*>(data), to);
}

void readFp8Row(const StoredMatrix& matrix, std::int64_t row, float* to) {
    const std::int64_t scaleColumns = matrix.scales.shape.back();
    std::vector<float> scales(static_cast<std::size_t>(scaleColumns));
    readPlain(matrix.scales, row / matrix.blockRows * scaleColumns, scaleColumns, scales.data());
    const std::byte* codes = matrix.tensor.data.data() + matrix.first + row * matrix.rowStep;
    for (std::int64_t c = 0; c < matrix.columns; ++c)
        to[c] = fp8Value(codes[c]) * scales[std::size_t(c / matrix.blockColumns)];
}

void readMxfp4Row(const StoredMatrix& matrix, std::int64_t row, float* to) {
    const std::int64_t begin = matrix.first + row * matrix.rowStep; // a multiple of the group
    for (std::int64_t c = 0; c < matrix.columns; c += kMxfp4Group) {
        const int exponent = int(matrix.scales.data[std::size_t((begin + c) / kMxfp4Group)]);
        const float scale = std::ldexp(1.0F, exponent - 127);
        const std::byte* codes = matrix.tensor.data.data() + (begin + c) / 2;
        for (std::int64_t i = 0; i < kMxfp4Group / 2; ++i) {
            to[c + 2 * i] = kFp4Values[std::size_t(codes[i] & std::byte{15})] * scale;
            to[c + 2 * i + 1] = kFp4Values[std::size_t(codes[i] >> 4)] * scale;
        }
    }
}

// A transposed matrix: each of its columns is a run of the tensor, of which every rowStep-th element is ours.
void readTransposed(const StoredMatrix& matrix, std::int64_t begin, std::int64_t count, float* to) {
    const std::int64_t length = (count - 1) * matrix.rowStep + 1;
    std::vector<float> run(static_cast<std::size_t>(length));
    for (std::int64_t c = 0; c < matrix.columns; ++c) {
        readPlain(matrix.tensor, matrix.first + begin * matrix.rowStep + c * matrix.columnStep, length, run.data());
        for (std::int64_t r = 0; r < count; ++r)
            to[r * matrix.columns + c] = run[std::size_t(r * matrix.rowStep)];
    }
}

} // namespace

std::span<const std::byte> StoredMatrix::bytes() const {
    if (isEmpty() || columns == 0)
        return {};
    const std::int64_t last = first + (rows - 1) * rowStep + (columns - 1) * columnStep;
    if (format == Format::Mxfp4)
        return tensor.data.subspan(std::size_t(first / 2), std::size_t(last / 2 - first / 2 + 1));
    const std::size_t size = bytesOf(tensor.dtype);
    return tensor.data.subspan(std::size_t(first) * size, std::size_t(last - first + 1) * size);
}

void StoredMatrix::finish() const {
    if (ahead != nullptr) {
        ahead->finish(bytes());
        tensor.file->forget(bytes());
    } else if (isContiguous())
        MappedFile::release(bytes());
}

StoredMatrix StoredMatrix::whole(const TensorView& tensor) {
    StoredMatrix matrix;
    matrix.tensor = tensor;
    matrix.columns = tensor.shape.empty() ? 1 : tensor.shape.back();
    matrix.rows = matrix.columns == 0 ? 0 : tensor.elements() / matrix.columns;
    matrix.rowStep = matrix.columns;
    return matrix;
}

StoredMatrix StoredMatrix::rowRange(std::int64_t begin, std::int64_t count) const {
    StoredMatrix part = *this;
    part.first += begin * rowStep;
    part.rows = count;
    return part;
}

void readRows(const StoredMatrix& matrix, std::int64_t begin, std::int64_t count, float* to) {
    if (matrix.format == StoredMatrix::Format::Plain && matrix.columnStep != 1) {
        readTransposed(matrix, begin, count, to);
        return;
    }
    for (std::int64_t r = 0; r < count; ++r) {
        float* row = to + r * matrix.columns;
        if (matrix.format == StoredMatrix::Format::Fp8Blocks)
            readFp8Row(matrix, begin + r, row);
        else if (matrix.format == StoredMatrix::Format::Mxfp4)
            readMxfp4Row(matrix, begin + r, row);
        else
            readPlain(matrix.tensor, matrix.first + (begin + r) * matrix.rowStep, matrix.columns, row);
    }
}

} // namespace moescope

#pragma once

#include <cstdint>
#include <span>

#include "engine/checkpoint/checkpoint.h"
#include "engine/model/read_ahead.h"

namespace moescope {

// A matrix [rows, columns] as a checkpoint stores it: a tensor, some of its rows, every other column of its transpose;
// in a plain type, or in blocks that share a scale (see engine/checkpoint/stored_format.h). A view.
struct StoredMatrix {
    enum class Format : std::uint8_t { Plain, Fp8Blocks, Mxfp4 };

    TensorView tensor;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t first = 0; // element (r, c) is the tensor's element first + r * rowStep + c * columnStep
    std::int64_t rowStep = 0;
    std::int64_t columnStep = 1;
    Format format = Format::Plain;
    TensorView scales;
    ReadAhead* ahead = nullptr; // of weights that do not stay in memory: read once and then in the way
    std::int64_t blockRows = 1; // of Fp8Blocks
    std::int64_t blockColumns = 1;

    bool isEmpty() const { return rows == 0; }
    // Whether the elements lie one behind the other in a plain type.
    bool isContiguous() const { return format == Format::Plain && columnStep == 1 && rowStep == columns; }
    // The tensor's bytes that hold the matrix, with whatever lies between its elements.
    std::span<const std::byte> bytes() const;

    // The weights are packed: their mapped pages are released, streamed ones leave the system's cache too.
    void finish() const;

    // A matrix of the tensor seen as rows: all leading dimensions are rows.
    static StoredMatrix whole(const TensorView& tensor);
    StoredMatrix rowRange(std::int64_t begin, std::int64_t count) const;
};

// Rows [begin, begin + count) as f32 [count, columns], whatever the format; unchecked.
void readRows(const StoredMatrix& matrix, std::int64_t begin, std::int64_t count, float* to);

} // namespace moescope

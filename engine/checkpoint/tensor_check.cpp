#include <algorithm>
#include <span>

#include "engine/checkpoint/stored_format.h"
#include "engine/checkpoint/tensor_plan.h"
#include "engine/routing/error.h"

namespace moescope {

namespace {

std::string shapeText(std::span<const std::int64_t> shape) {
    std::string text = "[";
    for (const std::int64_t size : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + "]";
}

class TensorCheck {
public:
    TensorCheck(const ModelConfig& config, const Checkpoint& checkpoint) : m_config(config), m_checkpoint(checkpoint) {}

    void check(const PlannedTensor& planned) const {
        if (planned.role == TensorRole::Expert && isMxfp4(planned.name)) {
            checkMxfp4(planned);
            return;
        }
        const TensorView tensor = m_checkpoint.tensor(planned.name);
        checkShape(tensor, planned.shape);
        if (tensor.dtype == DType::F8E4M3)
            checkFp8Scales(planned);
        else if (tensor.dtype != DType::F32 && tensor.dtype != DType::BF16 && tensor.dtype != DType::F16)
            throw Error(ErrorCode::Unsupported,
                        where(planned.name) + " is stored as " + std::string(nameOf(tensor.dtype)) +
                            "; F32, F16 and BF16 weights, FP8 in blocks and MXFP4 experts are supported");
    }

    // The layer's experts are in packed tensors, which are as they should be.
    bool checkPacked(const MoeLayerInfo& info) const {
        const std::vector<PlannedTensor> packed = planPackedExperts(m_config, info);
        if (packed.empty() || !(m_checkpoint.contains(packed.front().name) || isMxfp4(packed.front().name)))
            return false;
        for (const PlannedTensor& tensor : packed)
            check(tensor);
        return true;
    }

private:
    std::string where(const std::string& name) const {
        return m_checkpoint.folder().string() + ": tensor \"" + name + "\"";
    }

    void checkShape(const TensorView& tensor, std::span<const std::int64_t> shape) const {
        if (!std::ranges::equal(tensor.shape, shape))
            throw Error(ErrorCode::Corruption, where(std::string(tensor.name)) + " has shape " +
                                                   shapeText(tensor.shape) + ", config.json asks for " +
                                                   shapeText(shape));
    }

    bool isMxfp4(const std::string& name) const {
        return !m_checkpoint.contains(name) && m_checkpoint.contains(name + kMxfp4Blocks);
    }

    // Blocks are stored with the output's rows first, whichever way round the plain tensor is.
    void checkMxfp4(const PlannedTensor& planned) const {
        const bool transposed = m_config.packedLayout == PackedLayout::Interleaved;
        const std::int64_t outputs = planned.shape[transposed ? 2 : 1];
        const std::int64_t inputs = planned.shape[transposed ? 1 : 2];
        if (inputs % kMxfp4Group != 0)
            throw Error(ErrorCode::Corruption, where(planned.name) + ": MXFP4 needs widths that are multiples of 32");
        const std::int64_t groups = inputs / kMxfp4Group;
        const TensorView blocks = m_checkpoint.tensor(planned.name + kMxfp4Blocks);
        const TensorView scales = m_checkpoint.tensor(planned.name + kMxfp4Scales);
        checkShape(blocks, std::vector<std::int64_t>{planned.shape[0], outputs, groups, kMxfp4Group / 2});
        checkShape(scales, std::vector<std::int64_t>{planned.shape[0], outputs, groups});
        for (const TensorView& tensor : {blocks, scales})
            if (bytesOf(tensor.dtype) != 1)
                throw Error(ErrorCode::Corruption, where(std::string(tensor.name)) + " must be stored in bytes");
    }

    void checkFp8Scales(const PlannedTensor& planned) const {
        if (planned.shape.size() != 2)
            throw Error(ErrorCode::Unsupported, where(planned.name) + ": only matrices are read from FP8");
        const TensorView scales = m_checkpoint.tensor(planned.name + kFp8Scales);
        const auto blocks = [](std::int64_t size, std::int64_t block) { return (size + block - 1) / block; };
        checkShape(scales, std::vector<std::int64_t>{blocks(planned.shape[0], m_config.scaleBlockRows),
                                                     blocks(planned.shape[1], m_config.scaleBlockColumns)});
        if (scales.dtype != DType::F32 && scales.dtype != DType::BF16)
            throw Error(ErrorCode::Unsupported, where(std::string(scales.name)) + " must be stored as F32 or BF16");
    }

    const ModelConfig& m_config;
    const Checkpoint& m_checkpoint;
};

} // namespace

void checkTensors(const ModelConfig& config, const Checkpoint& checkpoint) {
    const TensorCheck check(config, checkpoint);
    std::vector<bool> packed(std::size_t(config.layers));
    for (const MoeLayerInfo& info : config.moeLayers)
        packed[std::size_t(info.layer.value)] = check.checkPacked(info);
    for (const PlannedTensor& tensor : planTensors(config))
        if (tensor.role != TensorRole::Expert || !packed[std::size_t(tensor.layer)])
            check.check(tensor);
}

} // namespace moescope

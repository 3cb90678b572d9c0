#include "app/service/import/routing_dump.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <map>

#include "engine/routing/error.h"
#include "engine/routing/routing_block.h"

namespace moescope {

namespace {

constexpr std::int64_t kProbed = 64; // rows looked at to tell probabilities from logits

// The layer of a name like "router_logits.7", after that prefix.
std::optional<std::int32_t> layerOf(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix)) {
        return std::nullopt;
    }
    std::int32_t layer = -1;
    const char* const end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), end, layer);
    return parsed.ptr == end && parsed.ec == std::errc() && layer >= 0 && layer < 4096 ? std::optional(layer)
                                                                                       : std::nullopt;
}

float halfToFloat(std::uint16_t half) {
    const int exponent = (half >> 10) & 0x1F;
    const float mantissa = float(half & 0x3FF);
    const float size = exponent == 0    ? std::ldexp(mantissa, -24)
                       : exponent == 31 ? (mantissa == 0 ? INFINITY : NAN)
                                        : std::ldexp(mantissa + 1024, exponent - 25);
    return (half & 0x8000) != 0 ? -size : size;
}

template <class T>
T valueAt(const std::byte* from, std::int64_t index) {
    T value;
    std::memcpy(&value, from + std::size_t(index) * sizeof(T), sizeof(T));
    return value;
}

float floatAt(const TensorView& tensor, std::int64_t i) {
    switch (tensor.dtype) {
    case DType::F32:
        return valueAt<float>(tensor.data.data(), i);
    case DType::F64:
        return float(valueAt<double>(tensor.data.data(), i));
    case DType::F16:
        return halfToFloat(valueAt<std::uint16_t>(tensor.data.data(), i));
    default: // BF16
        return std::bit_cast<float>(std::uint32_t(valueAt<std::uint16_t>(tensor.data.data(), i)) << 16);
    }
}

std::int64_t integerAt(const TensorView& tensor, std::int64_t i) {
    switch (tensor.dtype) {
    case DType::I64:
        return valueAt<std::int64_t>(tensor.data.data(), i);
    case DType::I32:
        return valueAt<std::int32_t>(tensor.data.data(), i);
    case DType::I16:
        return valueAt<std::int16_t>(tensor.data.data(), i);
    default: // U8
        return valueAt<std::uint8_t>(tensor.data.data(), i);
    }
}

bool isFloat(DType dtype) {
    return dtype == DType::F32 || dtype == DType::F64 || dtype == DType::F16 || dtype == DType::BF16;
}

bool isInteger(DType dtype) {
    return dtype == DType::I64 || dtype == DType::I32 || dtype == DType::I16 || dtype == DType::U8;
}

std::int64_t columnsOf(const TensorView& tensor) {
    return tensor.shape.empty() ? 0 : tensor.shape.back();
}

} // namespace

RoutingDump::RoutingDump(const std::filesystem::path& file) : m_file(file) {
    if (!m_file.contains("input_ids")) {
        fail("input_ids", "is missing; without the tokens' ids the routing belongs to no text");
    }
    const TensorView ids = m_file.tensor("input_ids");
    if (!isInteger(ids.dtype) || ids.shape.empty() || ids.shape.size() > 2 || ids.elements() < 1) {
        fail("input_ids", "must be whole numbers of shape [sequences, length]");
    }
    m_sequences = ids.shape.size() == 2 ? ids.shape[0] : 1;
    m_length = ids.shape.back();
    find();
}

bool RoutingDump::isOne(const std::filesystem::path& file) {
    try {
        const SafetensorsFile tensors(file);
        return std::ranges::any_of(tensors.header().tensors, [](const TensorEntry& entry) {
            return layerOf(entry.name, "router_logits.") || layerOf(entry.name, "topk_ids.");
        });
    } catch (const Error&) {
        return false;
    }
}

void RoutingDump::find() {
    std::map<std::int32_t, Layer> layers;
    for (const TensorEntry& entry : m_file.header().tensors) {
        if (const auto logits = layerOf(entry.name, "router_logits.")) {
            layers[*logits].logits = m_file.view(entry);
        } else if (const auto ids = layerOf(entry.name, "topk_ids.")) {
            layers[*ids].ids = m_file.view(entry);
        } else if (const auto weights = layerOf(entry.name, "topk_weights.")) {
            layers[*weights].weights = m_file.view(entry);
        }
    }
    for (auto& [index, layer] : layers) {
        layer.index = index;
        check(layer);
        m_layers.push_back(layer);
    }
    if (m_layers.empty()) {
        fail("router_logits.0", "and its like are missing: the file holds no routing");
    }
    for (const Layer& layer : m_layers) {
        const Layer& first = m_layers.front();
        if (layer.logits.has_value() != first.logits.has_value() || layer.ids.has_value() != first.ids.has_value() ||
            layer.weights.has_value() != first.weights.has_value()) {
            fail("router_logits." + std::to_string(layer.index),
                 "or topk_ids or topk_weights is there for some layers only; dump all of them alike");
        }
    }
}

void RoutingDump::check(Layer& layer) {
    const auto checkShape = [this](const TensorView& tensor, bool kind, const char* what) {
        const std::int64_t columns = columnsOf(tensor);
        if (!kind || columns < 1 || tensor.elements() != tokens() * columns) {
            fail(tensor.name, std::string("must be ") + what + " with a row for each of the " +
                                  std::to_string(tokens()) + " tokens of input_ids");
        }
    };
    if (layer.logits) {
        checkShape(*layer.logits, isFloat(layer.logits->dtype), "numbers [tokens, experts]");
        layer.experts = std::int32_t(std::min<std::int64_t>(columnsOf(*layer.logits), kNoExpert));
        layer.probabilities = holdsProbabilities(layer);
    }
    if (layer.ids) {
        checkShape(*layer.ids, isInteger(layer.ids->dtype), "whole numbers [tokens, k]");
        layer.topK = std::int32_t(std::min<std::int64_t>(columnsOf(*layer.ids), kNoExpert));
    }
    if (layer.weights) {
        checkShape(*layer.weights, isFloat(layer.weights->dtype), "numbers [tokens, k]");
        if (!layer.ids || columnsOf(*layer.weights) != layer.topK) {
            fail(layer.weights->name, "does not match topk_ids." + std::to_string(layer.index));
        }
    }
    if (!layer.logits && !layer.ids) {
        fail("topk_ids." + std::to_string(layer.index), "is missing, and so are the layer's logits");
    }
}

void RoutingDump::fail(std::string_view tensor, const std::string& what) const {
    throw Error(ErrorCode::Corruption, m_file.path().string() + ": tensor \"" + std::string(tensor) + "\" " + what);
}

std::vector<float> RoutingDump::floats(const TensorView& tensor, std::int64_t begin, std::int64_t end) const {
    const std::int64_t columns = columnsOf(tensor);
    std::vector<float> values;
    values.reserve(std::size_t((end - begin) * columns));
    for (std::int64_t i = begin * columns; i < end * columns; ++i) {
        values.push_back(floatAt(tensor, i));
    }
    return values;
}

std::vector<std::int64_t> RoutingDump::integers(const TensorView& tensor, std::int64_t begin, std::int64_t end) const {
    const std::int64_t columns = columnsOf(tensor);
    std::vector<std::int64_t> values;
    values.reserve(std::size_t((end - begin) * columns));
    for (std::int64_t i = begin * columns; i < end * columns; ++i) {
        values.push_back(integerAt(tensor, i));
    }
    return values;
}

bool RoutingDump::holdsProbabilities(const Layer& layer) const {
    const std::int64_t rows = std::min(kProbed, tokens());
    const auto values = floats(*layer.logits, 0, rows);
    for (std::int64_t row = 0; row < rows; ++row) {
        double sum = 0;
        for (std::int32_t e = 0; e < layer.experts; ++e) {
            const float value = values[std::size_t(row * layer.experts + e)];
            if (!(value >= 0 && value <= 1)) {
                return false;
            }
            sum += value;
        }
        if (std::fabs(sum - 1) > 0.02) { // bf16 rounds each to 1/256
            return false;
        }
    }
    return layer.experts > 1;
}

std::vector<std::int32_t> RoutingDump::tokenIds(std::int64_t begin, std::int64_t end) const {
    const TensorView tensor = m_file.tensor("input_ids");
    std::vector<std::int32_t> ids;
    for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t id = integerAt(tensor, i);
        if (id < 0 || id > INT32_MAX) {
            fail("input_ids",
                 "has the id " + std::to_string(id) + " at token " + std::to_string(i) + "; ids count from 0");
        }
        ids.push_back(std::int32_t(id));
    }
    return ids;
}

std::vector<float> RoutingDump::logits(const Layer& layer, std::int64_t begin, std::int64_t end) const {
    std::vector<float> values = floats(*layer.logits, begin, end);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]) || values[i] == INFINITY) {
            fail(layer.logits->name, "is no number at token " +
                                         std::to_string(begin + std::int64_t(i) / layer.experts) + ", expert " +
                                         std::to_string(i % std::size_t(layer.experts)));
        }
        if (layer.probabilities) {
            values[i] = std::log(std::max(values[i], 1e-30F));
        }
    }
    return values;
}

std::vector<std::uint16_t> RoutingDump::ids(const Layer& layer, std::int64_t begin, std::int64_t end) const {
    std::vector<std::uint16_t> ids;
    const std::int64_t largest = layer.experts > 0 ? layer.experts - 1 : kNoExpert - 1;
    for (const std::int64_t id : integers(*layer.ids, begin, end)) {
        const std::int64_t token = begin + std::int64_t(ids.size()) / layer.topK;
        if (id < -1 || id > largest) {
            fail(layer.ids->name, "has expert " + std::to_string(id) + " at token " + std::to_string(token) +
                                      "; experts are 0 to " + std::to_string(largest) + ", -1 for none");
        }
        ids.push_back(id < 0 ? kNoExpert : std::uint16_t(id));
    }
    return ids;
}

std::vector<float> RoutingDump::weights(const Layer& layer, std::int64_t begin, std::int64_t end) const {
    std::vector<float> values = floats(*layer.weights, begin, end);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            fail(layer.weights->name, "is no number at token " + std::to_string(begin + std::int64_t(i) / layer.topK));
        }
    }
    return values;
}

} // namespace moescope

#include "engine/checkpoint/safetensors_header.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/checkpoint/json_text.h"
#include "engine/routing/error.h"

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

namespace moescope {

namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLargestHeader = 100'000'000; // the format's own limit

[[noreturn]] void corrupt(const std::string& where, const std::string& what) {
    throw Error(ErrorCode::Corruption, where + ": " + what);
}

std::uint64_t headerLength(std::span<const std::byte> bytes, const std::string& file) {
    if (bytes.size() < kLengthBytes)
        corrupt(file, "is too short to be a safetensors file; download it again");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), kLengthBytes);
    if (length > kLargestHeader)
        corrupt(file, "states a header of " + std::to_string(length) + " bytes; this is not a safetensors file");
    if (length > bytes.size() - kLengthBytes)
        corrupt(file, "is truncated inside its header; download it again");
    return length;
}

std::size_t offset(const json& value, const std::string& where) {
    if (!value.is_number_unsigned())
        corrupt(where, "its data offsets are not non-negative integers");
    return value.get<std::size_t>();
}

std::vector<std::int64_t> shapeOf(const json& entry, const std::string& where) {
    const auto found = entry.find("shape");
    if (found == entry.end() || !found->is_array())
        corrupt(where, "has no shape");
    std::vector<std::int64_t> shape;
    for (const json& size : *found) {
        if (!size.is_number_unsigned() || size.get<std::uint64_t>() > std::uint64_t(1) << 48)
            corrupt(where, "has an impossible size in its shape");
        shape.push_back(size.get<std::int64_t>());
    }
    return shape;
}

DType dtypeOf(const json& entry, const std::string& where) {
    const auto found = entry.find("dtype");
    if (found == entry.end() || !found->is_string())
        corrupt(where, "has no dtype");
    const auto dtype = dtypeNamed(found->get_ref<const std::string&>());
    if (!dtype)
        throw Error(ErrorCode::Unsupported, where + ": dtype " + found->get<std::string>() + " is not supported");
    return *dtype;
}

// Bytes the shape needs; false where the product overflows.
bool byteSize(const TensorEntry& entry, std::size_t& bytes) {
    bytes = bytesOf(entry.dtype);
    for (const std::int64_t size : entry.shape)
        if (__builtin_mul_overflow(bytes, std::size_t(size), &bytes))
            return false;
    return true;
}

TensorEntry readEntry(const std::string& name, const json& value, std::size_t dataBegin, std::size_t fileSize,
                      const std::string& file) {
    const std::string where = file + ": tensor \"" + name + "\"";
    if (!value.is_object())
        corrupt(where, "is not described by an object");
    TensorEntry entry{name, dtypeOf(value, where), shapeOf(value, where), 0, 0};
    const auto offsets = value.find("data_offsets");
    if (offsets == value.end() || !offsets->is_array() || offsets->size() != 2)
        corrupt(where, "has no pair of data offsets");
    const std::size_t begin = offset((*offsets)[0], where);
    const std::size_t end = offset((*offsets)[1], where);
    if (begin > end)
        corrupt(where, "ends before it begins");
    if (end > fileSize - dataBegin)
        corrupt(where, "ends at byte " + std::to_string(end) + " of the data, but the file holds only " +
                           std::to_string(fileSize - dataBegin) + "; it is truncated: download it again");
    std::size_t bytes = 0;
    if (!byteSize(entry, bytes) || bytes != end - begin)
        corrupt(where, "its shape does not match its " + std::to_string(end - begin) + " bytes");
    entry.begin = dataBegin + begin;
    entry.end = dataBegin + end;
    return entry;
}

void rejectOverlap(const std::vector<TensorEntry>& sorted, const std::string& file) {
    for (std::size_t i = 1; i < sorted.size(); ++i)
        if (sorted[i].begin < sorted[i - 1].end)
            corrupt(file, "tensors \"" + sorted[i - 1].name + "\" and \"" + sorted[i].name + "\" overlap");
}

} // namespace

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> fileBytes, const std::string& file) {
    const std::uint64_t length = headerLength(fileBytes, file);
    const auto* text = reinterpret_cast<const char*>(fileBytes.data()) + kLengthBytes;
    const json header = parseJson({text, length}, file + ": header");
    if (!header.is_object())
        corrupt(file, "its header is not a JSON object");
    SafetensorsHeader parsed;
    for (const auto& [name, value] : header.items()) {
        if (name != "__metadata__") {
            parsed.tensors.push_back(readEntry(name, value, kLengthBytes + length, fileBytes.size(), file));
            continue;
        }
        if (!value.is_object())
            corrupt(file, "its metadata is not a JSON object");
        for (const auto& [key, entry] : value.items())
            if (entry.is_string())
                parsed.metadata.emplace(key, entry.get<std::string>());
    }
    std::sort(parsed.tensors.begin(), parsed.tensors.end(), [](const TensorEntry& a, const TensorEntry& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    rejectOverlap(parsed.tensors, file);
    return parsed;
}

} // namespace moescope

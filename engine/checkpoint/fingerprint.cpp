#include "engine/checkpoint/fingerprint.h"

#include <cstdint>

#include "engine/checkpoint/checkpoint.h"
#include "engine/checkpoint/hash128.h"
#include "engine/checkpoint/mapped_file.h"

namespace moescope {

namespace {

constexpr std::size_t kWhole = 256 * 1024;
constexpr std::size_t kSamples = 64;
constexpr std::size_t kSampleBytes = 4096;

void addTensor(Hash128& hash, std::span<const std::byte> data) {
    if (data.size() <= kWhole) {
        hash.add(data);
        return;
    }
    MappedFile::readOnlySamples(data);
    const std::size_t stride = (data.size() - kSampleBytes) / (kSamples - 1);
    for (std::size_t i = 0; i < kSamples; ++i)
        hash.add(data.subspan(i * stride, kSampleBytes));
}

} // namespace

std::string modelFingerprint(const std::filesystem::path& folder) {
    const Checkpoint checkpoint(folder);
    const MappedFile config(folder / "config.json");
    Hash128 hash;
    hash.add(config.bytes());
    for (const auto& file : checkpoint.files()) {
        hash.add(file->headerBytes());
        for (const TensorEntry& entry : file->header().tensors)
            addTensor(hash, file->view(entry).data);
    }
    return hash.hex();
}

} // namespace moescope

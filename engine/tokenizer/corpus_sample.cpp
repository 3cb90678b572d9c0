#include "engine/tokenizer/corpus_sample.h"

#include <algorithm>
#include <vector>

#include "engine/tokenizer/text_input.h"
#include "engine/tokenizer/utf8.h"

namespace moescope {
namespace {

constexpr std::size_t kBlock = std::size_t(64) << 10;

std::vector<std::filesystem::path> textFiles(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".txt") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::size_t characterStart(std::string_view text, std::size_t position) {
    while (position < text.size() && utf8::isContinuation(text[position])) {
        ++position;
    }
    return position;
}

} // namespace

DomainSample sampleDomain(const std::filesystem::path& folder, std::int64_t limit,
                          const std::function<void(std::string_view)>& visit) {
    DomainSample sample{folder.filename().string(), 0, 0};
    const std::vector<std::filesystem::path> files = textFiles(folder);
    for (const auto& file : files) {
        sample.bytes += std::int64_t(std::filesystem::file_size(file));
    }
    const double share = sample.bytes > limit ? double(limit) / double(sample.bytes) : 1.0;
    double due = 0; // blocks that should have been visited by now
    double done = 0;
    for (const auto& file : files) {
        const std::string text = readWholeFile(file);
        for (std::size_t begin = 0; begin < text.size(); begin += kBlock) {
            const std::size_t from = characterStart(text, begin);
            const std::size_t to = characterStart(text, std::min(begin + kBlock, text.size()));
            due += share * double(to - from);
            if (due - done < double(to - from) / 2) {
                continue;
            }
            done += double(to - from);
            sample.sampled += std::int64_t(to - from);
            visit(std::string_view(text).substr(from, to - from));
        }
    }
    return sample;
}

} // namespace moescope

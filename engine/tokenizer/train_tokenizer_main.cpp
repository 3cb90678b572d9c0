// moescope_train_tokenizer: learns a byte-level BPE vocabulary from folders of text, every domain with equal weight.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "engine/routing/error.h"
#include "engine/tokenizer/bpe_trainer.h"
#include "engine/tokenizer/corpus_sample.h"

namespace {

using moescope::Error;
using moescope::ErrorCode;

constexpr const char* kUsage = "usage: moescope_train_tokenizer --data DIR --vocab N --out FILE [--bytes-per-domain N]";
constexpr std::int64_t kWeightUnit = 16; // of a domain that fills its share; smaller ones weigh more

struct Options {
    std::filesystem::path data;
    std::filesystem::path out;
    std::int32_t vocabulary = 0;
    std::int64_t bytesPerDomain = std::int64_t(6) << 20;
};

std::int64_t number(const std::string& name, const std::string& text) {
    try {
        std::size_t used = 0;
        const std::int64_t value = std::stoll(text, &used);
        if (used == text.size() && value > 0) {
            return value;
        }
    } catch (const std::exception&) { // reported below
    }
    throw Error(ErrorCode::InvalidArgument, name + " needs a positive whole number, not '" + text + "'");
}

Options parse(const std::vector<std::string>& args) {
    Options options;
    for (std::size_t i = 0; i + 1 < args.size(); i += 2) {
        if (args[i] == "--data") {
            options.data = args[i + 1];
        } else if (args[i] == "--out") {
            options.out = args[i + 1];
        } else if (args[i] == "--vocab") {
            options.vocabulary = std::int32_t(std::min<std::int64_t>(number(args[i], args[i + 1]), 1 << 24));
        } else if (args[i] == "--bytes-per-domain") {
            options.bytesPerDomain = number(args[i], args[i + 1]);
        } else {
            throw Error(ErrorCode::InvalidArgument, args[i] + " is not an option; " + kUsage);
        }
    }
    if (args.size() % 2 != 0 || options.data.empty() || options.out.empty() || options.vocabulary == 0) {
        throw Error(ErrorCode::InvalidArgument, kUsage);
    }
    return options;
}

std::vector<std::filesystem::path> domainFolders(const std::filesystem::path& data) {
    std::vector<std::filesystem::path> folders;
    if (std::filesystem::is_directory(data)) {
        for (const auto& entry : std::filesystem::directory_iterator(data)) {
            if (entry.is_directory()) {
                folders.push_back(entry.path());
            }
        }
    }
    if (folders.empty()) {
        throw Error(ErrorCode::NotFound, data.string() + ": no folders of text; expected DIR/<domain>/*.txt");
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

void addDomain(const std::filesystem::path& folder, const Options& options, moescope::BpeTrainer& trainer) {
    std::int64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        bytes += entry.is_regular_file() && entry.path().extension() == ".txt" ? std::int64_t(entry.file_size()) : 0;
    }
    const std::int64_t used = std::clamp<std::int64_t>(bytes, 1, options.bytesPerDomain);
    const std::int64_t weight = kWeightUnit * options.bytesPerDomain / used;
    const auto sample = moescope::sampleDomain(folder, options.bytesPerDomain,
                                               [&](std::string_view text) { trainer.addText(text, weight); });
    std::printf("%-20s %10lld of %10lld bytes, weight %.2f\n", sample.domain.c_str(),
                static_cast<long long>(sample.sampled), static_cast<long long>(sample.bytes),
                double(weight) / double(kWeightUnit));
}

void run(const Options& options) {
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    moescope::BpeTrainer trainer;
    for (const auto& folder : domainFolders(options.data)) {
        addDomain(folder, options, trainer);
    }
    std::printf("%zu distinct words after %.1f s\n", trainer.distinctWords(), seconds());
    const auto trained = trainer.train(options.vocabulary, {"<|bos|>", "<|eos|>"});
    moescope::writeTokenizerJson(trained, options.out);
    std::printf("%zu tokens in %s after %.1f s\n", trained.specials.size() + trained.tokens.size(), options.out.c_str(),
                seconds());
}

} // namespace

int main(int argc, char** argv) {
    try {
        run(parse({argv + 1, argv + argc}));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "moescope_train_tokenizer: %s\n", error.what());
        return 1;
    }
}

// tokenizer_bench TOKENIZER FILE...: encoding speed on one thread, each file repeated to some megabytes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace {

constexpr std::size_t kBytes = std::size_t(4) << 20;

std::string repeatedText(const char* file) {
    std::ifstream in(file, std::ios::binary);
    const std::string once((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::string text;
    while (!once.empty() && text.size() < kBytes) {
        text += once;
    }
    return text;
}

template <class Work>
double secondsOf(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void bench(const moescope::Tokenizer& tokenizer, const char* file) {
    const std::string text = repeatedText(file);
    std::vector<std::int32_t> ids;
    double encode = 1e9;
    double decode = 1e9;
    for (int round = 0; round < 3; ++round) {
        encode = std::min(encode, secondsOf([&] { ids = tokenizer.encode(text, false); }));
        decode = std::min(decode, secondsOf([&] { tokenizer.decode(ids, false); }));
    }
    const double megabytes = double(text.size()) / 1e6;
    std::printf("%-40s encode %7.1f MB/s  decode %7.1f MB/s  %.2f bytes a token\n", file, megabytes / encode,
                megabytes / decode, double(text.size()) / double(std::max<std::size_t>(ids.size(), 1)));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: tokenizer_bench TOKENIZER FILE...\n");
        return 1;
    }
    try {
        const auto tokenizer = moescope::Tokenizer::open(argv[1]);
        for (int i = 2; i < argc; ++i) {
            bench(*tokenizer, argv[i]);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "tokenizer_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}

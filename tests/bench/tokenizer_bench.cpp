// tokenizer_bench TOKENIZER FILE...: encoding speed on one thread, each file encoded as often as makes some megabytes.
// The last column is a checksum of the ids, the same that tokenizer_bench.mjs prints for Hugging Face's library.
#include <algorithm>

#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"

namespace {

constexpr std::size_t kBytes = std::size_t(4) << 20;

std::string contents(const char* file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Processor time of this process, so that what else the machine does counts little.
template <class Work>
double secondsOf(Work work) {
    const std::clock_t start = std::clock();
    work();
    return double(std::clock() - start) / CLOCKS_PER_SEC;
}

// FNV-1a over the ids, 32 bits.
std::uint32_t checksum(const std::vector<std::int32_t>& ids) {
    std::uint32_t sum = 0x811C9DC5U;
    for (const std::int32_t id : ids) {
        sum = (sum ^ std::uint32_t(id)) * 0x01000193U;
    }
    return sum;
}

void bench(const moescope::Tokenizer& tokenizer, const char* file) {
    const std::string text = contents(file);
    const std::size_t times = kBytes / std::max<std::size_t>(text.size(), 1) + 1;
    std::vector<std::int32_t> ids;
    double encode = 1e9;
    double decode = 1e9;
    for (int round = 0; round < 3; ++round) {
        encode = std::min(encode, secondsOf([&] {
                              for (std::size_t i = 0; i < times; ++i) {
                                  ids = tokenizer.encode(text, false);
                              }
                          }));
        decode = std::min(decode, secondsOf([&] {
                              for (std::size_t i = 0; i < times; ++i) {
                                  tokenizer.decode(ids, false);
                              }
                          }));
    }
    const double megabytes = double(text.size() * times) / 1e6;
    std::printf("%-40s encode %7.1f MB/s  decode %7.1f MB/s  %.2f bytes a token  ids %08x\n", file, megabytes / encode,
                megabytes / decode, double(text.size()) / double(std::max<std::size_t>(ids.size(), 1)), checksum(ids));
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

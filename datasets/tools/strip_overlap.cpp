// strip_overlap [--window N] --exclude PATH... IN OUT   copies IN/**/*.txt to OUT without what the excluded texts hold
// strip_overlap [--window N] --exclude PATH... --check IN   fails if any text under IN repeats a run of the excluded
// texts
//
// Uses the standard library alone, so that the corpus script can compile it before the project is configured.
#include "datasets/overlap.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostListed = 20;

struct Options {
    std::size_t window = 50;
    std::vector<fs::path> excluded;
    bool checkOnly = false;
    std::vector<fs::path> folders;
};

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        const bool hasValue = i + 1 < argc;
        if (argument == "--check") {
            options.checkOnly = true;
        } else if (argument == "--exclude" && hasValue) {
            options.excluded.emplace_back(argv[++i]);
        } else if (argument == "--window" && hasValue) {
            options.window = std::stoul(argv[++i]);
        } else {
            options.folders.emplace_back(argument);
        }
    }
    const std::size_t wanted = options.checkOnly ? 1 : 2;
    if (options.folders.size() != wanted || options.excluded.empty()) {
        throw std::invalid_argument("usage: strip_overlap [--window N] --exclude PATH... (IN OUT | --check IN)");
    }
    return options;
}

std::vector<fs::path> textFiles(const fs::path& root) {
    if (fs::is_regular_file(root)) {
        return {root};
    }
    if (!fs::is_directory(root)) {
        throw std::runtime_error(root.string() + ": no such folder");
    }
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
        if (entry.is_regular_file() && entry.path().extension() == ".txt") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string readFile(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file) {
        throw std::runtime_error(path.string() + ": cannot be read");
    }
    return bytes;
}

void writeFile(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) {
        throw std::runtime_error(path.string() + ": cannot be written");
    }
}

moescope::OverlapIndex indexOf(const Options& options) {
    moescope::OverlapIndex index(options.window);
    for (const fs::path& root : options.excluded) {
        for (const fs::path& file : textFiles(root)) {
            index.add(readFile(file));
        }
    }
    index.build();
    std::printf("%zu distinct runs of %zu bytes are held out\n", index.windowCount(), index.window());
    return index;
}

int check(const moescope::OverlapIndex& index, const fs::path& folder) {
    std::size_t bad = 0;
    for (const fs::path& file : textFiles(folder)) {
        const std::string text = readFile(file);
        for (const moescope::ByteRange range : index.find(text)) {
            if (++bad <= kMostListed) {
                std::fprintf(stderr, "%s: bytes %zu to %zu repeat a held-out text\n", file.c_str(), range.begin,
                             range.end);
            }
        }
    }
    if (bad > kMostListed) {
        std::fprintf(stderr, "and %zu more places\n", bad - kMostListed);
    }
    return bad == 0 ? 0 : 1;
}

int strip(const moescope::OverlapIndex& index, const fs::path& from, const fs::path& to) {
    struct Sizes {
        std::size_t before = 0;
        std::size_t after = 0;
    };
    std::map<std::string, Sizes> domains;
    for (const fs::path& file : textFiles(from)) {
        const fs::path relative = file.lexically_relative(from);
        const std::string text = readFile(file);
        const std::string kept = index.strip(text);
        Sizes& sizes = domains[relative.begin()->string()];
        sizes.before += text.size();
        sizes.after += kept.size();
        if (!kept.empty()) {
            writeFile(to / relative, kept);
        }
    }
    for (const auto& [domain, sizes] : domains) {
        std::printf("%-16s %8.2f MB, %7.1f KB removed as held out\n", domain.c_str(),
                    static_cast<double>(sizes.after) / 1e6, static_cast<double>(sizes.before - sizes.after) / 1e3);
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parse(argc, argv);
        const moescope::OverlapIndex index = indexOf(options);
        return options.checkOnly ? check(index, options.folders[0])
                                 : strip(index, options.folders[0], options.folders[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "strip_overlap: %s\n", error.what());
        return 1;
    }
}

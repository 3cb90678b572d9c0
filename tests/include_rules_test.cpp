// Holds the includes of every source file against the layers of the house: which folders a folder may include, and
// which libraries may appear in it. The link graph says the same of binaries; this says it of headers.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace moescope {

namespace fs = std::filesystem;

namespace {

struct Rule {
    std::string folder;                 // the longest that a file's path begins with decides
    std::vector<std::string> folders;   // it may include, beside itself
    std::vector<std::string> libraries; // it may include, beside the standard library and POSIX
};

const std::vector<Rule>& rules() {
    static const std::vector<std::string> kModel = {"engine/routing", "engine/kernels", "engine/checkpoint",
                                                    "engine/model",   "engine/session", "engine/training"};
    static const std::vector<Rule> kRules = {
        {"engine/routing", {}, {}},
        {"engine/kernels", {"engine/routing"}, {"onednn", "openmp", "cuda", "simd"}},
        {"engine/kernels/cuda", {"engine/routing", "engine/kernels"}, {"cuda"}},
        {"engine/checkpoint", {"engine/routing"}, {"json"}},
        {"engine/tokenizer", {"engine/routing"}, {"json", "pcre2", "icu", "sentencepiece"}},
        {"engine/model", kModel, {"torch", "onednn", "openmp"}},
        {"engine/session", kModel, {"torch", "onednn", "openmp"}},
        {"engine/training", kModel, {"torch", "onednn", "openmp", "json"}},
        {"analysis", {"engine/routing"}, {}},
        {"db", {"engine/routing"}, {"sqlite", "simd"}},
        {"datasets", {"engine/routing"}, {"json"}},
        {"app/service", {"engine", "analysis", "db", "datasets"}, {"fmt", "json"}},
        {"app/cli", {"app/service", "app/gui", "engine", "analysis", "db", "datasets", "ui"}, {"fmt", "cli11"}},
        {"app/gui", {"app/service", "engine/routing", "engine/session", "datasets", "ui"}, {"fmt", "cli11", "qt"}},
        {"ui", {"app/service", "analysis", "engine/routing"}, {"qt"}},
    };
    return kRules;
}

// The library a <header> belongs to; empty for the standard library, the C library and POSIX.
std::string libraryOf(const std::string& header) {
    static const std::vector<std::pair<std::regex, std::string>> kLibraries = {
        {std::regex("(torch|ATen|c10|caffe2)/.*"), "torch"},
        {std::regex("Q[A-Z].*|Qt.*/.*"), "qt"},
        {std::regex("sqlite3.*"), "sqlite"},
        {std::regex("(cuda|cublas|cooperative_groups).*"), "cuda"},
        {std::regex("CLI/.*"), "cli11"},
        {std::regex("(fmt|spdlog)/.*"), "fmt"},
        {std::regex("nlohmann/.*"), "json"},
        {std::regex("pcre2.*"), "pcre2"},
        {std::regex("unicode/.*"), "icu"},
        {std::regex("sentencepiece.*"), "sentencepiece"},
        {std::regex("(oneapi/)?dnnl.*|oneapi/.*"), "onednn"},
        {std::regex("omp\\.h"), "openmp"},
        {std::regex(".*mmintrin\\.h|immintrin\\.h|arm_neon\\.h"), "simd"},
        {std::regex("(sys|netinet|arpa)/.*|[a-z_0-9]+(\\.h)?"), ""},
    };
    for (const auto& [pattern, library] : kLibraries)
        if (std::regex_match(header, pattern))
            return library;
    return "unknown";
}

bool isBelow(const std::string& path, const std::string& folder) {
    return path.rfind(folder + "/", 0) == 0;
}

const Rule* ruleOf(const std::string& file) {
    const Rule* best = nullptr;
    for (const Rule& rule : rules())
        if (isBelow(file, rule.folder) && (!best || rule.folder.size() > best->folder.size()))
            best = &rule;
    return best;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// What is wrong with a line of a file, if anything.
std::optional<std::string> breach(const Rule& rule, const std::string& line) {
    static const std::regex kInclude(R"rx(^\s*#\s*include\s*([<"])([^>"]+)[>"])rx");
    std::smatch match;
    if (!std::regex_search(line, match, kInclude))
        return std::nullopt;
    const std::string header = match[2];
    if (match[1] == "<") {
        const std::string library = libraryOf(header);
        if (library.empty() || contains(rule.libraries, library))
            return std::nullopt;
        return "<" + header + "> (" + library + ") has no place in " + rule.folder;
    }
    const bool allowed = isBelow(header, rule.folder) || std::any_of(rule.folders.begin(), rule.folders.end(),
                                                                     [&](auto& f) { return isBelow(header, f); });
    if (allowed)
        return std::nullopt;
    return "\"" + header + "\" has no place in " + rule.folder;
}

std::vector<std::string> breachesOf(const fs::path& root, const fs::path& file) {
    const std::string name = file.lexically_relative(root).generic_string();
    const Rule* rule = ruleOf(name);
    if (!rule)
        return {name + ": no rule covers this folder"};
    std::vector<std::string> found;
    std::ifstream in(file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number)
        if (const auto what = breach(*rule, line))
            found.push_back(name + ":" + std::to_string(number) + ": " + *what);
    return found;
}

std::vector<fs::path> sources(const fs::path& root) {
    std::vector<fs::path> files;
    for (const char* part : {"app", "engine", "analysis", "ui", "db", "datasets"})
        for (const auto& entry : fs::recursive_directory_iterator(root / part)) {
            const std::string extension = entry.path().extension().string();
            if (extension == ".h" || extension == ".cpp" || extension == ".cu" || extension == ".cuh")
                files.push_back(entry.path());
        }
    return files;
}

} // namespace

TEST(IncludeRules, EveryFileIncludesOnlyWhatItsFolderMay) {
    const fs::path root = MOESCOPE_SOURCE_DIR;
    const auto files = sources(root);
    ASSERT_GT(files.size(), 20U);
    for (const fs::path& file : files)
        for (const std::string& what : breachesOf(root, file))
            ADD_FAILURE() << what;
}

TEST(IncludeRules, SeesBreaches) {
    const Rule* ui = ruleOf("ui/pages/load_page.cpp");
    ASSERT_TRUE(ui);
    EXPECT_TRUE(breach(*ui, "#include <torch/torch.h>"));
    EXPECT_TRUE(breach(*ui, "#include <sqlite3.h>"));
    EXPECT_TRUE(breach(*ui, "#include \"db/run_writer.h\""));
    EXPECT_TRUE(breach(*ui, "  #  include \"engine/model/attention.h\""));
    EXPECT_FALSE(breach(*ui, "#include <QWidget>"));
    EXPECT_FALSE(breach(*ui, "#include <vector>"));
    EXPECT_FALSE(breach(*ui, "#include \"app/service/recording.h\""));
    EXPECT_TRUE(breach(*ruleOf("engine/routing/ids.h"), "#include <boost/any.hpp>"));
    EXPECT_TRUE(breach(*ruleOf("analysis/load.cpp"), "#include \"db/connection.h\""));
}

} // namespace moescope

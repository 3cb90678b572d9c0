#include "datasets/bundled.h"
#include "datasets/sha256.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/document_reader.h"
#include "datasets/manifest.h"
#include "engine/routing/error.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

const fs::path kDatasets = fs::path(MOESCOPE_SOURCE_DIR) / "datasets";

TEST(BundledTexts, AreAsTheManifestSays) {
    EXPECT_THAT(verifyManifest(kDatasets), testing::IsEmpty());
}

TEST(BundledTexts, CoverEveryDomainWithEnoughText) {
    std::map<std::string, std::uint64_t> bytes;
    for (const ManifestEntry& entry : readManifest(kDatasets)) {
        EXPECT_TRUE(entry.file.starts_with("texts/" + entry.domain + "/")) << entry.file;
        bytes[entry.domain] += entry.bytes;
    }
    const std::set<std::string> expected = {
        "c",       "cpp",     "english_prose", "english_tech", "html", "javascript", "json",   "lang_ar", "lang_de",
        "lang_fr", "lang_ja", "lang_ko",       "lang_zh",      "math", "numbers",    "python", "shell",   "sql"};
    std::set<std::string> found;
    for (const auto& [domain, size] : bytes) {
        found.insert(domain);
        EXPECT_GE(size, domain == "lang_ar" ? 10000U : 30000U) << domain;
        EXPECT_LE(size, 60000U) << domain;
    }
    EXPECT_EQ(found, expected);
}

TEST(BundledTexts, AreReadAsDocumentsOfTheirDomains) {
    const auto documents = readDocuments({{kDatasets / "texts", ""}});
    EXPECT_EQ(documents.size(), readManifest(kDatasets).size());
    for (const TextDocument& document : documents) {
        EXPECT_FALSE(document.text.empty()) << document.name;
        EXPECT_TRUE(document.name.starts_with(document.domain + "/")) << document.name;
    }
}

TEST(BundledTexts, DamageIsNamed) {
    const fs::path copy = fs::path(testing::TempDir()) / ("bundled-" + std::to_string(getpid()));
    fs::create_directories(copy);
    fs::copy(kDatasets / "texts", copy / "texts", fs::copy_options::recursive);
    fs::copy(kDatasets / "licences", copy / "licences", fs::copy_options::recursive);
    fs::copy(kDatasets / "MANIFEST.json", copy / "MANIFEST.json");
    ASSERT_THAT(verifyManifest(copy), testing::IsEmpty());

    fs::remove(copy / "texts/c/stb_perlin.txt");
    std::ofstream(copy / "texts/shell/zmv.txt", std::ios::app) << "x";
    std::ofstream(copy / "texts/shell/extra.txt") << "x";
    fs::remove(copy / "licences/CC-BY-4.0.txt");
    EXPECT_THAT(verifyManifest(copy),
                testing::UnorderedElementsAre("texts/c/stb_perlin.txt: missing",
                                              "texts/shell/zmv.txt: differs from its checksum in the manifest",
                                              "texts/shell/extra.txt: not in the manifest",
                                              testing::HasSubstr("no text of its licence in licences/CC-BY-4.0.txt")));

    std::ofstream(copy / "MANIFEST.json") << "{\"texts\": [{\"file\": 3}]}";
    EXPECT_THROW(static_cast<void>(readManifest(copy)), Error);
    fs::remove(copy / "MANIFEST.json");
    EXPECT_THROW(static_cast<void>(readManifest(copy)), Error);
    fs::remove_all(copy);
}

TEST(BundledData, IsFoundInTheFirstPlaceThatHasIt) {
    const std::vector<fs::path> places = {"/nowhere", kDatasets, "/elsewhere"};
    EXPECT_EQ(findBundledData(places), kDatasets);
    const std::vector<fs::path> wrong = {"/nowhere", "/elsewhere"};
    try {
        static_cast<void>(findBundledData(wrong));
        FAIL() << "found data in a place that does not exist";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::NotFound);
        EXPECT_THAT(error.what(),
                    testing::AllOf(testing::HasSubstr("/nowhere, /elsewhere"), testing::HasSubstr("MOESCOPE_DATA")));
    }
}

TEST(BundledData, TestProgramsUseTheSourceTree) {
    EXPECT_TRUE(fs::equivalent(bundledData(), kDatasets));
    EXPECT_TRUE(fs::is_directory(bundledTexts()));
    EXPECT_THROW(static_cast<void>(bundledModel("no such model")), Error);
}

// SHA256SUMS has the lines that the sha256sum program writes.
TEST(BundledModel, FilesAreTheOnesThatWereTrained) {
    const std::filesystem::path folder = bundledModel("demo");
    std::ifstream sums(folder / "SHA256SUMS");
    std::string digest, name;
    int files = 0;
    while (sums >> digest >> name) {
        EXPECT_EQ(sha256OfFile(folder / name), digest) << name;
        ++files;
    }
    EXPECT_EQ(files, 4);
}

} // namespace
} // namespace moescope

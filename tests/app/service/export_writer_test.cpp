#include "app/service/export_writer.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/service/export_text.h"
#include "engine/routing/error.h"
#include "tests/support/csv.h"
#include "tests/support/recorded_run.h"

namespace moescope {
namespace {

struct StringOutput final : ByteOutput {
    std::string text;
    void write(std::string_view bytes) override { text += bytes; }
};

constexpr std::array<std::string_view, 3> kColumns{"run", "text", "value"};

template <class Fill>
std::string table(ExportFormat format, TextOptions options, Fill fill) {
    StringOutput output;
    TableWriter writer(output, format, kColumns, options);
    writer.setRun("demo");
    fill(writer);
    writer.finish();
    return output.text;
}

std::string row(std::string_view text, TextOptions options = {}) {
    const std::string all = table(ExportFormat::Csv, options, [&](TableWriter& w) {
        w.beginRow();
        w.cell(text);
        w.cell(std::int64_t(-3));
        w.endRow();
    });
    return all.substr(all.find("demo"));
}

TEST(TableWriter, WritesRfc4180) {
    EXPECT_EQ(row("plain"), "demo,plain,-3\r\n");
    EXPECT_EQ(row("a,b"), "demo,\"a,b\",-3\r\n");
    EXPECT_EQ(row("say \"hi\""), "demo,\"say \"\"hi\"\"\",-3\r\n");
    EXPECT_EQ(row("two\nlines"), "demo,\"two\nlines\",-3\r\n");
    EXPECT_EQ(row(""), "demo,,-3\r\n");
}

TEST(TableWriter, GuardsFormulasUnlessRaw) {
    for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)"}) {
        EXPECT_EQ(row(formula), "demo,'" + std::string(formula) + ",-3\r\n");
        EXPECT_EQ(row(formula, {.rawText = true}), "demo," + std::string(formula) + ",-3\r\n");
    }
    EXPECT_EQ(row("\t"), "demo,'\t,-3\r\n");
    EXPECT_EQ(row("\n"), "demo,\"'\n\",-3\r\n");
    EXPECT_EQ(row(" -x"), "demo, -x,-3\r\n");
}

TEST(TableWriter, ShowsBytesThatAreNoText) {
    EXPECT_EQ(readableText("\xE2\x82"), "\\xE2\\x82");
    EXPECT_EQ(readableText("\xE2\x82\xAC and \xFF"), "\xE2\x82\xAC and \\xFF");
    EXPECT_EQ(row("\xFF"), "demo,\\xFF,-3\r\n");
}

TEST(TableWriter, BeginsWithAByteOrderMarkWhenAsked) {
    const std::string csv = table(ExportFormat::Csv, {.bom = true}, [](TableWriter&) {});
    EXPECT_EQ(csv, "\xEF\xBB\xBFrun,text,value\r\n");
}

TEST(TableWriter, NumbersReadBackExactly) {
    for (double value : {0.1, 1.0 / 3, 1e-300, 6.02e23, -0.0, 123456789.123456789, 5e-324}) {
        const auto csv = test::parseCsv(table(ExportFormat::Csv, {}, [&](TableWriter& w) {
            w.beginRow();
            w.none();
            w.cell(value);
            w.endRow();
            w.beginRow();
            w.none();
            w.cell(float(value));
            w.endRow();
        }));
        EXPECT_EQ(std::strtod(csv.at(0, "value").c_str(), nullptr), value);
        EXPECT_EQ(std::strtof(csv.at(1, "value").c_str(), nullptr), float(value));
    }
    EXPECT_NE(table(ExportFormat::Csv, {},
                    [](TableWriter& w) {
                        w.beginRow();
                        w.none();
                        w.cell(0.1F);
                        w.endRow();
                    })
                  .find("demo,,0.1\r\n"),
              std::string::npos);
}

TEST(TableWriter, LeavesMissingValuesEmpty) {
    const auto fill = [](TableWriter& w) {
        w.beginRow();
        w.none();
        w.cell(std::nan(""));
        w.endRow();
        w.beginRow();
        w.cell(std::string_view("x"));
        w.cell(-std::numeric_limits<float>::infinity());
        w.endRow();
    };
    EXPECT_EQ(table(ExportFormat::Csv, {}, fill), "run,text,value\r\ndemo,,\r\ndemo,x,-inf\r\n");
    const auto json = nlohmann::json::parse(table(ExportFormat::Json, {}, fill));
    EXPECT_TRUE(json[0].at("text").is_null() && json[0].at("value").is_null() && json[1].at("value").is_null());
}

TEST(TableWriter, WritesJsonThatParses) {
    const std::string text = "a \"quoted\" \\ tab\t nul" + std::string(1, '\0') + " \xED\x95\x9C =1";
    const auto json = nlohmann::json::parse(table(ExportFormat::Json, {}, [&](TableWriter& w) {
        w.beginRow();
        w.cell(text);
        w.cell(0.25F);
        w.endRow();
    }));
    EXPECT_EQ(json, (nlohmann::json::array({{{"run", "demo"}, {"text", text}, {"value", 0.25}}})));
    EXPECT_TRUE(nlohmann::json::parse(table(ExportFormat::Json, {}, [](TableWriter&) {})).empty());
}

TEST(TableWriter, KeepsRowsWholeAcrossItsBuffer) {
    const std::string wide(300'000, 'w');
    const auto csv = test::parseCsv(table(ExportFormat::Csv, {}, [&](TableWriter& w) {
        for (int i = 0; i < 200'000; ++i) {
            w.beginRow();
            w.cell(i % 50'000 == 0 ? std::string_view(wide) : std::string_view("t"));
            w.cell(std::int64_t(i));
            w.endRow();
        }
    }));
    ASSERT_EQ(csv.rows.size(), 200'000U);
    for (std::size_t i = 0; i < csv.rows.size(); ++i) {
        ASSERT_EQ(csv.rows[i][2], std::to_string(i));
    }
    EXPECT_EQ(csv.rows[50'000][1], wide);
}

TEST(ExportFile, AppearsOnlyWhenWhole) {
    const test::TemporaryFolder folder;
    const auto path = folder / "table.csv";
    {
        ExportFile file(path);
        file.write("half");
        EXPECT_FALSE(std::filesystem::exists(path));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    ExportFile file(path);
    file.write("whole");
    file.commit();
    std::ifstream in(path);
    std::string text;
    in >> text;
    EXPECT_EQ(text, "whole");
    EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST(ExportFile, FollowsALinkInsteadOfReplacingIt) {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "table.csv") << "old";
    std::filesystem::create_symlink("table.csv", folder / "link.csv");
    ExportFile file(folder / "link.csv");
    file.write("new");
    file.commit();
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.csv"));
    std::string text;
    std::ifstream(folder / "table.csv") >> text;
    EXPECT_EQ(text, "new");
}

TEST(ExportFile, LeavesADeviceInPlace) {
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink("/dev/null", folder / "device"); // what a failure would replace is only the link
    ExportFile file(folder / "device");
    file.write("gone");
    file.commit();
    EXPECT_TRUE(std::filesystem::is_character_file(folder / "device"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "device"));
}

TEST(ExportFile, SaysWhatCannotBeWritten) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(ExportFile(folder / "none/table.csv"), Error);
    EXPECT_THROW(ExportFile(folder.path()), Error);
}

} // namespace
} // namespace moescope

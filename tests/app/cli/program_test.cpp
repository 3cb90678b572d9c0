// The program from outside: statuses, streams, and a recording from texts to tables, cut off and resumed.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/run_program.h"

namespace moescope {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class ProgramTest : public testing::Test {
protected:
    void SetUp() override {
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    test::ProgramResult run(const std::vector<std::string>& arguments) const {
        return test::Program(m_folder, arguments).wait();
    }
    // Expects status 1 and one line on stderr that holds every one of `parts`.
    void expectFailure(const std::vector<std::string>& arguments, const std::vector<std::string>& parts) const {
        const test::ProgramResult result = run(arguments);
        EXPECT_EQ(result.status, 1) << result.err;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
        EXPECT_THAT(result.err, StartsWith("moescope: "));
        for (const std::string& part : parts)
            EXPECT_THAT(result.err, HasSubstr(part));
        EXPECT_EQ(result.out, "");
    }
    std::string file(const std::string& name, const std::string& bytes = {}) const {
        if (!bytes.empty())
            std::ofstream(m_folder / name, std::ios::binary) << bytes;
        return (m_folder / name).string();
    }
    // Documents of pseudo-random ids of the golden model.
    std::string tokenIds(int documents, int tokens) const {
        std::string json = "[";
        unsigned state = 1;
        for (int d = 0; d < documents; ++d) {
            json += d ? ",[" : "[";
            for (int t = 0; t < tokens; ++t) {
                state = state * 1664525U + 1013904223U;
                json += (t ? "," : "") + std::to_string((state >> 16) % 320);
            }
            json += "]";
        }
        return file("ids.json", json + "]");
    }
    std::string exported(const std::string& db, const std::string& run, const std::string& table) const {
        const auto result = this->run({"export", db, "--run", run, "--table", table});
        EXPECT_EQ(result.status, 0) << result.err;
        std::string text = result.out; // but for the run's name
        for (std::size_t at = 0; (at = text.find(run + ",", at)) != std::string::npos;)
            text.erase(at, run.size());
        return text;
    }

    fs::path m_folder = fs::path(testing::TempDir()) /
                        (std::string("program-") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::string m_model = std::string(MOESCOPE_SOURCE_DIR) + "/tests/golden/mixtral_gqa";
};

TEST_F(ProgramTest, HelpAndVersionGoToStandardOutput) {
    for (const char* option : {"--help", "--version"}) {
        const auto result = run({option});
        EXPECT_EQ(result.status, 0);
        EXPECT_NE(result.out, "");
        EXPECT_EQ(result.err, "");
    }
}

TEST_F(ProgramTest, WrongUsageIsStatusTwo) {
    const std::vector<std::vector<std::string>> wrong = {
        {"--nonsense"},
        {"no-such-command-or-file"},
        {"inspect"},
        {"inspect", m_model, "surplus"},
        {"record", m_model, "--db", "x"},
        {"record", m_model, "--db", "x", "--text", "a", "--dtype", "f8"},
        {"record", m_model, "--db", "x", "--text", "a", "--expert-weights", "int4"},
        {"record", m_model, "--db", "x", "--text", "a", "--limit", "-3"},
        {"record", m_model, "--db", "x", "--text", "a", "--device", "gpu"},
        {"export", "x", "--table", "load", "--tokens", "5"},
        {"export", "x", "--table", "no-such-table"},
        {"export", "x", "--table", "all"},
        {"render", "x", "--view", "load", "-o", "picture.gif"},
        {"render", "x", "--view", "no-such-view", "-o", file("picture.png")},
        {"replay", "x", "--strategy", "no-such-strategy", "--name", "n"},
        {"replay", "x", "--strategy", "expert-choice", "--name", "n", "--overflow", "drop"},
        {"replay", "x", "--strategy", "expert-choice", "--name", "n", "--rounding", "ceil"},
        {"render", "x", "--view", "compare", "--run", "a,b,c,d,e", "-o", file("picture.png")},
        {"--run", "a,b,c,d,e"},
        {"train", "--strategy", "aux,no-such-strategy", "--steps", "1", "--data", "x", "--out", "x", "--db", "x"},
        {"--threads", "0", "inspect", m_model}};
    for (const auto& arguments : wrong) {
        const auto result = run(arguments);
        EXPECT_EQ(result.status, 2) << testing::PrintToString(arguments);
        EXPECT_THAT(result.err, StartsWith("moescope: "));
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
}

TEST_F(ProgramTest, CommandsWithoutAModelStartQuickly) {
    run({"--version"}); // into the page cache
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run({"inspect", m_model}).status, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500)); // loaded machines too
}

TEST_F(ProgramTest, VerifiesTheGoldenModel) {
    const auto result = run({"verify", m_model, m_model + "/expected.safetensors"});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_THAT(result.out, HasSubstr("greedy_ids"));
    const auto strict = run({"verify", m_model, m_model + "/expected.safetensors", "--atol", "0", "--rtol", "0"});
    EXPECT_EQ(strict.status, 1);
}

TEST_F(ProgramTest, RecordsAndExports) {
    const std::string db = file("a.moescope");
    const auto result =
        run({"record", m_model, "--token-ids", tokenIds(3, 50), "--db", db, "--name", "first", "--json"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("\"tokens\":150"));
    EXPECT_EQ(result.err, "");
    const std::string routing = exported(db, "first", "routing");
    EXPECT_EQ(routing.substr(0, routing.find('\n')), "run,token,layer,slot,expert,weight,prob,logit\r");
    EXPECT_EQ(std::count(routing.begin(), routing.end(), '\n'), 1 + 150 * 2 * 2);
    EXPECT_EQ(run({"verify-db", db}).status, 0);
    EXPECT_EQ(run({"sql", db, "SELECT count(*) AS n FROM routing"}).out, "n\n600\n");
    EXPECT_THAT(run({"runs", db}).out,
                AllOf(HasSubstr("150 tokens of 3 documents in 1 domain, "), HasSubstr("model hash")));
}

TEST_F(ProgramTest, KilledAtAnyMomentItResumesToTheSameTables) {
    const std::string ids = tokenIds(40, 200);
    const std::string db = file("a.moescope");
    const std::vector<std::string> arguments = {"record",    m_model, "--token-ids",    ids,   "--db",      db,
                                                "--context", "64",    "--batch-tokens", "256", "--threads", "1"};
    const auto with = [&](const std::string& name, bool resume) {
        std::vector<std::string> all = arguments;
        all.insert(all.end(), {"--name", name});
        if (resume)
            all.push_back("--resume");
        return all;
    };
    ASSERT_EQ(run(with("whole", false)).status, 0);
    const std::string routing = exported(db, "whole", "routing");
    const std::string tokens = exported(db, "whole", "tokens");
    for (const int milliseconds : {150, 400, 700, 1000}) {
        const std::string name = "cut" + std::to_string(milliseconds);
        const test::Program program(m_folder, with(name, false));
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        program.signal(SIGKILL);
        program.wait();
        ASSERT_EQ(run({"verify-db", db}).status, 0);
        const auto resumed = run(with(name, true));
        ASSERT_EQ(resumed.status, 0) << resumed.err;
        EXPECT_TRUE(exported(db, name, "routing") == routing) << name;
        EXPECT_TRUE(exported(db, name, "tokens") == tokens) << name;
    }
    std::vector<std::string> other = with("whole", true);
    other[7] = "32"; // --context
    EXPECT_EQ(run(other).status, 1);
}

TEST_F(ProgramTest, ControlCKeepsWhatIsRecorded) {
    const std::string db = file("a.moescope");
    const test::Program program(m_folder, {"record", m_model, "--token-ids", tokenIds(400, 1000), "--db", db,
                                           "--context", "256", "--batch-tokens", "1024", "--name", "r"});
    while (program.running() && !fs::exists(db))
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    program.signal(SIGINT);
    const auto result = program.wait();
    EXPECT_EQ(result.status, 130) << result.err;
    EXPECT_THAT(result.err, HasSubstr("stopped"));
    if (fs::exists(db)) {
        EXPECT_THAT(run({"runs", db}).out, HasSubstr("interrupted"));
    }
}

TEST_F(ProgramTest, AnAblationKilledGoesOnToTheSameTable) {
    const std::string db = file("a.moescope");
    const auto with = [&](const std::string& name) {
        return std::vector<std::string>{"-q",
                                        "ablate",
                                        m_model,
                                        "--token-ids",
                                        tokenIds(20, 500),
                                        "--layer",
                                        "1",
                                        "--context",
                                        "128",
                                        "--db",
                                        db,
                                        "--name",
                                        name,
                                        "--resume",
                                        "-q",
                                        "--batch-tokens",
                                        "512",
                                        "--bootstrap",
                                        "50"};
    };
    EXPECT_EQ(run(with("whole")).status, 0);
    for (const int after : {300, 500, 700}) {
        const test::Program program(m_folder, with("cut"));
        std::this_thread::sleep_for(std::chrono::milliseconds(after));
        program.signal(SIGKILL);
        program.wait();
    }
    EXPECT_EQ(run(with("cut")).status, 0);
    EXPECT_EQ(exported(db, "cut", "interventions"), exported(db, "whole", "interventions"));
}

TEST_F(ProgramTest, BadInputIsOneClearLine) {
    const std::string db = file("a.moescope");
    expectFailure({"inspect", file("missing")}, {"missing"});
    expectFailure({"record", file("missing"), "--text", "x", "--db", db}, {"missing"});
    expectFailure({"record", m_model, "--text", "x", "--db", db}, {"tokenizer", "--token-ids"});
    expectFailure({"record", m_model, "--token-ids", file("bad.json", "[[1,320]]"), "--db", db}, {"320"});
    expectFailure({"record", m_model, "--token-ids", file("no.json", "{}"), "--db", db}, {"no.json"});
    expectFailure({"record", m_model, "--token-ids", tokenIds(1, 4), "--db", "/proc/none/a.moescope"}, {"/proc/none"});
    expectFailure({"record", m_model, "--token-ids", tokenIds(1, 4), "--db", db, "--device", "cuda"}, {"cuda"});
    EXPECT_FALSE(fs::exists(db));
    expectFailure({"runs", file("other.db", "this is no database, but longer than a header of SQLite is: 100 bytes")},
                  {"other.db"});
    expectFailure({"export", file("gone.moescope"), "--table", "load"}, {"gone.moescope"});
    expectFailure({"sql", file("gone.moescope"), "SELECT 1"}, {"gone.moescope"});
}

TEST_F(ProgramTest, ReplaysWithASummary) {
    const std::string db = file("a.moescope");
    ASSERT_EQ(run({"record", m_model, "--token-ids", tokenIds(4, 300), "--db", db, "--name", "recorded"}).status, 0);
    const auto same = run({"replay", db, "--strategy", "topk", "--name", "same", "--json"});
    EXPECT_EQ(same.status, 0) << same.err;
    EXPECT_THAT(same.out, HasSubstr("\"tokens_rerouted\":0,"));
    EXPECT_TRUE(exported(db, "same", "routing") == exported(db, "recorded", "routing"));
    const auto limited = run({"replay", db, "--run", "recorded", "--strategy", "topk", "--capacity-factor", "1",
                              "--overflow", "next", "--group-tokens", "100", "--name", "limited"});
    EXPECT_THAT(limited.out, AllOf(HasSubstr("assigned"), HasSubstr("capacity factor 1 floor next in groups of 100")));
    EXPECT_EQ(
        run({"replay", db, "--run", "recorded", "--strategy", "aux-free", "--passes", "5", "--name", "learnt"}).status,
        0);
    EXPECT_THAT(run({"export", db, "--run", "learnt", "--table", "steps"}).out, HasSubstr("\nlearnt,1,1200,,,,,"));
    expectFailure({"replay", db, "--strategy", "noisy-load", "--name", "n"}, {"noisy-load", "noise"});
}

TEST_F(ProgramTest, OutputThatCannotBeWrittenIsAFailure) {
    if (!fs::exists("/dev/full"))
        GTEST_SKIP();
    const int status = std::system(
        (std::string(MOESCOPE_BINARY_DIR) + "/moescope inspect " + m_model + " > /dev/full 2> " + file("stderr"))
            .c_str());
    EXPECT_EQ(WEXITSTATUS(status), 1);
    EXPECT_THAT(test::readAll(file("stderr")), HasSubstr("standard output"));
}

TEST_F(ProgramTest, TokenizesLinesBothWays) {
    const std::string tokenizer = std::string(MOESCOPE_SOURCE_DIR) + "/tests/golden/tokenizers/small_bytelevel";
    const auto encoded = run({"tokenize", tokenizer, "--jsonl", file("in.jsonl", "\"a b\"\n\"\"\n\"\\n\"\n")});
    EXPECT_EQ(encoded.status, 0) << encoded.err;
    EXPECT_EQ(std::count(encoded.out.begin(), encoded.out.end(), '\n'), 3);
    const auto decoded = run({"tokenize", tokenizer, "--decode", "--jsonl", file("ids.jsonl", encoded.out)});
    EXPECT_EQ(decoded.out, "\"a b\"\n\"\"\n\"\\n\"\n");
    expectFailure({"tokenize", tokenizer, "--file", file("bad.txt", "ok \xFF")}, {"0xFF", "offset 3"});
}

} // namespace moescope

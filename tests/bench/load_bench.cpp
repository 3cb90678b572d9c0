// How long it takes from opening a model until its first layer has routed a token. JSON.
//   load_bench MODEL [ROUNDS]
#include <algorithm>
#include <chrono>
#include <iostream>
#include <vector>

#include "engine/routing/routing_sink.h"
#include "engine/session/engine.h"
#include "engine/session/engine_loader.h"

namespace {

using namespace moescope;
using Clock = std::chrono::steady_clock;

class FirstRouting final : public RoutingSink {
public:
    explicit FirstRouting(Clock::time_point start) : m_start(start) {}
    void tokens(const TokenBlock&) override {}
    void routing(const RoutingBlock&) override {
        if (m_seconds == 0)
            m_seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
    }
    void nll(TokenIndex, std::span<const float>) override {}
    void commit(TokenIndex) override {}
    double seconds() const { return m_seconds; }

private:
    Clock::time_point m_start;
    double m_seconds = 0;
};

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 2)
            throw std::invalid_argument("a model folder is needed");
        Engine& engine = loadEngine();
        const std::vector<std::int32_t> tokens{1, 2, 3, 4, 5, 6, 7, 8};
        std::vector<double> seconds;
        for (int round = 0; round < (argc > 2 ? std::stoi(argv[2]) : 5); ++round) {
            FirstRouting sink(Clock::now());
            const auto session = engine.open({argv[1], "cpu", "auto", 0});
            const std::vector<Window> batch{{0, tokens, std::nullopt}};
            session->prefill(batch, {false}, sink, {});
            seconds.push_back(sink.seconds());
        }
        std::sort(seconds.begin(), seconds.end());
        std::cout << "{\"seconds_to_first_layer\":" << seconds[seconds.size() / 2] << "}\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "load_bench: " << error.what() << "\n";
        return 1;
    }
}

#include "db/train_log.h"

#include <chrono>
#include <exception>

#include "db/recording_file.h"
#include "db/statement.h"
#include "db/train_steps.h"
#include "db/transaction.h"

namespace moescope {

using namespace sqlite;

namespace {

constexpr std::chrono::seconds kWriteEvery(1);

} // namespace

struct TrainLog::Impl {
    Impl(const std::filesystem::path& file, RunId r) : connection(openToWrite(file).connection), run(r) {}

    std::unique_ptr<Connection> connection;
    RunId run;
    std::vector<TrainStep> waiting;
    std::chrono::steady_clock::time_point written = std::chrono::steady_clock::now();
};

TrainLog::TrainLog(const std::filesystem::path& file, RunId run, std::int64_t next)
    : m_impl(std::make_unique<Impl>(file, run)) {
    Transaction transaction(*m_impl->connection);
    removeTrainSteps(*m_impl->connection, run, next);
    transaction.commit();
}

TrainLog::~TrainLog() {
    try {
        flush();
    } catch (const std::exception&) {
        // What is written stays; the training goes on from its checkpoint and makes the rest again.
    }
}

void TrainLog::add(const TrainStep& step) {
    m_impl->waiting.push_back(step);
    if (std::chrono::steady_clock::now() - m_impl->written >= kWriteEvery)
        flush();
}

void TrainLog::flush() {
    if (m_impl->waiting.empty())
        return;
    Transaction transaction(*m_impl->connection);
    for (const TrainStep& step : m_impl->waiting)
        insertTrainStep(*m_impl->connection, m_impl->run, step);
    transaction.commit();
    m_impl->waiting.clear();
    m_impl->written = std::chrono::steady_clock::now();
}

} // namespace moescope

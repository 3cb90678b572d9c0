#include "db/train_steps.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "db/blob_values.h"
#include "db/statement.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

// Little-endian i32: for each layer its number of experts, then the assignments of each.
std::vector<std::int32_t> encodeLoad(const std::vector<std::vector<std::int64_t>>& load) {
    std::vector<std::int32_t> values;
    for (const auto& layer : load) {
        values.push_back(std::int32_t(layer.size()));
        for (const std::int64_t count : layer)
            values.push_back(std::int32_t(count));
    }
    return values;
}

std::vector<std::vector<std::int64_t>> decodeLoad(std::span<const std::byte> blob) {
    const auto values = valuesOf<std::int32_t>(blob);
    std::vector<std::vector<std::int64_t>> load;
    for (std::size_t at = 0; at < values.size();) {
        const std::int32_t experts = values[at++];
        if (experts < 0 || std::size_t(experts) > values.size() - at)
            throw Error(ErrorCode::Corruption,
                        "the loads of a training step are damaged; restore the file from a copy");
        load.emplace_back(values.begin() + std::ptrdiff_t(at), values.begin() + std::ptrdiff_t(at) + experts);
        at += std::size_t(experts);
    }
    return load;
}

// Little-endian f32, one layer's experts behind another's; how many each has says the load. Empty: unknown.
std::vector<float> encodeImportance(const std::vector<std::vector<float>>& importance) {
    std::vector<float> values;
    for (const auto& layer : importance)
        values.insert(values.end(), layer.begin(), layer.end());
    return values;
}

std::vector<std::vector<float>> decodeImportance(std::span<const std::byte> blob,
                                                 const std::vector<std::vector<std::int64_t>>& load) {
    std::vector<std::vector<float>> importance;
    if (blob.empty())
        return importance;
    std::size_t at = 0;
    for (const auto& layer : load) {
        const std::size_t bytes = layer.size() * sizeof(float);
        if (bytes > blob.size() - at)
            throw Error(ErrorCode::Corruption,
                        "the importance in a training step is damaged; restore the file from a copy");
        importance.emplace_back(layer.size());
        std::memcpy(importance.back().data(), blob.data() + at, bytes);
        at += bytes;
    }
    return importance;
}

// Losses and norms are never below 0: -1 stands for none (the steps of a replay have only loads).
double stored(double value) {
    return std::isnan(value) ? -1.0 : value;
}

double loaded(double value) {
    return value < 0 ? std::numeric_limits<double>::quiet_NaN() : value;
}

// A JSON object of numbers in the shortest form that reads back exactly.
std::string encodeLosses(const std::vector<std::pair<std::string, double>>& losses) {
    std::string json = "{";
    for (const auto& [name, value] : losses) {
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        json += (json.size() > 1 ? ",\"" : "\"") + name +
                "\":" + (std::isfinite(value) ? std::string(digits.data(), end) : std::string("null"));
    }
    return json + "}";
}

std::vector<std::pair<std::string, double>> decodeLosses(Statement& each, const std::string& json) {
    std::vector<std::pair<std::string, double>> losses;
    Reset reset(each);
    each.bind(1, json);
    while (each.step())
        losses.emplace_back(each.text(0), each.real(1));
    return losses;
}

// A file of an older schema, opened to read, may have none.
bool hasSteps(Connection& connection) {
    return queryInteger(connection.handle(), "SELECT count(*) FROM sqlite_schema WHERE name='train_step'") > 0;
}

bool hasColumn(Connection& connection, const std::string& table, const std::string& column) {
    return queryInteger(connection.handle(),
                        "SELECT count(*) FROM pragma_table_info('" + table + "') WHERE name='" + column + "'") > 0;
}

} // namespace

void insertTrainStep(Connection& connection, RunId run, const TrainStep& step) {
    Statement insert(connection.handle(), "INSERT OR REPLACE INTO train_step VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
    const std::vector<std::int32_t> load = encodeLoad(step.load);
    insert.bind(1, run.value).bind(2, step.step).bind(3, step.tokens).bind(4, stored(step.loss));
    insert.bind(5, stored(step.auxLoss)).bind(6, stored(step.zLoss)).bind(7, stored(step.gradientNorm));
    insert.bind(8, step.learningRate).bind(9, stored(step.tokensPerSecond));
    insert.bind(10, std::as_bytes(std::span(load))).bind(11, encodeLosses(step.losses));
    const std::vector<float> importance = encodeImportance(step.importance);
    insert.bind(12, std::as_bytes(std::span(importance))).run();
}

void removeTrainSteps(Connection& connection, RunId run, std::int64_t from) {
    Statement remove(connection.handle(), "DELETE FROM train_step WHERE run_id=? AND step>=?");
    remove.bind(1, run.value).bind(2, from).run();
}

std::int64_t lastTrainStep(Connection& connection, RunId run) {
    if (!hasSteps(connection))
        return 0;
    Statement last(connection.handle(), "SELECT coalesce(max(step), 0) FROM train_step WHERE run_id=?");
    last.bind(1, run.value);
    return last.step() ? last.integer(0) : 0;
}

std::vector<TrainStep> loadTrainSteps(Connection& connection, RunId run) {
    std::vector<TrainStep> steps;
    if (!hasSteps(connection))
        return steps;
    const auto columnOr = [&](const std::string& name, const std::string& otherwise) {
        return hasColumn(connection, "train_step", name) ? name : otherwise;
    };
    Statement rows(connection.handle(),
                   std::string("SELECT step, tokens, loss, aux_loss, z_loss, gradient_norm, learning_rate, "
                               "tokens_per_second, load, ") +
                       columnOr("losses", "'{}'") + ", " + columnOr("importance", "x''") +
                       " FROM train_step WHERE run_id=? ORDER BY step");
    Statement each(connection.handle(), "SELECT key, value FROM json_each(?)");
    rows.bind(1, run.value);
    while (rows.step()) {
        auto load = decodeLoad(rows.blob(8));
        auto importance = decodeImportance(rows.blob(10), load);
        steps.push_back({rows.integer(0), rows.integer(1), loaded(rows.real(2)), loaded(rows.real(3)),
                         loaded(rows.real(4)), loaded(rows.real(5)), rows.real(6), loaded(rows.real(7)),
                         std::move(load), std::move(importance), decodeLosses(each, rows.text(9))});
    }
    return steps;
}

} // namespace moescope::sqlite

#pragma once

#include <vector>

#include "db/connection.h"
#include "db/train_log.h"

namespace moescope::sqlite {

// The table train_step. None of these begins a transaction.
void insertTrainStep(Connection& connection, RunId run, const TrainStep& step);
void removeTrainSteps(Connection& connection, RunId run, std::int64_t from); // and those behind it
std::vector<TrainStep> loadTrainSteps(Connection& connection, RunId run);    // in order
std::int64_t lastTrainStep(Connection& connection, RunId run);               // 0: none

} // namespace moescope::sqlite

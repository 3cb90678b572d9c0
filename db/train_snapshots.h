#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/routing/ids.h"

namespace moescope {

namespace sqlite {
class Connection;
}

// A recording of a model on its way through a training.
struct TrainSnapshot {
    std::int64_t step = 0; // of the training
    RunId run;             // that holds the recording
};

// Says that run `snapshot` was recorded after `step` of the training whose steps run `training` holds. When the
// training's run is deleted the snapshot becomes a recording like any other. Throws Error(Conflict) where that step has
// one already.
void addTrainSnapshot(const std::filesystem::path& file, RunId training, const TrainSnapshot& snapshot);

namespace sqlite {

std::vector<TrainSnapshot> loadTrainSnapshots(Connection& connection, RunId training); // in order of steps
bool hasTrainSnapshots(Connection& connection); // whether the file's schema knows them

} // namespace sqlite

} // namespace moescope

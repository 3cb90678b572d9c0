#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "db/connection.h"

namespace moescope::sqlite {

// Opens a recording to write to; where there is no file it appears whole, with its schema, or not at all.
// Throws Error (Io, Corruption, Unsupported).
struct WritableRecording {
    std::unique_ptr<Connection> connection;
    bool created = false; // by this call
};
WritableRecording openToWrite(const std::filesystem::path& file);

// Makes a new recording under a name of its own, lets `fill` write to it and gives it its name at the end. False, with
// nothing left behind, where that name was taken meanwhile.
bool createWhole(const std::filesystem::path& file, const std::function<void(Connection&)>& fill);

// Opens a recording to read, its schema checked. Throws Error (NotFound, Corruption, Unsupported).
std::unique_ptr<Connection> openToRead(const std::filesystem::path& file);

// Removes a recording with its -wal and -shm files; nothing happens where there is none.
void removeRecording(const std::filesystem::path& file);

} // namespace moescope::sqlite

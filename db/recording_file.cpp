#include "db/recording_file.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include "db/migrator.h"
#include "engine/routing/error.h"

namespace moescope::sqlite {

namespace {

namespace fs = std::filesystem;

std::string hiddenPrefix(const fs::path& file) {
    return "." + file.filename().string() + ".new-";
}

fs::path beside(const fs::path& file) {
    return file.parent_path() / (hiddenPrefix(file) + std::to_string(getpid()));
}

// What processes that were killed while they made this file have left beside it.
void removeLeftovers(const fs::path& file) {
    const std::string prefix = hiddenPrefix(file);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(fs::absolute(file).parent_path(), none)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix)) {
            continue;
        }
        const long pid = std::strtol(name.c_str() + prefix.size(), nullptr, 10);
        if (pid > 0 && kill(pid_t(pid), 0) != 0 && errno == ESRCH) {
            fs::remove(entry.path(), none);
        }
    }
}

void checkFolder(const fs::path& file) {
    const fs::path folder = fs::absolute(file).parent_path();
    std::error_code none;
    if (!fs::is_directory(folder, none)) {
        throw Error(ErrorCode::NotFound, "cannot create '" + file.string() + "': there is no folder '" +
                                             folder.string() + "'; make it first");
    }
    if (access(folder.c_str(), W_OK) != 0) {
        throw Error(ErrorCode::Io, "cannot create '" + file.string() + "': the folder '" + folder.string() +
                                       "' is not writable; choose another with --db");
    }
}

void flushToDisk(const fs::path& made, const fs::path& file) {
    const int descriptor = open(made.c_str(), O_RDONLY | O_CLOEXEC);
    const bool isFlushed = descriptor >= 0 && fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (!isFlushed) {
        throw Error(ErrorCode::Io, "cannot write '" + file.string() + "': " + std::strerror(error) +
                                       "; free space or choose another place with --db");
    }
}

// False where another process was first.
bool giveName(const fs::path& made, const fs::path& file) {
    if (link(made.c_str(), file.c_str()) == 0) {
        return true;
    }
    if (errno == EEXIST) {
        return false;
    }
    fs::rename(made, file); // a file system without hard links
    return true;
}

} // namespace

bool createWhole(const fs::path& file, const std::function<void(Connection&)>& fill) {
    checkFolder(file);
    removeLeftovers(file);
    const fs::path temporary = beside(file);
    removeRecording(temporary);
    try {
        {
            Connection connection(temporary, Access::Create);
            // Until it has its name nobody misses the file: the disk is waited for once instead of ten times.
            connection.execute("PRAGMA synchronous=OFF");
            migrate(connection);
            fill(connection);
        }
        flushToDisk(temporary, file);
        const bool ours = giveName(temporary, file);
        removeRecording(temporary);
        return ours;
    } catch (const Error& e) {
        removeRecording(temporary);
        std::string message = e.what();
        if (const auto at = message.find(temporary.string()); at != std::string::npos) {
            message.replace(at, temporary.string().size(), file.string());
        }
        throw Error(e.code(), message);
    }
}

WritableRecording openToWrite(const fs::path& file) {
    WritableRecording recording;
    std::error_code none;
    recording.created = !fs::exists(file, none) && createWhole(file, [](Connection&) {});
    try {
        recording.connection = std::make_unique<Connection>(file, Access::Write);
        // The writer's pages: enough for a block group. A run is one long append; a checkpoint of SQLite's 1,000 pages,
        // 16 MB, finds what it copies still in the processor's cache.
        recording.connection->execute("PRAGMA cache_size=-16384; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON");
        migrate(*recording.connection);
    } catch (...) {
        recording.connection.reset();
        if (recording.created) {
            removeRecording(file);
        }
        throw;
    }
    return recording;
}

std::unique_ptr<Connection> openToRead(const fs::path& file) {
    auto connection = std::make_unique<Connection>(file, Access::Read);
    checkRecording(*connection);
    return connection;
}

void removeRecording(const fs::path& file) {
    std::error_code none;
    for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::remove(file.string() + suffix, none);
    }
}

} // namespace moescope::sqlite

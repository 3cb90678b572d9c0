#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace moescope {

// A file that appears under its name only when complete: written as NAME.part, synced and renamed by commit();
// removed by the destructor otherwise. Throws Error(Io) naming the file and the cause (full disk).
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path file);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void commit();

private:
    [[noreturn]] void fail(const char* what) const;

    std::filesystem::path m_file;
    std::filesystem::path m_part;
    int m_fd = -1;
};

} // namespace moescope

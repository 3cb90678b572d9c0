#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace moescope {

// A file mapped read-only for its lifetime. Its bytes may be read from any thread.
class MappedFile {
public:
    // Throws Error (NotFound, Io) naming the file.
    explicit MappedFile(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::span<const std::byte> bytes() const { return {m_data, m_size}; }

    // Asks the system to read these bytes ahead, or to drop them from memory. Hints: never fail.
    static void readAhead(std::span<const std::byte> bytes);
    // Waits until they are read and maps them, so that no thread has to for each page.
    static void populate(std::span<const std::byte> bytes);
    static void release(std::span<const std::byte> bytes);
    // Says that little of them will be read here and there: without this the system reads far around every sample.
    static void readOnlySamples(std::span<const std::byte> bytes);
    // Releases bytes of this file and drops them from the system's cache too, so that what is read ahead stays in it.
    void forget(std::span<const std::byte> bytes) const;

private:
    std::filesystem::path m_path;
    int m_fd = -1;
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace moescope

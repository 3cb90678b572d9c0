#pragma once

#include <filesystem>
#include <string_view>

namespace moescope {

// Where a table's bytes go. write() throws Error(Io) when they cannot be kept.
class ByteOutput {
public:
    virtual ~ByteOutput() = default;
    virtual void write(std::string_view bytes) = 0;
};

// A file that appears under its name only once whole: written beside it as NAME.part, renamed by commit(), removed
// when that is never reached. An existing file of the name stays until then. A device or pipe, such as /dev/stdout,
// is written straight away: it must never be replaced.
class ExportFile final : public ByteOutput {
public:
    // Throws Error(Io).
    explicit ExportFile(std::filesystem::path path);
    ~ExportFile() override;
    ExportFile(const ExportFile&) = delete;
    ExportFile& operator=(const ExportFile&) = delete;

    void write(std::string_view bytes) override;
    void commit();

private:
    [[noreturn]] void fail(const char* what, int error);
    void removePart() const;

    std::filesystem::path m_path;
    std::filesystem::path m_target; // m_path with its links followed
    std::filesystem::path m_part;   // empty for a device or pipe
    int m_descriptor = -1;
};

// The program's standard output.
class StandardOutput final : public ByteOutput {
public:
    void write(std::string_view bytes) override;
};

} // namespace moescope

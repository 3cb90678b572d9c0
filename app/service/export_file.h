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
// when that is never reached. An existing file of the name stays until then.
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

    std::filesystem::path m_path, m_part;
    int m_descriptor = -1;
};

// The program's standard output.
class StandardOutput final : public ByteOutput {
public:
    void write(std::string_view bytes) override;
};

} // namespace moescope

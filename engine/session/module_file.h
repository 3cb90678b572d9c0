#pragma once

#include <string>

namespace moescope {

// Opens a module of this program for the process's life: FILE beside the program, above it (test programs), or
// installed. `flags` are dlopen's. Throws Error(NotFound) that names the file; `remedy` says what to do when it is
// missing.
class ModuleFile {
public:
    ModuleFile(const std::string& file, int flags, const std::string& remedy);

    // The function of that name, null where there is none.
    void* symbol(const char* name) const;
    // Throws the Error of a module that is of another version.
    [[noreturn]] void refuse() const;

private:
    std::string m_path;
    void* m_handle = nullptr;
};

} // namespace moescope

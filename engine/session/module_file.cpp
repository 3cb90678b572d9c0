#include "engine/session/module_file.h"

#include <filesystem>

#include <dlfcn.h>

#include "engine/routing/error.h"

namespace moescope {

namespace {

namespace fs = std::filesystem;

fs::path findModule(const std::string& file, const std::string& remedy) {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& place : {folder, folder.parent_path(), folder.parent_path() / "lib" / "moescope"})
        if (fs::exists(place / file, error))
            return place / file;
    throw Error(ErrorCode::NotFound, (folder / file).string() + ": " + remedy);
}

} // namespace

ModuleFile::ModuleFile(const std::string& file, int flags, const std::string& remedy)
    : m_path(findModule(file, remedy).string()), m_handle(::dlopen(m_path.c_str(), flags)) {
    if (m_handle == nullptr)
        throw Error(ErrorCode::NotFound, m_path + ": cannot be loaded: " + ::dlerror());
}

void* ModuleFile::symbol(const char* name) const {
    return ::dlsym(m_handle, name);
}

void ModuleFile::refuse() const {
    throw Error(ErrorCode::NotFound,
                m_path + ": belongs to another version of this program; build or install both together");
}

} // namespace moescope

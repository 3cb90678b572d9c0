#include "engine/checkpoint/families/family.h"

#include <array>

namespace moescope {

std::span<const Family> families() {
    static constexpr std::array kFamilies{Family{"mixtral", readMixtral}};
    return kFamilies;
}

} // namespace moescope

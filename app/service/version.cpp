#include "app/service/version.h"

namespace moescope {

std::string_view programVersion() {
    return MOESCOPE_VERSION;
}

} // namespace moescope

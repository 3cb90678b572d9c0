#include "ui/state/background_thread.h"

#if defined(__linux__)
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace moescope {

void standBack(Background how) {
#if defined(__linux__)
    setpriority(PRIO_PROCESS, id_t(gettid()), int(how)); // of this thread alone
#else
    static_cast<void>(how);
#endif
}

} // namespace moescope

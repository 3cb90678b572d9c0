#include "app/cli/interrupt.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

#include "app/cli/exit_status.h"

namespace moescope::cli {

namespace {

sigset_t stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

} // namespace

Interrupt::Interrupt() {
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_waiter = std::thread([this] { wait(); });
}

Interrupt::~Interrupt() {
    m_finished = true;
    pthread_kill(m_waiter.native_handle(), SIGINT); // wakes the waiter
    m_waiter.join();
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Interrupt::wait() {
    const sigset_t set = stopSignals();
    while (true) {
        int signal = 0;
        sigwait(&set, &signal);
        if (m_finished)
            return;
        if (!m_stop.request_stop())
            _exit(kInterrupted); // asked twice: do not wait for the work to notice
    }
}

} // namespace moescope::cli

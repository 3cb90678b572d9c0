#include "tests/engine/kernels/cuda/emulated_grid.h"

#include <algorithm>
#include <numeric>

namespace moescope::cuda {

namespace {

constexpr std::size_t kStackBytes = 64 << 10;

thread_local EmulatedThreads* current = nullptr; // whose fiber begins

} // namespace

EmulatedThreads::EmulatedThreads(int threads, std::int64_t sharedBytes, unsigned seed)
    : m_fibers(std::size_t(threads)), m_slots(std::size_t(threads) * 2 * kSlotBytes),
      m_shared(std::size_t(sharedBytes), 0xAB), m_random(seed) {
    for (Fiber& fiber : m_fibers)
        fiber.stack.reset(new unsigned char[kStackBytes]);
}

EmulatedThreads::~EmulatedThreads() = default;

unsigned char* EmulatedThreads::slot(int thread, unsigned parity) {
    return m_slots.data() + (std::size_t(thread) * 2 + parity) * kSlotBytes;
}

void EmulatedThreads::enter() {
    EmulatedThreads& self = *current;
    const int thread = self.m_current;
    (*self.m_body)(thread);
    self.m_fibers[std::size_t(thread)].done = true;
}

void EmulatedThreads::prepare(Fiber& fiber) {
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = kStackBytes;
    fiber.context.uc_link = &m_scheduler;
    makecontext(&fiber.context, &EmulatedThreads::enter, 0);
}

void EmulatedThreads::resume(int thread) {
    m_current = thread;
    current = this;
    Fiber& fiber = m_fibers[std::size_t(thread)];
    fiber.waitsAt = nullptr;
    swapcontext(&m_scheduler, &fiber.context);
}

void EmulatedThreads::meet(int thread, const char* what, bool wholeBlock) {
    Fiber& fiber = m_fibers[std::size_t(thread)];
    fiber.waitsAt = what;
    fiber.wholeBlock = wholeBlock;
    swapcontext(&fiber.context, &m_scheduler);
}

// Lets the threads [begin, end) go on, in random order, if all of them wait at the same place.
bool EmulatedThreads::releaseGroup(int begin, int end, bool wholeBlock) {
    const Fiber& first = m_fibers[std::size_t(begin)];
    for (int t = begin; t < end; ++t) {
        const Fiber& fiber = m_fibers[std::size_t(t)];
        if (fiber.done || fiber.wholeBlock != wholeBlock || std::strcmp(fiber.waitsAt, first.waitsAt) != 0)
            return false;
    }
    std::vector<int> order(std::size_t(end - begin));
    std::iota(order.begin(), order.end(), begin);
    std::shuffle(order.begin(), order.end(), m_random);
    for (const int t : order)
        resume(t);
    return true;
}

bool EmulatedThreads::releaseAny() {
    const int warps = threads() / kWarp;
    std::vector<int> order(static_cast<std::size_t>(warps));
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), m_random);
    for (const int warp : order)
        if (!m_fibers[std::size_t(warp * kWarp)].done && releaseGroup(warp * kWarp, (warp + 1) * kWarp, false))
            return true;
    return !m_fibers.front().done && releaseGroup(0, threads(), true);
}

void EmulatedThreads::run(const std::function<void(int)>& body) {
    m_body = &body;
    std::vector<int> order(m_fibers.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), m_random);
    for (const int t : order) {
        prepare(m_fibers[std::size_t(t)]);
        resume(t);
    }
    while (std::any_of(m_fibers.begin(), m_fibers.end(), [](const Fiber& f) { return !f.done; })) {
        if (releaseAny())
            continue;
        std::string where;
        for (std::size_t t = 0; t < m_fibers.size(); ++t)
            where += " " + std::to_string(t) + ":" + (m_fibers[t].done ? "returned" : m_fibers[t].waitsAt);
        throw Divergence("threads do not meet:" + where);
    }
}

std::vector<std::int64_t> EmulatedLauncher::shuffled(std::int64_t n) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), std::int64_t(0));
    std::shuffle(order.begin(), order.end(), m_random);
    return order;
}

} // namespace moescope::cuda

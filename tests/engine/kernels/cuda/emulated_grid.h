#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <ucontext.h>

#include "engine/kernels/cuda/device_code.h"

namespace moescope::cuda {

// Thrown when threads that should meet at a collective do not: some are elsewhere or have returned.
struct Divergence : std::logic_error {
    using std::logic_error::logic_error;
};

// Runs one block of threads on a CPU thread, each thread a fiber of its own, resumed in random order from collective to
// collective. What holds in every order holds on a GPU, where warps run as they like.
class EmulatedThreads {
public:
    EmulatedThreads(int threads, std::int64_t sharedBytes, unsigned seed);
    ~EmulatedThreads();
    EmulatedThreads(const EmulatedThreads&) = delete;
    EmulatedThreads& operator=(const EmulatedThreads&) = delete;

    // Runs body(thread) on every thread to its end. Throws Divergence.
    void run(const std::function<void(int)>& body);

    // Called by a fiber: waits until all lanes of its warp (all threads of the block) call the same.
    void meet(int thread, const char* what, bool wholeBlock);

    static constexpr int kSlotBytes = 8;
    unsigned char* slot(int thread, unsigned parity); // what the thread lays out for its warp
    void* shared() { return m_shared.data(); }
    int threads() const { return int(m_fibers.size()); }

private:
    struct Fiber {
        ucontext_t context;
        std::unique_ptr<unsigned char[]> stack;
        const char* waitsAt = nullptr; // null: runs
        bool wholeBlock = false;
        bool done = false;
    };
    static void enter();
    void prepare(Fiber& fiber);
    void resume(int thread);
    bool releaseGroup(int begin, int end, bool wholeBlock);
    bool releaseAny();

    ucontext_t m_scheduler{};
    std::vector<Fiber> m_fibers;
    std::vector<unsigned char> m_slots;
    std::vector<unsigned char> m_shared;
    std::mt19937 m_random;
    const std::function<void(int)>* m_body = nullptr;
    int m_current = 0;
};

// A thread's view of its block, as CudaBlock.
class EmulatedBlock {
public:
    EmulatedBlock(EmulatedThreads& all, int thread, std::int64_t index)
        : m_all(all), m_thread(thread), m_index(index) {}

    int thread() const { return m_thread; }
    int threads() const { return m_all.threads(); }
    int lane() const { return m_thread % kWarp; }
    int warp() const { return m_thread / kWarp; }
    int warps() const { return m_all.threads() / kWarp; }
    std::int64_t index() const { return m_index; }

    template <class T>
    T shuffle(T value, int lane) {
        const unsigned parity = exchange(value, "shuffle");
        return laidOut<T>(((lane % kWarp) + kWarp) % kWarp, parity);
    }
    template <class T>
    T shuffleXor(T value, int mask) {
        const unsigned parity = exchange(value, "shuffleXor");
        return laidOut<T>(lane() ^ mask, parity);
    }
    template <class T>
    T shuffleUp(T value, int delta) {
        const unsigned parity = exchange(value, "shuffleUp");
        return lane() >= delta ? laidOut<T>(lane() - delta, parity) : value;
    }
    unsigned ballot(bool flag) {
        const unsigned parity = exchange(flag, "ballot");
        unsigned mask = 0;
        for (int l = 0; l < kWarp; ++l)
            mask |= laidOut<bool>(l, parity) ? 1U << l : 0U;
        return mask;
    }
    unsigned match(unsigned value) {
        const unsigned parity = exchange(value, "match");
        unsigned mask = 0;
        for (int l = 0; l < kWarp; ++l)
            mask |= laidOut<unsigned>(l, parity) == value ? 1U << l : 0U;
        return mask;
    }
    void syncWarp() { m_all.meet(m_thread, "syncWarp", false); }
    void sync() { m_all.meet(m_thread, "sync", true); }
    void atomicMin(std::uint64_t* at, std::uint64_t value) { *at = value < *at ? value : *at; }
    template <class T>
    T* shared() {
        return static_cast<T*>(m_all.shared());
    }

private:
    // Lays the value out and waits for the warp. Two places by turns: nobody is two collectives ahead of another lane.
    template <class T>
    unsigned exchange(T value, const char* what) {
        static_assert(sizeof(T) <= EmulatedThreads::kSlotBytes);
        const unsigned parity = m_turn++ % 2;
        std::memcpy(m_all.slot(m_thread, parity), &value, sizeof value);
        m_all.meet(m_thread, what, false);
        return parity;
    }
    template <class T>
    T laidOut(int lane, unsigned parity) {
        T value;
        std::memcpy(&value, m_all.slot(warp() * kWarp + lane, parity), sizeof value);
        return value;
    }

    EmulatedThreads& m_all;
    int m_thread;
    std::int64_t m_index;
    unsigned m_turn = 0;
};

// Launches kernels (device_code.h) on the CPU, blocks in random order.
class EmulatedLauncher {
public:
    explicit EmulatedLauncher(unsigned seed = 1) : m_random(seed) {}

    template <class Kernel>
    void run(const typename Kernel::Call& call) {
        const LaunchShape shape = Kernel::shape(call);
        for (const std::int64_t index : shuffled(shape.blocks)) {
            EmulatedThreads threads(shape.threads, shape.sharedBytes, unsigned(m_random()));
            threads.run([&](int thread) {
                EmulatedBlock block(threads, thread, index);
                Kernel::run(block, call);
            });
        }
    }

private:
    std::vector<std::int64_t> shuffled(std::int64_t n);

    std::mt19937 m_random;
};

} // namespace moescope::cuda

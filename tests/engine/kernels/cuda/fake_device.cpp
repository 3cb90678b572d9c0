#include "tests/engine/kernels/cuda/fake_device.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace moescope::cuda {

namespace {

constexpr int kJunk = 0xCD;

template <class T>
void drop(std::vector<std::unique_ptr<T>>& list, const void* handle) {
    list.erase(std::find_if(list.begin(), list.end(), [&](const auto& p) { return p.get() == handle; }));
}

void* junk(std::size_t bytes) {
    return std::memset(std::malloc(std::max<std::size_t>(bytes, 1)), kJunk, bytes);
}

} // namespace

FakeDevice::~FakeDevice() = default;

bool FakeDevice::isClean() const {
    return m_queues.empty() && m_marks.empty() && m_memory.empty() && m_pinned.empty();
}

void FakeDevice::push(Stream stream, Step step) {
    const std::lock_guard lock(m_mutex);
    of(stream).steps.push_back(std::move(step));
    while ((m_eager || m_random() % 4 == 0) && runOne()) // sometimes the device is fast
        ;
}

// One step of a stream taken at random; false: none can go on.
bool FakeDevice::runOne() {
    std::vector<Queue*> ready;
    for (const auto& queue : m_queues)
        if (!queue->steps.empty() && queue->steps.front().ready())
            ready.push_back(queue.get());
    if (ready.empty())
        return false;
    Queue& queue = *ready[m_random() % ready.size()];
    const Step step = std::move(queue.steps.front());
    queue.steps.pop_front();
    step.work();
    return true;
}

void FakeDevice::runUntil(const std::function<bool()>& done) {
    const std::lock_guard lock(m_mutex);
    m_hostWaits += done() ? 0 : 1;
    while (!done())
        if (!runOne())
            throw std::logic_error("the device waits for an event that nobody has recorded");
}

void FakeDevice::enqueue(Stream stream, std::function<void()> work) {
    push(stream, {[] { return true; }, std::move(work)});
}

void* FakeDevice::allocate(std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    void* memory = junk(bytes);
    m_memory[memory] = bytes;
    m_held += bytes;
    m_largest = std::max(m_largest, m_held);
    return memory;
}

void FakeDevice::release(void* memory) noexcept {
    const std::lock_guard lock(m_mutex);
    while (runOne())
        ;
    m_held -= m_memory.at(memory);
    m_memory.erase(memory);
    std::free(memory);
}

void* FakeDevice::allocatePinned(std::size_t bytes) {
    const std::lock_guard lock(m_mutex);
    void* memory = junk(bytes);
    m_pinned[memory] = bytes;
    return memory;
}

void FakeDevice::releasePinned(void* memory) noexcept {
    const std::lock_guard lock(m_mutex);
    while (runOne())
        ;
    m_pinned.erase(memory);
    std::free(memory);
}

Stream FakeDevice::createStream() {
    const std::lock_guard lock(m_mutex);
    m_queues.push_back(std::make_unique<Queue>());
    return {m_queues.back().get()};
}

void FakeDevice::destroy(Stream stream) noexcept {
    const std::lock_guard lock(m_mutex);
    while (!of(stream).steps.empty() && runOne())
        ;
    drop(m_queues, stream.handle);
}

Event FakeDevice::createEvent() {
    const std::lock_guard lock(m_mutex);
    m_marks.push_back(std::make_unique<Mark>());
    return {m_marks.back().get()};
}

void FakeDevice::destroy(Event event) noexcept {
    const std::lock_guard lock(m_mutex);
    while (of(event).passed < of(event).recorded && runOne())
        ;
    drop(m_marks, event.handle);
}

void FakeDevice::record(Event event, Stream stream) {
    const std::lock_guard lock(m_mutex);
    const int number = ++of(event).recorded;
    push(stream, {[] { return true; }, [event, number] { of(event).passed = number; }});
}

void FakeDevice::wait(Stream stream, Event event) {
    const std::lock_guard lock(m_mutex);
    const int number = of(event).recorded;
    push(stream, {[event, number] { return of(event).passed >= number; }, [] {}});
}

void FakeDevice::synchronize(Event event) {
    const std::lock_guard lock(m_mutex);
    const int number = of(event).recorded;
    runUntil([event, number] { return of(event).passed >= number; });
}

void FakeDevice::synchronize(Stream stream) {
    runUntil([stream] { return of(stream).steps.empty(); });
}

void FakeDevice::copyToHost(void* pinned, const void* memory, std::size_t bytes, Stream stream) {
    enqueue(stream, [=] { std::memcpy(pinned, memory, bytes); });
}

void FakeDevice::copyToDevice(void* memory, const void* pinned, std::size_t bytes, Stream stream) {
    enqueue(stream, [=] { std::memcpy(memory, pinned, bytes); });
}

void FakeDevice::fill(void* memory, int byte, std::size_t bytes, Stream stream) {
    enqueue(stream, [=] { std::memset(memory, byte, bytes); });
}

} // namespace moescope::cuda

#include "engine/kernels/cuda/cuda_device.h"

#include <cuda_runtime_api.h>

#include "engine/kernels/cuda/cuda_error.h"
#include "engine/routing/error.h"

namespace moescope::cuda {

namespace {

cudaStream_t of(Stream stream) {
    return static_cast<cudaStream_t>(stream.handle);
}
cudaEvent_t of(Event event) {
    return static_cast<cudaEvent_t>(event.handle);
}

} // namespace

CudaDevice::CudaDevice(int index) : m_index(index) {
    if (index < 0 || index >= count())
        throw Error(ErrorCode::NotFound, "there is no CUDA device " + std::to_string(index) + ": " +
                                             (count() == 0 ? absence() : std::to_string(count()) + " found"));
}

int CudaDevice::count() {
    int found = 0;
    if (cudaGetDeviceCount(&found) != cudaSuccess) {
        cudaGetLastError();
        return 0;
    }
    return found;
}

std::string CudaDevice::absence() {
    int found = 0;
    const cudaError_t status = cudaGetDeviceCount(&found);
    cudaGetLastError();
    return status == cudaSuccess ? "no CUDA device" : cudaGetErrorString(status);
}

void CudaDevice::makeCurrent() const {
    check(cudaSetDevice(m_index), "choosing the GPU");
}

std::size_t CudaDevice::freeBytes() const {
    makeCurrent();
    std::size_t available = 0;
    std::size_t total = 0;
    check(cudaMemGetInfo(&available, &total), "asking for free memory");
    return available;
}

void* CudaDevice::allocate(std::size_t bytes) {
    makeCurrent();
    void* memory = nullptr;
    cudaError_t status = cudaMalloc(&memory, bytes);
    if (status == cudaErrorMemoryAllocation && m_freeReserve) {
        cudaGetLastError();
        m_freeReserve();
        status = cudaMalloc(&memory, bytes);
    }
    check(status, "allocating GPU memory");
    return memory;
}

void CudaDevice::release(void* memory) noexcept {
    cudaSetDevice(m_index);
    cudaDeviceSynchronize();
    cudaFree(memory);
    cudaGetLastError(); // whoever asks next shall not find what failed here
}

void* CudaDevice::allocatePinned(std::size_t bytes) {
    makeCurrent();
    void* memory = nullptr;
    check(cudaHostAlloc(&memory, bytes, cudaHostAllocPortable), "allocating pinned memory");
    return memory;
}

void CudaDevice::releasePinned(void* memory) noexcept {
    cudaSetDevice(m_index);
    cudaDeviceSynchronize();
    cudaFreeHost(memory);
    cudaGetLastError();
}

Stream CudaDevice::createStream() {
    makeCurrent();
    cudaStream_t stream = nullptr;
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "creating a stream");
    return {stream};
}

void CudaDevice::destroy(Stream stream) noexcept {
    cudaStreamDestroy(of(stream));
}

Event CudaDevice::createEvent() {
    makeCurrent();
    cudaEvent_t event = nullptr;
    check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming | cudaEventBlockingSync), "creating an event");
    return {event};
}

void CudaDevice::destroy(Event event) noexcept {
    cudaEventDestroy(of(event));
}

void CudaDevice::record(Event event, Stream stream) {
    makeCurrent();
    check(cudaEventRecord(of(event), of(stream)), "recording an event");
}

void CudaDevice::wait(Stream stream, Event event) {
    makeCurrent();
    check(cudaStreamWaitEvent(of(stream), of(event), 0), "ordering streams");
}

void CudaDevice::synchronize(Event event) {
    makeCurrent();
    check(cudaEventSynchronize(of(event)), "waiting for the GPU");
}

void CudaDevice::synchronize(Stream stream) {
    makeCurrent();
    check(cudaStreamSynchronize(of(stream)), "waiting for the GPU");
}

void CudaDevice::copyToHost(void* pinned, const void* memory, std::size_t bytes, Stream stream) {
    makeCurrent();
    check(cudaMemcpyAsync(pinned, memory, bytes, cudaMemcpyDeviceToHost, of(stream)), "copying from the GPU");
}

void CudaDevice::copyToDevice(void* memory, const void* pinned, std::size_t bytes, Stream stream) {
    makeCurrent();
    check(cudaMemcpyAsync(memory, pinned, bytes, cudaMemcpyHostToDevice, of(stream)), "copying to the GPU");
}

void CudaDevice::fill(void* memory, int byte, std::size_t bytes, Stream stream) {
    makeCurrent();
    check(cudaMemsetAsync(memory, byte, bytes, of(stream)), "filling GPU memory");
}

} // namespace moescope::cuda

#pragma once

#include "engine/kernels/cuda/device_code.h"

namespace moescope::cuda {

// A thread's view of its block on the GPU. Every lane of a warp takes part in each of the warp's collectives.
class CudaBlock {
public:
    __device__ int thread() const { return int(threadIdx.x); }
    __device__ int threads() const { return int(blockDim.x); }
    __device__ int lane() const { return int(threadIdx.x) % kWarp; }
    __device__ int warp() const { return int(threadIdx.x) / kWarp; }
    __device__ int warps() const { return int(blockDim.x) / kWarp; }
    __device__ std::int64_t index() const { return std::int64_t(blockIdx.x); }

    template <class T>
    __device__ T shuffle(T value, int lane) const {
        return __shfl_sync(kAll, value, lane);
    }
    template <class T>
    __device__ T shuffleXor(T value, int mask) const {
        return __shfl_xor_sync(kAll, value, mask);
    }
    template <class T>
    __device__ T shuffleUp(T value, int delta) const {
        return __shfl_up_sync(kAll, value, unsigned(delta));
    }
    __device__ unsigned ballot(bool flag) const { return __ballot_sync(kAll, flag); }
    __device__ unsigned match(unsigned value) const { return __match_any_sync(kAll, value); }
    __device__ void syncWarp() const { __syncwarp(); }
    __device__ void sync() const { __syncthreads(); }
    __device__ void atomicMin(std::uint64_t* at, std::uint64_t value) const {
        ::atomicMin(reinterpret_cast<unsigned long long*>(at), static_cast<unsigned long long>(value));
    }
    template <class T>
    __device__ T* shared() const {
        extern __shared__ __align__(16) unsigned char memory[];
        return reinterpret_cast<T*>(memory);
    }

private:
    static constexpr unsigned kAll = 0xFFFFFFFFU;
};

} // namespace moescope::cuda

#pragma once

#include <cstdint>

#include "engine/routing/host_device.h"

// The bodies of kernels are C++17 templates over a Block, what one thread of a GPU sees of its block:
//
//   int thread(), threads()        its number in the block, and how many there are
//   int lane(), warp(), warps()    its place in its warp of 32, the warp's in the block
//   std::int64_t index()           the block's number in the grid
//   T shuffle(T, lane), shuffleXor(T, mask), shuffleUp(T, delta)
//   unsigned ballot(bool), match(unsigned)   lanes where the flag is set; lanes that hold the same value
//   void syncWarp(), sync()        all lanes of the warp, all threads of the block
//   void atomicMin(std::uint64_t*, std::uint64_t)
//   T* shared<T>()                 the block's own memory
//
// CudaBlock (cuda_block.cuh) is the GPU. EmulatedBlock (tests/engine/kernels/cuda) runs the threads of a block one
// beside the other on a CPU, in any order, and fails where they would not meet at a collective.
#ifdef __CUDACC__
#define MOESCOPE_DEVICE __device__ __forceinline__
#define MOESCOPE_UNROLL _Pragma("unroll")
#define MOESCOPE_NO_UNROLL _Pragma("unroll 1")
#else
#define MOESCOPE_DEVICE inline
#define MOESCOPE_UNROLL
#define MOESCOPE_NO_UNROLL
#endif

namespace moescope::cuda {

constexpr int kWarp = 32;

// Blocks, threads of each and bytes of its shared memory.
struct LaunchShape {
    std::int64_t blocks = 0;
    int threads = 0;
    std::int64_t sharedBytes = 0;
};

MOESCOPE_HOST_DEVICE constexpr std::int64_t divideUp(std::int64_t n, std::int64_t by) {
    return (n + by - 1) / by;
}

} // namespace moescope::cuda

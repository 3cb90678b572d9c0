#pragma once

// Marks a function that nvcc compiles for the GPU as well; such code is C++17 without the standard library's
// containers.
#ifdef __CUDACC__
#define MOESCOPE_HOST_DEVICE __host__ __device__
#else
#define MOESCOPE_HOST_DEVICE
#endif

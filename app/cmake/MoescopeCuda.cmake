# Looks for CUDA's compiler and cuBLAS, unless MOESCOPE_CUDA is OFF. Sets MOESCOPE_HAS_NVCC; no GPU and no CUDA LibTorch is
# needed to build the kernels. Included by the top directory: the language is then known to every target that links them.
set(MOESCOPE_HAS_NVCC OFF)
if(NOT MOESCOPE_CUDA STREQUAL OFF)
  find_program(MOESCOPE_NVCC nvcc PATHS /usr/local/cuda/bin)
  if(MOESCOPE_NVCC AND NOT DEFINED ENV{CUDACXX})
    set(ENV{CUDACXX} ${MOESCOPE_NVCC})
  endif()
  if(MOESCOPE_NVCC OR DEFINED ENV{CUDACXX} OR CMAKE_CUDA_COMPILER)
    include(CheckLanguage)
    check_language(CUDA) # false as well where nvcc refuses this C++ compiler
    find_package(CUDAToolkit QUIET)
  endif()
  if(CMAKE_CUDA_COMPILER AND TARGET CUDA::cudart AND TARGET CUDA::cublas)
    # Machine code for Ampere, Ada and Hopper, and PTX for whatever comes later.
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
      if(CUDAToolkit_VERSION VERSION_LESS 11.8)
        set(CMAKE_CUDA_ARCHITECTURES 80-real 86)
      else()
        set(CMAKE_CUDA_ARCHITECTURES 80-real 86-real 89-real 90)
      endif()
    endif()
    set(CMAKE_CUDA_RUNTIME_LIBRARY Shared) # LibTorch's too
    if(CCACHE_PROGRAM)
      set(CMAKE_CUDA_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
    endif()
    enable_language(CUDA)
    set(MOESCOPE_HAS_NVCC ON)
  elseif(MOESCOPE_CUDA STREQUAL ON)
    message(FATAL_ERROR "MOESCOPE_CUDA=ON: no usable nvcc with cuBLAS was found. Install the CUDA toolkit (11.7 or later) and "
                        "name its compiler with -DCMAKE_CUDA_COMPILER=<toolkit>/bin/nvcc, or configure without MOESCOPE_CUDA.")
  endif()
endif()

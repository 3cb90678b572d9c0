# LibTorch as an imported target, for the few targets that use it (always PRIVATE).
if(MOESCOPE_CUDA STREQUAL ON)
  find_package(CUDAToolkit REQUIRED)
endif()
find_package(Torch REQUIRED)
if(MOESCOPE_CUDA STREQUAL ON AND NOT TARGET torch_cuda)
  message(FATAL_ERROR "MOESCOPE_CUDA: the LibTorch in ${Torch_DIR} is built for the CPU only. "
                      "Configure with -DTorch_DIR=<folder of a CUDA LibTorch>/share/cmake/Torch, or without MOESCOPE_CUDA.")
endif()
if(NOT TARGET moescope_torch)
  add_library(moescope_torch INTERFACE)
  # SYSTEM: its headers are not ours to keep free of warnings.
  target_include_directories(moescope_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  target_link_libraries(moescope_torch INTERFACE ${TORCH_LIBRARIES})
  separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  target_compile_options(moescope_torch INTERFACE ${torch_flags})
endif()

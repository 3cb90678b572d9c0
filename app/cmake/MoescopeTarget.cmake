# One way to declare a library or program of this project: C++20, warnings, includes from the project's root.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

# The target's sources in groups of `count`, each compiled as one: what they include is most of what the compiler reads.
# MOESCOPE_UNITY=OFF keeps them apart, as tools that look at single sources want them.
function(moescope_compile_together target count)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${MOESCOPE_UNITY} UNITY_BUILD_BATCH_SIZE ${count})
  if(MOESCOPE_UNITY) # GCC takes a group's sources for headers, where types of unnamed namespaces would be a mistake
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

function(moescope_target_defaults target)
  moescope_compile_together(${target} 9)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
    target_compile_options(${target} PRIVATE -Wno-restrict) # false alarms on std::string's operator+ (GCC bug 105651)
  endif()
  if(MOESCOPE_WERROR)
    # maybe-uninitialized: a guess that changes with what the optimiser inlines, and often wrong about shared_ptr.
    target_compile_options(${target} PRIVATE -Werror $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
  endif()
endfunction()

function(moescope_library target)
  add_library(${target} STATIC ${ARGN})
  add_library(moescope::${target} ALIAS ${target})
  moescope_target_defaults(${target})
endfunction()

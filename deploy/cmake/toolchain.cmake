# How this house compiles: language, flags, linker and compiler cache.
#
# Two interface targets carry it; the functions of leye.cmake link them into every target:
#   leye_flags     what all code gets, generated code included (sanitizers, hardening)
#   leye_warnings  what our own code gets: warnings as errors

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

find_program(LEYE_CCACHE ccache)
if(LEYE_CCACHE)
  # With precompiled headers ccache has to be told that it may.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${LEYE_CCACHE})
endif()

add_library(leye_flags INTERFACE)

find_program(LEYE_LINKER NAMES mold ld.lld)
if(LEYE_LINKER MATCHES "mold$")
  target_link_options(leye_flags INTERFACE -fuse-ld=mold)
elseif(LEYE_LINKER)
  target_link_options(leye_flags INTERFACE -fuse-ld=lld)
endif()
target_link_options(leye_flags INTERFACE -Wl,--as-needed)

if(LEYE_SANITIZE)
  target_compile_options(
    leye_flags INTERFACE -fsanitize=${LEYE_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(leye_flags INTERFACE -fsanitize=${LEYE_SANITIZE})
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(leye_flags INTERFACE _GLIBCXX_ASSERTIONS)
else()
  # A service that opens to a network: checked libc calls, stack canaries, read-only relocations.
  target_compile_definitions(leye_flags INTERFACE _FORTIFY_SOURCE=2)
  target_compile_options(leye_flags INTERFACE -fstack-protector-strong)
  target_link_options(leye_flags INTERFACE -Wl,-z,relro,-z,now)
endif()

add_library(leye_warnings INTERFACE)
target_compile_options(
  leye_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                          -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang's -Wconversion brings -Wsign-conversion along, which gcc's does not in C++.
  target_compile_options(leye_warnings INTERFACE -Wthread-safety -Wno-sign-conversion)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 takes members that an optional or variant has not made for uninitialised ones once it
  # optimises (GCC bug 80635 and its kin). clang and the sanitizers check the same without that.
  target_compile_options(leye_warnings INTERFACE -Wno-maybe-uninitialized)
  if(LEYE_UNITY)
    # gcc takes the parts of such a source for headers, where a member whose type has no linkage would
    # be a mistake.
    target_compile_options(leye_warnings INTERFACE -Wno-subobject-linkage)
  endif()
endif()

# The functions every folder's CMakeLists.txt is written with.
#
#   leye_library(leye_store                       # static unless LEYE_SHARED; folder services/store
#     SOURCES mutation.cc sqlite_store.cc         # listed by hand, no globs
#     HEADERS mutation.h sqlite_store.h store.h
#     DEPS leye_base leye_proto absl::status      # what the headers show to users
#     PRIVATE_DEPS SQLite::SQLite3)               # what only the .cc files use
#   A library of headers alone has no SOURCES. Names to link from Debian: packages.cmake.
#
#   leye_executable(leyed SOURCES main.cc DEPS leye_rpc CLI11::CLI11)   # build/<preset>/bin/leyed
#
#   leye_test(sqlite_store_test LABELS contract tsan
#     SOURCES sqlite_store_test.cc DEPS leye_store leye_testing)
#   One program, one ctest entry. GoogleTest, GoogleMock, their main() and RapidCheck are linked. LABELS: one of
#   unit contract e2e faults access clients (default unit), and tsan when it runs no gRPC. TIMEOUT in seconds
#   (default 120, three times that under a sanitizer). DATA VAR=VALUE adds environment. The test runs in its build folder with
#   its own empty-at-configure TMPDIR, tests in random order (the seed is printed).
#
#   leye_fuzz_target(fit_fuzz SOURCES fit_fuzz.cc DEPS leye_matcher)     # only in preset fuzz
#
# Includes are written from the repository's root (#include "services/store/store.h"), generated ones
# from the proto root (#include "leye/v1/posting.pb.h"). Targets: leye_proto, leye_matcher,
# leye_base, leye_store, leye_access, leye_live, leye_app, leye_rpc, leye_gateway.
include_guard(GLOBAL)

# Called first in a folder whose code computes much in tests: there the debug presets optimise, which
# elsewhere do not (half the time to compile). Such a folder has no precompiled headers.
macro(leye_computes)
  set(LEYE_COMPUTES ON)
  add_compile_options($<$<CONFIG:Debug>:-O1>)
endmacro()

# Adds each folder that has a CMakeLists.txt.
function(leye_add_folders)
  foreach(folder IN LISTS ARGN)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()

function(leye_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;DEPS;PRIVATE_DEPS")
  leye_check_arguments(${name})
  if(arg_SOURCES)
    leye_library_type(type)
    add_library(${name} ${type} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES DEFINE_SYMBOL "")  # The precompiled headers know of none.
    target_link_libraries(${name} PUBLIC leye_flags ${arg_DEPS} PRIVATE leye_warnings
                                         ${arg_PRIVATE_DEPS})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_sources(${name} PRIVATE ${arg_HEADERS})
    leye_precompile(${name} library)
    leye_unite(${name})
  else()
    add_library(${name} INTERFACE ${arg_HEADERS})
    target_link_libraries(${name} INTERFACE leye_flags ${arg_DEPS})
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
  endif()
endfunction()

function(leye_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  leye_check_arguments(${name})
  leye_program(${name} program)
endfunction()

function(leye_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;SOURCES;DEPS;DATA")
  leye_check_arguments(${name})
  if(NOT LEYE_BUILD_TESTS)
    return()
  endif()
  list(APPEND arg_DEPS ${LEYE_TEST_DEPS})
  leye_program(${name} test)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  leye_describe_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" "GTEST_SHUFFLE=1;${arg_DATA}")
  if("tsan" IN_LIST arg_LABELS)
    add_dependencies(leye_tsan_tests ${name})
  endif()
endfunction()

# A test that is a script: leye_script_test(check_layering LABELS unit COMMAND python3 file.py).
function(leye_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;COMMAND;DATA")
  leye_check_arguments(${name})
  if(LEYE_BUILD_TESTS)
    add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    leye_describe_test(${name} "${arg_LABELS}" "${arg_TIMEOUT}" "${arg_DATA}")
  endif()
endfunction()

function(leye_fuzz_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  leye_check_arguments(${name})
  if(LEYE_FUZZER_LINK_OPTIONS)
    leye_executable(${name} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS})
    target_link_options(${name} PRIVATE ${LEYE_FUZZER_LINK_OPTIONS})
  endif()
endfunction()

# All tests that may run under ThreadSanitizer: Debian's gRPC is not instrumented.
add_custom_target(leye_tsan_tests)

# --- internal -----------------------------------------------------------------------------------

# A hundred test programs that each contain most of leye take 12 GB under AddressSanitizer.
option(LEYE_SHARED "Link what is not for tests alone as shared libraries; not for what is installed" OFF)

# Libraries of tests stay static: they contain GoogleTest and RapidCheck, which must be there once.
function(leye_library_type out)
  if(LEYE_SHARED AND NOT CMAKE_CURRENT_SOURCE_DIR MATCHES "^${PROJECT_SOURCE_DIR}/tests(/|$)")
    set(${out} SHARED PARENT_SCOPE)
  else()
    set(${out} STATIC PARENT_SCOPE)
  endif()
endfunction()

# What most sources read, compiled once: half the time to compile. Preset tidy does without, so that a header that is
# used is a header that is included.
option(LEYE_PRECOMPILE "Compile common headers once" OFF)

function(leye_precompile name kind)
  if(NOT LEYE_PRECOMPILE OR LEYE_COMPUTES)
    return()
  endif()
  set(owner leye_precompiled_${kind})
  if(NOT TARGET ${owner})
    set(empty ${PROJECT_BINARY_DIR}/${owner}.cc)
    file(CONFIGURE OUTPUT ${empty} CONTENT "int main() {}\n")
    set(header precompiled.h)
    if(kind STREQUAL "library")
      add_library(${owner} OBJECT ${empty})
    else()
      add_executable(${owner} ${empty})
    endif()
    if(kind STREQUAL "test")
      set(header precompiled_test.h)
      target_link_libraries(${owner} PRIVATE ${LEYE_TEST_DEPS})
    endif()
    target_link_libraries(${owner} PRIVATE leye_flags leye_warnings leye_proto absl::statusor absl::time)
    target_include_directories(${owner} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_options(${owner} PRIVATE -pthread)
    target_precompile_headers(${owner} PRIVATE ${PROJECT_SOURCE_DIR}/deploy/cmake/${header})
  endif()
  # A precompiled header fits only what is compiled with the same options.
  target_compile_options(${name} PRIVATE -pthread)
  target_precompile_headers(${name} REUSE_FROM ${owner})
endfunction()

# Several sources of a target compiled as one: a third of the time from nothing. A function of a source's namespace
# without a name must then not be named like another of the target, in its headers least of all: a call may silently
# find the wrong one. So what is shipped (preset release) compiles each source by itself, and so do clang and tidy.
function(leye_unite name)
  if(LEYE_UNITY AND NOT LEYE_COMPUTES)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
  endif()
endfunction()

set(LEYE_TEST_DEPS GTest::gmock_main GTest::gmock GTest::gtest rapidcheck_gtest)

# A program of the caller's arg_SOURCES and arg_DEPS.
function(leye_program name kind)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE leye_flags leye_warnings ${arg_DEPS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  leye_precompile(${name} ${kind})
  leye_unite(${name})
endfunction()

set(LEYE_TEST_LABELS unit contract e2e faults access clients tsan)

macro(leye_check_arguments target)
  if(arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${target}: unknown argument or empty list: "
                        "${arg_UNPARSED_ARGUMENTS} ${arg_KEYWORDS_MISSING_VALUES}")
  endif()
endmacro()

function(leye_describe_test name labels timeout environment)
  if(NOT labels)
    set(labels unit)
  endif()
  foreach(label IN LISTS labels)
    if(NOT label IN_LIST LEYE_TEST_LABELS)
      message(FATAL_ERROR "${name}: label ${label} is none of ${LEYE_TEST_LABELS}")
    endif()
  endforeach()
  if(NOT timeout)
    set(timeout 120)
  endif()
  if(LEYE_SANITIZE)
    math(EXPR timeout "${timeout} * 3")
  endif()
  set(temporary ${PROJECT_BINARY_DIR}/tmp/${name})
  file(REMOVE_RECURSE ${temporary})
  file(MAKE_DIRECTORY ${temporary})
  set_tests_properties(
    ${name}
    PROPERTIES
      LABELS "${labels}"
      TIMEOUT ${timeout}
      ENVIRONMENT
      "TMPDIR=${temporary};LEYE_BIN_DIR=${PROJECT_BINARY_DIR}/bin;LEYE_SOURCE_DIR=${PROJECT_SOURCE_DIR};ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1;LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/deploy/cmake/leaks.supp:print_suppressions=0;UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=second_deadlock_stack=1;${environment}"
  )
endfunction()

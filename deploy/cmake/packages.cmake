# Everything leye uses from Debian 12, found once. deploy/install-packages installs the packages.
#
# Names to link: absl::*, gRPC::grpc++, gRPC::grpc++_reflection, protobuf::libprotobuf, hwy::hwy,
# hiredis::hiredis, libzstd::libzstd, SQLite::SQLite3, OpenSSL::SSL, OpenSSL::Crypto, spdlog::spdlog, fmt::fmt,
# CLI11::CLI11, EXPAT::EXPAT, libzip::libzip, xlsxwriter::xlsxwriter, nlohmann_json::nlohmann_json,
# OpenCC::OpenCC, ICU::i18n, ICU::uc, prometheus-cpp::core, microhttpd::microhttpd, Threads::Threads; leye_malloc in programs; in tests
# GTest::gtest, GTest::gmock, rapidcheck, rapidcheck_gtest, nghttp2::nghttp2, ZLIB::ZLIB (which gRPC finds); with
# LEYE_BUILD_PEERS libpq::libpq.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(hwy CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(EXPAT REQUIRED)
find_package(ICU REQUIRED COMPONENTS i18n uc)
find_package(prometheus-cpp CONFIG REQUIRED)

find_package(PkgConfig REQUIRED)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
# -D_FILE_OFFSET_BITS=64: nothing on 64-bit machines, but gcc would refuse precompiled headers.
set_target_properties(PkgConfig::hiredis PROPERTIES INTERFACE_COMPILE_OPTIONS "")
add_library(hiredis::hiredis ALIAS PkgConfig::hiredis)
pkg_check_modules(OpenCC REQUIRED IMPORTED_TARGET opencc)
add_library(OpenCC::OpenCC ALIAS PkgConfig::OpenCC)
pkg_check_modules(CLI11 REQUIRED IMPORTED_TARGET CLI11)
add_library(CLI11::CLI11 ALIAS PkgConfig::CLI11)
pkg_check_modules(nlohmann_json REQUIRED IMPORTED_TARGET nlohmann_json)
add_library(nlohmann_json::nlohmann_json ALIAS PkgConfig::nlohmann_json)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
add_library(libzip::libzip ALIAS PkgConfig::libzip)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
add_library(xlsxwriter::xlsxwriter ALIAS PkgConfig::xlsxwriter)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
add_library(microhttpd::microhttpd ALIAS PkgConfig::microhttpd)

pkg_check_modules(libzstd REQUIRED IMPORTED_TARGET libzstd)
add_library(libzstd::libzstd ALIAS PkgConfig::libzstd)

# The allocator of programs that hold indexes, and how it is set. A sanitizer brings its own.
add_library(leye_malloc INTERFACE)
if(NOT LEYE_SANITIZE)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
  target_link_libraries(leye_malloc INTERFACE PkgConfig::jemalloc)
  target_sources(leye_malloc INTERFACE ${PROJECT_SOURCE_DIR}/services/base/huge_pages.cc)
endif()

if(LEYE_BUILD_TESTS OR LEYE_BUILD_BENCH)
  pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2)  # a client that misbehaves
  add_library(nghttp2::nghttp2 ALIAS PkgConfig::nghttp2)
  pkg_check_modules(lemon REQUIRED IMPORTED_TARGET lemon)  # flows of least cost: the planner's oracle
  add_library(lemon::lemon ALIAS PkgConfig::lemon)
endif()

if(LEYE_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(rapidcheck CONFIG REQUIRED)
endif()

if(LEYE_BUILD_PEERS)
  pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
  add_library(libpq::libpq ALIAS PkgConfig::libpq)
endif()

# Protos that Debian ships; proto/CMakeLists.txt compiles some of them in.
find_program(LEYE_PROTOC protoc REQUIRED)
find_program(LEYE_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
find_path(LEYE_GRPC_PROTO_DIR grpc/health/v1/health.proto PATHS /usr/share/grpc-proto REQUIRED)
find_path(
  LEYE_GOOGLEAPIS_DIR google/rpc/error_details.proto
  PATHS
    /usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis
  REQUIRED)

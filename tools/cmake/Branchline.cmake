# The project's dependencies, and one function per kind of target.
#
#   bl_library(<name> SRCS ... DEPS ...)  static library branchline::<name>
#   bl_binary(<name> SRCS ... DEPS ...)   program in ${CMAKE_BINARY_DIR}/bin
#   bl_test(<name> SRCS ... DEPS ...)     GoogleTest binary, found by ctest;
#                                         SEPARATE: its files name things alike
#
# Every source is listed: a file in no list is not built, and tools/tidy says so.
#
# The presets compile eight sources of a target at once (CMAKE_UNITY_BUILD): a
# build from nothing takes half as long, for what takes the time is to read
# headers. So names in unnamed namespaces differ within a target.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(absl REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_library(BL_HTTPLIB cpp-httplib REQUIRED)
find_library(BL_SODIUM sodium REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)

find_program(BL_CCACHE ccache)
if(BL_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${BL_CCACHE})
  # Precompiled headers need ccache to look past their time stamps.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${BL_CCACHE})
endif()
find_program(BL_MOLD mold)
if(BL_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(bl_warnings INTERFACE)
# -pthread everywhere: a precompiled header serves only one way of compiling.
target_compile_options(bl_warnings INTERFACE -Wall -Wextra -Werror -pthread)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Of a class whose parts are of the file's own: right, and in a unity build
  # the file is no longer the main one, for which GCC keeps silent.
  target_compile_options(bl_warnings INTERFACE -Wno-subobject-linkage)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 at -O2 sees overflows in std::string that are not there (PR 105651).
  target_compile_options(bl_warnings INTERFACE
    $<$<CONFIG:Release>:-Wno-stringop-overflow> $<$<CONFIG:Release>:-Wno-restrict>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(bl_warnings INTERFACE -Wthread-safety)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The compiler's own garbage collector took a twelfth of a test's compilation.
  add_compile_options(--param=ggc-min-expand=100 --param=ggc-min-heapsize=524288)
endif()
# Of test files alone; the dev preset leaves line tables out of them, a fifth of
# their compilation. A failed test says its line by itself.
set(BL_TEST_FLAGS "" CACHE STRING "compiler flags of test files")

# Debian builds Abseil and gRPC without ThreadSanitizer; see tools/sanitizer.
option(BL_TSAN "tell ThreadSanitizer of Abseil and gRPC: the tsan preset" OFF)
if(BL_TSAN)
  # Headers must lay classes out as the libraries do: protobuf's MapField has a
  # member more with it. Before any target, so that the precompiled header agrees.
  add_compile_options(-U__SANITIZE_THREAD__)
endif()

# Precompiled headers: what nearly every file of a kind includes.
#   bl_pch        everything
#   bl_proto_pch  what stands on the contract: the events and the till service
#   bl_test_pch   tests: GoogleTest too
# A folder chooses with set(BL_PCH ...); bl_test() chooses the last by itself.
# CONFIGURE, not WRITE: the file keeps its time, and its hundreds of users theirs.
set(BL_PCH bl_pch)
function(_bl_pch name)
  cmake_parse_arguments(arg "" "" "HEADERS;DEPS" ${ARGN})
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc
    CONTENT "// The host of a precompiled header.\n")
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cc)
  target_precompile_headers(${name} PRIVATE
    <algorithm> <cstdint> <functional> <map> <memory> <optional> <string>
    <string_view> <unordered_map> <utility> <vector>
    <absl/container/flat_hash_map.h> <absl/status/status.h>
    <absl/status/statusor.h> <absl/strings/str_cat.h>
    <absl/strings/str_format.h> <absl/strings/string_view.h>
    <absl/synchronization/mutex.h> <absl/time/time.h>
    <google/protobuf/message.h> ${arg_HEADERS})
  target_compile_options(${name} PRIVATE -Wall -Wextra -fpch-preprocess -pthread)
  target_link_libraries(${name} PRIVATE
    protobuf::libprotobuf absl::statusor ${arg_DEPS})
endfunction()
find_package(GTest REQUIRED)
_bl_pch(bl_pch)
_bl_pch(bl_proto_pch
  HEADERS <branchline/v1/event.pb.h> <branchline/v1/till.pb.h>
  DEPS branchline::proto)
_bl_pch(bl_test_pch
  HEADERS <branchline/v1/event.pb.h> <branchline/v1/till.pb.h>
    <gmock/gmock.h> <gtest/gtest.h>
  DEPS branchline::proto GTest::gmock)
target_compile_options(bl_test_pch PRIVATE ${BL_TEST_FLAGS})

function(_bl_common target)
  target_link_libraries(${target} PRIVATE bl_warnings)
  if(NOT BL_FUZZ)
    target_precompile_headers(${target} REUSE_FROM ${BL_PCH})
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

function(bl_library name)
  cmake_parse_arguments(arg "" "" "SRCS;DEPS" ${ARGN})
  add_library(bl_${name} STATIC ${arg_SRCS})
  add_library(branchline::${name} ALIAS bl_${name})
  target_include_directories(bl_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(bl_${name} PUBLIC ${arg_DEPS})
  _bl_common(bl_${name})
endfunction()

# What one thread makes another one frees: with jemalloc a sale takes a tenth
# less of the processor than with the C library's allocator.
option(BL_JEMALLOC "link programs with jemalloc; not with a sanitizer" ON)
if(BL_JEMALLOC)
  find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
endif()

function(bl_binary name)
  cmake_parse_arguments(arg "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} $<$<BOOL:${BL_JEMALLOC}>:${JEMALLOC_LIBRARY}>)
  _bl_common(${name})
endfunction()

include(GoogleTest)
function(bl_test name)
  cmake_parse_arguments(arg "SEPARATE" "TIMEOUT" "SRCS;DEPS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SRCS})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} GTest::gmock GTest::gtest_main)
  set(BL_PCH bl_test_pch)
  _bl_common(${name})
  target_compile_options(${name} PRIVATE ${BL_TEST_FLAGS})
  if(arg_SEPARATE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()

if(BL_FUZZ)
  function(bl_fuzz name)
    cmake_parse_arguments(arg "" "" "SRCS;DEPS" ${ARGN})
    add_executable(${name} ${arg_SRCS})
    target_link_libraries(${name} PRIVATE ${arg_DEPS} bl_warnings)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  endfunction()
endif()

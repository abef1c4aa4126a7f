#pragma once

// cpp-httplib as Debian built it. Its classes have further members with OpenSSL
// support, so this must match the library: without it every field after
// Request::ssl is read from the wrong place. (`pkg-config --cflags cpp-httplib`
// also names zlib and brotli; they change no class that we use.)
//
// For .cc files only: it takes seconds to compile.
#define CPPHTTPLIB_OPENSSL_SUPPORT
#include <httplib.h>

#pragma once

// Headers lay their classes out as Debian's libraries do, which were built
// without ThreadSanitizer: protobuf's MapField has a member more with it.
#undef __SANITIZE_THREAD__

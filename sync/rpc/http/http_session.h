#pragma once

#include "sync/rpc/http/connect_handler.h"
#include "sync/rpc/http/http_limits.h"
#include "sync/rpc/http/listener.h"

namespace branchline {

// A session that speaks HTTP/1.1 on a connection and lets `handler` answer.
// Of cpp-httplib it uses the parser and the writer. Sockets, threads, TLS and
// deadlines are ours: as Debian has it, its server reads headers without a
// limit, waits for ever on a peer that sends a byte a second, listens with a
// backlog of 5 and SO_REUSEPORT, and cannot stop while a connection is idle.
//
// Both outlive the session. One thread at a time. Ignores SIGPIPE from then on,
// for the whole process.
Listener::Session MakeHttpSession(const ConnectHandler* handler,
                                  const HttpLimits& limits);

// A whole HTTP answer, for a peer that gets no session.
std::string BusyAnswer();

}  // namespace branchline

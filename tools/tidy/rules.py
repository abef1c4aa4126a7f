"""The rules of tidy.py, as tables. Every exception has its reason beside it.

A prefix that ends in "/" is a folder; any other prefix is one file, or all
files whose names start so.
"""

# Who may include whom: a folder may include itself and what its row lists. The
# longest matching row counts. "proto" is branchline/v1/*.pb.h.
MAY_INCLUDE = {
    "sync/base": [],
    "sync/ledger": ["proto", "sync/base"],
    "sync/replication": ["proto", "sync/base", "sync/ledger"],
    "sync/identity": ["proto", "sync/base"],
    "sync/journal": ["proto", "sync/base", "sync/ledger", "sync/identity"],
    "sync/rpc": ["proto", "sync"],
    "devices": ["sync/base"],
    "devices/counter": ["sync/base", "sync/identity", "devices"],
    "devices/wallet": ["sync/base", "sync/identity", "devices"],
    "edge": ["proto", "sync", "devices"],
    "edge/pricing": ["sync/base"],
    "edge/words": [],
    "hub": ["proto", "sync"],
    # Devices: `branchline devices emulate` and the bench.
    "tools": ["proto", "sync", "edge", "hub", "devices"],
    "tests/sync": ["proto", "sync", "tests/support"],
    "tests/devices": ["sync/base", "devices", "tests/support"],
    "tests/payment_sim": ["sync/base", "devices", "tests/devices",
                          "tests/support"],
    "tests/edge": ["proto", "sync", "devices", "edge", "tests/support",
                   "tests/devices"],  # its terminals and wallets
    "tests/pricing": ["sync/base", "edge/pricing", "tests/support"],
    "tests/hub": ["proto", "sync", "hub", "tests/support"],
    "tests/tools": ["proto", "sync", "edge", "hub", "tools", "devices",
                    "tests/support", "tests/edge"],  # its till service
    "tests/wire": ["proto", "sync", "tests/support"],
    "tests/support": ["proto", "sync", "devices"],
    "tests/fuzz": ["proto", "sync", "devices", "edge", "hub", "tools",
                   "tests/support", "tests/sync"],  # its fake ports
    # The two that see both ends.
    "tests/sim": ["proto", "sync", "devices", "edge", "hub", "tests/support"],
    "tests/e2e": ["proto", "sync", "devices", "edge", "hub", "tools",
                  "tests/support", "tests/sync"],  # its fake ports
}

# (what, regex of the included path, {prefix: reason}, do this instead)
HEADERS = [
    ("RocksDB", r"^rocksdb/",
     {"sync/journal/": "the journal's storage",
      "hub/storage/": "the hub's embedded storage",
      "tools/benchmark/": "measures the bare library beside ours",
      "tests/": "damages stores on purpose"},
     "go through the storage seam of sync/journal or hub/storage"),
    ("gRPC", r"^(grpc|grpcpp|grpc\+\+)/|\.grpc\.pb\.h$",
     {"sync/rpc/": "the shell of replication",
      "edge/serve/": "the edge's services",
      "edge/main.cc": "starts the services",
      "hub/serve/": "the hub's services",
      "hub/main.cc": "starts the services",
      "hub/enrol/": "the enrolment service",
      "tools/": "clients",
      "tests/": "clients and fake peers"},
     "keep the rule here and its gRPC shell in a serve/ folder"),
    ("libserialport", r"^libserialport\.h$",
     {"devices/transport/": "the one driver of serial ports"},
     "take a transport of devices/transport"),
]

# Pure folders: tests/sim runs them in one thread, with a clock, a network and a
# disk of its own, so they may not bring any.
PURE_FOLDERS = ["sync/ledger/", "sync/replication/", "edge/pricing/"]
PURE_BANS = (
    r"^(thread|mutex|condition_variable|future|fstream|filesystem|chrono|"
    r"fcntl\.h|unistd\.h|netdb\.h|sys/(socket|stat|file|mman)\.h|"
    r"absl/synchronization/.*|absl/time/clock\.h|"
    r"sync/base/clock\.h)$")
PURE_CODE_BANS = r"\bSystem(Clock|Random)\("
PURE_INSTEAD = "take time as an argument and leave the rest to the caller"

# Headers of which one file in the whole tree may include.
ONE_FILE_HEADERS = {"libserialport.h": "devices/transport/"}

CODE, COMMENT = "code", "comment"

# (what, regex, looked for in, {prefix: reason}, do this instead)
BANNED = [
    ("a clock",
     r"absl::(Now|GetCurrentTimeNanos)\(|"
     r"\b(system|steady|high_resolution)_clock\b|"
     r"\b(std::|::|(?<![\w.>:]))time\((nullptr|NULL|0|&\w+)\)|"
     r"\bgettimeofday\(|\bclock_gettime\(",
     CODE,
     {"sync/base/system_clock.cc": "the machine's clocks, behind Clock"},
     "use the Clock you were given"),
    ("chance",
     r"\brandom_device\b|\bs?rand\(|\bmt19937|\bBitGen\b|\bgetrandom\(|"
     r"\barc4random|\bdrand48\(",
     CODE,
     {"sync/base/random.cc": "the kernel's generator, behind Random"},
     "use the Random you were given"),
    ("a sleep",
     r"\bsleep_(for|until)\b|\bSleepFor\b|\b(u|nano)?sleep\(",
     CODE,
     {"tools/drill/": "paces and kills real processes",
      "tools/demo/": "plays a day at a speed that people can watch"},
     "wait for the event itself, or for Clock and poll_at"),
    ("binary floating point", r"\b(float|double)\b", CODE,
     {"tools/benchmark/": "rates and percentiles; never money or stock"},
     "use int64_t minor units, milli units or basis points"),
    ("a note to do later", r"\b(TODO|FIXME|XXX)\b", COMMENT, {},
     "do it now, or open an issue"),
    ("the inside of Abseil",
     r"absl/(\w+/)*internal/|\babsl::(\w+::)*\w*_internal\b", CODE, {},
     "use a public Abseil header"),
    ("a disabled test", r"\bDISABLED_\w+", CODE, {}, "fix it or delete it"),
    ("code that is switched off", r"^\s*#\s*if\s+0\b", CODE, {}, "delete it"),
]

# Files whose refusals a cashier may read at a till: each piece of such a
# sentence is in a table of edge/words, with its Chinese.
SPOKEN = [
    "devices/payment/payment_desk.cc",
    "devices/scale/weigh_gate.cc",
    "edge/commit/commit_queue.cc",
    "edge/commit/edge_core_baskets.cc",
    "edge/commit/edge_core_execute.cc",
    "edge/devices/device_manager.cc",
    "edge/devices/device_manager_pay.cc",
    "edge/devices/device_manager_print.cc",
    "edge/devices/terminal_host.cc",
    "edge/payment/decide_payment.cc",
    "edge/payment/payment_ledger.cc",
    "edge/payment/sale_standing.cc",
    "edge/people/",
    "edge/pricing/manual_discount.cc",
    "edge/pricing/price_choice.cc",
    "edge/pricing/receipt.cc",
    "edge/pricing/return_figures.cc",
    "edge/pricing/tendering.cc",
    "edge/receipt/receipt_code.cc",
    "edge/serve/item_search.cc",
    "edge/serve/till_",
    "edge/stock/",
    "edge/till/cash_",
    "edge/till/decide_",
    "edge/till/exchange.cc",
    "edge/till/find_item.cc",
    "edge/till/item_rules.cc",
    "edge/till/label_code.cc",
    "edge/till/match_tenders.cc",
    "edge/till/price_sale.cc",
    "edge/till/queries.cc",
    "edge/till/return_share.cc",
    "edge/till/sale_rights.cc",
    "edge/till/sold_receipt.cc",
    "edge/till/training.cc",
    "tools/cli/till_console.cc",
    "tools/cli/till_console_after.cc",
    "tools/cli/till_console_basket.cc",
    "tools/cli/till_console_catalogue.cc",
    "tools/cli/till_console_day.cc",
    "tools/cli/till_console_pay.cc",
]
# Files of which every string is such a piece.
SPOKEN_WHOLE = ["edge/pricing/explain.cc", "edge/till/warnings.cc"]
# What makes such a sentence. Damage and our own mistakes are a technician's.
SPOKEN_CALLS = (
    r"\b(InvalidArgument|FailedPrecondition|NotFound|PermissionDenied|"
    r"OutOfRange|"
    r"Aborted|Unavailable|AlreadyExists|ResourceExhausted|Unauthenticated|"
    r"DeadlineExceeded)Error\(|->Need\(")
SPOKEN_TABLES = r"edge/words/sentences_\w+\.cc$"
# Pieces that stay English, with the reason.
SPOKEN_NOT = {
    "%H:%M": "a form of the time",
}

LINE_LENGTH_MAX = 80
FILE_LINES_MAX = 400
# A longer file says so in a comment among its first lines: "Over 400 lines:
# <why it is one file>".
FILE_LINES_REASON = r"(?i)over 400 lines: *\S"
FILE_HEAD_LINES = 40

# Folders that hold nothing of ours to check.
SKIPPED_FOLDERS = {".git", ".cache", "__pycache__", "build", "node_modules",
                   "testdata"}

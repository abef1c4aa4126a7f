#!/usr/bin/env python3
"""Plants each fault in a tree of its own and expects exactly its finding.

Over 400 lines: two tables, which read best beside the code that runs them.
"""

import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import source  # pylint: disable=wrong-import-position
import tidy

# A small tree without a fault.
CLEAN = {
    "CMakeLists.txt":
        "add_subdirectory(sync)\nadd_subdirectory(edge)\n"
        "add_subdirectory(hub)\nadd_subdirectory(tests)\n",
    "sync/CMakeLists.txt":
        "bl_library(base SRCS base/money.cc base/random.cc"
        " base/system_clock.cc)\n"
        "bl_library(ledger SRCS ledger/fold.cc)\n",
    "sync/base/money.h":
        "#pragma once\n\n#include <cstdint>\n",
    "sync/base/money.cc": '#include "sync/base/money.h"\n',
    "sync/base/random.cc": "uint64_t Seed() { return getrandom(); }\n",
    "sync/base/system_clock.cc": "auto Now() { return absl::Now(); }\n",
    "sync/ledger/fold.h":
        "#pragma once\n\n"
        '#include "branchline/v1/event.pb.h"\n'
        '#include "sync/base/money.h"\n',
    "sync/ledger/fold.cc": '#include "sync/ledger/fold.h"\n',
    "edge/CMakeLists.txt":
        "bl_library(edge SRCS serve/server.cc)\n"
        "bl_binary(branchline-edge SRCS main.cc)\n",
    "edge/serve/server.cc":
        "#include <grpcpp/grpcpp.h>\n\n"
        '#include "branchline/v1/till.grpc.pb.h"\n'
        '#include "sync/ledger/fold.h"\n',
    "edge/main.cc": "#include <grpcpp/grpcpp.h>\n",
    "hub/CMakeLists.txt": "bl_library(hub SRCS storage/rocks.cc)\n",
    "hub/storage/rocks.h": "#pragma once\n",
    "hub/storage/rocks.cc": "#include <rocksdb/db.h>\n",
    "tests/CMakeLists.txt": "add_subdirectory(sync/base)\n",
    "tests/sync/base/CMakeLists.txt":
        "foreach(name money)\n"
        "  bl_test(base_${name}_test SRCS ${name}_test.cc)\n"
        "endforeach()\n",
    "tests/sync/base/money_test.cc": '#include "sync/base/money.h"\n',
}

# (name, {path: text that replaces the file}, findings). A text that starts
# with "+" is put after the clean one.
CASES = [
    # Who may include whom.
    ("BaseKnowsNothing",
     {"sync/base/money.h": '#pragma once\n#include "sync/ledger/fold.h"\n'},
     ["sync/base/money.h:2: sync/base may not include sync/ledger: "
      "it may include itself only"]),
    ("BaseKnowsNoProto",
     {"sync/base/money.cc": '#include "branchline/v1/event.pb.h"\n'},
     ["sync/base/money.cc:1: sync/base may not include proto: "
      "it may include itself only"]),
    ("LedgerBelowReplication",
     {"sync/ledger/fold.cc": '+#include "sync/replication/push.h"\n'},
     ["sync/ledger/fold.cc:2: sync/ledger may not include sync/replication: "
      "it may include proto, sync/base"]),
    ("SyncBelowEdge",
     {"sync/ledger/fold.cc": '+\n#include "edge/commit/decide.h"\n'},
     ["sync/ledger/fold.cc:3: sync/ledger may not include edge: "
      "it may include proto, sync/base"]),
    ("EdgeNotHub",
     {"edge/main.cc": '#include "hub/storage/rocks.h"\n'},
     ["edge/main.cc:1: edge may not include hub: "
      "it may include proto, sync, devices"]),
    ("HubNotEdge",
     {"hub/storage/rocks.h": '#pragma once\n#include "edge/till/till.h"\n'},
     ["hub/storage/rocks.h:2: hub may not include edge: "
      "it may include proto, sync"]),
    ("HubNotDevices",
     {"hub/storage/rocks.h": '#pragma once\n#include "devices/a.h"\n'},
     ["hub/storage/rocks.h:2: hub may not include devices: "
      "it may include proto, sync"]),
    ("NobodyIncludesTools",
     {"edge/main.cc": '#include "tools/cli/table.h"\n'},
     ["edge/main.cc:1: edge may not include tools: "
      "it may include proto, sync, devices"]),
    ("TestsOfSyncSeeNoEdge",
     {"tests/sync/base/money_test.cc": '#include "edge/till/till.h"\n'},
     ["tests/sync/base/money_test.cc:1: tests/sync may not include edge: "
      "it may include proto, sync, tests/support"]),
    ("SimSeesBoth",
     {"tests/CMakeLists.txt": "+add_subdirectory(sim)\n",
      "tests/sim/CMakeLists.txt": "bl_test(sim SRCS sim.cc)\n",
      "tests/sim/sim.cc":
          '#include "edge/till/till.h"\n#include "hub/storage/rocks.h"\n'},
     []),
    ("UnknownFolder",
     {"CMakeLists.txt": "+bl_library(new SRCS new/a.cc)\n",
      "new/a.cc": "int a;\n"},
     ["new/a.cc:1: a folder that no include rule knows: "
      "give it a row in MAY_INCLUDE of tools/tidy/rules.py"]),
    ("BesideOneself",
     {"sync/base/money.cc": '#include "money.h"\n'},
     ["sync/base/money.cc:1: 'money.h' names a file beside this one: "
      "write its path from the root of the tree"]),
    # Libraries.
    ("RocksDbInSync",
     {"edge/main.cc": "#include <rocksdb/db.h>\n"},
     ["edge/main.cc:1: <rocksdb/db.h> is RocksDB: "
      "go through the storage seam of sync/journal or hub/storage"]),
    ("GrpcInStorage",
     {"hub/storage/rocks.cc": "#include <grpcpp/server.h>\n"},
     ["hub/storage/rocks.cc:1: <grpcpp/server.h> is gRPC: "
      "keep the rule here and its gRPC shell in a serve/ folder"]),
    ("ServiceStubInLedger",
     {"sync/ledger/fold.cc": '#include "branchline/v1/till.grpc.pb.h"\n'},
     ["sync/ledger/fold.cc:1: <branchline/v1/till.grpc.pb.h> is gRPC: "
      "keep the rule here and its gRPC shell in a serve/ folder"]),
    ("SerialPortAtTheEdge",
     {"edge/main.cc": "#include <libserialport.h>\n"},
     ["edge/main.cc:1: <libserialport.h> is libserialport: "
      "take a transport of devices/transport"]),
    ("SerialPortInTwoFiles",
     {"CMakeLists.txt":
          "+bl_library(d SRCS devices/transport/a.cc"
          " devices/transport/b.cc)\n",
      "devices/transport/a.cc": "#include <libserialport.h>\n",
      "devices/transport/b.cc": "#include <libserialport.h>\n"},
     ["devices/transport/b.cc:1: <libserialport.h> is in "
      "devices/transport/a.cc already: use that file: one file knows this "
      "library"]),
    ("ThreadInLedger",
     {"sync/ledger/fold.cc": "#include <thread>\n"},
     ["sync/ledger/fold.cc:1: <thread> in a folder that is kept pure: "
      "take time as an argument and leave the rest to the caller"]),
    ("ClockInLedger",
     {"sync/ledger/fold.cc": '#include "sync/base/clock.h"\n'},
     ["sync/ledger/fold.cc:1: <sync/base/clock.h> in a folder that is kept "
      "pure: take time as an argument and leave the rest to the caller"]),
    ("ChanceOfTheMachineInLedger",
     {"sync/ledger/fold.cc": "int a;\nauto b = SystemRandom().Below(6);\n"},
     ["sync/ledger/fold.cc:2: 'SystemRandom(' in a folder that is kept pure: "
      "take time as an argument and leave the rest to the caller"]),
    ("ChanceAsAnArgumentInLedger",
     {"sync/ledger/fold.cc": '#include "sync/base/random.h"\n'}, []),
    # Bans.
    ("AbslNow",
     {"edge/main.cc": "auto now = absl::Now();\n"},
     ["edge/main.cc:1: 'absl::Now(' is a clock: use the Clock you were "
      "given"]),
    ("ChronoClock",
     {"edge/main.cc": "auto now = std::chrono::steady_clock::now();\n"},
     ["edge/main.cc:1: 'steady_clock' is a clock: use the Clock you were "
      "given"]),
    ("CTime",
     {"edge/main.cc": "auto now = time(nullptr);\n"},
     ["edge/main.cc:1: 'time(nullptr)' is a clock: use the Clock you were "
      "given"]),
    ("RandomDevice",
     {"edge/main.cc": "std::random_device device;\n"},
     ["edge/main.cc:1: 'random_device' is chance: use the Random you were "
      "given"]),
    ("Rand",
     {"edge/main.cc": "int a = rand();\n"},
     ["edge/main.cc:1: 'rand(' is chance: use the Random you were given"]),
    ("SleepFor",
     {"edge/main.cc": "\nstd::this_thread::sleep_for(second);\n"},
     ["edge/main.cc:2: 'sleep_for' is a sleep: wait for the event itself, or "
      "for Clock and poll_at"]),
    ("AbslSleepInATest",
     {"tests/sync/base/money_test.cc": "absl::SleepFor(second);\n"},
     ["tests/sync/base/money_test.cc:1: 'SleepFor' is a sleep: wait for the "
      "event itself, or for Clock and poll_at"]),
    ("DoublePrice",
     {"sync/base/money.cc": "double price;\n"},
     ["sync/base/money.cc:1: 'double' is binary floating point: use int64_t "
      "minor units, milli units or basis points"]),
    ("FloatPrice",
     {"sync/base/money.cc": "static_cast<float>(price)\n"},
     ["sync/base/money.cc:1: 'float' is binary floating point: use int64_t "
      "minor units, milli units or basis points"]),
    ("NoteToDo",
     {"sync/base/money.cc": "int a;  // TO" "DO: more\n"},
     ["sync/base/money.cc:1: 'TO" "DO' is a note to do later: do it now, or "
      "open an issue"]),
    ("NoteInAScript",
     {"tools/run": "#!/bin/sh\n# FIX" "ME\n"},
     ["tools/run:2: 'FIX" "ME' is a note to do later: do it now, or open an "
      "issue"]),
    ("AbseilInside",
     {"sync/base/money.cc": '#include "absl/strings/internal/str_join.h"\n'},
     ["sync/base/money.cc:1: 'absl/strings/internal/' is the inside of "
      "Abseil: use a public Abseil header"]),
    ("AbseilInsideNames",
     {"sync/base/money.cc": "absl::strings_internal::Splitter a;\n"},
     ["sync/base/money.cc:1: 'absl::strings_internal' is the inside of "
      "Abseil: use a public Abseil header"]),
    ("DisabledTest",
     {"tests/sync/base/money_test.cc": "TEST(Money, DISABLED_Adds) {}\n"},
     ["tests/sync/base/money_test.cc:1: 'DISABLED_Adds' is a disabled test: "
      "fix it or delete it"]),
    ("SwitchedOff",
     {"sync/base/money.cc": "int a;\n#if 0\nint b;\n#endif\n"},
     ["sync/base/money.cc:2: '#if 0' is code that is switched off: "
      "delete it"]),
    ("SkipWithoutReason",
     {"tests/sync/base/money_test.cc": "void A() {\n  GTEST_SKIP();\n}\n"},
     ["tests/sync/base/money_test.cc:2: a skipped test without a reason: say "
      "why in a comment above it or after <<"]),
    ("SkipsWithReasons",
     {"tests/sync/base/money_test.cc":
          "void A() {\n  // The real input is optional.\n  GTEST_SKIP();\n"
          '  GTEST_SKIP() << "no input here";\n}\n'},
     []),
    # Sentences that cashiers read.
    ("SentencesWithoutChinese",
     {"edge/people/a.cc":
          'Status A() {\n  return absl::NotFoundError(absl::StrCat(\n'
          '      "staff ", id(x), n > 1 ? " are "\n'
          '      "away" : ": gone"));\n}\n'
          'Status B() { return absl::DataLossError("row"); }\n'
          'Status C() { return authority->Need(1, "fly"); }\n',
      "edge/words/sentences_a.cc":
          'constexpr Sentence kA[] = {\n'
          '    {"staff $0 "\n     "sings", "away", "fly"},\n'
          '    {"gone", "a", "b"},\n};\n',
      "edge/CMakeLists.txt":
          "+bl_library(people SRCS people/a.cc words/sentences_a.cc)\n"},
     ["edge/people/a.cc:3: ' are away' is read by cashiers: give its sentence "
      "a row in edge/words, in three languages",
      "edge/people/a.cc:7: 'fly' is read by cashiers: give its sentence a row "
      "in edge/words, in three languages"]),
    # Words in comments, strings and longer names are free.
    ("WordsThatOnlyLookIt",
     {"sync/base/money.cc":
          "// Doubled: a double, a float and time(nullptr).\n"
          "/* sleep_for\n   rand() */\n"
          'const char* a = "double \\" float rand()";\n'
          "const char* b = R\"x(double\n\")\" float)x\";\n"
          "int double_entry = 1'000'000, afloat = 'f', business_time(0);\n"
          "int till_time = clock.time(NULL) + brand(0);\n"},
     []),
    ("AfterARawString",
     {"sync/base/money.cc":
          'const char* b = R"(line\n"line)";\ndouble price;\n'},
     ["sync/base/money.cc:3: 'double' is binary floating point: use int64_t "
      "minor units, milli units or basis points"]),
    # Sources that nobody builds or runs.
    ("UnlistedSource",
     {"sync/base/orphan.cc": "int a;\n"},
     ["sync/base/orphan.cc:1: in no CMakeLists.txt: list it in its folder's, "
      "or nobody builds it"]),
    ("ListedInAComment",
     {"sync/CMakeLists.txt": "+# base/orphan.cc\n",
      "sync/base/orphan.cc": "int a;\n"},
     ["sync/base/orphan.cc:1: in no CMakeLists.txt: list it in its folder's, "
      "or nobody builds it"]),
    ("ListedElsewhere",
     {"edge/CMakeLists.txt": "+bl_library(x SRCS money_test.cc)\n",
      "tests/sync/base/CMakeLists.txt": "\n"},
     ["tests/sync/base/money_test.cc:1: in no CMakeLists.txt: list it in its "
      "folder's, or nobody builds it"]),
    ("UnlistedPythonTest",
     {"tools/x/x_test.py": "pass\n"},
     ["tools/x/x_test.py:1: in no CMakeLists.txt: give it an add_test(), or "
      "nobody runs it"]),
    ("ListNobodyReads",
     {"tests/CMakeLists.txt": "\n"},
     ["tests/sync/base/CMakeLists.txt:1: no add_subdirectory() leads here: "
      "add one to the CMakeLists.txt above it"]),
    # Shape.
    ("LongLine",
     {"sync/base/money.cc": "int a" + "b" * 80 + ";\n"},
     ["sync/base/money.cc:1: 86 columns: break the line at 80"]),
    ("LongCommentInAProto",
     {"proto/a.proto": "// " + "word " * 16 + "\n"},
     ["proto/a.proto:1: 83 columns: break the line at 80"]),
    ("WideCharactersCountTwo",
     {"sync/base/money.cc": "// " + "\u8336" * 39 + "\n"},
     ["sync/base/money.cc:1: 81 columns: break the line at 80"]),
    ("LongAddressAndString",
     {"sync/base/money.cc":
          "// See https://example.org/" + "a" * 80 + "\n"
          '    {"Row", "' + "word " * 20 + '", 1},\n'},
     []),
    ("LongFile",
     {"sync/base/money.cc": "int a;\n" * 401},
     ["sync/base/money.cc:401: 401 lines: split the file by job, or say at "
      "its head 'Over 400 lines: <why it is one file>'"]),
    ("LongFileWithItsReason",
     {"sync/base/money.cc":
          "// Over 400 lines: one table.\n" + "int a;\n" * 400},
     []),
    ("FileOf400",
     {"sync/base/money.cc": "int a;\n" * 400}, []),
    ("HeaderWithoutGuard",
     {"sync/base/money.h": "#include <cstdint>\n"},
     ["sync/base/money.h:1: a header without '#pragma once': put it above "
      "the first #include"]),
]


# (folder, what it may include, what it may not).
FOLDERS = [
    ("sync/base", "sync/base", "sync/identity"),
    ("sync/ledger", "proto sync/base", "sync/journal sync/identity"),
    ("sync/replication", "proto sync/base sync/ledger",
     "sync/journal sync/identity sync/rpc"),
    ("sync/identity", "proto sync/base", "sync/ledger sync/journal sync/rpc"),
    ("sync/journal", "proto sync/base sync/ledger sync/identity",
     "sync/replication sync/rpc edge"),
    ("sync/rpc", "proto sync/base sync/ledger sync/replication sync/journal "
     "sync/identity", "edge hub devices"),
    ("devices", "sync/base devices", "proto sync/ledger edge"),
    ("devices/counter", "sync/base sync/identity devices", "proto edge hub"),
    ("devices/wallet", "sync/base sync/identity devices", "proto edge hub"),
    ("edge", "proto sync/rpc devices", "hub tools tests/support"),
    ("edge/pricing", "sync/base", "proto sync/ledger devices hub"),
    ("edge/words", "edge/words", "proto sync/base edge"),
    ("hub", "proto sync/rpc", "edge devices tools tests/support"),
    ("tools", "proto sync/rpc edge hub devices", "tests/support"),
    ("tests/sync", "proto sync/rpc tests/support", "edge hub devices tools"),
    ("tests/devices", "sync/base devices tests/support", "proto edge hub"),
    ("tests/payment_sim", "sync/base devices tests/devices tests/support",
     "proto edge hub"),
    ("tests/edge", "proto sync/rpc edge devices tests/support tests/devices",
     "hub tools"),
    ("tests/pricing", "sync/base edge/pricing tests/support",
     "proto sync/ledger devices hub"),
    ("tests/hub", "proto sync/rpc hub tests/support", "edge devices tools"),
    ("tests/tools", "proto sync/rpc edge hub tools devices tests/support",
     "tests/sync tests/e2e"),
    ("tests/wire", "proto sync/rpc tests/support", "edge hub devices"),
    ("tests/support", "proto sync/rpc devices", "edge hub tools"),
    ("tests/fuzz", "proto sync/rpc devices edge hub tools tests/support",
     "tests/sim"),
    ("tests/sim", "proto sync/rpc devices edge hub tests/support", "tools"),
    ("tests/e2e", "proto sync/rpc devices edge hub tools tests/support",
     "tests/sim"),
]


class TreeTest(unittest.TestCase):

  def setUp(self):
    self.root = tempfile.mkdtemp()
    self.addCleanup(shutil.rmtree, self.root)
    self.write(CLEAN)

  def write(self, files):
    for path, text in files.items():
      path = os.path.join(self.root, path)
      os.makedirs(os.path.dirname(path), exist_ok=True)
      with open(path, "w", encoding="utf-8") as file:
        file.write(text)

  def findings(self, faults, with_format=False):
    """What tidy says about the clean tree with `faults` planted in it."""
    self.write({
        path: CLEAN[path] + text[1:] if text[:1] == "+" else text
        for path, text in faults.items()
    })
    try:
      return self.run_tidy(with_format)
    finally:
      for path in faults:
        if path in CLEAN:
          self.write({path: CLEAN[path]})
        else:
          os.remove(os.path.join(self.root, path))

  def run_tidy(self, with_format):
    run = tidy.Tidy(self.root)
    run.run(with_format)
    return [f"{path}:{line}: {text}" for path, line, text in run.findings]

  def test_clean_tree(self):
    self.assertEqual(self.findings({}), [])

  def test_each_fault(self):
    for name, faults, expected in CASES:
      with self.subTest(name):
        self.assertEqual(self.findings(faults), expected)

  def test_each_folder(self):
    self.assertEqual([row[0] for row in FOLDERS],
                     list(tidy.rules.MAY_INCLUDE))
    for folder, may, may_not in FOLDERS:
      for other in may.split() + may_not.split():
        path = "branchline/v1/a.pb" if other == "proto" else other + "/a"
        found = self.findings(
            {folder + "/a.h": f'#pragma once\n#include "{path}.h"\n'})
        shown = [f"{folder}/a.h:2: {folder} may not include {other}"]
        with self.subTest(f"{folder} includes {other}"):
          self.assertEqual(
              [text.rsplit(": ", 1)[0] for text in found],
              shown if other in may_not.split() else [])

  def test_build_folders_are_not_ours(self):
    self.assertEqual(
        self.findings({"build/x/a.cc": "double a;\n",
                       "build-asan/a.cc": "double a;\n",
                       ".git/a.cc": "double a;\n"}), [])

  @unittest.skipUnless(shutil.which("clang-format"), "clang-format is absent")
  def test_format(self):
    style = {".clang-format": "BasedOnStyle: Google\n"}
    self.assertEqual(self.findings(style, with_format=True), [])
    style["sync/base/money.cc"] = "int a;\nint   b;\nint   c;\n"
    self.assertEqual(
        self.findings(style, with_format=True),
        ["sync/base/money.cc:2: not as clang-format writes it: "
         "clang-format -i sync/base/money.cc"])

  def test_every_exception_has_a_reason(self):
    for table in (tidy.rules.HEADERS, tidy.rules.BANNED):
      for row in table:
        for prefix, reason in row[-2].items():
          self.assertTrue(reason.strip(), f"{row[0]}: {prefix}")
    for piece, reason in tidy.rules.SPOKEN_NOT.items():
      self.assertTrue(reason.strip(), piece)


class SplitTest(unittest.TestCase):

  def test_keeps_every_line_and_column(self):
    text = ('int a;  // one\n/* two\n three */ int b; "str\\"ing" \'"\' '
            'R"(raw\n")" 1\'000 // end\n')
    code, comments = source.split(text)
    for part in (code, comments):
      self.assertEqual(len(part), len(text))
      self.assertEqual(part.count("\n"), text.count("\n"))
    self.assertNotIn("one", code)
    self.assertIn("// end", comments)
    self.assertIn("1'000", code)
    self.assertNotIn("raw", code + comments)


if __name__ == "__main__":
  unittest.main()

#!/usr/bin/env python3
"""Holds the mechanical rules of the tree: who may include whom, what may not be
used, sources that nobody builds, and the shape of files.

  tools/tidy/tidy.py [--no-format] [ROOT]

Prints `file:line: what: do this instead` per finding. Exit 0: none; 1: some.
The rules are tables in rules.py; an exception is a row there, with its reason.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import cmake_lists  # pylint: disable=wrong-import-position
import rules
import source
import spoken

CPP = (".cc", ".h")
# What line and file length are held for, beside C++.
TEXT = (".py", ".proto", ".sh")


def project_files(root):
  """Paths of all files under `root`, relative to it, in order."""
  found = []
  for folder, folders, files in os.walk(root):
    folders[:] = sorted(
        name for name in folders
        if name not in rules.SKIPPED_FOLDERS and not name.startswith("build-"))
    for name in sorted(files):
      found.append(os.path.relpath(os.path.join(folder, name), root))
  return found


def is_script(root, path):
  """Whether `path` is a script without an ending, such as tools/test."""
  if "." in os.path.basename(path):
    return False
  with open(os.path.join(root, path), "rb") as file:
    return file.read(2) == b"#!"


def under(path, prefixes):
  return any(path.startswith(prefix) for prefix in prefixes)


def folder_row(path):
  """The row of MAY_INCLUDE that `path` belongs to, or None."""
  rows = [row for row in rules.MAY_INCLUDE if path.startswith(row + "/")]
  return max(rows, key=len) if rows else None


def width(line):
  """Columns that `line` takes: wide characters take two, as for clang-format.
  """
  return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Tidy:
  """One run over one tree. Findings gather in `findings`."""

  def __init__(self, root):
    self.root = root
    self.findings = []  # (path, line, text)
    self.files = project_files(root)

  def add(self, path, line, what, instead):
    self.findings.append((path, line, f"{what}: {instead}"))

  def run(self, with_format):
    first_use = {}
    known = spoken.english(self.root, self.files)
    for path in self.files:
      cpp = path.endswith(CPP)
      if not cpp and not path.endswith(TEXT) and not is_script(self.root, path):
        continue
      with open(os.path.join(self.root, path), encoding="utf-8") as file:
        text = file.read()
      code, comments = source.split(text) if cpp else (text, text)
      self.check_shape(path, text, code, cpp)
      self.check_banned(path, code, comments, cpp)
      if cpp:
        self.check_includes(path, code, first_use)
        self.check_skips(path, text, code)
        for line, piece in spoken.unspoken(path, text, code, known):
          self.add(path, line, f"'{piece}' is read by cashiers",
                   "give its sentence a row in edge/words, in three languages")
        if under(path, rules.PURE_FOLDERS):
          self.check_pure(path, code)
        if path.endswith(".h") and not re.search(r"(?m)^#pragma once$", code):
          self.add(path, 1, "a header without '#pragma once'",
                   "put it above the first #include")
    self.check_listed()
    if with_format:
      self.check_format()
    self.findings.sort()

  def check_shape(self, path, text, code, cpp):
    lines = text.split("\n")
    code_lines = code.split("\n")
    for number, line in enumerate(lines, 1):
      if width(line) <= rules.LINE_LENGTH_MAX or "://" in line:
        continue
      # A string that is kept whole: only its contents reach past the margin.
      bare = re.sub(r'"[^"]*"', '""', code_lines[number - 1])
      if cpp and '"' in bare and width(bare.rstrip()) <= rules.LINE_LENGTH_MAX:
        continue
      self.add(path, number, f"{width(line)} columns",
               f"break the line at {rules.LINE_LENGTH_MAX}")
    count = len(lines) - (lines[-1] == "")
    head = "\n".join(lines[:rules.FILE_HEAD_LINES])
    if (count > rules.FILE_LINES_MAX and
        not re.search(rules.FILE_LINES_REASON, head)):
      self.add(path, rules.FILE_LINES_MAX + 1, f"{count} lines",
               "split the file by job, or say at its head "
               "'Over 400 lines: <why it is one file>'")

  def check_banned(self, path, code, comments, cpp):
    for what, pattern, where, allowed, instead in rules.BANNED:
      if under(path, allowed):
        continue
      if where == rules.CODE and not cpp:
        continue
      if not cpp and path.startswith("tools/tidy/"):
        continue  # names what it looks for
      text = code if where == rules.CODE else comments
      for match in re.finditer(pattern, text, re.MULTILINE):
        line = text.count("\n", 0, match.start()) + 1
        self.add(path, line, f"'{match.group().strip()}' is {what}", instead)

  def check_includes(self, path, code, first_use):
    row = folder_row(path)
    if row is None:
      self.add(path, 1, "a folder that no include rule knows",
               "give it a row in MAY_INCLUDE of tools/tidy/rules.py")
    tops = {name.split("/")[0] for name in rules.MAY_INCLUDE}
    for line, included, quoted in source.includes(code):
      self.check_header_rules(path, line, included, first_use)
      if not quoted:
        continue
      if included.startswith("branchline/"):
        target, shown = "proto/" + included, "proto"
      elif included.split("/")[0] in tops and "/" in included:
        target, shown = included, folder_row(included) or included
      else:
        beside = os.path.join(self.root, os.path.dirname(path), included)
        if os.path.exists(beside):
          self.add(path, line, f"'{included}' names a file beside this one",
                   "write its path from the root of the tree")
        continue
      if row is None:
        continue
      allowed = [row] + rules.MAY_INCLUDE[row]
      if not under(target, [name + "/" for name in allowed]):
        self.add(path, line, f"{row} may not include {shown}",
                 "it may include " + (", ".join(allowed[1:]) or "itself only"))

  def check_header_rules(self, path, line, included, first_use):
    for what, pattern, allowed, instead in rules.HEADERS:
      if not re.search(pattern, included):
        continue
      if not under(path, allowed):
        self.add(path, line, f"<{included}> is {what}", instead)
    if (under(path, rules.PURE_FOLDERS) and
        re.search(rules.PURE_BANS, included)):
      self.add(path, line, f"<{included}> in a folder that is kept pure",
               rules.PURE_INSTEAD)
    if included in rules.ONE_FILE_HEADERS:
      first = first_use.setdefault(included, path)
      if first != path:
        self.add(path, line, f"<{included}> is in {first} already",
                 "use that file: one file knows this library")

  def check_pure(self, path, code):
    for match in re.finditer(rules.PURE_CODE_BANS, code):
      self.add(path, code.count("\n", 0, match.start()) + 1,
               f"'{match.group()}' in a folder that is kept pure",
               rules.PURE_INSTEAD)

  def check_skips(self, path, text, code):
    lines = text.split("\n")
    for match in re.finditer(r"\bGTEST_SKIP\(\)([^;]*);", code):
      number = code.count("\n", 0, match.start()) + 1
      before = lines[number - 2].strip() if number > 1 else ""
      if ("<<" not in match.group(1) and "//" not in lines[number - 1] and
          not before.startswith("//")):
        self.add(path, number, "a skipped test without a reason",
                 "say why in a comment above it or after <<")

  def check_listed(self):
    lists = [path for path in self.files
             if os.path.basename(path) == "CMakeLists.txt"]
    sources, folders = cmake_lists.read(self.root, lists)
    for path in self.files:
      if path.endswith(".cc") and path not in sources:
        self.add(path, 1, "in no CMakeLists.txt",
                 "list it in its folder's, or nobody builds it")
      if path.endswith("_test.py") and path not in sources:
        self.add(path, 1, "in no CMakeLists.txt",
                 "give it an add_test(), or nobody runs it")
    for path in lists:
      folder = os.path.dirname(path)
      if folder and folder not in folders:
        self.add(path, 1, "no add_subdirectory() leads here",
                 "add one to the CMakeLists.txt above it")

  def check_format(self):
    paths = [path for path in self.files if path.endswith(CPP)]
    if not paths or shutil.which("clang-format") is None:
      return
    done = subprocess.run(
        ["clang-format", "--dry-run", "-Werror", "--style=file", *paths],
        cwd=self.root, stderr=subprocess.PIPE, text=True, check=False)
    seen = set()
    for match in re.finditer(r"(?m)^(.+?):(\d+):\d+: error: ", done.stderr):
      path, line = match.group(1), int(match.group(2))
      if path not in seen:
        seen.add(path)
        self.add(path, line, "not as clang-format writes it",
                 f"clang-format -i {path}")
    if done.returncode != 0 and not seen:
      raise RuntimeError(f"clang-format failed: {done.stderr.strip()}")


def main():
  parser = argparse.ArgumentParser(
      description="Holds the mechanical rules of the tree.")
  parser.add_argument("--no-format", action="store_true",
                      help="do not ask clang-format")
  parser.add_argument(
      "root", nargs="?", help="the tree to check; this one if not given",
      default=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           "..", ".."))
  options = parser.parse_args()
  tidy = Tidy(os.path.normpath(options.root))
  tidy.run(with_format=not options.no_format)
  for path, line, text in tidy.findings:
    print(f"{path}:{line}: {text}")
  if tidy.findings:
    print(f"{len(tidy.findings)} findings", file=sys.stderr)
    return 1
  return 0


if __name__ == "__main__":
  sys.exit(main())

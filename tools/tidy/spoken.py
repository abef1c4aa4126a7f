"""What a cashier may read is in the tables of edge/words, in every language.

Reads the sentences out of the sources that make them, and looks for each piece
of one in the English of the tables.
"""

import os
import re

import rules
import source

_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')


def _literals(text, code, begin, end):
  """(offset, contents) of the string literals between, adjacent ones as one."""
  found = []
  last = None
  for match in _STRING.finditer(code, begin, end):
    contents = text[match.start() + 1:match.end() - 1]
    if last is not None and not code[last:match.start()].strip():
      found[-1] = (found[-1][0], found[-1][1] + contents)
    else:
      found.append((match.start(), contents))
    last = match.end()
  return found


def _calls(code):
  """(begin, end) of the arguments of every call that makes a sentence."""
  for match in re.finditer(rules.SPOKEN_CALLS, code):
    depth, at = 1, match.end()
    while depth > 0 and at < len(code):
      depth += {"(": 1, ")": -1}.get(code[at], 0)
      at += 1
    yield match.end(), at


def english(root, files):
  """The English column of all tables, a row a line."""
  rows = []
  for path in files:
    if not re.match(rules.SPOKEN_TABLES, path):
      continue
    with open(os.path.join(root, path), encoding="utf-8") as file:
      text = file.read()
    code, _ = source.split(text)
    begin = code.find("constexpr Sentence")
    columns = [text for _, text in _literals(text, code, begin, len(code))]
    rows += columns[0::3]
  return "\n".join(rows)


def unspoken(path, text, code, known):
  """(line, piece) of every piece of a sentence that no table holds."""
  if path in rules.SPOKEN_WHOLE:
    begin = code.find("namespace")
    places = [(begin, len(code))]
  elif any(path.startswith(prefix) for prefix in rules.SPOKEN):
    places = list(_calls(code))
  else:
    return
  for begin, end in places:
    for at, piece in _literals(text, code, begin, end):
      # What an annotation puts before a sentence has a row of its own.
      if (piece not in known and piece.lstrip(": ") not in known and
          piece not in rules.SPOKEN_NOT):
        yield text.count("\n", 0, at) + 1, piece

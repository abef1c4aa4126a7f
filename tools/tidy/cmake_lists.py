"""Finds out which files and folders the CMakeLists.txt name.

Knows literal names, foreach() over literal items, and the two folders below;
a name put together in any other way counts as not listed.
"""

import os
import re

_FOREACH = re.compile(
    r"foreach\s*\(\s*(\w+)\s+(?:IN\s+ITEMS\s+)?([^)]*)\)(.*?)endforeach\s*\(",
    re.DOTALL)


def _expanded(text):
  """`text` without comments, its foreach() bodies repeated per item."""
  text = re.sub(r"(?m)(^|\s)#.*$", r"\1", text)

  def repeat(match):
    name, items, body = match.groups()
    return "\n".join(
        body.replace("${%s}" % name, item) for item in items.split())

  while _FOREACH.search(text):
    text = _FOREACH.sub(repeat, text, count=1)
  return text


def read(root, lists):
  """(sources, folders): what the files `lists`, given relative to `root`, name.

  Both are sets of paths relative to `root`.
  """
  sources, folders = set(), set()
  for path in lists:
    folder = os.path.dirname(path)
    with open(os.path.join(root, path), encoding="utf-8") as file:
      text = _expanded(file.read())
    text = text.replace("${PROJECT_SOURCE_DIR}", "/@root")
    text = text.replace("${CMAKE_CURRENT_SOURCE_DIR}", "/@root/" + folder)

    def resolve(name):
      base = "" if name.startswith("/@root") else folder
      name = name.replace("/@root", "", 1).lstrip("/")
      return os.path.normpath(os.path.join(base, name))

    for name in re.findall(r'[^\s()"]+\.(?:cc|py)\b', text):
      sources.add(resolve(name))
    for name in re.findall(r'add_subdirectory\s*\(\s*"?([^\s()"]+)', text):
      folders.add(resolve(name))
  return sources, folders

"""Reads C++ just well enough to tell code, comments and strings apart."""

import re

_TOKEN = re.compile(
    r"""
    (?P<line_comment>//(?:\\\n|[^\n])*)
  | (?P<block_comment>/\*.*?(?:\*/|\Z))
  | (?P<raw>\bR"(?P<tag>[^()\s\\]{0,16})\(.*?(?:\)(?P=tag)"|\Z))
  | (?P<include>^[ \t]*\#[ \t]*include[ \t]*[<"][^>"\n]*[>"])
  | (?P<string>"(?:\\.|[^"\\\n])*"?)
  | (?P<number>\b\d[\w.']*)
  | (?P<char>'(?:\\.|[^'\\\n])*'?)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def _blank(text):
  """`text` as spaces, its line breaks kept."""
  return re.sub(r"[^\n]", " ", text)


def split(text):
  """(code, comments): each as long as `text`, the rest of it blank.

  In code, a string literal keeps its quotes and loses its contents. The paths
  of #include stay, also the quoted ones.
  """
  code, comments, at = [], [], 0
  for match in _TOKEN.finditer(text):
    code.append(text[at:match.start()])
    comments.append(_blank(text[at:match.start()]))
    token, kind = match.group(), match.lastgroup
    if kind == "tag":
      kind = "raw"
    if kind in ("line_comment", "block_comment"):
      code.append(_blank(token))
      comments.append(token)
    else:
      if kind in ("raw", "string", "char") and len(token) > 2:
        token = token[0] + _blank(token[1:-1]) + token[-1]
      code.append(token)
      comments.append(_blank(token))
    at = match.end()
  code.append(text[at:])
  comments.append(_blank(text[at:]))
  return "".join(code), "".join(comments)


def includes(code):
  """(line, path, quoted) of every #include in `code`."""
  found = []
  for number, line in enumerate(code.split("\n"), 1):
    match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
    if match:
      found.append((number, match.group(2), match.group(1) == '"'))
  return found

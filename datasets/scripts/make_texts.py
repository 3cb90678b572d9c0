#!/usr/bin/env python3
"""make_texts.py PACKAGES DATASETS: writes the held-out texts to DATASETS/texts/DOMAIN/NAME.txt and their origin, licence
and checksum to DATASETS/MANIFEST.json. Standard library only."""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import corpus_readers as read
from extract_corpora import LineFilter, foreign_lines
from corpus_sources import Source
from held_out import TEXTS, locate


def cut(data, start, size):
    """Bytes [start, start + size) moved to line ends."""
    start = data.index(b"\n", start) + 1 if start else 0
    end = min(len(data), start + size)
    return data[start:] if end == len(data) else data[start:data.rindex(b"\n", start, end) + 1]


def document(text, path):
    for part, content in text.reader(path):
        if part == text.part:
            return content
    raise SystemExit(f"make_texts: {path} has no part {text.part!r}")


def translated(packages, domain, text, content):
    """Help pages without the sentences that nobody has translated yet."""
    if text.reader is not read.help_page:
        return content
    source = Source(text.family, (), text.reader, "", dedupe=True)
    return LineFilter(domain, source, foreign_lines(packages, "help-en"), set())(content)


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: make_texts.py PACKAGES DATASETS")
    packages, datasets = Path(sys.argv[1]), Path(sys.argv[2])
    stage = datasets / "texts.partial"
    shutil.rmtree(stage, ignore_errors=True)
    entries = []
    for domain, texts in TEXTS.items():
        (stage / domain).mkdir(parents=True)
        total = 0
        for text in texts:
            family, path = locate(packages, text)
            content = translated(packages, domain, text, document(text, path))
            data = cut(content.encode("utf-8"), text.start, text.size)
            name = f"{domain}/{text.name}.txt"
            (stage / name).write_bytes(data)
            package, version = (packages / f"{family}.version").read_text().split()
            source = path.relative_to(packages / family).as_posix() + (f"#{text.part}" if text.part else "")
            entries.append({"file": f"texts/{name}", "domain": domain, "package": package, "version": version,
                            "source": source, "licence": text.licence, "bytes": len(data),
                            "sha256": hashlib.sha256(data).hexdigest()})
            total += len(data)
        print(f"{domain:16s} {total / 1e3:7.1f} KB in {len(texts)} texts", flush=True)
    shutil.rmtree(datasets / "texts", ignore_errors=True)
    stage.rename(datasets / "texts")
    manifest = {"comment": "Held-out texts: none of these source files is in the training corpora.", "texts": entries}
    (datasets / "MANIFEST.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

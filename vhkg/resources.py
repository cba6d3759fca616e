"""Find the knowledge: in the installed package, beside it in a checkout, or in a folder of the user's.

The wheel carries ontology/ and queries/ inside the package; a checkout and an editable install have them
beside it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from vhkg.errors import KnowledgeError

CONTEXT_FILE = "context.jsonld"
FORMAT_TABLES = tuple(f"mappings/{name}.tsv" for name in ("systems", "elements", "statuses", "answers"))
"""What is of formats and terminologies and not of an article; code lists are read after them."""
_DECLARED = re.compile(r"^(?:vhkg)?:(\w+) a ", re.MULTILINE)
_USED = re.compile(r"\bvhkg:(\w+)")


class KnowledgeFiles(msgspec.Struct, frozen=True):
    """The bytes of the knowledge, keyed by path relative to the ontology folder, and the queries by name.

    The digest is of all these bytes and not of the queries: it names the knowledge as published. Mapping files count,
    since records are read by them and what they say is published and asked for.
    """

    ontology: dict[str, bytes]
    queries: dict[str, str]
    digest: str
    cohort_queries: dict[str, str] = {}
    """SQL over the tables of a cohort run. The report is made of the shipped ones, so none of them can be replaced."""


def shipped_folder(name: str) -> Path:
    """The folder ``ontology`` or ``queries`` as shipped."""
    package = Path(__file__).parent
    for candidate in (package / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise KnowledgeError(f"the folder {name}/ is missing", file=str(package), mend="install vhkg again")


def knowledge_files(folder: str | None = None) -> KnowledgeFiles:
    """Read the shipped knowledge, or that of `folder`.

    A folder holds Turtle files, or a subfolder ``ontology`` that does, and may hold ``queries``. What it leaves
    out of the upper vocabulary, the shapes, the tables of formats and the JSON-LD context is taken from the shipped
    knowledge, and so are the shipped queries that name no term of the shipped article.

    Raises KnowledgeError if the folder is missing or holds no Turtle.
    """
    shipped = shipped_folder("ontology")
    if folder is None:
        files = _files(shipped)
        queries = _queries(shipped_folder("queries"))
        cohort_queries = _queries(shipped_folder("queries") / "cohort", "sql")
    else:
        root = Path(folder)
        own = _files(root / "ontology" if (root / "ontology").is_dir() else root)
        if not any(name.endswith(".ttl") for name in own):
            raise KnowledgeError("no Turtle files here", file=folder, mend="give a folder that holds an ontology")
        base = {
            name: content
            for name, content in _files(shipped).items()
            if name in ("vhkg.ttl", CONTEXT_FILE, *FORMAT_TABLES) or name.startswith("shapes/")
        }
        files = base | own
        queries = _usable(_queries(shipped_folder("queries")), files) | _queries(root / "queries")
        cohort_queries = _queries(root / "queries/cohort", "sql") | _queries(
            shipped_folder("queries") / "cohort", "sql"
        )
    return KnowledgeFiles(ontology=files, queries=queries, digest=_digest(files), cohort_queries=cohort_queries)


def _files(folder: Path) -> dict[str, bytes]:
    wanted = sorted(
        [
            *folder.glob("*.ttl"),
            *folder.glob("shapes/*.ttl"),
            *folder.glob("mappings/*.tsv"),
            *folder.glob(CONTEXT_FILE),
        ]
    )
    try:
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in wanted}
    except OSError as error:
        raise KnowledgeError(f"cannot be read: {error.strerror}", file=str(folder), mend="check the folder") from error


def _queries(folder: Path, ending: str = "rq") -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*.{ending}"))}


def _usable(queries: dict[str, str], files: dict[str, bytes]) -> dict[str, str]:
    """The queries all of whose vhkg: names are declared in some file, as far as its text shows."""
    declared = {name for text in files.values() for name in _DECLARED.findall(text.decode("utf-8", "replace"))}
    return {name: text for name, text in queries.items() if set(_USED.findall(text)) <= declared}


def _digest(files: dict[str, bytes]) -> str:
    hasher = hashlib.sha256()
    for name, content in sorted(files.items()):
        hasher.update(f"{name}\0{len(content)}\0".encode())
        hasher.update(content)
    return hasher.hexdigest()


def code_digest(*packages: str) -> str:
    """The sha256 of the source files of some packages of vhkg, as part of a cache key."""
    root = Path(__file__).parent
    hasher = hashlib.sha256()
    for package in packages:
        target = root / package
        for path in sorted(target.rglob("*.py")) if target.is_dir() else [target.with_suffix(".py")]:
            hasher.update(path.relative_to(root).as_posix().encode())
            hasher.update(path.read_bytes())
    return hasher.hexdigest()

"""The Hugging Face Hub's API as far as its client uses it: repositories, branches, tags, LFS, commits."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from tests.publish.targets.portal import Asked, Portal, Reply

TOKEN = "hf_tok_51d0aa"


@dataclass
class Repository:
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Files by commit."""
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    messages: list[tuple[str, str]] = field(default_factory=list)
    """Branch and message of each commit."""

    def commit(self, branch: str, files: dict[str, bytes], message: str) -> str:
        number = hashlib.sha1(f"{len(self.commits)}{branch}".encode()).hexdigest()
        self.commits[number] = files
        self.branches[branch] = number
        self.messages.append((branch, message))
        return number

    def resolve(self, revision: str) -> str | None:
        return (
            self.branches.get(revision) or self.tags.get(revision) or (revision if revision in self.commits else None)
        )

    def files(self, revision: str) -> dict[str, bytes]:
        number = self.resolve(revision)
        assert number is not None
        return self.commits[number]


class HubStandIn(Portal):
    """Parquet files go as LFS objects, all else stands in the commit."""

    def __init__(self) -> None:
        super().__init__()
        self.repositories: dict[str, Repository] = {}
        self.objects: dict[str, bytes] = {}

    def answer(self, asked: Asked) -> Reply:  # noqa: PLR0911 -- one return a route
        parts = asked.path.strip("/").split("/")
        if parts[0] == "objects":
            self.objects[parts[1]] = asked.body
            return Reply()
        if asked.headers.get("authorization", asked.headers.get("Authorization")) != f"Bearer {TOKEN}":
            return Reply.json({"error": "Invalid credentials"}, 401)
        if parts == ["api", "repos", "create"]:
            return self._create(asked.json())
        if parts == ["api", "validate-yaml"]:
            return Reply.json({"errors": [], "warnings": []})
        if parts[-3:] == ["lfs", "objects", "batch"]:
            return self._batch(asked.json())
        owner, name = parts[2:4] if parts[0] == "api" else parts[1:3]
        repository = self.repositories.get(f"{owner}/{name}")
        if repository is None:
            return Reply(404, b"", {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})
        rest = parts[4:] if parts[0] == "api" else parts[3:]
        if rest[0] == "resolve":
            held = repository.files(rest[1]) if repository.resolve(rest[1]) else {}
            path = "/".join(rest[2:])
            return Reply(200, held[path]) if path in held else Reply(404, b"", {"X-Error-Code": "EntryNotFound"})
        return self._repository(repository, f"{owner}/{name}", rest, asked)

    def _create(self, sent: dict[str, Any]) -> Reply:
        name = f"{sent['organization']}/{sent['name']}" if sent.get("organization") else sent["name"]
        if name in self.repositories:
            return Reply.json({"error": "exists", "url": f"{self.url}/datasets/{name}"}, 409)
        self.repositories[name] = Repository()
        self.repositories[name].commit("main", {".gitattributes": b"*.parquet filter=lfs\n"}, "initial commit")
        return Reply.json({"url": f"{self.url}/datasets/{name}"})

    def _batch(self, sent: dict[str, Any]) -> Reply:
        objects = [
            {"oid": one["oid"], "size": one["size"]}
            | (
                {}
                if one["oid"] in self.objects
                else {"actions": {"upload": {"href": f"{self.url}/objects/{one['oid']}"}}}
            )
            for one in sent["objects"]
        ]
        return Reply.json({"transfer": "basic", "objects": objects})

    def _repository(self, repository: Repository, name: str, rest: list[str], asked: Asked) -> Reply:  # noqa: C901, PLR0911
        what, revision = rest[0], "/".join(rest[1:2]) or "main"
        match what, asked.method:
            case "refs", _:
                refs = {
                    kind: [
                        {"name": one, "ref": f"refs/{kind}/{one}", "targetCommit": number} for one, number in of.items()
                    ]
                    for kind, of in (("branches", repository.branches), ("tags", repository.tags))
                }
                return Reply.json({**refs, "converts": []})
            case "branch", "POST":
                if revision in repository.branches:
                    return Reply.json({"error": "Reference already exists"}, 409)
                repository.branches[revision] = repository.branches["main"]
                return Reply.json({})
            case "branch", "DELETE":
                del repository.branches[revision]
                return Reply.json({})
            case "tag", "POST":
                number = repository.resolve(revision)
                assert number is not None
                if asked.json()["tag"] in repository.tags:
                    return Reply.json({"error": "Tag reference exists already"}, 409)
                repository.tags[asked.json()["tag"]] = number
                return Reply.json({})
        if repository.resolve(revision) is None:
            return Reply(404, b"", {"X-Error-Code": "RevisionNotFound"})
        if what == "revision":
            siblings = [{"rfilename": path} for path in sorted(repository.files(revision))]
            return Reply.json({"id": name, "sha": repository.resolve(revision), "siblings": siblings, "tags": []})
        if what == "tree":
            files = repository.files(revision)
            return Reply.json(
                [
                    {"type": "file", "path": path, "oid": _oid(files[path]), "size": len(files[path])}
                    for path in sorted(files)
                ]
            )
        if what == "preupload":
            return Reply.json(
                {"files": [self._mode(repository, revision, one["path"]) for one in asked.json()["files"]]}
            )
        assert what == "commit"
        return self._commit(repository, name, revision, [json.loads(line) for line in asked.body.splitlines()])

    @staticmethod
    def _mode(repository: Repository, revision: str, path: str) -> dict[str, Any]:
        lfs = path.endswith(".parquet")
        held = repository.files(revision).get(path)
        oid = None if held is None else hashlib.sha256(held).hexdigest() if lfs else _oid(held)
        return {"path": path, "uploadMode": "lfs" if lfs else "regular", "shouldIgnore": False, "oid": oid}

    def _commit(self, repository: Repository, name: str, branch: str, lines: list[dict[str, Any]]) -> Reply:
        files = dict(repository.files(branch))
        head = next(line["value"] for line in lines if line["key"] == "header")
        if head.get("parentCommit") not in {None, repository.branches[branch]}:
            return Reply.json({"error": "A commit has happened since"}, 412)
        for line in lines:
            value = line["value"]
            match line["key"]:
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    files[value["path"]] = self.objects[value["oid"]]
                case "deletedFile":
                    files.pop(value["path"], None)
        number = repository.commit(branch, files, head["summary"])
        return Reply.json(
            {"success": True, "commitOid": number, "commitUrl": f"{self.url}/datasets/{name}/commit/{number}"}
        )


def _oid(body: bytes) -> str:
    return hashlib.sha1(f"blob {len(body)}\0".encode() + body).hexdigest()

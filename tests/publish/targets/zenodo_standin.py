"""Zenodo's deposit API as developers.zenodo.org describes it, as far as a publication uses it."""

import hashlib
from typing import Any

from tests.publish.targets.portal import Asked, Portal, Reply

TOKEN = "zen-tok-8c1f5a"


class ZenodoStandIn(Portal):
    """Depositions by id; each has a bucket of its own, drafts are seen with the token only."""

    def __init__(self) -> None:
        super().__init__()
        self.depositions: dict[int, dict[str, Any]] = {}
        self.buckets: dict[str, dict[str, bytes]] = {}
        self.wrong_checksum_of: str | None = None
        """A file whose checksum the portal reports wrongly."""

    @property
    def published(self) -> list[dict[str, Any]]:
        return [one for one in self.depositions.values() if one["submitted"]]

    def files(self, number: int) -> dict[str, bytes]:
        return self.buckets[f"b{number}"]

    def answer(self, asked: Asked) -> Reply:  # noqa: PLR0911 -- one return a route
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Reply.json({"status": 401, "message": "no valid token"}, 401)
        match asked.path.strip("/").split("/")[1:], asked.method:
            case ["deposit", "depositions"], "GET":
                size, page = int(asked.query["size"][0]), int(asked.query["page"][0])
                newest_first = sorted(self.depositions.values(), key=lambda one: -one["id"])
                return Reply.json(newest_first[size * (page - 1) : size * page])
            case ["deposit", "depositions"], "POST":
                return Reply.json(self._new(asked.json().get("metadata", {}), None), 201)
            case ["deposit", "depositions", number], method:
                return self._one(int(number), method, asked)
            case ["deposit", "depositions", number, "files"], "GET":
                return Reply.json(self._listing(int(number)))
            case ["deposit", "depositions", number, "actions", action], "POST":
                return self._action(int(number), action)
            case ["files", bucket, name], method:
                return self._file(bucket, name, method, asked)
        return Reply.json({"status": 404}, 404)

    def _new(self, metadata: dict[str, Any], concept: str | None) -> dict[str, Any]:
        number = 1000 + len(self.depositions)
        self.buckets[f"b{number}"] = {}
        self.depositions[number] = {
            "id": number,
            "conceptrecid": concept or str(number - 500),
            "metadata": metadata,
            "submitted": False,
            "links": {
                "bucket": f"{self.url}/api/files/b{number}",
                "html": f"{self.url}/deposit/{number}",
            },
        }
        return self.depositions[number]

    def _one(self, number: int, method: str, asked: Asked) -> Reply:
        deposition = self.depositions[number]
        if method == "PUT":
            if deposition["submitted"]:
                return Reply.json({"message": "published"}, 403)
            deposition["metadata"] = asked.json()["metadata"]
        return Reply.json(deposition)

    def _listing(self, number: int) -> list[dict[str, Any]]:
        return [
            {
                "filename": name,
                "filesize": len(body),
                "checksum": "0" * 32 if name == self.wrong_checksum_of else hashlib.md5(body).hexdigest(),
                "links": {"download": f"{self.url}/api/files/b{number}/{name}"},
            }
            for name, body in sorted(self.files(number).items())
        ]

    def _action(self, number: int, action: str) -> Reply:
        deposition = self.depositions[number]
        if action == "publish":
            if deposition["submitted"] or not self.files(number) or not deposition["metadata"].get("title"):
                return Reply.json({"message": "cannot be published"}, 400)
            deposition["submitted"] = True
            deposition["links"]["record_html"] = f"{self.url}/records/{number}"
            return Reply.json(deposition, 202)
        if action == "newversion" and deposition["submitted"]:
            drafts = [
                one
                for one in self.depositions.values()
                if one["conceptrecid"] == deposition["conceptrecid"] and not one["submitted"]
            ]
            if drafts:
                return Reply.json({"message": "a draft exists"}, 400)
            draft = self._new(dict(deposition["metadata"]), deposition["conceptrecid"])
            self.files(draft["id"]).update(self.files(number))
            links = {**deposition["links"], "latest_draft": f"{self.url}/api/deposit/depositions/{draft['id']}"}
            return Reply.json({**deposition, "links": links}, 201)
        return Reply.json({"message": "no such action"}, 400)

    def _file(self, bucket: str, name: str, method: str, asked: Asked) -> Reply:
        files = self.buckets[bucket]
        if method == "GET":
            return Reply(200, files[name]) if name in files else Reply(404)
        if self.depositions[int(bucket[1:])]["submitted"]:
            return Reply.json({"message": "published files do not change"}, 403)
        if method == "PUT":
            files[name] = asked.body
            return Reply.json({"key": name}, 201)
        files.pop(name, None)
        return Reply(204)

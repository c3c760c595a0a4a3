"""A server in front of another: hands every request on, but for those a fault takes."""

from http.client import HTTPConnection
from urllib.parse import quote, urlencode, urlsplit

from tests.publish.targets.portal import Asked, Portal, Reply


class Front(Portal):
    """Looks like the server behind it."""

    def __init__(self, behind: str = "") -> None:
        super().__init__()
        self.behind = behind

    def answer(self, asked: Asked) -> Reply:
        connection = HTTPConnection(urlsplit(self.behind).netloc)
        query = urlencode(asked.query, doseq=True)
        connection.request(
            asked.method, quote(asked.path) + (f"?{query}" if query else ""), asked.body, dict(asked.headers)
        )
        answer = connection.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name.lower() != "transfer-encoding"}
        body = answer.read()
        connection.close()
        if asked.method != "HEAD":
            headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
        return Reply(answer.status, body, headers)

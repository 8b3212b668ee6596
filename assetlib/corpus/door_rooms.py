"""Names and addresses of people, and what is typed at the door, in the search box and before an upload."""

from collections.abc import Iterator
from urllib.parse import quote

from assetlib.corpus.client import API, Answer, Client
from assetlib.corpus.pages import Page
from assetlib.corpus.trial import HOST, Trial
from assetlib.corpus.trying import PLAIN, Room, Tried, judged, shown


class PeopleRoom(Room):
    """Names of people and organisations, addresses and passwords. Their pages are looked at in the end."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        self._count = 0
        self._own = client.call("GET", "/organisations").json()["organisations"][0]["id"]
        self._made: list[tuple[str, str]] = []
        self._plain: list[Page] = []

    def learn(self) -> None:
        for text in PLAIN:
            for _ in self.try_text(text):
                pass
        self._plain = [self.client.get(place).page() for _, place in self._made]
        self._made.clear()

    def try_text(self, text: str) -> Iterator[Tried]:
        self._count += 1
        email = f"p{self._count}@trial.example"
        said = {
            "name": text,
            "email": email,
            "organisation_id": self._own,
            "roles": ["field_marketer"],
            "password": "long enough, surely",
        }
        answer = self.client.call("POST", "/people", said)
        yield judged("person's name", answer, kept=lambda: answer.json()["name"] == text)
        if answer.status == 201:
            self._made.append((text, f"/people/{answer.json()['id']}"))
        answer = self.client.call("POST", "/people", {**said, "name": "Trial", "email": text})
        yield judged("person's address", answer, kept=lambda: answer.json()["email"] == text.strip().lower())
        answer = self.client.call(
            "POST",
            "/people",
            {**said, "name": "Trial", "email": f"q{self._count}@trial.example", "password": text},
        )
        yield judged("person's password", answer)
        answer = self.client.call("POST", "/organisations", {"name": text, "kind": "agency"})
        if answer.status == 409:
            yield Tried("organisation's name", "refused")
            return
        yield judged("organisation's name", answer, kept=lambda: answer.json()["name"] == text)
        if answer.status == 201:
            self._made.append((text, f"/people/organisations/{answer.json()['id']}"))

    def look_at_the_end(self) -> Iterator[tuple[str, Tried]]:
        """The page of each."""
        for text, place in self._made:
            yield (
                text,
                shown("page of a person or an organisation", self.client.get(place), text, self._plain),
            )


class SearchRoom(Room):
    """The search box: whatever is typed is a question, and stands in the box again."""

    def learn(self) -> None:
        self.trial.work()  # so that something is found, and shown why
        asked = ("", *PLAIN, "nothing-is-called-this", "title:harmless", "-harmless", "trial", "title:trial")
        self._plain = [self.client.get(self._path(text)).page() for text in asked]

    def try_text(self, text: str) -> Iterator[Tried]:
        typed = quote(text, safe="", errors="replace")
        yield judged("search by API", self.client.get(f"{API}/library?q={typed}"))
        yield judged("suggestions", self.client.get(f"{API}/suggestions?q={typed}"))
        answer = self.client.get(self._path(text))
        if answer.status >= 400:
            yield Tried("search box", "fault", f"gives {answer.status}")
        else:
            yield shown("search box", answer, "", self._plain, must_show=False)

    def _path(self, text: str) -> str:
        return f"/library?q={quote(text, safe='', errors='replace')}"


class SignInRoom(Room):
    """Address and password of somebody who is not signed in. The page shows the address again."""

    def __init__(self, trial: Trial, client: Client) -> None:
        super().__init__(trial, client)
        self.stranger = Client(HOST, trial.port)
        self.stranger.learn_token("/sign-in")

    def learn(self) -> None:
        self._plain = [self._try(text, text).page() for text in ("", *PLAIN)]

    def try_text(self, text: str) -> Iterator[Tried]:
        for field, email, password in (
            ("sign-in address", text, "wrong"),
            ("sign-in password", "a@b.example", text),
        ):
            answer = self._try(email, password)
            if answer.is_refusal and answer.status != 404:
                yield shown(field, answer, "", self._plain, must_show=False)
            else:
                yield Tried(field, "fault", f"gives {answer.status}")

    def _try(self, email: str, password: str) -> Answer:
        return self.stranger.send_form("/sign-in", {"email": email, "password": password})


class UploadRoom(Room):
    """What a client says of a file before it sends it. Folders are cleaned like names."""

    def try_text(self, text: str) -> Iterator[Tried]:
        for name in ("fingerprint", "folder"):
            said = {"name": "a.jpg", "size": 1, "mtime": 0, "fingerprint": "trial", name: text}
            answer = self.client.call("POST", "/uploads", said)
            kept = name == "folder" or answer.status >= 300 or answer.json()[name] == text
            yield judged(f"upload {name}", answer, kept=kept)
            if answer.status in (200, 201):
                self.client.call("DELETE", f"/uploads/{answer.json()['id']}")
        answer = self.client.call("POST", "/packages", {"assets": [1], "form": text})
        yield judged("form of a package", answer)

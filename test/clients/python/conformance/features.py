"""Does each feature of a client, for each model, and prints what came of it: a line of JSON for the table in docs/api.md."""

import json
import os
from importlib.metadata import version

BASE_URL, API_KEY = os.environ["BASE_URL"], os.environ["API_KEY"]
MODELS = os.environ["MODELS"].split(",")

HELLO = "Say hello."
ANSWER = "Sandbox answer"
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="

_chat = {}
_others = {}


def chat(name):
    """Marks what is done once for each model; it takes the model."""
    return lambda check: _chat.setdefault(name, check)


def once(name):
    return lambda check: _others.setdefault(name, check)


def raises(kind, work):
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"did not raise {kind.__name__}")


def _outcome(work):
    try:
        work()
    except Exception as error:  # whatever a client raises is what its users get
        return (f"{type(error).__name__}: {error}").splitlines()[0]
    return True


def _of_every_model(check):
    for model in MODELS:
        found = _outcome(lambda model=model: check(model))
        if found is not True:
            return f"{model}: {found}"
    return True


def tell(name, *packages):
    found = {feature: _of_every_model(check) for feature, check in _chat.items()}
    found |= {feature: _outcome(check) for feature, check in _others.items()}
    print(json.dumps({"name": name, "packages": [f"{package} {version(package)}" for package in packages], "found": found}))

"""What a provider refuses is the client's own error, at once: one call of ours, one call to the provider."""

import json
import os
import urllib.request

import anthropic
import openai

BASE_URL, API_KEY, COUNT_URL = os.environ["BASE_URL"], os.environ["API_KEY"], os.environ["COUNT_URL"]


def calls():
    """How many calls the provider has had since this was last asked."""
    with urllib.request.urlopen(COUNT_URL) as answer:
        return json.load(answer)


calls()
client = openai.OpenAI(base_url=BASE_URL, api_key=API_KEY)
claude = anthropic.Anthropic(base_url=BASE_URL.removesuffix("/v1"), api_key=API_KEY)


def error_of_chat(prompt, stream=False):
    messages = [{"role": "user", "content": prompt}]
    try:
        client.chat.completions.create(model="deepseek-chat", messages=messages, stream=stream)
    except openai.APIStatusError as error:
        return error
    raise AssertionError("the call did not fail")


def error_of_message(prompt):
    try:
        claude.messages.create(model="deepseek-chat", max_tokens=9, messages=[{"role": "user", "content": prompt}])
    except anthropic.APIStatusError as error:
        return error
    raise AssertionError("the call did not fail")


for stream in (False, True):
    refused = error_of_chat("policy", stream)
    assert isinstance(refused, openai.BadRequestError), refused
    assert (refused.code, refused.type) == ("content_policy_violation", "invalid_request_error"), refused
    assert calls() == 1

too_long = error_of_chat("context")
assert isinstance(too_long, openai.BadRequestError) and "maximum context length" in too_long.message
assert calls() == 1

refused = error_of_message("policy")
assert isinstance(refused, anthropic.BadRequestError), refused
assert refused.body["error"]["type"] == "invalid_request_error", refused.body
assert calls() == 1

# Three tries of the client's, and one call each: a provider that is busy is not asked more often than without a gateway.
for status in ("429", "529"):
    assert error_of_chat(status).status_code == 502
    assert calls() == 3
    assert error_of_message(status).body["error"]["type"] == ("rate_limit_error" if status == "429" else "overloaded_error")
    assert calls() == 3

revoked = openai.OpenAI(base_url=BASE_URL, api_key="sk-th_wrong")
try:
    revoked.models.list()
    raise AssertionError("the call did not fail")
except openai.AuthenticationError as error:
    assert error.response.headers["x-should-retry"] == "false"

print("passed")

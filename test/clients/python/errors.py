"""Errors come as the exceptions that openai-python's users catch."""

import os

import openai
from openai import OpenAI

BASE_URL, API_KEY = os.environ["BASE_URL"], os.environ["API_KEY"]
MESSAGES = [{"role": "user", "content": "Hi"}]


def error_of(key=API_KEY, **more):
    client = OpenAI(base_url=BASE_URL, api_key=key, max_retries=0)
    try:
        client.chat.completions.create(**{"model": "gpt-4o-mini", "messages": MESSAGES, **more})
    except openai.APIStatusError as error:
        assert error.request_id.startswith("req_")
        return error
    raise AssertionError("the call did not fail")


truncated = error_of(API_KEY[:-1])
assert isinstance(truncated, openai.AuthenticationError) and "truncated" in truncated.message
assert truncated.type == "authentication_error" and truncated.code == "invalid_api_key"

too_dear = error_of(model="gpt-4o", n=128, max_tokens=16_384)
assert too_dear.status_code == 402 and too_dear.code == "insufficient_balance", too_dear
assert too_dear.param == "max_tokens" and "max_tokens of at most" in too_dear.message

unknown = error_of(model="gpt-99")
assert isinstance(unknown, openai.NotFoundError) and unknown.code == "model_not_found"

assert isinstance(error_of(n=0), openai.BadRequestError)

broken = error_of(messages=[{"role": "user", "content": "[[sandbox fault=status_500]]"}])
assert isinstance(broken, openai.InternalServerError) and broken.status_code == 502

client = OpenAI(base_url=BASE_URL, api_key=API_KEY, max_retries=0)
half = [{"role": "user", "content": "[[sandbox fault=error_midstream]]"}]
try:
    for _ in client.chat.completions.create(model="gpt-4o-mini", messages=half, stream=True):
        pass
    raise AssertionError("the stream did not fail")
except openai.APIError as error:
    assert "Nothing was charged" in error.message

print("passed")

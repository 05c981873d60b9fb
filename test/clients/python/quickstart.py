"""The quickstart with openai-python: two lines changed, then models, a call, another model, and streams."""

import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["BASE_URL"], api_key=os.environ["API_KEY"])
MESSAGES = [{"role": "user", "content": "Give me one fact about octopuses."}]

models = {model.id for model in client.models.list()}
assert {"gpt-4o", "deepseek-chat", "gemini-2.0-flash", "claude-3-5-sonnet-20241022"} <= models
assert client.models.retrieve("gpt-4o").owned_by == "openai"

for model in ["claude-3-5-sonnet-20241022", "gpt-4o", "deepseek-chat", "gemini-2.0-flash", "qwen-plus", "glm-4.6"]:
    completion = client.chat.completions.create(model=model, messages=MESSAGES)
    assert completion.model == model
    assert "ctopus" in completion.choices[0].message.content
    usage = completion.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (14, 22, 36)
    assert completion._request_id.startswith("req_")

with client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True) as stream:
    chunks = list(stream)
assert all(len(chunk.choices) == 1 for chunk in chunks), "no unasked chunk without choices"
assert "ctopus" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks)

options = {"include_usage": True}
with client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True, stream_options=options) as stream:
    *chunks, last = stream
assert last.choices == [] and last.usage.total_tokens == 36
assert all(chunk.usage is None for chunk in chunks)

answer = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=MESSAGES, max_tokens=50)
assert answer.headers["x-tokenhub-cost"] == "0.000255", "14 tokens at $2.50 and 22 at $10 per million"
assert int(answer.headers["x-ratelimit-limit-requests"]) > 0

print("passed")

import json

from anthropic import Anthropic, NotFoundError
from features import ANSWER, API_KEY, BASE_URL, CITY, HELLO, PNG, chat, once, raises, tell

SITE = BASE_URL.removesuffix("/v1")
client = Anthropic(base_url=SITE, api_key=API_KEY, max_retries=0)
with_token = Anthropic(base_url=SITE, auth_token=API_KEY, max_retries=0)
USER = {"role": "user", "content": HELLO}
HELLOS = {"max_tokens": 200, "messages": [USER]}
TOOLS = [{"name": "weather", "input_schema": CITY}]


@chat("Chat")
def _(model):
    for one in (client, with_token):
        answer = one.messages.create(model=model, **HELLOS)
        assert answer.content[0].text.startswith(ANSWER)
        assert answer.stop_reason == "end_turn" and answer.usage.output_tokens > 0


@chat("Streaming")
def _(model):
    with client.messages.stream(model=model, **HELLOS) as stream:
        assert "".join(stream.text_stream).startswith(ANSWER)


@chat("Usage of a stream")
def _(model):
    with client.messages.stream(model=model, **HELLOS) as stream:
        usage = stream.get_final_message().usage
    assert usage.input_tokens > 0 and usage.output_tokens > 0


@chat("System prompt")
def _(model):
    assert client.messages.create(model=model, system="Be brief.", **HELLOS).content[0].text


@chat("Tools")
def _(model):
    answer = client.messages.create(model=model, tools=TOOLS, **HELLOS)
    assert answer.stop_reason == "tool_use" and "city" in answer.content[-1].input


@chat("Tools, streamed")
def _(model):
    with client.messages.stream(model=model, tools=TOOLS, **HELLOS) as stream:
        assert "city" in stream.get_final_message().content[-1].input


@chat("Tool results")
def _(model):
    asked = client.messages.create(model=model, tools=TOOLS, **HELLOS)
    result = {"type": "tool_result", "tool_use_id": asked.content[-1].id, "content": "It rains."}
    messages = [USER, {"role": "assistant", "content": asked.content}, {"role": "user", "content": [result]}]
    told = client.messages.create(model=model, tools=TOOLS, max_tokens=200, messages=messages)
    assert "It rains" in told.content[0].text


@chat("Structured output")
def _(model):
    output_config = {"format": {"type": "json_schema", "schema": CITY}}
    answer = client.messages.create(model=model, output_config=output_config, **HELLOS)
    assert "city" in json.loads(answer.content[-1].text)


@chat("Images in a prompt")
def _(model):
    source = {"type": "base64", "media_type": "image/png", "data": PNG}
    content = [{"type": "text", "text": HELLO}, {"type": "image", "source": source}]
    answer = client.messages.create(model=model, max_tokens=200, messages=[{"role": "user", "content": content}])
    assert answer.content[0].text


@chat("Reasoning")
def _(model):
    messages = [{"role": "user", "content": "[[sandbox reasoning=40]] Think."}]
    thinking = {"type": "enabled", "budget_tokens": 1024}
    answer = client.messages.create(model=model, max_tokens=3000, thinking=thinking, messages=messages)
    # OpenAI shows no thoughts in a chat.
    assert model.startswith("gpt") or any(block.type == "thinking" for block in answer.content), "no thinking is shown"


@chat("Token limit")
def _(model):
    answer = client.messages.create(model=model, max_tokens=3, messages=[USER])
    assert answer.stop_reason == "max_tokens"


@chat("Counting tokens")
def _(model):
    assert client.messages.count_tokens(model=model, messages=[USER]).input_tokens > 0


@once("Models")
def _():
    assert "claude-haiku-4-5" in {model.id for model in client.models.list()}


@once("Errors")
def _():
    raises(NotFoundError, lambda: client.messages.create(model="claude-99", **HELLOS))


tell("Anthropic (Python)", "anthropic")

"""Tools and structured output with openai-python, plain and streamed."""

import json
import os

from openai import OpenAI

client = OpenAI(base_url=os.environ["BASE_URL"], api_key=os.environ["API_KEY"])
MODEL = "gpt-4o-mini"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
messages = [{"role": "user", "content": "What is the weather in Zürich?"}]

asked = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
call = asked.choices[0].message.tool_calls[0]
assert asked.choices[0].finish_reason == "tool_calls" and call.function.name == "weather"
assert "city" in json.loads(call.function.arguments)

messages += [
    asked.choices[0].message.model_dump(exclude_none=True),
    {"role": "tool", "tool_call_id": call.id, "content": "It rains."},
]
told = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
assert "It rains." in told.choices[0].message.content

arguments = ""
with client.chat.completions.create(model=MODEL, messages=messages[:1], tools=TOOLS, stream=True) as stream:
    for chunk in stream:
        for part in chunk.choices[0].delta.tool_calls or []:
            arguments += part.function.arguments or ""
assert "city" in json.loads(arguments)

shape = {"type": "json_schema", "json_schema": {"name": "place", "schema": {**SCHEMA, "additionalProperties": False}, "strict": True}}
shaped = client.chat.completions.create(model=MODEL, messages=messages[:1], response_format=shape)
assert "city" in json.loads(shaped.choices[0].message.content)

print("passed")

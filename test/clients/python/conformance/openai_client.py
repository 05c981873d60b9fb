import io
import json
import wave

from features import ANSWER, API_KEY, BASE_URL, CITY, HELLO, PNG, chat, once, raises, tell
from openai import NotFoundError, OpenAI
from pydantic import BaseModel

client = OpenAI(base_url=BASE_URL, api_key=API_KEY, max_retries=0)
completions = client.chat.completions
USER = {"role": "user", "content": HELLO}
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": CITY}}]
RESPONSES_TOOLS = [{"type": "function", "name": "weather", "parameters": CITY, "strict": True}]


class Place(BaseModel):
    city: str


@chat("Chat")
def _(model):
    answer = completions.create(model=model, messages=[USER])
    assert answer.choices[0].message.content.startswith(ANSWER)
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@chat("Streaming")
def _(model):
    chunks = completions.create(model=model, messages=[USER], stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks).startswith(ANSWER)


@chat("Usage of a stream")
def _(model):
    *_, last = completions.create(
        model=model, messages=[USER], stream=True, stream_options={"include_usage": True}
    )
    assert last.choices == [] and last.usage.completion_tokens > 0


@chat("System prompt")
def _(model):
    messages = [{"role": "system", "content": "Be brief."}, USER]
    assert completions.create(model=model, messages=messages).choices[0].message.content


@chat("Tools")
def _(model):
    choice = completions.create(model=model, messages=[USER], tools=TOOLS).choices[0]
    assert choice.finish_reason == "tool_calls"
    assert "city" in json.loads(choice.message.tool_calls[0].function.arguments)


@chat("Tools, streamed")
def _(model):
    with completions.stream(model=model, messages=[USER], tools=TOOLS) as stream:
        message = stream.get_final_completion().choices[0].message
    assert "city" in json.loads(message.tool_calls[0].function.arguments)


@chat("Tool results")
def _(model):
    asked = completions.create(model=model, messages=[USER], tools=TOOLS).choices[0].message
    result = {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "It rains."}
    messages = [USER, asked.model_dump(exclude_none=True), result]
    told = completions.create(model=model, messages=messages, tools=TOOLS)
    assert "It rains" in told.choices[0].message.content


@chat("Structured output")
def _(model):
    answer = completions.parse(model=model, messages=[USER], response_format=Place)
    assert isinstance(answer.choices[0].message.parsed, Place)


@chat("Structured output, streamed")
def _(model):
    with completions.stream(model=model, messages=[USER], response_format=Place) as stream:
        assert isinstance(stream.get_final_completion().choices[0].message.parsed, Place)


@chat("Images in a prompt")
def _(model):
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
    content = [{"type": "text", "text": HELLO}, image]
    answer = completions.create(model=model, messages=[{"role": "user", "content": content}])
    assert answer.choices[0].message.content


@chat("Token limit")
def _(model):
    answer = completions.create(model=model, messages=[USER], max_tokens=3)
    assert answer.choices[0].finish_reason == "length"


@chat("Stop sequence")
def _(model):
    answer = completions.create(model=model, messages=[USER], stop=["you said"])
    assert "you said" not in answer.choices[0].message.content


@chat("Responses")
def _(model):
    answer = client.responses.create(model=model, input=HELLO)
    assert answer.output_text.startswith(ANSWER) and answer.usage.output_tokens > 0


@chat("Responses, streamed")
def _(model):
    with client.responses.stream(model=model, input=HELLO) as stream:
        final = stream.get_final_response()
    assert final.status == "completed" and final.output_text.startswith(ANSWER)


@chat("Responses with tools")
def _(model):
    answer = client.responses.create(model=model, input=HELLO, tools=RESPONSES_TOOLS)
    [call] = [item for item in answer.output if item.type == "function_call"]
    assert "city" in json.loads(call.arguments)
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "It rains."}
    told = client.responses.create(model=model, input=[USER, *answer.output, result], tools=RESPONSES_TOOLS)
    assert "It rains" in told.output_text


@chat("Responses, structured")
def _(model):
    assert isinstance(client.responses.parse(model=model, input=HELLO, text_format=Place).output_parsed, Place)


@chat("Responses that are kept")
def _(model):
    first = client.responses.create(model=model, input=HELLO, store=True)
    assert client.responses.create(model=model, input="And?", previous_response_id=first.id).output_text


@chat("Completions")
def _(model):
    assert client.completions.create(model=model, prompt=HELLO, max_tokens=50).choices[0].text.startswith(ANSWER)


@chat("Completions, streamed")
def _(model):
    chunks = client.completions.create(model=model, prompt=HELLO, max_tokens=50, stream=True)
    assert "".join(chunk.choices[0].text for chunk in chunks).startswith(ANSWER)


@once("Models")
def _():
    assert "gpt-4o" in {model.id for model in client.models.list()}


@once("Errors")
def _():
    error = raises(NotFoundError, lambda: completions.create(model="gpt-99", messages=[USER]))
    assert error.code == "model_not_found"


@once("Embeddings")
def _():
    answer = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"])
    assert [len(item.embedding) for item in answer.data] == [1536, 1536]


@once("Making images")
def _():
    assert client.images.generate(model="gpt-image-1", prompt="An octopus").data[0].b64_json


@once("Speech")
def _():
    assert client.audio.speech.create(model="tts-1", voice="alloy", input=HELLO).read()


@once("Transcription")
def _():
    file = io.BytesIO()
    with wave.open(file, "wb") as silence:
        silence.setnchannels(1)
        silence.setsampwidth(2)
        silence.setframerate(8000)
        silence.writeframes(bytes(1600))
    assert isinstance(
        client.audio.transcriptions.create(model="whisper-1", file=("a.wav", file.getvalue())).text, str
    )


@once("Moderation")
def _():
    answer = client.moderations.create(model="omni-moderation-latest", input=HELLO)
    assert answer.results[0].flagged is False


@once("Files and batches")
def _():
    client.batches.list()


tell("openai (Python)", "openai")

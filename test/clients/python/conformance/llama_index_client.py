from features import ANSWER, API_KEY, BASE_URL, HELLO, chat, once, raises, tell
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike
from openai import NotFoundError


def weather(city: str) -> str:
    """The weather at a place."""
    return f"It rains in {city}."


TOOL = FunctionTool.from_defaults(weather)


def of(model, **more):
    return OpenAILike(
        model=model,
        api_base=BASE_URL,
        api_key=API_KEY,
        is_chat_model=True,
        is_function_calling_model=True,
        max_retries=0,
        **more,
    )


@chat("Chat")
def _(model):
    answer = of(model).chat([ChatMessage(role="user", content=HELLO)])
    assert answer.message.content.startswith(ANSWER)


@chat("Streaming")
def _(model):
    *_, last = of(model).stream_complete(HELLO)
    assert last.text.startswith(ANSWER)


@chat("System prompt")
def _(model):
    system = ChatMessage(role="system", content="Be brief.")
    assert of(model).chat([system, ChatMessage(role="user", content=HELLO)]).message.content


@chat("Tools")
def _(model):
    llm = of(model)
    [call] = llm.get_tool_calls_from_response(llm.chat_with_tools([TOOL], user_msg=HELLO))
    assert isinstance(call.tool_kwargs["city"], str)


@chat("Tools, streamed")
def _(model):
    llm = of(model)
    *_, last = llm.stream_chat_with_tools([TOOL], user_msg=HELLO)
    [call] = llm.get_tool_calls_from_response(last)
    assert isinstance(call.tool_kwargs["city"], str)


@chat("Token limit")
def _(model):
    answer = of(model, max_tokens=3).complete(HELLO)
    assert answer.raw.choices[0].finish_reason == "length"


@once("Errors")
def _():
    raises(NotFoundError, lambda: of("gpt-99").complete(HELLO))


tell("LlamaIndex", "llama-index-llms-openai-like", "openai")

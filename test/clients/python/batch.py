"""A batch with the asynchronous client: many calls in flight, failures retried by the client, every answer right."""

import asyncio
import os

from openai import AsyncOpenAI

CALLS = 300
IN_FLIGHT = 40
LABELS = "Reply with one label."


async def classify(client, gate, index):
    fault = " fault=status_503" if index % 100 == 99 else ""
    content = f"[[sandbox delay=5{fault}]] Ticket {index}: the printer is on fire."
    async with gate:
        completion = await client.chat.completions.create(
            model="gpt-4o-mini",
            max_tokens=10,
            messages=[{"role": "system", "content": LABELS}, {"role": "user", "content": content}],
        )
    assert completion.usage.completion_tokens <= 10
    return completion.id


async def main():
    gate = asyncio.Semaphore(IN_FLIGHT)
    async with AsyncOpenAI(base_url=os.environ["BASE_URL"], api_key=os.environ["API_KEY"], max_retries=1) as client:
        tasks = [classify(client, gate, index) for index in range(CALLS)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
    answered = [result for result in results if isinstance(result, str)]
    failed = [result for result in results if not isinstance(result, str)]
    assert len(set(answered)) == CALLS - CALLS // 100, results[:3]
    assert all(getattr(error, "status_code", None) == 502 for error in failed), failed


asyncio.run(main())
print("passed")

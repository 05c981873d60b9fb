"""Labels support tickets, 40 at a time, and says what it cost, to the last digit.

    python classify.py tickets.jsonl labels.jsonl

Every line of labels.jsonl is a ticket that is done. After a stop, run it again: it goes on with the others.
"""

import asyncio
import json
import os
import random
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import aiohttp

BASE_URL = os.environ.get("TOKENHUB_BASE_URL", "http://127.0.0.1:8080/v1")
API_KEY = os.environ.get("TOKENHUB_API_KEY")
MODEL = "gpt-4o-mini"
# US dollars for a million tokens.
PRICES = {"input": Decimal("0.15"), "cached": Decimal("0.075"), "output": Decimal("0.60")}
LABELS = ["billing", "crash", "delivery", "login", "export"]
INSTRUCTIONS = f"Label the support ticket with one word of: {', '.join(LABELS)}."

IN_FLIGHT = 40
TRIES = 5
FIRST_PAUSE_S = 1
TIMEOUT = aiohttp.ClientTimeout(total=120)


class Stop(Exception):
    """Nothing that another try could mend, for this ticket or any other."""


def price_of(usage):
    """What token-hub has to charge for a usage block; exact, as prices and tokens are."""
    cached = usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
    tokens = {"input": usage["prompt_tokens"] - cached, "cached": cached, "output": usage["completion_tokens"]}
    return sum(PRICES[kind] * count for kind, count in tokens.items()) / 1_000_000


async def classify(session, ticket):
    messages = [{"role": "system", "content": INSTRUCTIONS}, {"role": "user", "content": ticket["text"]}]
    answer, cost = await complete(session, {"model": MODEL, "max_tokens": 10, "messages": messages})
    word = answer["choices"][0]["message"]["content"].strip().lower()
    label = word if word in LABELS else None  # a model may say anything
    return {"id": ticket["id"], "label": label, "usage": answer["usage"], "cost": cost}


async def complete(session, body):
    """One call that costs at most once what it costs: what failed was not charged. A limit is waited for, however long."""
    failures = 0
    while failures < TRIES:
        try:
            async with session.post("chat/completions", json=body) as response:
                if response.status == 200:
                    return await response.json(), response.headers["x-tokenhub-cost"]
                problem = await problem_of(response)
                wait = float(response.headers.get("retry-after", 0))
                if response.status != 429:
                    failures += 1
                    wait = max(wait, pause(failures))
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, asyncio.TimeoutError) as error:
            failures += 1
            problem, wait = f"no answer ({error or type(error).__name__})", pause(failures)
        # Not all at the same instant.
        await asyncio.sleep(wait + random.random() / 2)
    raise Stop(f"Given up after {TRIES} tries: {problem}")


def pause(failures):
    return FIRST_PAUSE_S * 2 ** (failures - 1)


async def problem_of(response):
    """Why a call failed, in token-hub's words. Raises Stop where trying again would not help."""
    error = (await response.json(content_type=None)).get("error", {})
    problem = f"{response.status} {error.get('message')} (request {response.headers.get('x-request-id')})"
    again = response.status == 429 or response.status >= 500
    if not again or response.headers.get("x-should-retry") == "false":
        raise Stop(problem)
    return problem


async def run(tickets, done):
    """Labels the tickets, writing each to `done` as soon as it has its label."""
    queue = iter(tickets)  # that all workers take from
    problems = []

    async def work():
        for ticket in queue:
            try:
                result = await classify(session, ticket)
            except Stop as stop:
                problems.append(stop)
            else:
                print(json.dumps(result), file=done, flush=True)
            if problems:
                return  # after the answer that was under way, as it is paid for

    headers = {"authorization": f"Bearer {API_KEY}"}
    async with aiohttp.ClientSession(f"{BASE_URL}/", headers=headers, timeout=TIMEOUT) as session:
        await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
    if problems:
        raise problems[0]


def read_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def report(results):
    cost = sum((Decimal(result["cost"]) for result in results), Decimal(0))
    due = sum((price_of(result["usage"]) for result in results), Decimal(0))
    tokens = Counter()
    for result in results:
        tokens.update({kind: result["usage"][kind] for kind in ("prompt_tokens", "completion_tokens")})
    print(f"Labels: {dict(Counter(result['label'] or 'no label' for result in results))}")
    print(f"{len(results)} tickets, {tokens['prompt_tokens']} tokens in, {tokens['completion_tokens']} out")
    print(f"Charged: ${cost:f}, ${cost / len(results):f} per ticket")
    print(f"Usage × price: ${due:f}, {'the same' if due == cost else 'NOT THE SAME: are PRICES those of this token-hub?'}")


def main():
    if not API_KEY or len(sys.argv) != 3:
        sys.exit("TOKENHUB_API_KEY=sk-th_… python classify.py tickets.jsonl labels.jsonl")
    source, target = map(Path, sys.argv[1:])
    known = {result["id"] for result in read_lines(target)}
    with target.open("a") as done:
        try:
            asyncio.run(run([ticket for ticket in read_lines(source) if ticket["id"] not in known], done))
        except Stop as stop:
            sys.exit(f"Stopped: {stop}\nRun it again to go on with the others.")
    report(read_lines(target))


main()

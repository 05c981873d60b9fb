"""Writes made-up support tickets of about 300 tokens, as JSON lines: `python make_tickets.py 10000 > tickets.jsonl`"""

import json
import random
import sys

OPENINGS = ["Hello,", "Good morning,", "Hi there,", "To whom it may concern,", "Dear support team,"]
PROBLEMS = [
    "I was charged twice for the invoice of last month, and the second charge is still on my card.",
    "The desktop client closes by itself as soon as I open the second project, without any message.",
    "My parcel was to arrive on Monday, and its tracking number has not moved since Thursday.",
    "I can't log in any more since I changed my telephone, because the code goes to the old one.",
    "The export leaves out every row with an umlaut in it, which is most of our customers.",
]
DETAILS = [
    "I have tried it on another computer and in another browser, and nothing was different there.",
    "A colleague of mine has the same trouble, so it can't be my account alone.",
    "It worked until the update of last week, and I have changed nothing on my side since then.",
    "Your answer of yesterday did not help me, as I had described something else in my first message.",
    "We depend on this for our month's end, which is on Friday, so please tell me what I can expect.",
    "There is a picture of the screen attached, with the time of day at which it happened.",
    "I have read the page on this in your help centre twice, and it speaks of a button that I don't have.",
]
CLOSINGS = ["Kind regards", "Thank you for your help", "With best wishes", "Looking forward to your answer"]


def ticket(number, chance):
    details = [chance.choice(DETAILS) for _ in range(10)]
    lines = [chance.choice(OPENINGS), chance.choice(PROBLEMS), *details, chance.choice(CLOSINGS)]
    return {"id": f"ticket-{number:05}", "text": " ".join(lines)}


count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
chance = random.Random(1)
for number in range(1, count + 1):
    print(json.dumps(ticket(number, chance)))

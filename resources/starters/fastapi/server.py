"""An event stream in seven rungs, with FastAPI: each rung adds one thing to the previous one.

    python3 -m pip install -r requirements.txt
    python3 server.py                                  # PORT=8000
    sse-inspector ladder --target ladder.json          # in another terminal

The comments in the streams (": yield 0 1732456789123.4") are log lines: clients ignore them, and the ladder reads
from them what the server did and when.
"""

import asyncio
import json
import logging
import os
import time
from contextvars import ContextVar

import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI

app = FastAPI()
log = logging.getLogger("uvicorn.error")


def event(n, data, name=None):
    """An event: the log line of its yield, its fields, and the blank line that makes clients dispatch it."""
    now = time.time() * 1000
    log.info("yield %d", n)
    lines = [f": yield {n} {now:.1f}", f"id: {n + 1}"]
    if name is not None:
        lines.append(f"event: {name}")
    # Each line of the data needs its own data field, since a line feed ends a field.
    lines += [f"data: {line}" for line in data.split("\n")]
    return "\n".join(lines) + "\n\n"


def event_stream(events):
    """A response with the header fields of an event stream."""
    headers = {
        "Cache-Control": "no-cache",
        # Turns off buffering in nginx.
        "X-Accel-Buffering": "no",
    }
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


# Rung 1, endpoint: five hard-coded events from a plain loop.
@app.get("/rung/1")
async def endpoint():
    async def events():
        for n in range(5):
            yield event(n, "hello world")

    return event_stream(events())


# Rung 2, browser: the same events, slow enough to watch, for the React component in client/. A page of another origin may
# read a response only if the response allows that origin.
@app.get("/rung/2")
async def browser(delay: float = 100):
    async def events():
        for n in range(5):
            if n > 0:
                await asyncio.sleep(delay / 1000)
            yield event(n, "hello world")

    return event_stream(events())


app.add_middleware(
    CORSMiddleware, allow_origin_regex=r"http://(localhost|127\.0\.0\.1)(:\d+)?"
)


# Rung 3, Node client: what clients have to parse, wherever the network cuts the bytes.
@app.get("/rung/3")
async def node_client():
    async def events():
        yield event(0, "Grüße, 世界 🌍")
        yield event(1, "two\nlines")
        yield event(2, "an event type", name="greeting")
        yield event(3, "CRLF ends these lines").replace("\n", "\r\n")
        yield event(4, "the blank line after the last event counts, too")

    return event_stream(events())


# Rung 4, async: events are sent when they are produced. time.sleep() would block all other requests.
@app.get("/rung/4")
async def asynchronous(delay: float = 1000):
    async def events():
        for n in range(5):
            if n > 0:
                await asyncio.sleep(delay / 1000)
            yield event(n, f"event {n + 1} of 5")

    return event_stream(events())


# Rung 5, JSON: one JSON text per event, from a JSON encoder.
@app.get("/rung/5")
async def structured():
    async def events():
        for n in range(5):
            yield event(n, json.dumps({"step": n + 1}))

    return event_stream(events())


# Rung 6, OpenAI: the stream of a model, passed on chunk by chunk.
@app.post("/v1/chat/completions")
async def openai_chat(request: Request):
    body = await request.json()
    if "OPENAI_API_KEY" in os.environ:
        chunks = await model_chunks(body["messages"])
    else:
        chunks = scripted_chunks()

    async def events():
        n = 0
        async for chunk in chunks:
            yield event(n, chunk)
            n += 1
        # Marks the answer as complete.
        yield event(n, "[DONE]")

    return event_stream(events())


async def model_chunks(messages):
    """Chunks of a real model. The call starts before the response, so that errors of the model become HTTP errors."""
    model = os.environ.get("OPENAI_MODEL", "gpt-4o-mini")
    stream = await AsyncOpenAI().chat.completions.create(
        model=model, messages=messages, stream=True
    )

    async def chunks():
        # Leaving the block ends the call, also when the client disconnects.
        async with stream:
            async for chunk in stream:
                yield chunk.model_dump_json(exclude_unset=True)

    return chunks()


async def scripted_chunks():
    """Scripted chunks in the format of OpenAI, used without a key."""
    head = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": int(time.time())}
    deltas = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word} for word in ("Hello", " world,", " says", " the", " script", ".")]
    for delta in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        yield json.dumps({**head, "model": "scripted", "choices": [choice]})
        await asyncio.sleep(0.05)
    choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield json.dumps({**head, "model": "scripted", "choices": [choice]})


# Rung 7, context and clean-up: every step of the generator sees its own request, and ends with its client.
request_id = ContextVar("request_id", default="none")
open_streams = 0


# `async def`, since a plain function runs in a thread with a copy of the context.
@app.get("/rung/7")
async def context(request: Request, delay: float = 50):
    request_id.set(request.headers.get("x-request-id", "none"))

    async def events():
        global open_streams
        open_streams += 1
        try:
            yield f": open {open_streams}\n\n"
            for n in range(10):
                yield event(n, json.dumps({"step": n + 1, "request": request_id.get()}))
                await asyncio.sleep(delay / 1000)
        finally:
            # Runs at the end, and when the client disconnects: the task is cancelled at its next await.
            open_streams -= 1

    return event_stream(events())


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))

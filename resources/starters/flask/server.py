"""An event stream in seven rungs, with Flask: each rung adds one thing to the previous one.

    python3 -m pip install -r requirements.txt
    python3 server.py                                  # PORT=8000
    sse-inspector ladder --target ladder.json          # in another terminal

The comments in the streams (": yield 0 1732456789123.4") are log lines: clients ignore them, and the ladder reads
from them what the server did and when.
"""

import json
import os
import re
import time

from flask import Flask, Response, g, request, stream_with_context
from werkzeug.serving import WSGIRequestHandler

app = Flask(__name__)


def event(n, data, name=None):
    """An event: the log line of its yield, its fields, and the blank line that makes clients dispatch it."""
    now = time.time() * 1000
    app.logger.info("yield %d", n)
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
    return Response(events, mimetype="text/event-stream", headers=headers)


def seconds(default):
    """?delay=MS: the pause between two events."""
    return request.args.get("delay", default, type=float) / 1000


# Rung 1, endpoint: five hard-coded events from a plain loop.
@app.get("/rung/1")
def endpoint():
    def events():
        for n in range(5):
            yield event(n, "hello world")

    return event_stream(events())


# Rung 2, browser: the same events, slow enough to watch, for the React component in client/.
@app.get("/rung/2")
def browser():
    delay = seconds(default=100)

    def events():
        for n in range(5):
            if n > 0:
                time.sleep(delay)
            yield event(n, "hello world")

    return event_stream(events())


@app.after_request
def allow_local_pages(response):
    """A page of another origin may read a response only if the response allows that origin."""
    origin = request.headers.get("Origin", "")
    if re.fullmatch(r"http://(localhost|127\.0\.0\.1)(:\d+)?", origin):
        response.headers["Access-Control-Allow-Origin"] = origin
    # The response depends on the origin, so caches must keep one for each.
    response.headers["Vary"] = "Origin"
    return response


# Rung 3, Node client: what clients have to parse, wherever the network cuts the bytes.
@app.get("/rung/3")
def node_client():
    def events():
        yield event(0, "Grüße, 世界 🌍")
        yield event(1, "two\nlines")
        yield event(2, "an event type", name="greeting")
        yield event(3, "CRLF ends these lines").replace("\n", "\r\n")
        yield event(4, "the blank line after the last event counts, too")

    return event_stream(events())


# Rung 4, async: events are sent when they are produced. Flask is WSGI: a waiting generator occupies its thread, so
# serve it with threads (gunicorn --worker-class gthread --threads 100), or use an ASGI framework.
@app.get("/rung/4")
def asynchronous():
    delay = seconds(default=1000)

    def events():
        for n in range(5):
            if n > 0:
                time.sleep(delay)
            yield event(n, f"event {n + 1} of 5")

    return event_stream(events())


# Rung 5, JSON: one JSON text per event, from a JSON encoder.
@app.get("/rung/5")
def structured():
    def events():
        for n in range(5):
            yield event(n, json.dumps({"step": n + 1}))

    return event_stream(events())


# Rung 6, OpenAI: the stream of a model, passed on chunk by chunk.
@app.post("/v1/chat/completions")
def openai_chat():
    body = request.get_json()
    chunks = model_chunks(body["messages"]) if "OPENAI_API_KEY" in os.environ else scripted_chunks()

    def events():
        n = 0
        for n, chunk in enumerate(chunks, start=1):
            yield event(n - 1, chunk)
        # Marks the answer as complete.
        yield event(n, "[DONE]")

    return event_stream(events())


def model_chunks(messages):
    """Chunks of a real model. The call starts before the response, so that errors of the model become HTTP errors."""
    from openai import OpenAI

    model = os.environ.get("OPENAI_MODEL", "gpt-4o-mini")
    stream = OpenAI().chat.completions.create(model=model, messages=messages, stream=True)

    def chunks():
        # Leaving the block ends the call, also when the client disconnects.
        with stream:
            for chunk in stream:
                yield chunk.model_dump_json(exclude_unset=True)

    return chunks()


def scripted_chunks():
    """Scripted chunks in the format of OpenAI, used without a key."""
    head = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": int(time.time())}
    deltas = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word} for word in ("Hello", " world,", " says", " the", " script", ".")]
    for delta in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        yield json.dumps({**head, "model": "scripted", "choices": [choice]})
        time.sleep(0.05)
    choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield json.dumps({**head, "model": "scripted", "choices": [choice]})


# Rung 7, context and clean-up: every step of the generator sees its own request, and ends with its client.
open_streams = set()


@app.get("/rung/7")
def context():
    g.request_id = request.headers.get("X-Request-Id", "none")
    delay = seconds(default=50)

    def events():
        stream = object()
        open_streams.add(stream)
        try:
            yield f": open {len(open_streams)}\n\n"
            for n in range(10):
                yield event(n, json.dumps({"step": n + 1, "request": g.request_id}))
                time.sleep(delay)
        finally:
            # Runs at the end, and when a write fails because the client has disconnected: Flask then closes the generator.
            open_streams.remove(stream)

    # Without this, the request context ends before the first step of the generator.
    return event_stream(stream_with_context(events()))


if __name__ == "__main__":
    app.logger.setLevel("INFO")
    # HTTP/1.1 sends the stream in chunks, so that a client can tell its end from a lost connection.
    WSGIRequestHandler.protocol_version = "HTTP/1.1"
    app.run(host="127.0.0.1", port=int(os.environ.get("PORT", "8000")), threaded=True)

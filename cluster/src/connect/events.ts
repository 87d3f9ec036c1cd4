// Server-sent events: the stream's grammar (WHATWG HTML, 9.2.6), and a stream read from a server of the cluster.
// What the events of Marathon say is in marathon/events.ts.
import type { Endpoint } from './endpoint.ts';
import { ClusterError, placeOf, transportError } from './error.ts';
import { refusal } from './refusal.ts';
import { type Asking, cancelled, open } from './request.ts';

export interface ServerEvent {
  /** `message` when the stream names none. */
  readonly type: string;
  readonly data: string;
}

/** An event never needs more; Marathon puts whole groups into one. */
const maxEventLength = 64 * 1024 * 1024;

/** Takes the stream in whatever pieces it comes, and gives the events that each piece completes. */
export function eventParser(): (chunk: Uint8Array) => readonly ServerEvent[] {
  const decoder = new TextDecoder();
  let rest = '';
  let type = '';
  let data: string[] = [];
  let size = 0;
  let afterCarriageReturn = false;

  return chunk => {
    const events: ServerEvent[] = [];
    let input = decoder.decode(chunk, { stream: true });
    if (input === '') return events;
    if (afterCarriageReturn && input.startsWith('\n')) input = input.slice(1);
    afterCarriageReturn = input === '' ? false : input.endsWith('\r');
    const lines = input.split(/\r\n|\r|\n/);
    const last = lines.pop() ?? '';
    for (const end of lines) {
      const line = rest + end;
      rest = '';
      if (line === '') {
        if (data.length > 0) events.push({ type: type || 'message', data: data.join('\n') });
        type = '';
        data = [];
        size = 0;
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
      if (field === 'event') type = value;
      else if (field === 'data') {
        data.push(value);
        size += value.length;
      }
    }
    rest += last;
    if (rest.length + size > maxEventLength) throw new RangeError('An event of the stream is too long.');
    return events;
  };
}

/**
 * Opens the stream and gives its events as they come; nothing more is read while the caller works on one. Ends when the
 * server ends it; throws a ClusterError when it breaks, is silent for `silenceMs`, or the signal is aborted.
 * `onOpen` is called once the server has accepted.
 */
export async function* serverEvents(
  endpoint: Endpoint,
  asking: Asking,
  options: { readonly signal?: AbortSignal; readonly silenceMs: number; readonly onOpen?: () => void },
): AsyncGenerator<ServerEvent, void, undefined> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(abort, options.silenceMs);
  timer.unref();
  try {
    const reply = await open(
      endpoint,
      { ...asking, headers: { accept: 'text/event-stream' } },
      { signal: controller.signal, silenceMs: options.silenceMs },
    );
    clearTimeout(timer);
    const { body } = reply;
    if (reply.statusCode >= 400) throw refusal(endpoint, reply.statusCode, await body.text());
    if (!/^text\/event-stream\b/i.test(String(reply.headers['content-type'] ?? ''))) {
      body.on('error', () => {}).destroy();
      throw new ClusterError('unexpected-shape', `${placeOf(endpoint)} has no event stream at ${asking.path}.`);
    }
    options.onOpen?.();
    const parse = eventParser();
    for await (const chunk of body) yield* parse(chunk as Buffer);
  } catch (error) {
    if (options.signal?.aborted) throw cancelled(endpoint);
    if (controller.signal.aborted) {
      throw new ClusterError('timeout', `${placeOf(endpoint)} does not open its event stream: try again later.`);
    }
    if (error instanceof RangeError) throw new ClusterError('too-large', `${placeOf(endpoint)} sent an endless event.`);
    throw transportError(endpoint, error);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    abort();
  }
}

// Marathon's event bus and its stream /v2/events: server-sent events as Jetty's EventSource servlet writes them.
import { type Clock, timestamp } from '../clock.ts';
import { type Request, taken } from '../http.ts';

export type EventFields = Readonly<Record<string, unknown>>;
type Listener = (type: string, line: string) => void;

export interface EventBus {
  /** Fields that are costly to make come as a function: it is called only when somebody listens. */
  publish(type: string, fields: EventFields | (() => EventFields)): void;
  /** Calls back with each event's type and its JSON; returns what ends it. */
  listen(listener: Listener): () => void;
  /** Writes the stream to one client. `types` empty: all. */
  attach(request: Request, types: readonly string[]): typeof taken;
  close(): void;
}

/** Seconds between two empty lines that show that the stream lives. */
const heartbeat = 10;
/** A reader that has this much unread loses events, as with Marathon. */
const longestBacklog = 4 * 1024 * 1024;

export function createEventBus(clock: Clock): EventBus {
  const listeners = new Set<Listener>();
  const ends = new Set<() => void>();

  function publish(type: string, fields: EventFields | (() => EventFields)): void {
    if (listeners.size === 0) return;
    const line = JSON.stringify({
      ...(typeof fields === 'function' ? fields() : fields),
      eventType: type,
      timestamp: timestamp(clock.now()),
    });
    for (const listener of listeners) listener(type, line);
  }

  return {
    publish,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach(request, types) {
      const { response, remoteAddress } = request;
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { 'Content-Type': 'text/event-stream;charset=UTF-8', Connection: 'close' });
      response.flushHeaders();
      const listener: Listener = (type, line) => {
        if (types.length > 0 && !types.includes(type)) return;
        if (response.writableLength < longestBacklog) response.write(`event: ${type}\r\ndata: ${line}\r\n\r\n`);
      };
      let cancel: () => void;
      const beat = () => {
        response.write('\r\n');
        cancel = clock.after(heartbeat * 1000, beat);
      };
      cancel = clock.after(heartbeat * 1000, beat);
      const detach = () => {
        if (!listeners.delete(listener)) return;
        cancel();
        ends.delete(end);
        publish('event_stream_detached', { remoteAddress });
      };
      const end = () => {
        detach();
        response.end();
      };
      listeners.add(listener);
      ends.add(end);
      response.on('close', detach);
      response.on('error', detach);
      publish('event_stream_attached', { remoteAddress });
      return taken;
    },
    close() {
      for (const end of [...ends]) end();
    },
  };
}

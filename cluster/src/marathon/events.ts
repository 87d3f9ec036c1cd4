// Marathon's event stream. Its events say that something changed, not reliably what: read again what you show.
import type { Endpoint } from '../connect/endpoint.ts';
import { serverEvents } from '../connect/events.ts';

export interface Event {
  /** For example `status_update_event`. */
  readonly type: string;
  /** The event as JSON, not parsed: some hold the whole cluster, and most readers only want to know that it came. */
  readonly data: string;
}

/**
 * Events as they come. Marathon writes an empty line every 10 s, so that a longer silence means a dead connection
 * (marathon v1.5.6 core/event/impl/stream/HttpEventSSEHandle.scala). Ends when Marathon ends the stream, as one that loses
 * leadership does; throws a ClusterError when it breaks.
 */
export function events(
  marathon: Endpoint,
  options: { readonly signal?: AbortSignal; readonly silenceMs?: number; readonly onOpen?: () => void } = {},
): AsyncGenerator<Event, void, undefined> {
  return serverEvents(marathon, { path: '/v2/events' }, { silenceMs: 25_000, ...options });
}

// SUBSCRIBE: the master's events as records. Who does not read fast enough is let go, so that nothing piles up here; it subscribes again
// and gets the state as it is then. Record format: mesos docs/recordio.md.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { MasterEvent, Mesos } from '../mesos.ts';
import { since } from '../since.ts';
import { type Fields, id } from './call.ts';
import { getState } from './master-state.ts';
import { agentOf, frameworkInfoOf, frameworkOf, statusOf, taskOf } from './shapes.ts';

const heartbeatMs = 15_000;
/** Bytes that may wait for a reader. */
const mostWaiting = 8 * 2 ** 20;

export function subscribe(
  { mesos, clock }: { readonly mesos: Mesos; readonly clock: Clock },
  response: ServerResponse,
): void {
  const version = mesos.release.mesos;
  const heartbeats = since(version, '1.5');
  response.writeHead(200, { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' });
  const write = (event: Fields) => {
    const data = JSON.stringify(event);
    response.write(`${Buffer.byteLength(data)}\n${data}`);
    if (response.writableLength > mostWaiting) response.destroy();
  };
  write({
    type: 'SUBSCRIBED',
    subscribed: {
      get_state: getState(mesos),
      ...(heartbeats ? { heartbeat_interval_seconds: heartbeatMs / 1000 } : {}),
    },
  });
  let cancel = () => {};
  const beat = () => {
    write({ type: 'HEARTBEAT' });
    cancel = clock.after(heartbeatMs, beat);
  };
  if (heartbeats) beat();
  const stop = mesos.observe(event => {
    const told = eventOf(mesos, event);
    if (told !== undefined) write(told);
  });
  response.once('close', () => {
    cancel();
    stop();
  });
}

/** Undefined where the release does not tell of it: frameworks from 1.4 on. */
function eventOf({ release }: Mesos, event: MasterEvent): Fields | undefined {
  const version = release.mesos;
  const told = (payload: Fields): Fields => ({ type: event.type, [event.type.toLowerCase()]: payload });
  const withFrameworks = since(version, '1.4');
  switch (event.type) {
    case 'TASK_ADDED':
      return told({ task: taskOf(event.task) });
    case 'TASK_UPDATED':
      return told({
        framework_id: id(event.task.frameworkId),
        status: statusOf(event.task, event.status),
        state: event.task.state,
      });
    case 'AGENT_ADDED':
      return told({ agent: agentOf(version, event.agent) });
    case 'AGENT_REMOVED':
      return told({ agent_id: id(event.agent.id) });
    case 'FRAMEWORK_ADDED':
      return withFrameworks ? told({ framework: frameworkOf(version, event.framework) }) : undefined;
    case 'FRAMEWORK_REMOVED':
      return withFrameworks ? told({ framework_info: frameworkInfoOf(event.framework) }) : undefined;
  }
}

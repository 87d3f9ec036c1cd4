// The calls of the operator API that master and agents share: health, flags, version, metrics, logging, files.
import type { Clock } from '../../clock.ts';
import type { Answer, Request } from '../../http.ts';
import { taken } from '../../http.ts';
import { type Attached, groupName, listFiles, readFile, userName } from '../files.ts';
import type { Mesos } from '../mesos.ts';
import { since } from '../since.ts';
import { versionAnswer } from '../state.ts';
import { accepted, answered, bad, type Call, type Calls, type Fields, isFields, type Reply } from './call.ts';
import { time } from './shapes.ts';

export interface Common {
  readonly mesos: Mesos;
  readonly clock: Clock;
  readonly attached: Attached;
}

interface Own<Context> {
  readonly flags: (context: Context) => Readonly<Record<string, string>>;
  readonly metrics: (context: Context) => Readonly<Record<string, number>>;
  /** Under which the level of its log is kept. */
  readonly name: (context: Context) => string;
}

const pairs = (all: Readonly<Record<string, string | number>>): Fields[] =>
  Object.entries(all).map(([name, value]) => ({ name, value }));

export const commonCalls = <Context extends Common>({ flags, metrics, name }: Own<Context>): Calls<Context> => ({
  GET_HEALTH: { handle: () => ({ body: { healthy: true } }) },
  GET_FLAGS: { handle: context => ({ body: { flags: pairs(flags(context)) } }) },
  GET_VERSION: { handle: ({ mesos }) => ({ body: { version_info: versionAnswer(mesos.release.mesos) } }) },
  GET_METRICS: { wants: true, handle: context => ({ body: { metrics: pairs(metrics(context)) } }) },
  GET_LOGGING_LEVEL: {
    handle: context => ({ body: { level: context.mesos.settings.logLevels.get(name(context)) ?? 0 } }),
  },
  SET_LOGGING_LEVEL: {
    wants: true,
    handle(context, { level, duration }) {
      const { logLevels } = context.mesos.settings;
      const { nanoseconds } = isFields(duration) ? duration : {};
      if (typeof level !== 'number' || typeof nanoseconds !== 'number') {
        return answered(
          bad("Failed to convert JSON into Call protobuf: Missing required fields 'level' and 'duration'"),
        );
      }
      if (level < 0) return answered(bad(`Invalid level '${level}'.`));
      logLevels.set(name(context), level);
      context.clock.after(nanoseconds / 1_000_000, () => logLevels.delete(name(context)));
      return accepted;
    },
  },
  LIST_FILES: {
    wants: true,
    async handle({ mesos, attached }, { path }) {
      const found = await listFiles(attached, mesos.release.mesos, String(path));
      if ('status' in found) return answered(found);
      return {
        body: {
          file_infos: found.map(({ path: own, stats }) => ({
            path: own,
            nlink: stats.nlink,
            size: stats.size,
            mtime: time(Math.floor(stats.mtimeMs / 1000) * 1000),
            mode: stats.mode,
            uid: userName(stats.uid),
            gid: groupName(stats.gid),
          })),
        },
      };
    },
  },
  READ_FILE: {
    wants: true,
    async handle({ mesos, attached }, { path, offset, length = -1 }) {
      if (typeof path !== 'string' || typeof offset !== 'number' || typeof length !== 'number') {
        return answered(bad("Failed to convert JSON into Call protobuf: Missing required fields 'path' and 'offset'"));
      }
      if (offset < 0) return answered(bad(`Negative offset provided: ${offset}.`));
      const found = await readFile(attached, mesos.release.mesos, path, { offset, length });
      if ('status' in found) return answered(found);
      return { body: { size: found.size, data: found.data.toString('base64') } };
    },
  },
});

/** Runs the call in a request. */
export async function run<Context extends Common>(
  calls: Calls<Context>,
  context: Context,
  call: Call,
  request: Request,
  process: 'master' | 'agent',
): Promise<Answer | typeof taken> {
  const handler = calls[call.type];
  const notYet = handler?.since !== undefined && !since(context.mesos.release.mesos, handler.since);
  if (handler === undefined || notYet) return { status: 501, text: '' };
  const member = call.type.toLowerCase();
  if (handler.wants && call.payload === undefined) {
    return bad(`Failed to validate ${process}::Call: Expecting '${member}' to be present`);
  }
  const reply: Reply = await handler.handle(context, call.payload ?? {}, request);
  if ('taken' in reply) return taken;
  if ('answer' in reply) return reply.answer;
  return { status: 200, json: { type: call.type, [member]: reply.body } };
}

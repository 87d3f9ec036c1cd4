// Reads the files of a sandbox, byte by byte right, once or as they grow.
import { pause } from '../connect/deadline.ts';
import { ClusterError, isPassing } from '../connect/error.ts';
import { ask, notJson, type Patience } from '../connect/request.ts';
import { numberOr, objectOrEmpty, textOrNone } from '../connect/shape.ts';
import type { Sandbox } from './sandbox.ts';

/** A piece of a file. */
export interface Piece {
  readonly bytes: Buffer;
  /** Where it begins; where nothing is asked for, the size of the file. */
  readonly offset: number;
}

/** An agent gives no more at once (mesos src/files/files.cpp: 16 pages). */
const maxPiece = 65_536;

/** At most `length` bytes from `offset`; fewer at the end of the file, and never more than `maxPiece`. */
export async function readFile(
  sandbox: Sandbox,
  name: string,
  offset: number,
  length: number = maxPiece,
  patience: Patience = {},
): Promise<Piece> {
  const query = { path: `${sandbox.directory}/${name}`, offset: String(offset), length: String(length) };
  const { body } = await ask(sandbox.agent, { path: '/files/read', query }, patience);
  // The file's bytes stand in the JSON text as they are, or each byte above 0x7e as an escape of its own (mesos before 1.0,
  // stout/json.hpp): neither is UTF-8 once a character is cut in two. Read as Latin-1, both give one character a byte.
  try {
    const answer = objectOrEmpty(JSON.parse(body.toString('latin1')), '');
    return { bytes: bytesOf(textOrNone(answer.data) ?? ''), offset: numberOr(answer.offset, offset) };
  } catch {
    throw notJson(sandbox.agent, '/files/read', body.toString('utf8'));
  }
}

/** In bytes. */
export async function fileSize(sandbox: Sandbox, name: string, patience: Patience = {}): Promise<number> {
  return (await readFile(sandbox, name, -1, 0, patience)).offset;
}

export interface Following {
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal;
  /** Begins that many bytes before the end; absent: at the beginning. */
  readonly last?: number;
  /** Asked after everything was read: true ends the following, as for a task that has ended. Default: never. */
  readonly isComplete?: () => boolean;
  /** Between two looks at a file that does not grow. Default 500 ms. */
  readonly pollMs?: number;
  /** How long an agent may be unreachable, or the file not there yet. Default 15 s. */
  readonly patienceMs?: number;
}

/**
 * The text of a file as it grows, without ever cutting a character. A file that becomes shorter was rotated: it is read anew
 * from its beginning. Throws a ClusterError when the file is gone or the agent stays away.
 */
export async function* followFile(
  sandbox: Sandbox,
  name: string,
  following: Following = {},
): AsyncGenerator<string, void, undefined> {
  const { signal, last, pollMs = 500, patienceMs = 15_000 } = following;
  const patience: Patience = signal === undefined ? {} : { signal };
  let offset: number | undefined;
  let decoder = new TextDecoder();
  let failingSince: number | undefined;
  while (!signal?.aborted) {
    try {
      // Asked before the size: what a task wrote before its end is then surely read.
      const complete = following.isComplete?.() ?? false;
      const size = await fileSize(sandbox, name, patience);
      let skip = false;
      if (offset === undefined) {
        offset = last === undefined ? 0 : Math.max(0, size - last);
        skip = offset > 0;
      } else if (size < offset) {
        offset = 0;
        decoder = new TextDecoder();
      }
      while (offset < size) {
        const { bytes } = await readFile(sandbox, name, offset, Math.min(maxPiece, size - offset), patience);
        if (bytes.length === 0) break;
        failingSince = undefined;
        offset += bytes.length;
        const text = decoder.decode(skip ? fromWholeCharacter(bytes) : bytes, { stream: true });
        skip = false;
        if (text !== '') yield text;
      }
      failingSince = undefined;
      if (complete) {
        const rest = decoder.decode();
        if (rest !== '') yield rest;
        return;
      }
    } catch (error) {
      if (signal?.aborted) return;
      failingSince ??= performance.now();
      const notThere = error instanceof ClusterError && error.code === 'not-found';
      const mayCome = isPassing(error) || (offset === undefined && notThere);
      if (!mayCome || performance.now() - failingSince > patienceMs) throw error;
    }
    await pause(pollMs, signal);
  }
}

function bytesOf(data: string): Buffer {
  // A server that escapes as JSON should may have put a character above 0xff there.
  for (let index = 0; index < data.length; index++) {
    if (data.charCodeAt(index) > 0xff) {
      return Buffer.concat([...data].map(char => Buffer.from(char, char <= '\xff' ? 'latin1' : 'utf8')));
    }
  }
  return Buffer.from(data, 'latin1');
}

/** Without the rest of a character whose beginning was cut off. */
function fromWholeCharacter(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return bytes.subarray(start);
}

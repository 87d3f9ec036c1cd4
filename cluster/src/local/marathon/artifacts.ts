// The artifact store of Marathon up to 1.4: files that somebody sends, for tasks to fetch. In memory, and with a state folder in
// files of it, of which the journal knows.
// Facts: marathon v1.1.1 api/v2/ArtifactsResource.scala.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { HttpError } from '../http.ts';
import type { Journal } from '../journal.ts';

export interface Artifact {
  readonly content: Buffer;
  readonly modified: Date;
}

export interface Artifacts {
  get(path: string): Artifact | undefined;
  /** Whether it was there before. Throws Marathon's answer when there is no room. */
  store(path: string, content: Buffer): boolean;
  delete(path: string): void;
}

/** Bytes of all artifacts together. */
const room = 256 * 1024 * 1024;

/** In the journal: when a file was sent, and which of the folder's files holds it. */
const kind = 'marathon.artifact';

interface Noted {
  readonly modified: string;
  readonly file: string;
}

/** `folder`: of the artifacts; undefined where nothing is kept. */
export function createArtifacts(journal: Journal, folder: string | undefined, log: (line: string) => void): Artifacts {
  const files = new Map<string, Artifact>();
  const place = (file: string): string => path.join(folder ?? '', file);
  for (const [name, value] of journal.read(kind)) {
    const { modified, file } = value as Noted;
    try {
      files.set(name, { content: readFileSync(place(file)), modified: new Date(modified) });
    } catch (error) {
      log(`The artifact ${name} is lost: ${error instanceof Error ? error.message : String(error)}.`);
      journal.put(kind, name, undefined);
    }
  }

  /** On disk before the journal tells of it: under a name of its content, so that what was there before stays whole until then. */
  function keep(name: string, { content, modified }: Artifact): void {
    if (folder === undefined) return;
    const file = createHash('sha256').update(`${name}\0`).update(content).digest('hex');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const handle = openSync(place(file), 'w', 0o600);
    try {
      for (let done = 0; done < content.length; ) done += writeSync(handle, content, done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    const noted: Noted = { modified: modified.toISOString(), file };
    forget(name, file);
    journal.put(kind, name, noted);
  }

  /** The journal first: a file that nobody knows of does no harm. */
  function forget(name: string, except?: string): void {
    const noted = journal.read(kind).get(name) as Noted | undefined;
    if (noted === undefined) return;
    journal.put(kind, name, undefined);
    if (noted.file === except) return;
    const remove = () => {
      const now = journal.read(kind).get(name) as Noted | undefined;
      if (now?.file !== noted.file) rmSync(place(noted.file), { force: true });
    };
    void journal
      .flushed()
      .then(remove)
      .catch(() => {});
  }

  return {
    get: name => files.get(name),
    store(name, content) {
      const others = [...files].reduce(
        (
          sum,
          [
            each,
            {
              content: { length },
            },
          ],
        ) => sum + (each === name ? 0 : length),
        0,
      );
      if (others + content.length > room) {
        const message = `The artifact store is full: it holds ${room / 2 ** 20} MiB. Delete artifacts that are not used.`;
        throw new HttpError({ status: 500, json: { message }, type: 'application/json' });
      }
      const existed = files.has(name);
      const artifact = { content, modified: new Date() };
      keep(name, artifact);
      files.set(name, artifact);
      return existed;
    },
    delete(name) {
      forget(name);
      files.delete(name);
    },
  };
}

export interface Upload {
  readonly fileName: string | undefined;
  readonly content: Buffer;
}

/** The part `file` of a multipart/form-data body; undefined where there is none. */
export async function readUpload(body: Buffer, contentType: string): Promise<Upload | undefined> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData();
    const file = form.get('file');
    if (file === null) return undefined;
    if (typeof file === 'string') return { fileName: undefined, content: Buffer.from(file) };
    return { fileName: file.name, content: Buffer.from(await file.arrayBuffer()) };
  } catch {
    return undefined;
  }
}

// The artifact store of Marathon up to 1.4: files that somebody sends, for tasks to fetch. Kept in memory, as long as the cluster runs.
// Facts: marathon v1.1.1 api/v2/ArtifactsResource.scala.
import { HttpError } from '../http.ts';

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

export function createArtifacts(): Artifacts {
  const files = new Map<string, Artifact>();
  return {
    get: path => files.get(path),
    store(path, content) {
      const others = [...files].reduce((sum, [name, each]) => sum + (name === path ? 0 : each.content.length), 0);
      if (others + content.length > room) {
        const message = `The artifact store is full: it holds ${room / 2 ** 20} MiB. Delete artifacts that are not used.`;
        throw new HttpError({ status: 500, json: { message }, type: 'application/json' });
      }
      const existed = files.has(path);
      files.set(path, { content, modified: new Date() });
      return existed;
    },
    delete(path) {
      files.delete(path);
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

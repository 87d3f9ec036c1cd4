// When which file is checked: open documents right after the changes that have come in, then the rest of the workspace in the background.
// Work is done in slices, so that a keystroke is never kept waiting and ends what it makes out of date.
import type { Diagnostic } from 'vscode-languageserver-types';
import type { Steps } from './steps.ts';

export interface Diagnosed {
  readonly uri: string;
  /** Of an open document. */
  readonly version: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Another one for each other list of diagnostics. */
  readonly id: string;
}

export interface DiagnosingOptions {
  /** Version of an open document; undefined for a file that is not open. */
  readonly version: (uri: string) => number | undefined;
  readonly diagnosing: (uri: string) => Steps<readonly Diagnostic[]>;
  /** Called for each file that was looked at. */
  readonly done: (result: Diagnosed) => void;
}

export interface Diagnosing {
  /** These open documents have changed, or may be found otherwise because of what has. */
  look(uris: Iterable<string>): void;
  /** These files wait until no document does. */
  lookLater(uris: Iterable<string>): void;
  /** A file that is of no interest any more. */
  drop(uri: string): void;
  /** The result for a document as it is now. Undefined where the file is dropped meanwhile. */
  result(uri: string): Promise<Diagnosed | undefined>;
  /** Settled when nothing waits. */
  idle(): Promise<void>;
}

/** Milliseconds that work may hold up the process in one go. */
const slice = 10;

export function openDiagnosing({ version, diagnosing, done }: DiagnosingOptions): Diagnosing {
  const urgent = new Set<string>();
  const later = new Set<string>();
  const results = new Map<string, Diagnosed>();
  const waiting = new Map<string, ((result: Diagnosed | undefined) => void)[]>();
  let settled: (() => void)[] = [];
  let working = false;
  let changes = 0;
  let ids = 0;

  const wake = () => {
    if (working) return;
    working = true;
    // after the changes that have come in already, and before anything else is read: no delay, no work for a text that is past
    setImmediate(() => void work());
  };

  async function work(): Promise<void> {
    for (;;) {
      const [uri = later.values().next().value] = urgent;
      if (uri === undefined) break;
      const isUrgent = urgent.delete(uri);
      later.delete(uri);
      const looked = await look(uri, isUrgent);
      if (!looked && !urgent.has(uri)) (isUrgent ? urgent : later).add(uri);
    }
    working = false;
    for (const tell of settled) tell();
    settled = [];
  }

  /** False where a change came in between. */
  async function look(uri: string, isUrgent: boolean): Promise<boolean> {
    const begun = changes;
    const at = version(uri);
    const steps = diagnosing(uri);
    for (let until = performance.now() + slice; ; ) {
      const step = steps.next();
      if (step.done === true) {
        finish(uri, at, step.value);
        return true;
      }
      if (performance.now() < until) continue;
      await new Promise(setImmediate);
      if (changes !== begun && (urgent.size > 0 || !isUrgent)) return false;
      until = performance.now() + slice;
    }
  }

  function finish(uri: string, at: number | undefined, diagnostics: readonly Diagnostic[]): void {
    const before = results.get(uri);
    const id = before?.diagnostics === diagnostics ? before.id : String(ids++);
    const result: Diagnosed = { uri, version: at, diagnostics, id };
    results.set(uri, result);
    done(result);
    for (const tell of waiting.get(uri) ?? []) tell(result);
    waiting.delete(uri);
  }

  return {
    look(uris) {
      changes++;
      for (const uri of uris) urgent.add(uri);
      wake();
    },
    lookLater(uris) {
      for (const uri of uris) later.add(uri);
      wake();
    },
    drop(uri) {
      urgent.delete(uri);
      later.delete(uri);
      results.delete(uri);
      for (const tell of waiting.get(uri) ?? []) tell(undefined);
      waiting.delete(uri);
    },
    result(uri) {
      return new Promise(resolve => {
        waiting.set(uri, [...(waiting.get(uri) ?? []), resolve]);
        changes++;
        urgent.add(uri);
        wake();
      });
    },
    idle: () => (working ? new Promise(resolve => settled.push(resolve)) : Promise.resolve()),
  };
}

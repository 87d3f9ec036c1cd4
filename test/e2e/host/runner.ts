// Runs the cases inside the extension host and writes what became of them to the file that the other side reads.
import { writeFileSync } from 'node:fs';

export interface Result {
  readonly name: string;
  /** Milliseconds. */
  readonly took: number;
  /** The error's stack; absent when it passed. */
  readonly error?: string;
}

interface Case {
  readonly name: string;
  readonly body: () => Promise<void>;
}

const cases: Case[] = [];

/** Declares a case. They run in order of declaration. */
export function test(name: string, body: () => Promise<void>): void {
  cases.push({ name, body });
}

/** Runs all cases, each for a minute at most; writes the results as JSON to the file named by `TOSCA_E2E_RESULTS`. */
export async function runCases(): Promise<void> {
  const file = process.env.TOSCA_E2E_RESULTS;
  if (file === undefined) throw new Error('TOSCA_E2E_RESULTS names no file.');
  const results: Result[] = [];
  for (const { name, body } of cases) {
    const began = Date.now();
    const error = await outcome(body);
    results.push({ name, took: Date.now() - began, ...(error === undefined ? {} : { error }) });
    writeFileSync(file, JSON.stringify(results));
  }
}

async function outcome(body: () => Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, 60_000, new Error('It had not ended after 60 s.'));
  });
  try {
    await Promise.race([body(), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

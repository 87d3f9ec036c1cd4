// One document in several language servers, by turns: opened, edited, completed, hovered. What each measurement is, is said here.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Place, Sample } from './documents.ts';
import { beginKey, begun, clean, dropKey, endOfKey, labels, mend, misspell, reported, withMistake } from './edits.ts';
import { type LanguageServer, type Program, startLanguageServer } from './language-server.ts';
import { atRest, cpuOf, memoryOf } from './measure.ts';

/** In the order in which they are shown; milliseconds, memory in MB. */
export const measurements = [
  /** From opening in a server that has just started to the diagnostics of the document. */
  'open to diagnostics, cold',
  /** The same in a server that has had the document open before, under another name. */
  'open to diagnostics, warm',
  /** From a letter that makes a mistake, or takes one away, to the diagnostics that show it. */
  'keystroke to diagnostics',
  /** CPU time of the whole process; waiting is not in it. */
  'CPU per keystroke',
  /** From the keystrokes `meta` on a line of their own to the list that offers `metadata`. */
  'completion of a new keyname',
  /** From the request, at a type's name in a document at rest, to the list. */
  "completion of a type's name",
  'hover over a keyname',
  'memory now, MB',
  'memory at its peak, MB',
] as const;

export type Measurement = (typeof measurements)[number];

/** What was measured of one server with one document. */
export interface Measured {
  readonly series: Readonly<Partial<Record<Measurement, readonly number[]>>>;
  /** How many diagnostics the document has when nothing is misspelt. */
  readonly diagnostics: number;
  /** How many items the completion of a type's name has. */
  readonly types: number;
  /** What ended the measurements before their end: one sentence. */
  readonly problem?: string;
}

export interface EditingOptions {
  /** Of edits; of the rest there are fewer. */
  readonly rounds: number;
  /** How often a server is started anew to open the document. */
  readonly openings: number;
  /** Where the document is said to lie. Nothing is written there. */
  readonly folder: string;
}

/** By the servers' names. */
export async function measureEditing(
  sample: Sample,
  programs: readonly Program[],
  { rounds, openings, folder }: EditingOptions,
): Promise<Readonly<Record<string, Measured>>> {
  const desks = programs.map(program => desk(program, sample, folder));
  const byTurns = async (times: number, step: (at: Desk, place: Place) => Promise<void>): Promise<void> => {
    for (let round = 0; round < times; round++) {
      const place = sample.places[Math.floor(((round * 0.618) % 1) * sample.places.length)];
      if (place === undefined) throw new Error(`${sample.name} has no place to edit.`);
      for (const each of desks) {
        // what a server still does for itself after its answer is not to disturb the next one
        await atRest(desks.flatMap(({ pid }) => pid ?? []));
        await each.attempt(() => step(each, place));
      }
    }
  };
  await byTurns(openings, async (at, place) => {
    await at.open(place, true);
    await at.open(place, false);
  });
  // the server that is edited in has this one document, and its memory is that of this one
  await byTurns(1, (at, place) => at.open(place, true));
  for (const each of desks) await each.attempt(() => each.rest());
  await byTurns(rounds, (at, place) => at.edit(place));
  await byTurns(Math.ceil(rounds / 2), (at, place) => at.ask(place));
  for (const each of desks) await each.leave();
  return Object.fromEntries(desks.map(each => [each.name, each.measured]));
}

type Desk = ReturnType<typeof desk>;

/** A server, the document in it, and what has been measured of it so far. */
function desk(program: Program, sample: Sample, folder: string) {
  const series: Partial<Record<Measurement, number[]>> = {};
  let server: LanguageServer | undefined;
  let opened = 0;
  let diagnostics = 0;
  let types = 0;
  let problem: string | undefined;
  let cpu = 0;
  let edits = 0;

  const note = (what: Measurement, value: number | undefined): void => {
    if (value === undefined) return;
    series[what] ??= [];
    series[what].push(value);
  };
  const running = (): LanguageServer => {
    if (server === undefined) throw new Error(`${program.name} does not run.`);
    return server;
  };

  return {
    name: program.name,
    get pid(): number | undefined {
      return server?.pid;
    },
    get measured(): Measured {
      return { series, diagnostics, types, ...(problem !== undefined && { problem }) };
    },

    /** Does a step, unless an earlier one has failed. */
    async attempt(step: () => Promise<void>): Promise<void> {
      if (problem !== undefined) return;
      try {
        await step();
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        await server?.stop();
      }
    },

    async open(place: Place, cold: boolean): Promise<void> {
      if (cold) {
        await server?.stop();
        server = await startLanguageServer(program);
      }
      const uri = pathToFileURL(path.join(folder, String(opened++), 'template.yaml')).href;
      const took = await running().open(uri, withMistake(sample.text, place), reported(place));
      note(cold ? 'open to diagnostics, cold' : 'open to diagnostics, warm', took);
      await running().edit([mend(place)], clean(place));
    },

    /** The document as it is now has no mistake of ours. */
    async rest(): Promise<void> {
      diagnostics = running().diagnostics.length;
    },

    async edit(place: Place): Promise<void> {
      const before = cpuOf(running().pid) ?? Number.NaN;
      note('keystroke to diagnostics', await running().edit([misspell(place)], reported(place)));
      note('keystroke to diagnostics', await running().edit([mend(place)], clean(place)));
      cpu += (cpuOf(running().pid) ?? Number.NaN) - before;
      edits += 2;
    },

    async ask(place: Place): Promise<void> {
      const { line, start, type } = place;
      const hover = await running().ask('textDocument/hover', [line, start + 1]);
      if (hover.result !== null) note('hover over a keyname', hover.milliseconds);
      const names = await running().ask('textDocument/completion', [type.line, type.character]);
      types = labels(names.result).length;
      if (types > 0) note("completion of a type's name", names.milliseconds);
      const from = performance.now();
      await running().type([beginKey(place)]);
      const { result } = await running().ask('textDocument/completion', endOfKey(place));
      if (labels(result).includes(begun.wanted)) note('completion of a new keyname', performance.now() - from);
      // back to what it was, and on only when the server is at rest
      await running().edit([dropKey(place), misspell(place)], reported(place));
      await running().edit([mend(place)], clean(place));
    },

    async leave(): Promise<void> {
      if (problem === undefined) {
        const memory = memoryOf(running().pid);
        note('memory now, MB', memory?.now);
        note('memory at its peak, MB', memory?.peak);
        if (!Number.isNaN(cpu)) note('CPU per keystroke', cpu / edits);
      }
      await server?.stop();
    },
  };
}

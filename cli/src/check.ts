// `tosca-mesos check`: diagnostics of files and folders, as text, JSON or SARIF.
import { statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Workspace } from '../../server/src/index.ts';
import { isArchive, nameInArchive } from '../../server/src/workspace/archive-uri.ts';
import { templatesIn } from '../../server/src/workspace/scan.ts';
import { importHelp, importOptions, importUsage, workspaceFor } from './imports.ts';
import type { Command } from './main.ts';
import { severityWords } from './plan.ts';
import { sarif } from './sarif.ts';

type Diagnostic = ReturnType<Workspace['diagnostics']>[number];

export interface FileDiagnostics {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

const help = `Usage: tosca-mesos check PATH... [--format text|json|sarif] [--fail-on error|warning]
                         ${importUsage}

Checks TOSCA files, archives of them (*.csar, *.zip), and in folders all files named *.yaml, *.yml or *.tosca that begin
like TOSCA, and *.csar. Imports are fetched over the network and waited for, 10 s at most.

${importHelp}
Exit code: 0 clean, 1 findings at or above --fail-on (default error), 2 could not run.
`;

export const run: Command = async (args, { stdout, stderr, env }) => {
  const options = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'text' },
      'fail-on': { type: 'string', default: 'error' },
      help: { type: 'boolean', short: 'h', default: false },
      ...importOptions,
    },
  });
  const { format, 'fail-on': failOn, help: wanted } = options.values;
  if (wanted) {
    stdout(help);
    return 0;
  }
  if (
    !['text', 'json', 'sarif'].includes(format) ||
    !['error', 'warning'].includes(failOn) ||
    options.positionals.length === 0
  ) {
    stderr(help);
    return 2;
  }
  const workspace = workspaceFor(options.values, env);
  const places: { readonly file: string; readonly uri: string }[] = [];
  for (const given of options.positionals) {
    const files = await filesOf(given);
    if ('problem' in files) {
      stderr(`${files.problem}\n`);
      return 2;
    }
    for (const file of files.files) {
      const own = pathToFileURL(path.resolve(file)).href;
      if (isArchive(own)) places.push(...(await inArchive(file, own, workspace)));
      else places.push({ file, uri: own });
    }
  }
  await workspace.ready(
    places.map(({ uri }) => uri),
    true,
  );
  await workspace.giveUp();
  const results: FileDiagnostics[] = places.map(({ file, uri }) => ({ file, diagnostics: workspace.diagnostics(uri) }));
  if (format === 'json') stdout(`${JSON.stringify(results, null, 2)}\n`);
  else if (format === 'sarif') stdout(`${JSON.stringify(sarif(results), null, 2)}\n`);
  else stdout(asText(results));
  const limit = failOn === 'warning' ? 2 : 1;
  return results.some(({ diagnostics }) => diagnostics.some(({ severity }) => (severity ?? 1) <= limit)) ? 1 : 0;
};

/** The archive, and what is to be checked in it: `x.csar!/definitions/a.yaml`. */
async function inArchive(file: string, own: string, workspace: Workspace) {
  const inside = await workspace.inside(own);
  return inside.map(uri => ({ file: uri === own ? file : `${file}!/${nameInArchive(uri)}`, uri }));
}

/** In a folder only what says of itself that it is TOSCA is checked; other YAML is none of our business. */
async function filesOf(given: string): Promise<{ readonly files: readonly string[] } | { readonly problem: string }> {
  try {
    if (!statSync(given).isDirectory()) return { files: [given] };
    const files: string[] = [];
    const unreadable = (error: unknown) => {
      throw error;
    };
    for await (const file of templatesIn(given, { unreadable })) files.push(file);
    return { files };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return {
      problem: missing
        ? `${given} does not exist.`
        : `${given} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function asText(results: readonly FileDiagnostics[]): string {
  const lines = results.flatMap(({ file, diagnostics }) =>
    diagnostics.map(({ range, severity, code, message }) => {
      const { line, character } = range.start;
      return `${file}:${line + 1}:${character + 1}: ${severityWords[severity ?? 1]} ${code}: ${message}`;
    }),
  );
  const counts = [1, 2].map(level =>
    results.reduce((sum, { diagnostics }) => sum + diagnostics.filter(({ severity }) => severity === level).length, 0),
  );
  const [errors = 0, warnings = 0] = counts;
  return [
    ...lines,
    `${plural(results.length, 'file')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`,
    '',
  ].join('\n');
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

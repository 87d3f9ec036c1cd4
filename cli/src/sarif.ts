// Diagnostics as SARIF 2.1.0, which code hosts show beside the changed lines.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileDiagnostics } from './check.ts';

const levels: Readonly<Record<number, string>> = { 1: 'error', 2: 'warning', 3: 'note', 4: 'note' };

export function sarif(results: readonly FileDiagnostics[]): object {
  const codes = [...new Set(results.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => String(code))))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'tosca-mesos', rules: codes.map(id => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: results.flatMap(({ file, diagnostics }) =>
          diagnostics.map(({ range, severity, code, message }) => ({
            ruleId: String(code),
            level: levels[severity ?? 1],
            message: { text: message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: {
                    uri: path.isAbsolute(file) ? pathToFileURL(file).href : file.split(path.sep).join('/'),
                  },
                  region: {
                    startLine: range.start.line + 1,
                    startColumn: range.start.character + 1,
                    endLine: range.end.line + 1,
                    endColumn: range.end.character + 1,
                  },
                },
              },
            ],
          })),
        ),
      },
    ],
  };
}

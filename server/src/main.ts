// The language server's process: answers on standard input and output (--stdio), or over Node's IPC (--node-ipc).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './connection.ts';

const manifest = JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};

if (process.argv.includes('--version')) {
  process.stdout.write(`${manifest.name}-language-server ${manifest.version}\n`);
} else if (process.argv.some(argument => /^--(stdio|node-ipc|socket|pipe)/.test(argument))) {
  serve(createConnection(ProposedFeatures.all), manifest.version);
} else {
  process.stderr.write('Usage: tosca-mesos-language-server --stdio\n');
  process.exitCode = 2;
}

// The language server's process: answers on standard input and output (--stdio), or over Node's IPC (--node-ipc).
import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Connection, createConnection, ProposedFeatures, StreamMessageReader } from 'vscode-languageserver/node';
import { serve } from './connection.ts';
import { WholeMessageWriter } from './message-writer.ts';

const manifest = JSON.parse(readFileSync(path.join(__dirname, '../package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};

if (process.argv.includes('--version')) {
  process.stdout.write(`${manifest.name}-language-server ${manifest.version}\n`);
} else if (process.argv.includes('--stdio')) {
  serve(overStandardStreams(), manifest.version);
} else if (process.argv.some(argument => /^--(node-ipc|socket|pipe)/.test(argument))) {
  serve(createConnection(ProposedFeatures.all), manifest.version);
} else {
  process.stderr.write('Usage: tosca-mesos-language-server --stdio\n');
  process.exitCode = 2;
}

function overStandardStreams(): Connection {
  globalThis.console = new Console(process.stderr); // standard output is for messages alone
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new WholeMessageWriter(process.stdout),
  );
  let isOver = false;
  connection.onShutdown(() => {
    isOver = true;
  });
  // a client that is gone says nothing more
  process.stdin.on('end', () => process.exit(isOver ? 0 : 1));
  return connection;
}

// The process of the command line: standard output and error, signals, exit code.
import { main } from './main.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));
// A reader that has gone away (`| head`) is no failure of ours.
process.stdout.on('error', () => process.exit(0));

void main(process.argv.slice(2), {
  stdout: text => process.stdout.write(text),
  stderr: text => process.stderr.write(text),
  env: process.env,
  signal: stop.signal,
}).then(code => {
  process.exitCode = code;
});

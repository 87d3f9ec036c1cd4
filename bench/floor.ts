// A language server that knows nothing and answers at once: what the measuring itself costs. Speaks just enough of the protocol.
import { begun, letter } from './edits.ts';

interface Point {
  readonly line: number;
  readonly character: number;
}

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: {
    readonly textDocument?: { readonly uri: string; readonly text?: string };
    readonly contentChanges?: readonly { readonly text: string; readonly range: { readonly start: Point } }[];
  };
}

const answers: Readonly<Record<string, unknown>> = {
  initialize: { capabilities: { textDocumentSync: 2, completionProvider: {}, hoverProvider: true } },
  'textDocument/completion': [{ label: begun.wanted }],
  'textDocument/hover': { contents: 'floor' },
};

let input: Buffer = Buffer.alloc(0);
let wanted = 0;

process.stdin.on('data', (chunk: Buffer) => {
  input = Buffer.concat([input, chunk]);
  while (input.length >= wanted) {
    if (wanted === 0) {
      const head = input.indexOf('\r\n\r\n');
      if (head < 0) return;
      wanted = Number(/Content-Length: (\d+)/i.exec(input.toString('latin1', 0, head))?.[1]);
      input = input.subarray(head + 4);
    } else {
      const message = JSON.parse(input.toString('utf8', 0, wanted)) as Message;
      input = input.subarray(wanted);
      wanted = 0;
      receive(message);
    }
  }
});
process.stdin.on('end', () => process.exit());

function receive({ id, method, params }: Message): void {
  if (method === 'exit') process.exit();
  if (id !== undefined) send({ id, result: answers[method] ?? null });
  if (params?.textDocument?.text === undefined && params?.contentChanges === undefined) return;
  const change = params.contentChanges?.at(-1);
  const at = change === undefined ? mistakeIn(params.textDocument?.text ?? '') : change.range.start;
  const found = change === undefined || change.text === letter;
  const diagnostics = found ? [{ range: { start: at, end: at }, message: 'a mistake' }] : [];
  send({ method: 'textDocument/publishDiagnostics', params: { uri: params.textDocument?.uri, diagnostics } });
}

function mistakeIn(text: string): Point {
  const found = new RegExp(`^( +)${letter}(requirements|capabilities|derived_from):`, 'm').exec(text);
  return { line: text.slice(0, found?.index ?? 0).split('\n').length - 1, character: found?.[1]?.length ?? 0 };
}

function send(message: object): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

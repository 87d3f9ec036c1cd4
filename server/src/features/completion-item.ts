// An offer of completion, fitted into the line that it is for.
import { type CompletionItem, InsertTextFormat, type Range } from 'vscode-languageserver-types';
import { escapeSnippet, type Offer } from './offer.ts';

/** The line that an offer is put into. */
export interface Line {
  /** Of the word that it takes the place of. */
  readonly range: Range;
  readonly colonFollows: boolean;
  /** Whether the word is a key within braces. */
  readonly flow: boolean;
  /** Columns from the indentation of the line, which an editor keeps on further lines, to the word: those of the dashes of lists. */
  readonly deeper: number;
  /** Whether the value of the key stands below it. */
  readonly valueFollows: boolean;
}

export function toItem(
  offer: Offer,
  { range, colonFollows, flow, deeper, valueFollows }: Line,
  index: number,
): CompletionItem {
  const { label, kind, detail, documentation, after, insert, first, data } = offer;
  const begun = valueFollows ? '' : flow ? inFlow(after ?? '') : after;
  const behind = after === undefined || colonFollows ? undefined : begun;
  const newText = insert ?? escapeSnippet(label) + (behind === undefined ? '' : `:${behind}`);
  return {
    label,
    kind,
    ...(detail !== undefined && { detail }),
    ...(documentation !== undefined && { documentation: { kind: 'markdown', value: documentation } }),
    ...(data !== undefined && { data }),
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { range, newText: newText.replaceAll('\n', `\n${' '.repeat(deeper)}`) },
    sortText: `${first === true ? '0' : '1'}${String(index).padStart(5, '0')}`,
    ...((behind === ' $0' || behind === ' [ $0 ]') && {
      command: { title: 'Suggest', command: 'editor.action.triggerSuggest' },
    }),
  };
}

/** What follows a key in block style, on one line. */
function inFlow(after: string): string {
  const [first = '', ...lines] = after.split('\n');
  return lines.length === 0 ? first : ` ${collectionOf(lines.map(line => line.slice(2)))}`;
}

function collectionOf(lines: readonly string[]): string {
  if (lines[0]?.startsWith('- ')) return `[ ${lines[0].slice(2)} ]`;
  const entries: { readonly line: string; readonly below: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('  ')) entries.at(-1)?.below.push(line.slice(2));
    else entries.push({ line, below: [] });
  }
  const written = entries.map(({ line, below }) => (below.length === 0 ? line : `${line} ${collectionOf(below)}`));
  return `{ ${written.join(', ')} }`;
}

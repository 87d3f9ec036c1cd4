// Whole templates: whatever stands in them is offered where it is half-typed, and is explained where it stands.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, TextEdit } from 'vscode-languageserver-types';
import { complete } from '../../../server/src/features/completion.ts';
import { hover } from '../../../server/src/features/hover.ts';
import { openWorkspace } from '../../../server/src/index.ts';
import { parse } from '../../../server/src/syntax/document.ts';
import { mutants } from '../mutants.ts';
import { wholeTemplates } from '../whole-templates.ts';

const uri = 'file:///template.yaml';

describe('whole templates', () => {
  let all = 0;
  const notOffered: string[] = [];
  const broken: string[] = [];
  const notExplained: string[] = [];

  it.each(wholeTemplates)('%s', file => {
    const whole = readFileSync(file, 'utf8');
    let source = whole;
    const workspace = openWorkspace(wanted => (wanted === uri ? source : undefined));
    const at = (text: string, offset: number) => {
      source = text;
      const template = workspace.template(uri);
      if ('problem' in template) throw new Error(template.problem);
      return [template, TextDocument.create(uri, 'tosca', 1, text).positionAt(offset)] as const;
    };
    const [template] = at(whole, 0);
    for (const { kind, from, to } of mutants(template).filter(each => each.slip && each.kind !== 'duplicate')) {
      const quotes = /["']/.test(whole.charAt(from)) ? 1 : 0;
      const [start, end] = [from + quotes, to - quotes];
      const word = whole.slice(start, end);
      const about = `${path.basename(file)}:${whole.slice(0, from).split('\n').length} ${kind} ${word}`;
      all++;
      if (hover(...at(whole, start + 1)) === null) notExplained.push(about);
      const lineEnd = end + (/$/m.exec(whole.slice(end))?.index ?? 0);
      const open = /[[{"']/.test(whole.slice(whole.lastIndexOf('\n', start), start));
      for (const rest of [end, lineEnd]) {
        const offers = complete(...at(whole.slice(0, start + 2) + whole.slice(rest), start + 2));
        const offer = offers.find(({ label }) => label === word);
        if (offer === undefined) notOffered.push(about);
        else if (rest === end) expect(accepted(source, offer), about).toBe(whole);
        else if (!open && parse(accepted(source, offer)).problems.length > 0) broken.push(about);
      }
    }
  });

  it('completion offers 99 of 100 words of which two letters are there, with and without the rest of the line', () => {
    console.log(`${all} words, ${notOffered.length} not offered:\n${notOffered.join('\n')}`);
    expect(all).toBeGreaterThan(400);
    expect(notOffered.length / all).toBeLessThanOrEqual(0.01);
  });

  it('what completion puts in can be read, for 99 of 100', () => {
    console.log(`${all} words, ${broken.length} broken:\n${broken.join('\n')}`);
    expect(broken.length / all).toBeLessThanOrEqual(0.01);
  });

  it('hovers explain 99 of 100 of them', () => {
    console.log(`${all} words, ${notExplained.length} not explained:\n${notExplained.join('\n')}`);
    expect(notExplained.length / all).toBeLessThanOrEqual(0.01);
  });
});

/** A text after one of the offers has been taken, its further lines indented like the one that it is put into, as an editor does. */
function accepted(source: string, { textEdit }: CompletionItem): string {
  const { range, newText } = textEdit as TextEdit;
  const indentation = /^ */.exec(source.split('\n')[range.start.line] ?? '')?.[0] ?? '';
  const plain = newText
    .replace(/\$\d/g, '')
    .replace(/\\([\\$}])/g, '$1')
    .replaceAll('\n', `\n${indentation}`);
  return TextDocument.applyEdits(TextDocument.create(uri, 'tosca', 1, source), [{ range, newText: plain }]);
}

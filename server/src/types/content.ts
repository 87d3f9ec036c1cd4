// Texts that hold another language: whether JSON and XML are well-formed. Nothing of them is interpreted.

/** One sentence on what is wrong; undefined where nothing is. */
export function contentProblem(type: 'tosca.datatypes.json' | 'tosca.datatypes.xml', text: string): string | undefined {
  return type === 'tosca.datatypes.json' ? jsonProblem(text) : xmlProblem(text);
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `This is no JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

const skipped: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];

/** That elements are closed in the order in which they were opened, and that there is one around all others. */
function xmlProblem(text: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const pass = skipped.find(([start]) => text.startsWith(start, at));
    const closing = text.indexOf(pass?.[1] ?? '>', at);
    if (closing === -1) return 'This is no XML: a `<` is not closed.';
    const inside = text.slice(at + 1, closing);
    at = closing + (pass?.[1].length ?? 1);
    if (pass !== undefined) continue;
    const element = /^\/?([^\s/]+)/.exec(inside)?.[1];
    if (element === undefined) return 'This is no XML: a `<` without the name of an element.';
    if (inside.startsWith('/')) {
      if (open.pop() !== element) return `This is no XML: \`</${element}>\` closes what was not opened last.`;
      continue;
    }
    if (open.length === 0) roots++;
    if (!inside.endsWith('/')) open.push(element);
  }
  const last = open.at(-1);
  if (last !== undefined) return `This is no XML: \`<${last}>\` is not closed.`;
  return roots === 1 ? undefined : 'This is no XML: one element must hold all others.';
}

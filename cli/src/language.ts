// What the local cluster's Orchestrator has to know of TOSCA: the language server's own rules and plan, over the texts of requests.
import type { Finding, Language } from '../../cluster/src/local/orchestrator/language.ts';
import type { PlanDiagnostic, Release } from '../../protocol/src/plan.ts';
import { checkInSteps } from '../../server/src/checks/check.ts';
import { atOnce, planTemplate, type Template } from '../../server/src/index.ts';
import { parsedName } from '../../server/src/mesos/names.ts';
import { type Entry, entries, items, type Mapping, type Node, name, type Span } from '../../server/src/syntax/nodes.ts';
import { lineStarts, rangeOf } from '../../server/src/syntax/section.ts';
import { inOrder } from '../../server/src/template/hosting.ts';
import { summaryOf } from '../../server/src/template/summary.ts';
import { type ImportValues, workspaceFor } from './imports.ts';
import type { Terminal } from './main.ts';

export function openLanguage(release: Release, imports: ImportValues, env: Terminal['env']): Language {
  const texts = new Map<string, string>();
  const workspace = workspaceFor(imports, env, uri => texts.get(uri));
  let count = 0;
  return {
    async read(text, { deployment, inputs, jobName, createdBy, origin, localVolumesHostBasePath }) {
      const uri = `untitled:deployment-${++count}.yaml`;
      texts.set(uri, text);
      try {
        await workspace.ready([uri]);
        const template = workspace.template(uri);
        if ('problem' in template) throw new Error(template.problem);
        const plan = planTemplate(template, {
          ...{ name: deployment, release, inputs, createdBy, origin, localVolumesHostBasePath },
          jobName: node => jobName(parsedName(node)),
          // The real one reads no comments.
          all: true,
        });
        const { deciding, loops, nodes } = summaryOf(template);
        const kind = deciding?.kind;
        return {
          plan,
          findings: findingsOf(template, text, plan.diagnostics, keysOf(atOnce(checkInSteps(template, { all: true })))),
          nodes: inOrder(nodes).names.flatMap(each => {
            const { name, typeName = '', type } = template.nodes.get(each) ?? {};
            const types = type?.ancestry ?? [typeName];
            return name === undefined ? [] : [{ name, parsedName: parsedName(name), type: typeName, types }];
          }),
          loops,
          kind: kind === undefined || kind === 'Marathon' || kind === 'Chronos' ? kind : 'other',
        };
      } finally {
        texts.delete(uri);
        workspace.forget(uri);
        workspace.gone(uri);
      }
    },
  };
}

const key = (code: string, range: PlanDiagnostic['range']) => JSON.stringify([code, range]);
const keysOf = (findings: readonly { readonly code: string; readonly at: Span }[]): ReadonlySet<string> =>
  new Set(findings.map(({ code, at }) => key(code, rangeOf(at))));

function findingsOf(
  { document }: Template,
  text: string,
  diagnostics: readonly PlanDiagnostic[],
  inText: ReadonlySet<string>,
): readonly Finding[] {
  const starts = lineStarts(text);
  return diagnostics.map(({ range, severity, code, message }) => {
    const [start = 0, end = 0] = [range.start, range.end].map(({ line, character }) => (starts[line] ?? 0) + character);
    return {
      range,
      severity,
      code,
      message,
      text: unquoted(text.slice(start, end)),
      path: pathTo(document.root, start),
      // a finding about the whole file is shown at its first line
      since: inText.has(key(code, range)) || end === 0 ? 'template' : 'inputs',
    };
  });
}

const unquoted = (text: string): string => /^(['"])(.*)\1$/s.exec(text)?.[2] ?? text;

/** The keys and indices that lead to what stands at an offset of the file. */
function pathTo(root: Mapping, offset: number): readonly string[] {
  const path: string[] = [];
  for (let node: Node | undefined = root; node !== undefined; ) {
    // What is parsed on its own lies outside of what it belongs to, but not before it.
    const entry: Entry | undefined = entries(node).findLast(each => each.merged !== true && beginsBy(each, offset));
    const index: number = items(node).findLastIndex(each => beginsBy(each, offset));
    if (entry === undefined && index === -1) break;
    path.push(entry === undefined ? String(index) : name(entry));
    node = entry === undefined ? items(node)[index] : entry.value;
  }
  return path;
}

const beginsBy = ({ section, start }: Span, offset: number): boolean => section.place.offset + start <= offset;

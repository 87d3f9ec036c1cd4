// A file that a node brings along, as an artifact or as what implements an operation, and that is not there.
import { entries, get, type Node, name, text } from '../syntax/nodes.ts';
import type { NodeTemplate, TemplateView } from '../template/template.ts';
import type { Rule } from './rule.ts';

export const missingArtifactFile: Rule = {
  code: 'missing-artifact-file',
  severity: 'warning',
  of: 'node',
  check({ template, node }, report) {
    if (node === undefined) return;
    for (const at of [...artifacts(node, template), ...implementations(node)]) {
      const path = text(at) ?? '';
      const uri = uriOf(path, template.uri);
      if (uri === undefined || template.fileExists(uri) !== false) continue;
      report({
        at,
        severity: template.dialect === 'orchestrator' ? 'hint' : 'warning',
        message: `There is no file \`${path}\`, seen from this template.`,
      });
    }
  },
};

/** Of a path; undefined for an address, or where the template has no place. */
function uriOf(path: string, from: string): string | undefined {
  if (path === '' || /^[A-Za-z][\w+.-]*:/.test(path) || path.includes('{')) return undefined;
  try {
    return new URL(encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F'), from).href;
  } catch {
    return undefined;
  }
}

const image = 'tosca.artifacts.Deployment.Image';

/** What names a file for sure: an artifact of a type that is no image, or a short one that ends like a file. */
function artifacts(node: NodeTemplate, { catalog }: TemplateView): readonly Node[] {
  return node.artifacts.flatMap(entry => {
    const { value } = entry;
    if (get(value, 'repository') !== undefined) return [];
    const file = value?.kind === 'mapping' ? get(value, 'file') : value;
    if (file === undefined) return [];
    const type = text(get(value, 'type')) ?? node.type?.artifacts.get(name(entry))?.type;
    if (type === undefined) return endsLikeFile(file) ? [file] : [];
    if (catalog.find('artifact', type) === undefined || catalog.isA('artifact', type, image)) return [];
    return [file];
  });
}

/** An implementation may also be the name of an artifact. */
function implementations(node: NodeTemplate): readonly Node[] {
  const own = new Set([...node.artifacts.map(name), ...(node.type?.artifacts.keys() ?? [])]);
  return entries(get(node.entry.value, 'interfaces'))
    .flatMap(({ value }) => [...entries(value), ...entries(get(value, 'operations'))])
    .flatMap(({ value }) => {
      const implementation = value?.kind === 'mapping' ? get(value, 'implementation') : value;
      const primary = get(implementation, 'primary');
      const at = primary?.kind === 'mapping' ? get(primary, 'file') : (primary ?? implementation);
      return at !== undefined && endsLikeFile(at) && !own.has(text(at) ?? '') ? [at] : [];
    });
}

const endings =
  /\.(sh|bash|py|pl|rb|js|ya?ml|json|xml|conf|cfg|ini|properties|sql|zip|tar|t?gz|jar|war|jinja|j2|twig)$/i;

const endsLikeFile = (node: Node) => endings.test(text(node) ?? '');

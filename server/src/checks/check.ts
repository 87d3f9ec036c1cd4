// Runs all rules over a template and gathers what they find, in the order of the text.
import type { Entry } from '../syntax/nodes.ts';
import { type Part, parts } from '../template/part.ts';
import type { Outline, Template } from '../template/template.ts';
import { booleanText } from './boolean-text.ts';
import { constraintViolation } from './constraint-violation.ts';
import { duplicateKey } from './duplicate-key.ts';
import { importProblem } from './import-problem.ts';
import { marathonAppName } from './marathon-app-name.ts';
import { missingKeyname } from './missing-keyname.ts';
import { missingProperty } from './missing-property.ts';
import type { Finding, Rule, Severity } from './rule.ts';
import { unknownAttribute } from './unknown-attribute.ts';
import { unknownCapability } from './unknown-capability.ts';
import { unknownFunction } from './unknown-function.ts';
import { unknownInput } from './unknown-input.ts';
import { unknownKeyname } from './unknown-keyname.ts';
import { unknownNode } from './unknown-node.ts';
import { unknownProperty } from './unknown-property.ts';
import { unknownRequirement } from './unknown-requirement.ts';
import { unknownType } from './unknown-type.ts';
import { unknownVersion } from './unknown-version.ts';
import { wrongShape } from './wrong-shape.ts';
import { wrongType } from './wrong-type.ts';
import { yamlSyntax } from './yaml-syntax.ts';

export const rules: readonly Rule[] = [
  yamlSyntax,
  duplicateKey,
  unknownVersion,
  importProblem,
  wrongShape,
  unknownKeyname,
  missingKeyname,
  unknownType,
  unknownProperty,
  missingProperty,
  wrongType,
  booleanText,
  constraintViolation,
  unknownCapability,
  unknownRequirement,
  unknownNode,
  unknownInput,
  unknownFunction,
  unknownAttribute,
  marathonAppName,
];

export interface CodedFinding extends Finding {
  readonly code: string;
  readonly severity: Severity;
}

/** By entry, which stays the same object as long as its text does: what was found there, as long as the outline is the same. */
const found = new WeakMap<Entry, { readonly outline: Outline; readonly findings: readonly CodedFinding[] }>();

export function check(template: Template): readonly CodedFinding[] {
  const place = ({ at }: Finding) => at.section.place.offset + at.start;
  return parts(template)
    .flatMap(part => checkPart(part))
    .filter(finding => !isIgnored(template, finding))
    .sort((one, other) => place(one) - place(other));
}

function checkPart(part: Part): readonly CodedFinding[] {
  const { entry } = part;
  const { outline } = part.template;
  const known = entry === undefined ? undefined : found.get(entry);
  if (known?.outline === outline) return known.findings;
  const findings: CodedFinding[] = [];
  for (const { code, severity, check: run } of rules) {
    run(part, finding => findings.push({ severity, ...finding, code }));
  }
  // what an alias stands for may change without the entry
  if (entry !== undefined && !entry.section.composed.hasAlias) found.set(entry, { outline, findings });
  return findings;
}

/** `# tosca-ignore: code` on the finding's line, or alone on the line above. */
function isIgnored({ document }: Template, { at, code }: CodedFinding): boolean {
  const offset = at.section.place.offset + at.start;
  const start = document.text.lastIndexOf('\n', offset - 1) + 1;
  const end = document.text.indexOf('\n', offset);
  const line = document.text.slice(start, end === -1 ? undefined : end);
  const above = document.text.slice(document.text.lastIndexOf('\n', start - 2) + 1, Math.max(0, start - 1));
  return ignores(line, code) || (/^\s*#/.test(above) && ignores(above, code));
}

function ignores(line: string, code: string): boolean {
  const codes = /(?:^|\s)#\s*tosca-ignore:\s*([\w-]+(?:\s*,\s*[\w-]+)*)/.exec(line)?.[1];
  return codes?.split(',').some(each => each.trim() === code) ?? false;
}

// Functions evaluated as the Orchestrator does before it builds apps and jobs. What only the running deployment knows stays a function.
// Source: indigo-dc/orchestrator IndigoInputsPreProcessorService.
import type { Json, Release } from '../../../protocol/src/plan.ts';
import { type FunctionCall, functionCall } from '../grammar/functions.ts';
import { type Entry, entries, entryNamed, entryOf, type Node, name, text } from '../syntax/nodes.ts';
import { hostOf } from '../template/hosting.ts';
import type { NodeTemplate, Template } from '../template/template.ts';
import type { PropertyDefinition } from '../types/definitions.ts';
import type { Report } from './report.ts';

export interface Scope {
  readonly template: Template;
  /** By name; an input without a value is absent. */
  readonly inputs: ReadonlyMap<string, Json>;
  readonly report: Report;
  readonly release: Release;
  /** What SELF and HOST mean. */
  readonly self: NodeTemplate | undefined;
}

const maxDepth = 100;

/** The value of a node: JSON, with `{"get_attribute": [...]}` where only the running deployment knows. Undefined after a reported error. */
export function evaluate(node: Node | undefined, scope: Scope, depth = 0): Json | undefined {
  if (node === undefined) return '';
  if (depth > maxDepth) {
    scope.report('circular-function', node, 'These functions refer to each other in a circle.');
    return undefined;
  }
  if (node.kind === 'alias') return evaluate(scope.template.document.anchor(node.name), scope, depth + 1);
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return all(node.items, scope, depth);
  const call = functionCall(node);
  if (call !== undefined) return evaluateCall(call, scope, depth);
  const result: Record<string, Json> = {};
  for (const entry of node.entries) {
    const value = evaluate(entry.value, scope, depth + 1);
    if (value === undefined) return undefined;
    result[name(entry)] = value;
  }
  return result;
}

function all(nodes: readonly Node[], scope: Scope, depth: number): readonly Json[] | undefined {
  const values: Json[] = [];
  for (const node of nodes) {
    const value = evaluate(node, scope, depth + 1);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function evaluateCall(call: FunctionCall, scope: Scope, depth: number): Json | undefined {
  const parts =
    call.argument?.kind === 'sequence' ? call.argument.items : call.argument === undefined ? [] : [call.argument];
  switch (call.name) {
    case 'get_input':
      return input(parts[0], scope);
    case 'get_property':
      return property(call, parts, scope, depth);
    case 'get_attribute':
      return attribute(parts, scope, depth);
    case 'concat': {
      const values = all(parts, scope, depth);
      if (values === undefined) return undefined;
      return values.every(isPrimitive) ? values.map(String).join('') : { concat: values };
    }
    case 'token':
      return token(call, parts, scope, depth);
    default: {
      const values = all(parts, scope, depth);
      return values === undefined ? undefined : { [call.name]: values.map(asIndex) };
    }
  }
}

/** The elements of lists are numbered from 0; all scalars are read as text. */
const asIndex = (value: Json): Json => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);

const isPrimitive = (value: Json): value is string | number | boolean => typeof value !== 'object';

function input(at: Node | undefined, { template, inputs, report }: Scope): Json | undefined {
  const wanted = text(at);
  if (at === undefined || wanted === undefined) return undefined;
  const value = inputs.get(wanted);
  if (value !== undefined) return value;
  const declared = template.inputs.get(wanted);
  // A required input without a value is reported once, where it is declared.
  if (declared !== undefined && !declared.required) {
    report('missing-input', at, `The input "${wanted}" is used here and has neither a value nor a default.`);
  }
  return undefined;
}

/** A property is an attribute too; anything else only the running deployment knows. */
function attribute(parts: readonly Node[], scope: Scope, depth: number): Json | undefined {
  const values = all(parts, scope, depth);
  if (values === undefined) return undefined;
  const [node, property, ...nested] = values.map(String);
  const owner = scope.template.nodes.get(node ?? '');
  if (owner !== undefined && property !== undefined && owner.properties.some(entry => name(entry) === property)) {
    const value = propertyValue(owner.properties, undefined, property, { ...scope, self: owner }, depth + 1);
    const reflected = value === undefined ? undefined : dig(value, nested);
    if (reflected !== undefined) return reflected;
  }
  return { get_attribute: values.map(asIndex) };
}

function token(call: FunctionCall, parts: readonly Node[], scope: Scope, depth: number): Json | undefined {
  const values = all(parts, scope, depth);
  if (values === undefined) return undefined;
  const [subject, separator, index] = values;
  if (typeof subject !== 'string' || typeof separator !== 'string') return { token: values };
  const part = subject.split(separator)[Number(index)];
  if (part === undefined) {
    scope.report(
      'token-index',
      call.node,
      `"${subject}" has no part ${String(index)} when it is split at "${separator}".`,
    );
  }
  return part;
}

function property(call: FunctionCall, parts: readonly Node[], scope: Scope, depth: number): Json | undefined {
  const { template, report, self } = scope;
  const [first, ...rest] = parts.map(part => text(part) ?? '');
  const node =
    first === 'SELF' ? self : first === 'HOST' ? self && hostOf(template, self)?.node : template.nodes.get(first ?? '');
  const [second = '', ...nested] = rest;
  const missing = () => {
    report('no-such-value', call.node, `There is no value at [${[first, ...rest].join(', ')}].`);
    return undefined;
  };
  if (node === undefined) return missing();
  const capability = node.capabilities.find(entry => name(entry) === second);
  const owner = { ...scope, self: node };
  if (node.type?.properties.has(second) || entryOf(propertiesOf(node), second) !== undefined) {
    const value = propertyValue(node.properties, node.type?.properties.get(second), second, owner, depth + 1);
    return value === undefined ? missing() : (dig(value, nested) ?? missing());
  }
  if (capability !== undefined) {
    const [wanted = '', ...deeper] = nested;
    const values = entries(entryOf(capability.value, 'properties')?.value);
    const value = propertyValue(values, undefined, wanted, owner, depth + 1);
    return value === undefined ? missing() : (dig(value, deeper) ?? missing());
  }
  return missing();
}

const propertiesOf = (node: NodeTemplate) => entryOf(node.entry.value, 'properties')?.value;

/** The value of a property: as it is assigned, else the default of its type, else undefined. */
export function propertyValue(
  assigned: readonly Entry[],
  definition: PropertyDefinition | undefined,
  wanted: string,
  scope: Scope,
  depth = 0,
): Json | undefined {
  const entry = entryNamed(assigned, wanted);
  if (entry !== undefined) return evaluate(entry.value, scope, depth);
  return definition?.default === undefined ? undefined : evaluate(definition.default, scope, depth);
}

function dig(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((current, key) => {
    if (typeof current !== 'object' || current === null) return undefined;
    return Array.isArray(current) ? current[Number(key)] : (current as Readonly<Record<string, Json>>)[key];
  }, value);
}

const pendingCall = new Set([
  'get_attribute',
  'concat',
  'token',
  'get_operation_output',
  'get_artifact',
  'get_nodes_of_type',
  'join',
]);

/** Whether a value is a function that waits for the running deployment. */
export function isPending(value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [key, second] = Object.keys(value);
  return key !== undefined && second === undefined && pendingCall.has(key);
}

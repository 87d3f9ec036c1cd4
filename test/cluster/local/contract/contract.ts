// What a contract is: one request to one endpoint, and what the release answers: status, headers, a JSON Schema for the body. The contracts
// of each service are in the file of its name; contract.test.ts holds them against a running cluster and against the table in
// docs/local-cluster.md.
import { Ajv } from 'ajv';
import type { Release } from '../../../../protocol/src/plan.ts';
import type { Reply, TestCluster } from '../local.ts';

export type Schema = Readonly<Record<string, unknown>>;

export interface Contract {
  /** Method and path as the table in docs/local-cluster.md has them: `GET /v2/apps/{id}`. */
  readonly endpoint: string;
  /** What is held of it, where there are several. */
  readonly title?: string;
  /** All releases when absent. */
  readonly in?: readonly Release[];
  /** On a cluster of stand-ins that belongs to this contract's file and release: names that it makes are its own. */
  readonly ask: (cluster: TestCluster, release: Release) => Promise<Reply>;
  readonly status: number;
  /** A JSON Schema of the answer's body; that of a text where it is not JSON. Not held where it is absent. */
  readonly body?: Schema | ((release: Release) => Schema);
  /** Whole values, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });

/** What is wrong with an answer, one line each; none when it holds. */
export function violations(contract: Contract, reply: Reply, release: Release): readonly string[] {
  const { status, headers = {} } = contract;
  const schema = typeof contract.body === 'function' ? contract.body(release) : contract.body;
  const found: string[] = [];
  if (reply.status !== status) found.push(`status is ${reply.status}, not ${status}: ${reply.text.slice(0, 500)}`);
  for (const [name, value] of Object.entries(headers)) {
    const actual = reply.headers.get(name);
    if (actual !== value) found.push(`header ${name} is ${JSON.stringify(actual)}, not ${JSON.stringify(value)}`);
  }
  if (schema !== undefined && found.length === 0) {
    const holds = ajv.compile(schema);
    const body: unknown = reply.json === undefined ? reply.text : reply.json;
    if (!holds(body)) for (const error of holds.errors ?? []) found.push(`body${error.instancePath} ${error.message}`);
  }
  return found;
}

/** An object with exactly these members; names that end in `?` may be missing. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
  const all = Object.entries(members);
  return {
    type: 'object',
    properties: Object.fromEntries(all.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: all.map(([name]) => name).filter(name => !name.endsWith('?')),
    additionalProperties: false,
  };
}

/** An object of which only these members are told. */
export const having = (members: Readonly<Record<string, Schema>>): Schema => ({
  ...object(members),
  additionalProperties: true,
});

export const list = (items: Schema): Schema => ({ type: 'array', items });
export const string: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const integer: Schema = { type: 'integer' };
export const boolean: Schema = { type: 'boolean' };
export const anything: Schema = {};
export const exactly = (value: unknown): Schema => ({ const: value });
export const matching = (pattern: RegExp): Schema => ({ type: 'string', pattern: pattern.source });
export const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });
export const orNull = (schema: Schema): Schema => either(schema, { type: 'null' });
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

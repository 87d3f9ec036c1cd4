import { describe, expect, test } from 'vitest';
import {
  hint,
  lackingValue,
  lastAnswers,
  proposed,
  remember,
  valuesOf,
  withDefault,
  withoutValue,
} from '../../client/src/deploy/inputs.ts';
import { openProgress } from '../../client/src/deploy/progress.ts';
import { describePlan, errorsOf, summary } from '../../client/src/plan/describe.ts';
import type { Plan, TemplateInput } from '../../protocol/src/plan.ts';

const input = (more: Partial<TemplateInput> = {}): TemplateInput => ({
  name: 'size',
  type: 'string',
  required: true,
  constraints: [],
  secret: false,
  ...more,
});

describe('the questions before a deployment', () => {
  const bare = input({ name: 'bare' });
  const filled = input({ name: 'filled', default: 3, required: false });
  const secret = input({ name: 'password', secret: true });

  test('are about inputs that have no value', () => {
    expect(lackingValue([bare, filled, secret])).toEqual([bare, secret]);
    expect(withDefault([bare, filled, secret])).toEqual([filled]);
  });

  test('propose the last answer, else the default, and never a secret', () => {
    expect(proposed(filled, {})).toBe('3');
    expect(proposed(filled, { filled: '5' })).toBe('5');
    expect(proposed(secret, { password: 'hunter2' })).toBe('');
    expect(proposed(input({ default: 'changeme', secret: true }), {})).toBe('');
    expect(proposed(input({ default: { a: [1] } }), {})).toBe('{"a":[1]}');
  });

  test('do not propose what is no choice any more', () => {
    const chosen = input({ choices: ['a', 'b'] });
    expect(proposed(chosen, { size: 'c' })).toBe('');
    expect(proposed(chosen, { size: 'b' })).toBe('b');
  });

  test('remember answers, but neither secrets nor inputs that are gone', () => {
    const answers = { bare: 'x', password: 'hunter2', gone: 'y' };
    expect(remember([bare, filled, secret], answers)).toEqual({ bare: 'x' });
    expect(lastAnswers([bare, filled, secret], { ...answers, filled: '5' })).toEqual({ filled: '5' });
  });

  test('leave out what keeps its default or may be empty', () => {
    const optional = input({ name: 'optional', required: false });
    const answers = { bare: '', filled: '3', optional: '', password: 'p' };
    expect(valuesOf([bare, filled, optional, secret], answers)).toEqual({ bare: '', password: 'p' });
    expect(valuesOf([filled], { filled: '4' })).toEqual({ filled: '4' });
  });

  test('are not led astray by names of the language itself', () => {
    const odd = input({ name: 'constructor' });
    expect(proposed(odd, {})).toBe('');
    expect(valuesOf([odd], {})).toEqual({});
  });

  test('do not repeat a secret that does not fit', () => {
    expect(withoutValue('`s3cret` must be at least 8 long.', ' s3cret ')).toBe('The value must be at least 8 long.');
    expect(withoutValue('"s3cret" is no integer.', 's3cret')).toBe(
      'The value does not fit the type or the constraints.',
    );
    expect(withoutValue('A value is missing.', '')).toBe('A value is missing.');
  });

  test('say what is allowed', () => {
    const text = hint(input({ type: 'integer', description: 'How many.\n', constraints: ['at least 1', 'at most 9'] }));
    expect(text).toBe('How many. (integer, at least 1, at most 9)');
    expect(hint(input({ type: 'list', entryType: 'string', required: false }))).toBe(
      '(list of string) Written as YAML, for example [a, b]. May be left empty.',
    );
  });
});

const plan = (more: Partial<Plan> = {}): Plan => ({
  name: 'demo',
  release: 'indigo_2',
  marathon: null,
  chronos: [],
  outputs: {},
  diagnostics: [],
  hosts: {},
  ...more,
});
const chronosJob = {
  name: 'demo--a',
  command: 'true',
  uris: [],
  environmentVariables: [{ name: 'TOKEN', value: 'Bearer s3cret' }],
  constraints: [],
  container: { type: 'DOCKER', image: 'busybox', forcePullImage: false, volumes: [] },
} as const;

describe('a plan in words', () => {
  test('counts what is deployed', () => {
    expect(summary(plan())).toBe('nothing');
    expect(summary(plan({ chronos: [chronosJob] }))).toBe('1 job');
  });

  test('holds the bodies as they are sent, to where the release takes them', () => {
    const child = { ...chronosJob, name: 'demo--b', parents: ['demo--a'] };
    const text = describePlan(plan({ chronos: [chronosJob, child] }), [], {});
    expect(text).toContain('`POST /v1/scheduler/iso8601`');
    expect(text).toContain('`POST /v1/scheduler/dependency`');
    expect(text).toContain(JSON.stringify(child, null, 2));
    const older = describePlan(plan({ chronos: [chronosJob], release: 'indigo_1' }), [], {});
    expect(older).toContain('`POST /scheduler/iso8601`');
  });

  test('shows no secret, wherever it went', () => {
    const secret = input({ name: 'token', secret: true });
    const outputs = { link: 'http://x?token=s3cret' };
    const text = describePlan(plan({ chronos: [chronosJob], outputs }), [secret], { token: 's3cret' });
    expect(text).not.toContain('s3cret');
    expect(text).toContain('Bearer (not shown)');
  });

  test('tells what stands in the way, with its line', () => {
    const at = { start: { line: 4, character: 0 }, end: { line: 4, character: 1 } };
    const made = plan({
      diagnostics: [
        { range: at, severity: 1, code: 'missing-input', source: 'tosca', message: 'No value.' },
        { range: at, severity: 2, code: 'mixed-kinds', source: 'tosca', message: 'Mixed.' },
      ],
    });
    expect(errorsOf(made)).toEqual(['Line 5: No value.']);
    expect(describePlan(made, [], {})).toContain('- Line 5: No value.');
  });

  test('tells where each value comes from', () => {
    const inputs = [input({ name: 'a', default: '1|2' }), input({ name: 'b' }), input({ name: 'c' })];
    const text = describePlan(plan(), inputs, { b: 'x' });
    expect(text).toContain('| a | `1\\|2` | default |\n| b | `x` | given |\n| c | no value | **asked for** |');
  });
});

test('progress counts the steps that are done', () => {
  const line = openProgress(2);
  expect(line({ id: '/demo', kind: 'group', status: 'running', detail: '' })).toBe('0 of 2: /demo');
  expect(line({ id: '/demo', kind: 'group', status: 'done', detail: 'created' })).toBe('1 of 2: /demo, created');
  expect(line({ id: '/demo', kind: 'group', status: 'done', detail: 'created' })).toBe('1 of 2: /demo, created');
});

import { describe, expect, test } from 'vitest';
import { looksLikeTemplate } from '../../client/src/language/detect.ts';
import { localArguments, localEnvironment, readReadyLine } from '../../client/src/local/command.ts';
import { isActive } from '../../client/src/logs/activity.ts';
import { append, leftOut } from '../../client/src/logs/text.ts';
import { localClusterName, readProfiles } from '../../client/src/profiles/settings.ts';
import { app, job, state, task } from './live.ts';

describe('a YAML file is a template', () => {
  test.each([
    ['tosca_definitions_version: tosca_simple_yaml_1_0'],
    ['\uFEFFtosca_definitions_version: x'],
    ['"tosca_definitions_version" : x'],
    ['tosca_definitions_version:'],
    [`${'# licence\n'.repeat(49)}tosca_definitions_version: x`],
  ])('when it says so: %j', text => {
    expect(looksLikeTemplate(text.split('\n'))).toBe(true);
  });

  test.each([
    ['kind: Pod'],
    ['  tosca_definitions_version: x'],
    ['# tosca_definitions_version: x'],
    ['tosca_definitions_versions: x'],
    [`${'# licence\n'.repeat(50)}tosca_definitions_version: x`],
    [''],
  ])('and not otherwise: %j', text => {
    expect(looksLikeTemplate(text.split('\n'))).toBe(false);
  });
});

describe('the setting of clusters', () => {
  test('may be absent', () => {
    expect(readProfiles(undefined)).toEqual({ profiles: [], problems: [] });
  });

  test('is read as far as it makes sense', () => {
    const { profiles, problems } = readProfiles([
      { name: 'a', marathon: 'http://m:8080/' },
      null,
      'b',
      { marathon: 'http://m' },
      { name: 'a', marathon: 'http://other' },
      { name: localClusterName, marathon: 'http://m' },
      { name: 'bad', marathon: 'http://user:pw@m' },
    ]);
    expect(profiles).toEqual([{ name: 'a', release: 'deep_1', marathon: 'http://m:8080' }]);
    expect(problems).toHaveLength(6);
    expect(problems.join()).not.toContain('pw');
  });

  test('may be something else altogether', () => {
    expect(readProfiles({ name: 'a' }).problems).toEqual(['The setting toscaMesos.clusters is not a list.']);
  });
});

describe('the command of the local cluster', () => {
  test('says what is set and leaves the rest to the cluster', () => {
    const usual = {
      ...({ release: 'deep_1', agents: 2, cpus: 0, memory: 0, gpus: 0 } as const),
      ...{ attributes: [], executor: 'auto', loadBalancer: 'none' },
    };
    const start = [
      ...['local', '--port-base', '0', '--release', 'deep_1', '--agents', '2', '--executor', 'auto'],
      ...['--load-balancer', 'none'],
    ];
    expect(localArguments(usual)).toEqual(start);
    const more = ['--gpus', '2', '--attributes', 'rack:a', '--attributes', 'rack:b'];
    expect(localArguments({ ...usual, gpus: 2, attributes: ['rack:a', 'rack:b'] })).toEqual([...start, ...more]);
    expect(localArguments({ ...usual, cpus: 1.5, memory: 512 })).toEqual([...start, '--cpus', '1.5', '--mem', '512']);
  });

  test('runs without what the editor keeps in its environment', () => {
    const env = localEnvironment({
      PATH: '/bin',
      VSCODE_IPC_HOOK: 'x',
      NODE_OPTIONS: '--inspect',
      ELECTRON_NO_ASAR: '1',
    });
    expect(env).toEqual({ PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' });
  });

  test('has its line read once it is whole', () => {
    const line = '{"marathon":"http://a","chronos":"http://b","mesos":"http://c","orchestrator":"http://d","pid":7}';
    expect(readReadyLine(line, 'deep_1')).toBeUndefined();
    expect(readReadyLine(`{"half":\nnoise\n${line}\n`, 'deep_1')).toEqual({
      ...{
        marathon: 'http://a',
        chronos: 'http://b',
        mesos: 'http://c',
        orchestrator: 'http://d',
        release: 'deep_1',
        pid: 7,
      },
    });
    expect(readReadyLine('{"marathon":"http://a"}\n', 'deep_1')).toBeUndefined();
  });
});

describe('a followed text', () => {
  test('grows at its end', () => {
    expect(append('a\n', 'b\n')).toBe('a\nb\n');
  });

  test('loses whole lines at its beginning', () => {
    const lines = Array.from({ length: 20 }, (_, number) => `line ${number}\n`).join('');
    const text = append('', lines, 100);
    expect(text).toMatch(/^\[The beginning is left out\.\]\nline \d+\n/);
    expect(text.endsWith('line 19\n')).toBe(true);
  });

  test('stays bounded without any line', () => {
    expect(append('x'.repeat(99), 'y'.repeat(10), 100)).toHaveLength(90 + leftOut.length);
  });
});

describe('a task is over', () => {
  test('when its app has it no more', () => {
    const live = state({ apps: [app({ tasks: [task({ id: 'a' })] })] });
    expect(isActive(live, 'a')).toBe(true);
    expect(isActive(live, 'b')).toBe(false);
  });

  test('when its job does not run', () => {
    const name = 'demo--fetch';
    expect(isActive(state({ jobs: [job({ name, current: 'running', taskIds: ['new', 'old'] })] }), 'new')).toBe(true);
    expect(isActive(state({ jobs: [job({ name, current: 'running', taskIds: ['new', 'old'] })] }), 'old')).toBe(false);
  });

  test('never because the cluster is silent', () => {
    expect(isActive(state({ connection: { status: 'offline', reason: '' } }), 'a')).toBeUndefined();
    expect(isActive(undefined, 'a')).toBeUndefined();
  });
});

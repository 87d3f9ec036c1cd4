import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './runner.ts';

test('the extension is there', async () => {
  assert.ok(vscode.extensions.getExtension('tosca-mesos.tosca-mesos'));
});
